use super::evidence::title;
use crate::ui::{
    badge::{Badge, Tone},
    list::ListState,
    state::EmptyState,
    table::Pager,
};
use domain::{
    page::Listing,
    run::{Change, FieldChange},
};
use leptos::prelude::*;

/// What a run changed, row by row, with the fields before and after.
#[component]
pub fn Changes(list: ListState, found: Listing<Change>) -> impl IntoView {
    if found.total == 0 {
        return view! { <NoChanges list /> }.into_any();
    }
    view! { <Rows list found /> }.into_any()
}

#[component]
fn NoChanges(list: ListState) -> impl IntoView {
    let (title, text) = if untrack(|| list.is_narrowed(&[])) {
        ("No change matches", "Nothing that this run changed fits the search.")
    } else {
        ("Nothing changed", "Everything that was read is as it was before.")
    };
    view! { <EmptyState title text icon="check-circle" /> }
}

#[component]
fn Rows(list: ListState, found: Listing<Change>) -> impl IntoView {
    let rows = found.items.into_iter().map(|change| view! { <ChangeTr change /> }).collect_view();
    view! {
        <div class="rounded-box border border-base-300 bg-base-100">
            <table class="table table-sm max-md:block max-md:[&_tr]:border-b max-md:[&_tr]:border-base-300 max-md:[&_:is(td,th)]:border-0">
                <caption class="sr-only">"Rows that this run changed"</caption>
                <thead class="max-md:hidden">
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Change"</th>
                        <th scope="col" class="w-1/2">"Fields"</th>
                    </tr>
                </thead>
                <tbody class="max-md:block">{rows}</tbody>
            </table>
        </div>
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
}

#[component]
fn ChangeTr(change: Change) -> impl IntoView {
    let tone = match change.change.as_str() {
        "added" | "returned" => Tone::Success,
        "missing" => Tone::Warning,
        _ => Tone::Info,
    };
    view! {
        <tr class="max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3" data-remote-id=change.remote_id>
            <th scope="row" class="align-top font-medium break-all max-md:p-0">{change.name}</th>
            <td class="align-top max-md:p-0">{title(&change.entity)}</td>
            <td class="align-top max-md:p-0"><Badge tone label=title(&change.change) /></td>
            <td class="align-top text-xs max-md:p-0">
                <ul>{change.fields.into_iter().map(field).collect_view()}</ul>
            </td>
        </tr>
    }
}

/// "Name: old → new".
fn field(f: FieldChange) -> impl IntoView {
    let value = |text: Option<String>| text.filter(|t| !t.is_empty()).unwrap_or_else(|| "empty".to_owned());
    view! {
        <li class="break-words">
            <span class="text-muted">{format!("{}: ", title(&f.field))}</span>
            <del class="no-underline">{value(f.before)}</del>
            <span aria-hidden="true">" → "</span>
            <span class="sr-only">" is now "</span>
            <ins class="font-medium no-underline">{value(f.after)}</ins>
        </li>
    }
}
