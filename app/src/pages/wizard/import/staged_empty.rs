use super::{
    page::Import,
    sync::{is_syncing, never_completed},
};
use crate::{
    pages::wizard::{paths::step_path, sync_now::SyncNow},
    ui::state::EmptyState,
};
use domain::{run::RunKind, wizard::Step};
use leptos::prelude::*;

/// Why there is no staged device to show, and the next step: narrowed away, syncing, never read, or none there.
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
        <Transition>
        {move || {
            let known = page.sync.get();
            let here = known.as_ref().is_some_and(|run| run.state.is_active());
            Suspend::new(async move {
            let syncing = here || is_syncing(page.current).await;
            let integration = page.current.data.await.ok().flatten();
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
            let unmapped = integration.as_ref().is_some_and(|i| i.counts.organizations_mapped == 0);
            let (title, text) = reason(never_completed(integration.as_ref(), known.as_ref()), unmapped);
            let organizations = unmapped.then(|| step_path(page.current.id.get_untracked(), Step::Organizations));
            view! {
                <EmptyState title text icon="devices">
                    <SyncNow
                        current=page.current
                        kind=RunKind::Devices
                        known=page.sync
                        label="Sync devices"
                        class="btn btn-sm btn-primary"
                    />
                    {organizations.map(|href| view! { <a class="btn btn-sm" href=href>"Map organizations"</a> })}
                </EmptyState>
            }
            .into_any()
        })}}
        </Transition>
    }
    .into_any()
}

/// Why nothing is staged. In: whether no device sync has been completed yet, whether no organization is mapped.
fn reason(never_read: bool, unmapped: bool) -> (&'static str, String) {
    let (title, text) = if never_read {
        ("No devices have been read yet", "Sync the devices to see them here.")
    } else {
        (
            "NinjaOne has no devices for this account",
            "The last sync found none. Sync again when there are some.",
        )
    };
    let blocked = "No organization is mapped to a company yet: until then its devices are shown as blocked.";
    (title, if unmapped { format!("{text} {blocked}") } else { text.to_owned() })
}
