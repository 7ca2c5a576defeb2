use super::{bulk::Bulk, columns::ColumnHead, row::DeviceTr};
use crate::{
    layout::may_manage,
    ui::{list::ListState, selection_bar::SelectHead, table::Pager},
};
use domain::{device::DeviceRow, device_list::Columns, page::Listing, permissions::Area};
use leptos::prelude::*;

/// A page of devices under the chosen columns.
#[component]
pub fn DeviceTable(
    list: ListState,
    found: Listing<DeviceRow>,
    columns: Columns,
    bulk: Bulk,
) -> impl IntoView {
    let ids = StoredValue::new(found.items.iter().map(|device| device.id.to_string()).collect::<Vec<_>>());
    let can_select = may_manage(Area::Devices);
    let heads = columns.iter().map(|column| view! { <ColumnHead list column /> }).collect_view();
    let row = |device| {
        let select = can_select.then_some((bulk.selection, ids));
        view! { <DeviceTr device columns=columns.clone() select /> }
    };
    let rows = found.items.into_iter().map(row).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100 md:overflow-x-auto" role="region" aria-label="Devices" tabindex="0">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Devices"</caption>
                <thead>
                    <tr>{can_select.then(|| view! { <SelectHead selection=bulk.selection ids /> })}{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}
