//! The columns of the list: their heads, and their cells in a row or on a card.

use super::words::{backup_words, human, status_words};
use crate::ui::{
    badge::Badge,
    list::ListState,
    table::SortHeader,
    time::{Ago, date},
};
use domain::{
    device::DeviceRow,
    device_edit::DeviceField,
    device_labels,
    device_list::{Columns, DeviceColumn},
};
use leptos::prelude::*;

/// What a column is called.
pub fn label(column: DeviceColumn) -> &'static str {
    match column {
        // Of several, the first.
        DeviceColumn::Ip => "IP address",
        DeviceColumn::Mac => "MAC address",
        DeviceColumn::Type => DeviceField::DeviceType.label(),
        DeviceColumn::Owner => DeviceField::OwnerName.label(),
        other => device_labels::label(other.as_str()).unwrap_or_default(),
    }
}

/// The head of a column, which sorts by it.
#[component]
pub fn ColumnHead(list: ListState, column: DeviceColumn) -> impl IntoView {
    let default = column == DeviceColumn::Name;
    view! { <SortHeader list field=column.as_str() label=label(column) default /> }
}

/// A row's cell of a column; on a card a line, with the column's name where the value does not say what it is. The company
/// has the location below it, and the last contact the user, while those have no column of their own.
pub fn cell(column: DeviceColumn, columns: &Columns, device: &DeviceRow) -> AnyView {
    let small = |text: &Option<String>, own: DeviceColumn| {
        let text = text.clone().filter(|_| !columns.has(own));
        text.map(|t| view! { <span class="block text-xs wrap-anywhere text-muted max-md:ms-1 max-md:inline">{t}</span> })
    };
    let location = device.location.as_ref().map(|l| l.name.clone());
    match column {
        DeviceColumn::Name => ().into_any(),
        DeviceColumn::Company => {
            let company = &device.company;
            view! {
                <td class="md:min-w-32 max-md:p-0">
                    <a class="link link-hover wrap-anywhere" href=format!("/companies/{}", company.id)>{company.name.clone()}</a>
                    {small(&location, DeviceColumn::Location)}
                </td>
            }
            .into_any()
        }
        DeviceColumn::Status => {
            let (tone, words) = status_words(device.status);
            view! { <td class="max-md:absolute max-md:end-3 max-md:top-3 max-md:p-0"><Badge tone label=words /></td> }.into_any()
        }
        DeviceColumn::Backup => {
            let (tone, words) = backup_words(device.backup);
            view! { <td class="max-md:p-0"><Badge tone label=words /></td> }.into_any()
        }
        DeviceColumn::LastContact => {
            let time = device.last_contact.map(|time| view! { <Ago time /> });
            view! { <td class="max-md:p-0 max-md:text-xs max-md:empty:hidden">{time}{small(&device.last_user, DeviceColumn::LastUser)}</td> }
                .into_any()
        }
        DeviceColumn::Type => plain(None, Some(device.device_type.name.clone())),
        DeviceColumn::Location => plain(None, location),
        DeviceColumn::OsName => plain(None, device.os_name.clone()),
        DeviceColumn::OsVersion => named(column, device.os_version.clone()),
        DeviceColumn::Serial => code(column, device.serial.clone()),
        DeviceColumn::AssetTag => code(column, device.asset_tag.clone()),
        DeviceColumn::Ip => code(column, device.ip.clone()),
        DeviceColumn::Mac => code(column, device.mac.clone()),
        DeviceColumn::Model => plain(None, model(device)),
        DeviceColumn::LastUser => named(column, device.last_user.clone()),
        DeviceColumn::Owner => named(column, device.owner_name.clone()),
        DeviceColumn::WarrantyEnd => named(column, device.warranty_end.map(date)),
        DeviceColumn::Source => named(column, device.source.as_deref().map(human)),
        DeviceColumn::CreatedAt => named(column, Some(date(device.created_at))),
    }
}

/// Maker and model, the maker once.
fn model(device: &DeviceRow) -> Option<String> {
    match (&device.manufacturer, &device.model) {
        (Some(maker), Some(model)) if !model.starts_with(maker.as_str()) => Some(format!("{maker} {model}")),
        (maker, model) => model.clone().or_else(|| maker.clone()),
    }
}

fn named(column: DeviceColumn, text: Option<String>) -> AnyView {
    plain(Some(label(column)), text)
}

fn plain(name: Option<&'static str>, text: Option<String>) -> AnyView {
    value("break-words max-md:p-0 max-md:text-xs max-md:empty:hidden", name, text)
}

fn code(column: DeviceColumn, text: Option<String>) -> AnyView {
    value("font-mono text-xs wrap-anywhere max-md:p-0 max-md:empty:hidden", Some(label(column)), text)
}

/// A cell with its column's name on a card only; empty where there is nothing to show.
fn value(class: &'static str, name: Option<&'static str>, text: Option<String>) -> AnyView {
    let name = name.filter(|_| text.is_some());
    let name =
        name.map(|name| view! { <span class="font-sans text-muted md:hidden">{format!("{name}: ")}</span> });
    view! { <td class=class>{name}{text.map(|t| view! { <bdi>{t}</bdi> })}</td> }.into_any()
}
