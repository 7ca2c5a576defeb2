use super::{
    Sources,
    add::AddDevice,
    address,
    api::{devices_under, list_device_sources},
    bulk::{Bulk, BulkBar},
    column_menu::ColumnMenu,
    empty::NoDevices,
    export_link::ExportLink,
    filters::DeviceFilters,
    more::MoreMenu,
    table::DeviceTable,
    views::{OpenView, ViewsMenu, list_of_views},
};
use crate::{
    layout::PageHead,
    ui::{known::IfKnown, list::ListState, table::Loaded},
};
use domain::{device::DeviceRow, device_edit::DeviceQuery, page::Listing};
use leptos::prelude::*;

/// The inventory: every imported device, with search, filters, columns, sort and paging in the address.
#[component]
pub fn DevicesPage() -> impl IntoView {
    let list = ListState::from_url();
    let (filter, columns) = (address::filter(list), address::columns(list));
    let devices = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get(), filter.get()),
        |(page, search, sort, filter)| devices_under(page, None, search, sort, filter),
    );
    let sources: Sources =
        Resource::new(|| (), |()| async { list_device_sources().await.unwrap_or_default() });
    let views = list_of_views();
    let query = Signal::derive(move || DeviceQuery {
        search: list.search_text(),
        filter: filter.try_get().unwrap_or_default(),
    });
    let bulk = Bulk::new(query, Callback::new(move |()| devices.refetch()));
    let show = move |found: Listing<DeviceRow>| {
        match found.total {
        0 => view! { <NoDevices list sources /> }.into_any(),
        total => view! {
            <BulkBar bulk total />
            {move || view! { <DeviceTable list found=found.clone() columns=columns.try_get().unwrap_or_default() bulk /> }}
        }
        .into_any(),
    }
    };
    view! {
        <PageHead title="Devices" text="The asset inventory, kept true by the daily syncs.">
            <ViewsMenu list views />
            <ColumnMenu list columns />
            <ExportLink list />
            <MoreMenu />
            <AddDevice />
        </PageHead>
        <OpenView list views />
        <DeviceFilters list sources />
        <div class="mt-3">
            <IfKnown list known=address::KNOWN>
                <Loaded read=devices rows=10 columns=7 show />
            </IfKnown>
        </div>
    }
}
