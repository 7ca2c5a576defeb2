//! The rows that a run could not read or apply.

use crate::{
    error::AppError,
    pages::runs::{api::list_run_errors, words::title},
    ui::{
        list::ListState,
        number::things,
        pending::{Pending, Reloading},
        state::{EmptyState, ErrorBox},
        table::{Pager, SearchBox},
    },
};
use domain::{error::UserError, ids::RunId, page::Listing, run::RunError};
use leptos::prelude::*;

/// One page of the errors of a run. Made by the page, so that it is read with the run.
pub fn errors_of(id: Memo<Option<RunId>>, list: ListState) -> Resource<Result<Listing<RunError>, AppError>> {
    Resource::new(
        move || (id.get(), list.page_number(), list.search_text()),
        |(id, page, search)| async move {
            let id = id.ok_or_else(|| UserError::not_found("run"))?;
            list_run_errors(page, Some(20), search, None, id).await
        },
    )
}

/// Every row with an error and its reason; nothing while there is none.
#[component]
pub fn Errors(errors: Resource<Result<Listing<RunError>, AppError>>, list: ListState) -> impl IntoView {
    let pending = Pending::new();
    view! {
        <div class="transition-opacity" class:opacity-60=move || pending.is_on()>
            <Reloading pending>
                {move || Suspend::new(async move {
                    let narrowed = untrack(|| list.is_narrowed(&[]));
                    match errors.await {
                        Ok(found) if found.total == 0 && !narrowed => ().into_any(),
                        Ok(found) => view! { <Section list found /> }.into_any(),
                        // The page says that there is no such run.
                        Err(error) if error.is_not_found() => ().into_any(),
                        Err(error) => {
                            let retry = Callback::new(move |()| errors.refetch());
                            view! { <ErrorBox error retry /> }.into_any()
                        }
                    }
                })}
            </Reloading>
        </div>
    }
}

#[component]
fn Section(list: ListState, found: Listing<RunError>) -> impl IntoView {
    let text = "Everything else was read and applied. The next run looks at these rows again.";
    let rows = found.items.into_iter().map(|error| view! { <ErrorTr error /> }).collect_view();
    let total = found.total;
    let table = view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Rows with errors"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Row"</th>
                        <th scope="col" class="w-28">"Kind"</th>
                        <th scope="col" class="w-1/2">"Reason"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Pager list total page_size=found.page_size page=found.page />
    };
    view! {
        <section aria-labelledby="errors-title" class="mt-6" id="errors">
            <div class="mb-2 flex flex-wrap items-end justify-between gap-2">
                <div>
                    <h2 id="errors-title" class="text-lg font-semibold">{things(total, "row with an error", "rows with errors")}</h2>
                    <p class="text-sm text-muted">{text}</p>
                </div>
                <SearchBox list label="Search rows with errors" />
            </div>
            {if total > 0 {
                table.into_any()
            } else {
                view! { <EmptyState title="No row matches" text="No row with an error fits the search." icon="search" /> }.into_any()
            }}
        </section>
    }
}

#[component]
fn ErrorTr(error: RunError) -> impl IntoView {
    let id = error.remote_id.map(|id| format!("NinjaOne id {id}"));
    let (name, below) = match (error.name, id) {
        (Some(name), id) => (name, id),
        (None, Some(id)) => (id, None),
        (None, None) => ("A row without an id".to_owned(), None),
    };
    view! {
        <tr class="max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3">
            <th scope="row" class="align-top font-medium break-words max-md:p-0">
                {name}
                {below.map(|id| view! { <span class="block text-xs font-normal text-muted">{id}</span> })}
            </th>
            <td class="align-top max-md:p-0">{title(&error.entity)}</td>
            <td class="align-top break-words max-md:p-0">{error.reason}</td>
        </tr>
    }
}
