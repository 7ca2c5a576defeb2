use super::{page::Import, sync::is_syncing};
use crate::{
    pages::wizard::{paths::step_path, sync_now::SyncNow},
    ui::state::EmptyState,
};
use domain::{run::RunKind, wizard::Step};
use leptos::prelude::*;

/// Why there is no staged device to show, and the next step: narrowed away, syncing, nothing mapped, or none there.
#[component]
pub fn NoDevices(page: Import) -> impl IntoView {
    let list = page.list;
    if untrack(|| list.is_narrowed(&["class", "organization", "company", "status"])) {
        return view! {
            <EmptyState title="No device matches" text="Nothing fits the search and the filters chosen." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all staged devices"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        {move || {
            let here = page.sync.with(|run| run.as_ref().is_some_and(|run| run.state.is_active()));
            Suspend::new(async move {
            let syncing = here || is_syncing(page.current).await;
            let counts = page.current.data.await.ok().flatten().map(|i| i.counts).unwrap_or_default();
            if syncing {
                return view! {
                    <EmptyState
                        title="The device sync is still running"
                        text="Devices appear here when it ends. Large fleets can take hours; you can leave this page, it goes on."
                        icon="refresh"
                    />
                }
                .into_any();
            }
            if counts.organizations_mapped == 0 {
                let href = step_path(page.current.id.get_untracked(), Step::Organizations);
                return view! {
                    <EmptyState
                        title="No organization is mapped"
                        text="Only devices of mapped organizations are staged. Map at least one organization to a company."
                        icon="building"
                    >
                        <a class="btn btn-sm btn-primary" href=href>"Map organizations"</a>
                    </EmptyState>
                }
                .into_any();
            }
            view! {
                <EmptyState
                    title="No staged devices"
                    text="The mapped organizations have no devices as of the last sync. Sync the devices to look again."
                    icon="devices"
                >
                    <SyncNow
                        current=page.current
                        kind=RunKind::Devices
                        known=page.sync
                        label="Sync devices"
                        class="btn btn-sm btn-primary"
                    />
                </EmptyState>
            }
            .into_any()
        })}}
    }
    .into_any()
}
