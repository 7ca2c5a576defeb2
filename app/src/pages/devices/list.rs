use super::{
    api::list_devices,
    filters::{DeviceFilters, FILTERS},
    row::DeviceTr,
};
use crate::{
    layout::{PageHead, may},
    pages::{
        integrations::{Integrations, api::list_integrations},
        wizard::step_path,
    },
    ui::{
        list::ListState,
        state::EmptyState,
        table::{Loaded, Pager, SortHeader},
    },
};
use domain::{device::DeviceRow, integration::Integration, page::Listing, role::Role, wizard::Step};
use leptos::prelude::*;

/// The inventory: every imported device, with search, filters, sort and paging in the address.
#[component]
pub fn DevicesPage() -> impl IntoView {
    let list = ListState::from_url();
    let filters = FILTERS.map(|key| list.get(key));
    let devices = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get(), filters.map(|f| f.get())),
        |(page, search, sort, [company, location, device_type, status, source, backup, owner])| async move {
            let company = company.and_then(|v| v.parse().ok());
            let location = location.and_then(|v| v.parse().ok());
            let device_type = device_type.and_then(|v| v.parse().ok());
            let status = status.and_then(|v| v.parse().ok());
            let backup = backup.and_then(|v| v.parse().ok());
            list_devices(
                page,
                None,
                search,
                sort,
                company,
                location,
                device_type,
                status,
                source,
                backup,
                owner,
            )
            .await
        },
    );
    let integrations =
        Resource::new(|| (), |()| async { list_integrations().await.map(|found| found.items) });
    let show = move |found: Listing<DeviceRow>| match found.total {
        0 => view! { <NoDevices list integrations /> }.into_any(),
        _ => view! { <Rows list found /> }.into_any(),
    };
    view! {
        <PageHead title="Devices" text="The asset inventory, kept true by the daily syncs." />
        <DeviceFilters list integrations />
        <div class="mt-3"><Loaded read=devices rows=10 columns=7 show /></div>
    }
}

/// Why there is no device to show, and the next step.
#[component]
fn NoDevices(list: ListState, integrations: Integrations) -> impl IntoView {
    if untrack(|| list.is_narrowed(&FILTERS)) {
        return view! {
            <EmptyState title="No device matches" text="Nothing fits the search and the filters chosen." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all devices"</a>
            </EmptyState>
        }
        .into_any();
    }
    // A boundary of its own: what is read inside another one's view is not waited for on the server.
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let connected = integrations.await.unwrap_or_default();
                view! { <NothingImported connected /> }
            })}
        </Transition>
    }
    .into_any()
}

/// The next step on the way to devices: connecting, or importing.
#[component]
fn NothingImported(connected: Vec<Integration>) -> impl IntoView {
    let (text, href, action, role) = match connected.as_slice() {
        [] => (
            "Connect NinjaOne, map its organizations to companies, and import the devices.",
            "/integrations/new".to_owned(),
            "Connect NinjaOne",
            Role::Admin,
        ),
        [one] => (
            IMPORT,
            step_path(Some(one.id), Step::Devices).unwrap_or_default(),
            "Import devices",
            Role::Manage,
        ),
        _ => (IMPORT, "/settings/integrations".to_owned(), "Import devices", Role::Manage),
    };
    view! {
        <EmptyState title="No devices yet" text icon="devices">
            {may(role).then(|| view! { <a class="btn btn-primary" href=href>{action}</a> })}
        </EmptyState>
    }
}

const IMPORT: &str =
    "Map organizations to companies and node classes to device types, then import the devices.";

#[component]
fn Rows(list: ListState, found: Listing<DeviceRow>) -> impl IntoView {
    let rows = found.items.into_iter().map(|device| view! { <DeviceTr device /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100 md:overflow-x-auto" role="region" aria-label="Devices" tabindex="0">
            <table class="table table-sm max-md:block max-md:[&_tr]:border-b max-md:[&_tr]:border-base-300 max-md:[&_:is(td,th)]:border-0">
                <caption class="sr-only">"Devices"</caption>
                <thead class="max-md:hidden">
                    <tr>
                        <SortHeader list field="name" label="Name" default=true />
                        <SortHeader list field="company" label="Company" />
                        <SortHeader list field="type" label="Type" />
                        <SortHeader list field="status" label="Status" />
                        <SortHeader list field="os_name" label="Operating system" />
                        <SortHeader list field="serial" label="Serial" />
                        <SortHeader list field="last_contact" label="Last contact, user" />
                    </tr>
                </thead>
                <tbody class="max-md:block">{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}
