use super::page::Organizations;
use crate::{layout::may_manage, pages::wizard::sync_now::SyncNow, ui::state::EmptyState};
use domain::{
    integration::Integration,
    permissions::Area,
    run::{RunKind, RunState},
};
use leptos::prelude::*;

/// Why there is no organization to show, and the next step: narrowed away, still syncing, failed, or none there.
#[component]
pub fn NoOrganizations(page: Organizations) -> impl IntoView {
    let list = page.list;
    if untrack(|| list.is_narrowed(&["status"])) {
        return view! {
            <EmptyState title="No organization matches" text="Nothing fits the search and the status chosen." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all organizations"</a>
            </EmptyState>
        }
        .into_any();
    }
    let manage = may_manage(Area::Mappings);
    view! {
        <Transition>
        {move || {
            let here = page.known.with(|run| run.as_ref().is_some_and(|run| run.state.is_active()));
            Suspend::new(async move {
            let (title, text) = reason(page.current.data.await.ok().flatten(), here, manage);
            let idle = title != SYNCING;
            view! {
                <EmptyState title text icon="refresh">
                    {idle.then(|| view! { <SyncNow current=page.current kind=RunKind::Organizations known=page.known class="btn btn-sm btn-primary" /> })}
                </EmptyState>
            }
        })}}
        </Transition>
    }
    .into_any()
}

const SYNCING: &str = "The sync is still running";

/// A title and a text for why nothing is there; `syncing` when a run started here is active.
fn reason(integration: Option<Integration>, syncing: bool, manage: bool) -> (&'static str, String) {
    let last = integration.as_ref().and_then(|i| i.last_organization_sync.as_ref());
    if syncing || integration.as_ref().is_some_and(|i| i.active_run.is_some()) {
        return (
            SYNCING,
            "Organizations appear here as soon as it ends. You can leave this page; it goes on.".to_owned(),
        );
    }
    match last.map(|run| (run.state, run.problem.as_ref())) {
        None if manage => ("No sync yet", "Start a sync to read the organizations from NinjaOne.".to_owned()),
        None => ("No sync yet", "Organizations appear here when somebody has started the first sync.".to_owned()),
        Some((RunState::Completed | RunState::CompletedWithErrors, _)) => (
            "NinjaOne has no organizations for this account",
            "Check in NinjaOne that the API application may read organizations (scope Monitoring), then sync again."
                .to_owned(),
        ),
        Some((_, Some(problem))) => ("The last sync did not finish", problem.message.clone()),
        Some((_, None)) if manage => ("The last sync did not finish", "Start it again.".to_owned()),
        Some((_, None)) => ("The last sync did not finish", "Organizations appear here when the next one has.".to_owned()),
    }
}
