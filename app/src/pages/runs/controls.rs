//! The buttons that steer an active run.

use super::api::{cancel_run, pause_run, resume_run};
use crate::{
    error::AppError,
    layout::may_manage,
    ui::{button::ActionButton, pending::is_on, toast::use_toasts},
};
use domain::{
    ids::RunId,
    permissions::Area,
    run::{Run, RunState},
};
use leptos::prelude::*;
use std::future::Future;

/// Pause or Resume, and Cancel, while the run is active, for those who may.
#[component]
pub fn Controls(id: RunId, run: Signal<Run>) -> impl IntoView {
    let state = Memo::new(move |_| run.with(|r| r.state));
    may_manage(Area::Mappings).then(|| {
        view! {
            <Show when=move || state.get() == RunState::Running>
                <Steer id act=pause_run failed="The run was not paused." label="Pause" busy_label="Pausing…"
                    asked=Signal::derive(move || run.with(|r| r.pause_requested)) />
            </Show>
            <Show when=move || state.get() == RunState::Paused>
                <Steer id act=resume_run failed="The run did not go on." label="Resume" busy_label="Resuming…"
                    asked=Signal::stored(false) class="btn btn-sm btn-primary" />
            </Show>
            <Show when=move || state.get().is_active()>
                <Steer id act=cancel_run failed="The run was not cancelled." label="Cancel" busy_label="Cancelling…"
                    asked=Signal::derive(move || run.with(|r| r.cancel_requested)) />
            </Show>
        }
    })
}

/// A button that asks something of the run; busy until the run has heard it.
#[component]
fn Steer<F, A>(
    id: RunId,
    act: A,
    failed: &'static str,
    label: &'static str,
    busy_label: &'static str,
    /// Whether the run knows already and gets to it.
    asked: Signal<bool>,
    #[prop(default = "btn btn-sm")] class: &'static str,
) -> impl IntoView
where
    A: Fn(RunId) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Run, AppError>> + Send + 'static,
{
    let toasts = use_toasts();
    let action = Action::new(move |(): &()| {
        let asked = act(id);
        async move {
            if let Err(error) = asked.await {
                toasts.failed(failed, &error);
            }
        }
    });
    let pending = action.pending();
    let busy = Signal::derive(move || pending.try_get().unwrap_or_default() || is_on(asked));
    let label = Signal::derive(move || if busy.get() { busy_label } else { label }.to_owned());
    view! { <ActionButton label busy on_press=Callback::new(move |()| _ = action.dispatch(())) class /> }
}
