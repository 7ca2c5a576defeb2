use super::current::Current;
use crate::pages::runs::LiveRunPanel;
use domain::{
    integration::Integration,
    run::{Run, RunKind},
};
use leptos::prelude::*;

/// The run that matters on this page: the one just started or just ended, else the active one, else the last sync.
///
/// In: the integration, `known` (the run started here), which last run to show. Out: `on_end`; `known` then holds the
/// run's final state.
#[component]
pub fn RunSection(
    current: Current,
    known: RwSignal<Option<Run>>,
    kind: RunKind,
    on_end: Callback<()>,
) -> impl IntoView {
    let ended = Callback::new(move |run: Run| {
        known.set(Some(run));
        current.reload();
        on_end.run(());
    });
    view! {
        <Transition>
            {move || {
                let known = known.get();
                Suspend::new(async move {
                    let integration = current.data.await.ok().flatten();
                    shown(known, integration, kind).map(|run| view! { <LiveRunPanel run on_end=ended /> })
                })
            }}
        </Transition>
    }
}

/// Which run to show. An ended one gives way to another that is active.
fn shown(known: Option<Run>, integration: Option<Integration>, kind: RunKind) -> Option<Run> {
    let (active, last) = integration.map_or((None, None), |i| {
        let last = match kind {
            RunKind::Organizations => i.last_organization_sync,
            RunKind::Devices | RunKind::All => i.last_device_sync,
            RunKind::Import | RunKind::Apply | RunKind::Remap => i.last_import,
        };
        (i.active_run, last)
    });
    match (known, active) {
        (Some(known), Some(active)) if known.id != active.id && !known.state.is_active() => Some(active),
        (Some(known), _) => Some(known),
        (None, active) => active.or(last),
    }
}
