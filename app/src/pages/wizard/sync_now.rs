use super::current::{Current, required};
use crate::{
    layout::may_manage,
    pages::runs::api::start_run,
    ui::{button::ActionButton, toast::use_toasts},
};
use domain::{
    permissions::Area,
    run::{Run, RunKind},
};
use leptos::prelude::*;

/// Starts a sync of `kind`, or takes up the one that runs. Out: `known` holds the run. Shown to those who may.
#[component]
pub fn SyncNow(
    current: Current,
    kind: RunKind,
    known: RwSignal<Option<Run>>,
    #[prop(default = "Sync now")] label: &'static str,
    #[prop(default = "btn btn-sm")] class: &'static str,
) -> impl IntoView {
    let toasts = use_toasts();
    let start = Action::new(move |(): &()| {
        let id = current.id.get_untracked();
        async move {
            match start_run_of(id, kind).await {
                Ok(run) => _ = known.try_set(Some(run)),
                Err(error) => toasts.failed("The sync did not start.", &error),
            }
        }
    });
    let on_press = Callback::new(move |()| _ = start.dispatch(()));
    let running =
        move || known.with(|k| k.as_ref().is_some_and(|run| run.kind == kind && run.state.is_active()));
    let busy = Signal::derive(move || start.pending().get() || running());
    may_manage(Area::Mappings).then(|| view! { <ActionButton label busy on_press class /> })
}

async fn start_run_of(
    id: Option<domain::ids::IntegrationId>,
    kind: RunKind,
) -> Result<Run, crate::error::AppError> {
    start_run(required(id)?, kind).await
}
