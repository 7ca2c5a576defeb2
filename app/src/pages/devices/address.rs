//! The list's filters and columns in the address.

use crate::ui::list::ListState;
use domain::{device::DeviceFilter, device_list::Columns};
use leptos::prelude::*;
use std::str::FromStr;

/// Keys of the filters in the address.
pub const FILTERS: [&str; 13] = [
    "company",
    "location",
    "type",
    "status",
    "os",
    "os_support",
    "source",
    "backup",
    "owner",
    "last_contact",
    "warranty",
    "serial",
    "archived",
];

/// The key of the columns.
pub const COLUMNS: &str = "cols";

/// The filters of the present address; a value that cannot be is none.
pub fn filter(list: ListState) -> Memo<DeviceFilter> {
    let values = FILTERS.map(|key| list.get(key));
    Memo::new(move |_| {
        let [
            company,
            location,
            device_type,
            status,
            os,
            os_support,
            source,
            backup,
            owner,
            last_contact,
            warranty,
            serial,
            archived,
        ] = values.map(|value| value.get());
        DeviceFilter {
            company: read(company),
            location: read(location),
            device_type: read(device_type),
            status: read(status),
            os: read(os),
            os_support: read(os_support),
            source,
            backup: read(backup),
            owner,
            last_contact,
            warranty: read(warranty),
            serial: read(serial),
            archived: read(archived),
        }
    })
}

fn read<T: FromStr>(value: Option<String>) -> Option<T> {
    value?.parse().ok()
}

/// The columns of the present address.
pub fn columns(list: ListState) -> Memo<Columns> {
    let chosen = list.get(COLUMNS);
    Memo::new(move |_| Columns::parse(chosen.get().as_deref()))
}
