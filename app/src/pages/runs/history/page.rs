use super::{
    filters::{FILTERS, HistoryFilters, KNOWN},
    row::RunTr,
};
use crate::{
    layout::PageHead,
    pages::{
        runs::{api::list_runs, crumbs::Crumbs},
        wizard::{Current, IfGone},
    },
    ui::{
        known::IfKnown,
        list::ListState,
        state::EmptyState,
        table::{Loaded, Pager},
    },
};
use domain::{error::UserError, page::Listing, run::Run};
use leptos::prelude::*;

/// The history of an integration: its runs, newest first, each live while it goes on.
#[component]
pub fn RunsPage() -> impl IntoView {
    let (current, list) = (Current::from_url(), ListState::from_url());
    let [kind, state] = FILTERS.map(|key| list.get(key));
    let runs = Resource::new(
        move || (current.id.get(), list.page_number(), kind.get(), state.get()),
        |(id, page, kind, state)| async move {
            let id = id.ok_or_else(|| UserError::not_found("integration"))?;
            let (kind, state) = (kind.and_then(|k| k.parse().ok()), state.and_then(|s| s.parse().ok()));
            list_runs(page, None, None, None, id, kind, state).await
        },
    );
    let show = move |found: Listing<Run>| match found.total {
        0 => view! { <NoRuns list /> }.into_any(),
        _ => view! { <Rows list found /> }.into_any(),
    };
    view! {
        <div>
            <IfGone current />
            <div class="peer-data-gone:hidden">
                <Crumbs current here="History" />
                <PageHead title="History" text="Every sync and import of this integration, newest first." />
                <HistoryFilters list />
                <div class="mt-3">
                    <IfKnown list known=KNOWN>
                        <Loaded read=runs rows=8 columns=6 show />
                    </IfKnown>
                </div>
            </div>
        </div>
    }
}

/// Why there is no run to show.
#[component]
fn NoRuns(list: ListState) -> impl IntoView {
    if untrack(|| list.is_narrowed(&FILTERS)) {
        return view! {
            <EmptyState title="No run matches" text="This integration has no run of that kind and state." icon="search">
                <a class="btn btn-sm" href=move || list.path()>"Show all runs"</a>
            </EmptyState>
        }
        .into_any();
    }
    view! { <EmptyState title="No run yet" text="Syncs and imports appear here when they start." icon="clock" /> }
        .into_any()
}

#[component]
fn Rows(list: ListState, found: Listing<Run>) -> impl IntoView {
    let rows = found.items.into_iter().map(|run| view! { <RunTr run /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100 md:overflow-x-auto" role="region" aria-label="Runs" tabindex="0">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Runs"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Run"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Started"</th>
                        <th scope="col">"Started by"</th>
                        <th scope="col" class="num">"Duration"</th>
                        <th scope="col" class="w-1/3">"What it did"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}
