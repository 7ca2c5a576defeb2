use super::{
    api::get_run,
    evidence::EvidenceTable,
    live_run_panel::LiveRunPanel,
    report::{ReportSection, report_of},
    runs::{Crumbs, starter},
};
use crate::{
    error::AppError,
    layout::PageHead,
    pages::wizard::Current,
    ui::{
        list::ListState,
        state::{ErrorBox, Loading},
        time::When,
    },
};
use domain::{error::UserError, ids::RunId, run::Run};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// One run: live while it goes on, then what proves it, what it changed or what the import did.
#[component]
pub fn RunPage() -> impl IntoView {
    let current = Current::from_url();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("run_id").and_then(|id| id.parse::<RunId>().ok()));
    let run = Resource::new(move || id.get(), read);
    let list = ListState::from_url();
    let report = report_of(id, list);
    let on_end = Callback::new(move |_: Run| {
        run.refetch();
        report.refetch();
    });
    view! {
        <Crumbs current here="Run" runs=true />
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match run.await {
                    Ok(found) => view! { <Shown run=found on_end /> }.into_any(),
                    Err(error) => {
                        let retry = Callback::new(move |()| run.refetch());
                        view! {
                            <PageHead title="Run" />
                            <ErrorBox error retry />
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
        <ReportSection report list />
    }
}

async fn read(id: Option<RunId>) -> Result<Run, AppError> {
    get_run(id.ok_or_else(|| UserError::not_found("run"))?).await
}

#[component]
fn Shown(run: Run, on_end: Callback<Run>) -> impl IntoView {
    let by = starter(&run);
    let evidence = run.evidence.clone();
    view! {
        <PageHead title=run.kind.label() />
        <p class="-mt-3 mb-4 text-sm text-muted">
            "Started by " {by} ", " <When time=run.started_at.unwrap_or(run.created_at) />
        </p>
        <div class="flex flex-col gap-4">
            <LiveRunPanel run on_end link=false titled=false />
            {(!evidence.is_empty()).then(|| view! { <EvidenceTable evidence /> })}
        </div>
    }
}
