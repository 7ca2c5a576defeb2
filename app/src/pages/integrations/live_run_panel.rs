use super::{api::cancel_run, paths::run_path};
use crate::{
    layout::may,
    ui::{live::live_run, run_panel::RunPanel, toast::use_toasts},
};
use domain::{role::Role, run::Run};
use leptos::prelude::*;

/// A run that goes on by itself until its end. In: the run as the server knew it, whether to link to its own page and to show its title.
/// Out: `on_end` with its final state, once, if it was active before.
#[component]
pub fn LiveRunPanel(
    run: Run,
    #[prop(optional)] on_end: Option<Callback<Run>>,
    #[prop(default = true)] link: bool,
    #[prop(default = true)] titled: bool,
) -> impl IntoView {
    let (id, integration) = (run.id, run.integration_id);
    let live = live_run(Signal::stored(run.state.is_active().then_some(id)));
    let shown = Signal::derive(move || live.get().unwrap_or_else(|| run.clone()));
    Effect::new(move || {
        if let (Some(run), Some(on_end)) = (live.get().filter(|run| !run.state.is_active()), on_end) {
            on_end.run(run);
        }
    });
    let toasts = use_toasts();
    let cancel = Action::new(move |(): &()| async move {
        if let Err(error) = cancel_run(id).await {
            toasts.error(format!("The run was not cancelled. {}", error.message()));
        }
    });
    let on_cancel = may(Role::Manage).then(|| Callback::new(move |()| _ = cancel.dispatch(())));
    let details = link.then(|| run_path(integration, id));
    view! { <RunPanel run=shown on_cancel cancelling=cancel.pending() details titled /> }
}
