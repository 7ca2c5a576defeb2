use super::page::Import;
use crate::{
    pages::{
        runs::{LiveRunPanel, is_sync},
        wizard::{current::Current, sync_now::SyncNow},
    },
    ui::icon::Icon,
};
use domain::{
    integration::Integration,
    run::{Run, RunKind, RunState},
};
use leptos::prelude::*;

/// The device sync: live while it runs, its last outcome, and whether one has ever been complete.
#[component]
pub fn SyncDevices(page: Import) -> impl IntoView {
    let on_end = Callback::new(move |run: Run| {
        page.sync.set(Some(run));
        page.current.reload();
        page.reload();
    });
    view! {
        <div class="flex flex-col gap-2">
            <div class="flex flex-wrap items-center justify-between gap-2">
                <h2 class="text-lg font-semibold">"Device sync"</h2>
                <SyncNow current=page.current kind=RunKind::Devices known=page.sync label="Sync devices now" />
            </div>
            <Transition>
                {move || {
                    let known = page.sync.get();
                    Suspend::new(async move {
                        let integration = page.current.data.await.ok().flatten();
                        let warn = never_completed(integration.as_ref(), known.as_ref());
                        let run = shown(integration, known);
                        view! {
                            {warn.then(|| view! { <NeverCompleted /> })}
                            {run.map(|run| view! { <LiveRunPanel run on_end titled=false /> })}
                        }
                    })
                }}
            </Transition>
        </div>
    }
}

/// The sync started here, else the active sync, else the last one.
fn shown(integration: Option<Integration>, known: Option<Run>) -> Option<Run> {
    let (active, last) = integration
        .map_or((None, None), |i| (i.active_run.filter(|run| is_sync(run.kind)), i.last_device_sync));
    match (known, active) {
        (Some(known), Some(active)) if known.id != active.id && !known.state.is_active() => Some(active),
        (known, active) => known.or(active).or(last),
    }
}

/// Whether no device sync has ever read everything.
pub fn never_completed(integration: Option<&Integration>, known: Option<&Run>) -> bool {
    let complete = |run: &Run| matches!(run.state, RunState::Completed | RunState::CompletedWithErrors);
    let last = integration.and_then(|i| i.last_device_sync.as_ref());
    // Devices in staging without a complete last sync: an earlier one may have been complete; the run says the rest.
    let empty = integration.is_some_and(|i| i.counts.devices == 0);
    !last.is_some_and(complete) && !known.is_some_and(complete) && (last.is_none() || empty)
}

/// Says it where nobody can miss it.
#[component]
fn NeverCompleted() -> impl IntoView {
    view! {
        <div class="alert alert-warning alert-soft items-start text-sm" data-testid="never-synced">
            <Icon name="alert" class="mt-0.5 size-5 shrink-0" />
            <p>
                <strong>"No device sync has been completed yet. "</strong>
                "Sync the devices first; until then there is nothing, or not everything, to import."
            </p>
        </div>
    }
}

/// Whether a sync is active now.
pub async fn is_syncing(current: Current) -> bool {
    let integration = current.data.await.ok().flatten();
    integration.and_then(|i| i.active_run).is_some_and(|run| is_sync(run.kind))
}
