use super::{Sources, address::FILTERS};
use crate::{
    layout::may_manage,
    pages::wizard::step_path,
    ui::{list::ListState, state::EmptyState, url::encode},
};
use domain::{device::SourceRef, permissions::Area, wizard::Step};
use leptos::prelude::*;

/// Why there is no device to show, and the next step.
#[component]
pub fn NoDevices(list: ListState, sources: Sources) -> impl IntoView {
    if untrack(|| list.is_narrowed(&FILTERS)) {
        let searched = Some(list.search.get_untracked()).filter(|text| !text.trim().is_empty());
        let why = searched.map(|text| {
            view! { <a class="btn btn-sm" href=format!("/why?search={}", encode(&text))>"Why is it not here?"</a> }
        });
        return view! {
            <EmptyState title="No device matches" text="Nothing fits the search and the filters chosen." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all devices"</a>
                {why}
            </EmptyState>
        }
        .into_any();
    }
    // A boundary of its own: what is read inside another one's view is not waited for on the server.
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let connected = sources.await;
                view! { <NothingImported connected /> }
            })}
        </Transition>
    }
    .into_any()
}

/// The next step on the way to devices: connecting, or importing.
#[component]
fn NothingImported(connected: Vec<SourceRef>) -> impl IntoView {
    let (text, href, action, area) = match connected.as_slice() {
        [] => (
            "Connect NinjaOne, map its organizations to companies, and import the devices.",
            "/integrations/new".to_owned(),
            "Connect NinjaOne",
            Area::Integrations,
        ),
        [one] => (
            IMPORT,
            step_path(Some(one.id), Step::Devices).unwrap_or_default(),
            "Import devices",
            Area::Mappings,
        ),
        _ => (IMPORT, "/settings/integrations".to_owned(), "Import devices", Area::Mappings),
    };
    view! {
        <EmptyState title="No devices yet" text icon="devices">
            {may_manage(area).then(|| view! { <a class="btn btn-primary" href=href>{action}</a> })}
        </EmptyState>
    }
}

const IMPORT: &str =
    "Map organizations to companies and node classes to device types, then import the devices.";
