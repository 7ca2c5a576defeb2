use crate::layout::Way;
use crate::{
    pages::wizard::api::list_import_results,
    ui::{
        badge::{Badge, Tone},
        number::count,
        pending::{Pending, Reloading},
        state::ErrorBox,
        table::TableSkeleton,
    },
};
use domain::{
    ids::RunId,
    import::{ImportOutcome, ImportResult},
    page::Listing,
};
use leptos::prelude::*;

/// Filters of the list: the outcome and its words.
const FILTERS: [(Option<ImportOutcome>, &str); 5] = [
    (Some(ImportOutcome::Failed), "Failed"),
    (Some(ImportOutcome::Skipped), "Skipped"),
    (Some(ImportOutcome::Created), "Created"),
    (Some(ImportOutcome::Linked), "Linked"),
    (None, "All"),
];

/// The devices of an import with outcome and reason, by outcome, page by page. Its state stays on this page: the
/// address belongs to the list of staged devices. `failed` shows the failures first.
#[component]
pub fn ImportResults(run_id: RunId, #[prop(optional)] failed: bool) -> impl IntoView {
    let outcome = RwSignal::new(failed.then_some(ImportOutcome::Failed));
    let page = RwSignal::new(1_u32);
    let results = Resource::new(
        move || (page.get(), outcome.get()),
        move |(page, outcome)| list_import_results(Some(page), Some(20), None, None, run_id, outcome),
    );
    let pending = Pending::new();
    let tab = move |(value, label): (Option<ImportOutcome>, &'static str)| {
        let here = move || outcome.get() == value;
        let press = move |_| {
            outcome.set(value);
            page.set(1);
        };
        view! {
            <button type="button" class="tab" class:tab-active=here aria-pressed=move || here().to_string() on:click=press>
                {label}
            </button>
        }
    };
    view! {
        <div class="rounded-box border border-base-300 bg-base-100 p-3" data-testid="import-results">
            <div class="tabs tabs-border" role="group" aria-label="Filter results by outcome">
                {FILTERS.map(tab).collect_view()}
            </div>
            <div class:opacity-60=move || pending.is_on() aria-busy=move || pending.is_on().to_string()>
                <Reloading pending fallback=|| view! { <TableSkeleton rows=3 columns=3 /> }>
                    {move || Suspend::new(async move {
                        match results.await {
                            Ok(found) => view! { <Rows found page /> }.into_any(),
                            Err(error) => {
                                let retry = Callback::new(move |()| results.refetch());
                                view! { <ErrorBox error retry /> }.into_any()
                            }
                        }
                    })}
                </Reloading>
            </div>
        </div>
    }
}

#[component]
fn Rows(found: Listing<ImportResult>, page: RwSignal<u32>) -> impl IntoView {
    let pages = found.pages();
    let at = found.page;
    if found.total == 0 {
        return view! { <p class="p-3 text-sm text-muted">"No device with this outcome."</p> }.into_any();
    }
    let total = found.total;
    view! {
        <ResultsTable results=found.items />
        <div class="flex items-center justify-between gap-2 pt-2 text-sm">
            <span class="text-muted">{format!("{} in all", count(total))}</span>
            {(pages > 1)
                .then(|| {
                    view! {
                        <div class="join">
                            <button type="button" class="btn btn-sm join-item" disabled=at <= 1 on:click=move |_| page.set(at - 1)>
                                "Previous"
                            </button>
                            <span class="btn btn-sm join-item pointer-events-none">{format!("Page {at} of {pages}")}</span>
                            <button type="button" class="btn btn-sm join-item" disabled={at >= pages} on:click=move |_| page.set(at + 1)>
                                "Next"
                            </button>
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Devices of an import with outcome and reason.
#[component]
pub fn ResultsTable(results: Vec<ImportResult>) -> impl IntoView {
    if results.is_empty() {
        return view! { <p class="p-3 text-sm text-muted">"No device fits."</p> }.into_any();
    }
    let rows = results.into_iter().map(|result| view! { <ResultTr result /> }).collect_view();
    view! {
        <table class="table table-sm table-stacked">
            <caption class="sr-only">"What the import did with each device"</caption>
            <thead>
                <tr>
                    <th scope="col">"Device"</th>
                    <th scope="col" class="w-28">"Outcome"</th>
                    <th scope="col">"Reason"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn ResultTr(result: ImportResult) -> impl IntoView {
    let (tone, label) = match result.outcome {
        ImportOutcome::Created => (Tone::Success, "Created"),
        ImportOutcome::Linked => (Tone::Info, "Linked"),
        ImportOutcome::Skipped => (Tone::Neutral, "Skipped"),
        ImportOutcome::Failed => (Tone::Error, "Failed"),
    };
    let name = match result.device_id {
        Some(id) => view! { <Way href=format!("/devices/{id}")>{result.name}</Way> }.into_any(),
        None => result.name.into_any(),
    };
    view! {
        <tr
            class="max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3"
            data-remote-id=result.remote_id
            data-outcome=result.outcome.as_str()
        >
            <th scope="row" class="font-medium break-all max-md:p-0">{name}</th>
            <td class="max-md:p-0"><Badge tone label /></td>
            <td class="max-md:p-0">{result.reason}</td>
        </tr>
    }
}
