//! What a run did: the rows a sync changed, or what an import did with each device.

use super::results::Results;
use crate::{
    error::AppError,
    pages::{
        runs::{
            api::{count_changes, get_run, list_changes},
            changes::Changes,
        },
        wizard::list_import_results,
    },
    ui::{
        known::{IfKnown, Known},
        list::ListState,
        pending::{Pending, Reloading},
        state::ErrorBox,
        table::{SearchBox, TableSkeleton},
    },
};
use domain::{
    error::UserError,
    ids::RunId,
    import::{ImportOutcome, ImportResult},
    page::Listing,
    run::{Change, ChangeCount, ChangeKind, RunKind},
};
use futures::join;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Filters of the address.
const KNOWN: &[Known] = &[
    Known::of::<ImportOutcome>("outcome", "an outcome"),
    Known::of::<ChangeKind>("change", "a kind of change"),
];

/// One page of a run's report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    Changes { found: Listing<Change>, counts: Vec<ChangeCount>, active: bool },
    Results(Listing<ImportResult>),
}

/// The report of a run under the list state of the address. Made by the page, so that it is read with the run.
pub fn report_of(id: Memo<Option<RunId>>, list: ListState) -> Resource<Result<Report, AppError>> {
    let [outcome, entity, change] = ["outcome", "entity", "change"].map(|key| list.get(key));
    let filters = move || (outcome.get(), entity.get(), change.get());
    let query = move || (id.get(), list.page_number(), list.search_text(), filters());
    Resource::new(query, |(id, page, search, (outcome, entity, change))| async move {
        let id = id.ok_or_else(|| UserError::not_found("run"))?;
        let outcome = outcome.and_then(|o| o.parse().ok());
        let change = change.and_then(|c| c.parse().ok());
        // All at once: on the server, a call that begins after another has ended no longer finds its request.
        let (run, changes, counts, results) = join!(
            get_run(id),
            list_changes(page, None, search.clone(), None, id, entity, change),
            count_changes(id),
            list_import_results(page, None, search, None, id, outcome),
        );
        let run = run?;
        if run.kind == RunKind::Import {
            return results.map(Report::Results);
        }
        Ok(Report::Changes { found: changes?, counts: counts?, active: run.state.is_active() })
    })
}

/// The report with search and paging. In: the resource of [`report_of`].
#[component]
pub fn ReportSection(
    id: Memo<Option<RunId>>,
    report: Resource<Result<Report, AppError>>,
    list: ListState,
) -> impl IntoView {
    let pending = Pending::new();
    view! {
        <section aria-labelledby="report-title" class="mt-6">
            <div class="mb-2 flex flex-wrap items-center justify-between gap-2">
                <h2 id="report-title" class="text-lg font-semibold">"What it did"</h2>
                <SearchBox list label="Search the report" />
            </div>
            <IfKnown list known=KNOWN>
                <div class="transition-opacity" class:opacity-60=move || pending.is_on() aria-busy=move || pending.is_on().to_string()>
                    <Reloading pending fallback=|| view! { <TableSkeleton rows=5 columns=4 /> }>
                        {move || Suspend::new(async move {
                            match report.await {
                                Ok(Report::Changes { found, counts, active }) => {
                                    view! { <Changes id list found counts active /> }.into_any()
                                }
                                Ok(Report::Results(found)) => view! { <Results list found /> }.into_any(),
                                // The page says that there is no such run.
                                Err(error) if error.is_not_found() => ().into_any(),
                                Err(error) => {
                                    let retry = Callback::new(move |()| report.refetch());
                                    view! { <ErrorBox error retry /> }.into_any()
                                }
                            }
                        })}
                    </Reloading>
                </div>
            </IfKnown>
        </section>
    }
}
