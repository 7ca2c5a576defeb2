use super::page::Locations;
use crate::{
    layout::may_manage,
    pages::wizard::{paths::step_path, sync_now::SyncNow},
    ui::state::EmptyState,
};
use domain::{integration::Integration, permissions::Area, run::RunKind, wizard::Step};
use leptos::prelude::*;

/// Why there is no location to show, and the next step.
#[component]
pub fn NoLocations(page: Locations) -> impl IntoView {
    let list = page.list;
    if untrack(|| list.is_narrowed(&["status", "organization"])) {
        return view! {
            <EmptyState title="No location matches" text="Nothing fits the search and the filters chosen." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all locations"</a>
            </EmptyState>
        }
        .into_any();
    }
    let manage = may_manage(Area::Mappings);
    let skip = move || step_path(page.current.id.get(), Step::Devices);
    view! {
        <Transition>
        {move || {
            let here = page.known.with(|run| run.as_ref().is_some_and(|run| run.state.is_active()));
            Suspend::new(async move {
            let integration = page.current.data.await.ok().flatten();
            let idle = integration.as_ref().is_some_and(|i| i.active_run.is_none()) && !here;
            let (title, text) = reason(integration, here, manage);
            view! {
                <EmptyState title text icon="pin">
                    <a class="btn btn-sm btn-primary" href=skip>"Skip this step"</a>
                    {idle.then(|| view! { <SyncNow current=page.current kind=RunKind::Organizations known=page.known /> })}
                </EmptyState>
            }
        })}}
        </Transition>
    }
    .into_any()
}

fn reason(integration: Option<Integration>, syncing: bool, manage: bool) -> (&'static str, &'static str) {
    match integration {
        Some(i) if syncing || i.active_run.is_some() => (
            "The sync is still running",
            "Locations are read together with the organizations and appear here when it ends.",
        ),
        Some(i) if i.last_organization_sync.is_none() && manage => (
            "No sync yet",
            "Locations are read together with the organizations. Start a sync, or skip this step.",
        ),
        Some(i) if i.last_organization_sync.is_none() => (
            "No sync yet",
            "Locations are read together with the organizations, when somebody has started the first sync.",
        ),
        _ => (
            "NinjaOne has no locations for these organizations",
            "Mapping locations is optional: skip this step, or define locations in NinjaOne and sync again.",
        ),
    }
}
