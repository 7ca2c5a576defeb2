//! What a run did: the rows a sync changed, or what an import did with each device.

use super::{
    api::{get_run, list_changes},
    changes::Changes,
};
use crate::{
    error::AppError,
    pages::wizard::{ResultsTable, list_import_results},
    ui::{
        filter_tabs::{FilterTab, FilterTabs},
        list::ListState,
        pending::Pending,
        state::ErrorBox,
        table::{Pager, SearchBox, TableSkeleton},
    },
};
use domain::{
    error::UserError,
    ids::RunId,
    import::ImportResult,
    page::Listing,
    run::{Change, RunKind},
};
use futures::join;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One page of a run's report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Report {
    Changes(Listing<Change>),
    Results(Listing<ImportResult>),
}

/// The report of a run under the list state of the address. Made by the page, so that it is read with the run.
pub fn report_of(id: Memo<Option<RunId>>, list: ListState) -> Resource<Result<Report, AppError>> {
    let outcome = list.get("outcome");
    let query = move || (id.get(), list.page_number(), list.search_text(), outcome.get());
    Resource::new(query, |(id, page, search, outcome)| async move {
        let id = id.ok_or_else(|| UserError::not_found("run"))?;
        let outcome = outcome.and_then(|o| o.parse().ok());
        // All at once: on the server, a call that begins after another has ended no longer finds its request.
        let (run, changes, results) = join!(
            get_run(id),
            list_changes(page, None, search.clone(), None, id),
            list_import_results(page, None, search, None, id, outcome),
        );
        match run?.kind {
            RunKind::Import => results.map(Report::Results),
            _ => changes.map(Report::Changes),
        }
    })
}

/// The report with search and paging. In: the resource of [`report_of`].
#[component]
pub fn ReportSection(report: Resource<Result<Report, AppError>>, list: ListState) -> impl IntoView {
    let pending = Pending::new();
    view! {
        <section aria-labelledby="report-title" class="mt-6">
            <div class="mb-2 flex flex-wrap items-center justify-between gap-2">
                <h2 id="report-title" class="text-lg font-semibold">"Report"</h2>
                <SearchBox list label="Search the report" />
            </div>
            <div class="transition-opacity" class:opacity-60=move || pending.is_on() aria-busy=move || pending.is_on().to_string()>
                <Transition fallback=|| view! { <TableSkeleton rows=5 columns=4 /> } set_pending=pending.setter()>
                    {move || Suspend::new(async move {
                        match report.await {
                            Ok(Report::Changes(found)) => view! { <Changes list found /> }.into_any(),
                            Ok(Report::Results(found)) => view! { <Results list found /> }.into_any(),
                            // The page says that there is no such run.
                            Err(error) if error.is_not_found() => ().into_any(),
                            Err(error) => {
                                let retry = Callback::new(move |()| report.refetch());
                                view! { <ErrorBox error retry /> }.into_any()
                            }
                        }
                    })}
                </Transition>
            </div>
        </section>
    }
}

/// What an import did with each device, by outcome.
#[component]
fn Results(list: ListState, found: Listing<ImportResult>) -> impl IntoView {
    let tabs = vec![
        FilterTab::new(None, "All", None),
        FilterTab::new(Some("created"), "Created", None),
        FilterTab::new(Some("linked"), "Linked", None),
        FilterTab::new(Some("skipped"), "Skipped", None),
        FilterTab::new(Some("failed"), "Failed", None),
    ];
    let (total, page_size, page) = (found.total, found.page_size, found.page);
    view! {
        <FilterTabs list name="outcome" label="Filter by outcome" tabs />
        <div class="mt-2 rounded-box border border-base-300 bg-base-100"><ResultsTable results=found.items /></div>
        <Pager list total page_size page />
    }
}
