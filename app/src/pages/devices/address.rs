//! The list's filters and columns in the address.

use crate::ui::{known::Known, list::ListState};
use domain::{
    device::{BackupState, DeviceFilter, DeviceStatus},
    device_list::{
        ArchivedFilter, Columns, ContactFilter, LocationFilter, SerialFilter, SupportFilter, WarrantyFilter,
    },
    ids::{CompanyId, DeviceTypeId, IntegrationId},
    os::OsFamily,
};
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

/// Those whose values are known: all but a text that is searched for.
pub const KNOWN: &[Known] = &[
    Known::of::<CompanyId>("company", "a company"),
    Known::of::<LocationFilter>("location", "a location"),
    Known::of::<DeviceTypeId>("type", "a device type"),
    Known::of::<DeviceStatus>("status", "a status"),
    Known::of::<OsFamily>("os", "an operating system"),
    Known::of::<SupportFilter>("os_support", "an end of support"),
    Known::by("source", "a source", is_source),
    Known::of::<BackupState>("backup", "a state of the backup"),
    Known::of::<ContactFilter>("last_contact", "a last contact"),
    Known::of::<WarrantyFilter>("warranty", "a state of the warranty"),
    Known::of::<SerialFilter>("serial", "a filter by serial number"),
    Known::of::<ArchivedFilter>("archived", "a filter by archive"),
];

/// The key of the columns.
pub const COLUMNS: &str = "cols";

/// The filters of the present address; a value that cannot be is none, and no list is shown then ([`KNOWN`]).
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
            source: source.filter(|text| is_source(text)),
            backup: read(backup),
            owner,
            last_contact: last_contact.filter(|text| text.parse::<ContactFilter>().is_ok()),
            warranty: read(warranty),
            serial: read(serial),
            archived: read(archived),
        }
    })
}

fn is_source(text: &str) -> bool {
    text == "manual" || text.parse::<IntegrationId>().is_ok()
}

fn read<T: FromStr>(value: Option<String>) -> Option<T> {
    value?.parse().ok()
}

/// The columns of the present address.
pub fn columns(list: ListState) -> Memo<Columns> {
    let chosen = list.get(COLUMNS);
    Memo::new(move |_| Columns::parse(chosen.get().as_deref()))
}
