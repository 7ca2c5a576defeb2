use super::{
    errors::{Errors, errors_of},
    report::{ReportSection, report_of},
    shown::Shown,
};
use crate::{
    error::AppError,
    layout::{Gone, PageHead},
    pages::{
        runs::{
            api::get_run,
            crumbs::Crumbs,
            paths::runs_path,
            questions::{Questions, QuestionsOf},
        },
        wizard::Current,
    },
    ui::{
        list::ListState,
        state::{ErrorBox, Loading},
    },
};
use domain::{error::UserError, ids::RunId, integration::Integration, run::Run};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// One run. Everything is read at once, by resources of the page: what is made inside of a `Suspense` may be made twice.
#[component]
pub fn RunPage() -> impl IntoView {
    let current = Current::from_url();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("run_id").and_then(|id| id.parse::<RunId>().ok()));
    let run = Resource::new(move || id.get(), read);
    let (list, errors_list) = (ListState::from_url(), ListState::named("errors"));
    let report = report_of(id, list);
    let errors = errors_of(id, errors_list);
    let questions = QuestionsOf::from_url(current, id);
    let on_end = Callback::new(move |_: Run| {
        run.refetch();
        report.refetch();
        errors.refetch();
        questions.reload();
    });
    let on_news = Callback::new(move |()| {
        errors.refetch();
        questions.reload();
    });
    view! {
        <div>
            <Crumbs current here="Run" runs=true />
            <Transition fallback=|| view! { <Loading /> }>
                {move || Suspend::new(async move {
                    match run.await {
                        Ok(found) => {
                            view! {
                                <Shown run=found on_end on_news>
                                    <Questions questions />
                                </Shown>
                            }
                                .into_any()
                        }
                        Err(error) if error.is_not_found() => {
                            let integration = current.data.await.ok().flatten();
                            view! { <NoRun integration /> }.into_any()
                        }
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
            <div class="peer-data-gone:hidden">
                <Errors errors list=errors_list />
                <ReportSection id report list />
            </div>
        </div>
    }
}

/// The run is gone: the others of the integration, or, where that is gone as well, all integrations.
#[component]
fn NoRun(integration: Option<Integration>) -> impl IntoView {
    let (href, label) = match integration {
        Some(integration) => (runs_path(integration.id), "Show the history"),
        None => ("/settings/integrations".to_owned(), "Show all integrations"),
    };
    view! { <Gone what="run" icon="clock" href label /> }
}

async fn read(id: Option<RunId>) -> Result<Run, AppError> {
    get_run(id.ok_or_else(|| UserError::not_found("run"))?).await
}
