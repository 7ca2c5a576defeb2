use crate::{
    error::AppError,
    layout::may_manage,
    pages::runs::{
        api::{retry_failed, start_run},
        is_sync,
        paths::run_path,
    },
    ui::{button::ActionButton, toast::use_toasts},
};
use domain::{
    permissions::Area,
    run::{Run, RunKind, RunState},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// What can be done once a run has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The failed devices of an import.
    RetryFailed,
    /// A sync that did not read everything, as a further attempt of it.
    TryAgain,
    /// A sync of the same kind.
    SyncAgain,
}

impl Next {
    fn of(run: &Run) -> Option<Self> {
        // What is left then is tried again on the page of that run.
        let retried = run.retried_by.is_some();
        match (run.kind, run.state) {
            (_, state) if state.is_active() => None,
            (RunKind::Import, _) => (run.counts.failed > 0 && !retried).then_some(Self::RetryFailed),
            (kind, RunState::Failed | RunState::Incomplete) if is_sync(kind) && !retried => {
                Some(Self::TryAgain)
            }
            (kind, _) => is_sync(kind).then_some(Self::SyncAgain),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::RetryFailed => "Retry the failed ones",
            Self::TryAgain => "Try again now",
            Self::SyncAgain => "Sync again",
        }
    }

    async fn start(self, run: Run) -> Result<Run, AppError> {
        match self {
            Self::RetryFailed | Self::TryAgain => retry_failed(run.id).await,
            Self::SyncAgain => start_run(run.integration_id, run.kind).await,
        }
    }
}

/// The button that starts the next run and goes to its page, for those who may.
#[component]
pub fn Again(run: Signal<Run>) -> impl IntoView {
    let (toasts, navigate) = (use_toasts(), StoredValue::new(use_navigate()));
    let next = Memo::new(move |_| run.with(Next::of));
    let start = Action::new(move |next: &Next| {
        let started = next.start(run.get_untracked());
        async move {
            match started.await {
                Ok(run) => {
                    let page = run_path(run.integration_id, run.id);
                    _ = navigate.try_with_value(|navigate| navigate(&page, Default::default()));
                }
                Err(error) => toasts.failed("The run did not start.", &error),
            }
        }
    });
    let button = move |next: Next| {
        let on_press = Callback::new(move |()| _ = start.dispatch(next));
        view! { <ActionButton label=next.label() busy=start.pending() on_press /> }
    };
    may_manage(Area::Mappings).then_some(move || next.get().map(button))
}
