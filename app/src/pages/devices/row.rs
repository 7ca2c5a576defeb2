use super::columns::cell;
use crate::ui::{selection::Selection, selection_bar::SelectCell};
use domain::{
    device::DeviceRow,
    device_edit::DeviceQuery,
    device_list::{Columns, DeviceColumn},
};
use leptos::prelude::*;

/// What is checked, and the ids of the page.
pub type Select = (RwSignal<Selection<DeviceQuery>>, StoredValue<Vec<String>>);

/// One device as a row with these columns, or as a card on a small screen.
#[component]
pub fn DeviceTr(
    device: DeviceRow,
    columns: Columns,
    /// What is checked, and the ids of the page, for those who may edit.
    select: Option<Select>,
) -> impl IntoView {
    let (id, name) = (device.id.to_string(), device.name.clone());
    let select = select.map(|(selection, ids)| {
        view! { <SelectCell selection id name ids class="align-top max-md:absolute max-md:end-3 max-md:bottom-3 max-md:p-0" /> }
    });
    let cells = columns.iter().map(|column| cell(column, &columns, &device)).collect_view();
    let room = if columns.has(DeviceColumn::Status) { "max-md:pe-24" } else { "" };
    let hostname = device.hostname.filter(|h| !h.eq_ignore_ascii_case(&device.name));
    view! {
        <tr class="max-md:relative max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3" data-device-id=device.id.to_string()>
            {select}
            <th scope="row" class=format!("font-medium md:min-w-36 max-md:p-0 {room}")>
                <a class="link link-hover wrap-anywhere" href=format!("/devices/{}", device.id)><bdi>{device.name}</bdi></a>
                {hostname.map(|h| view! { <span class="block text-xs font-normal wrap-anywhere text-muted">{h}</span> })}
                {device.archived.then(|| view! { <span class="ms-2 badge badge-sm badge-soft">"Archived"</span> })}
            </th>
            {cells}
        </tr>
    }
}
