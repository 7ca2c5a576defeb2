use super::proposal::percent;
use crate::{
    pages::wizard::api::list_decision_rows,
    ui::{number::count, state::ErrorBox},
};
use domain::{decision::DecisionRow, ids::DecisionId, mapping::MappingStatus, page::Listing};
use leptos::prelude::*;

/// The mappings that a decision changed, page by page.
#[component]
pub fn DecisionRows(id: DecisionId) -> impl IntoView {
    let page = RwSignal::new(1_u32);
    let read = LocalResource::new(move || list_decision_rows(Some(page.get()), Some(25), id));
    view! {
        <div class="mt-3 border-t border-base-300 pt-2">
            <Transition fallback=|| view! { <p class="py-4 text-center text-muted">"Loading…"</p> }>
                {move || Suspend::new(async move {
                    match read.await {
                        Ok(found) => view! { <Rows found page /> }.into_any(),
                        Err(error) => {
                            let retry = Callback::new(move |()| read.refetch());
                            view! { <ErrorBox error retry /> }.into_any()
                        }
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Rows(found: Listing<DecisionRow>, page: RwSignal<u32>) -> impl IntoView {
    let pages = found.pages();
    let turn = move |to: u32, label: &'static str| {
        let ok = (1..=pages).contains(&to);
        view! { <button type="button" class="btn btn-xs" disabled=!ok on:click=move |_| page.set(to)>{label}</button> }
    };
    let here = found.page;
    view! {
        <ul class="divide-y divide-base-300" data-testid="decision-rows">
            {found.items.into_iter().map(|row| view! { <Row row /> }).collect_view()}
        </ul>
        {(pages > 1).then(|| view! {
            <div class="mt-2 flex items-center gap-2">
                {turn(here.saturating_sub(1), "Previous")}
                <span class="text-xs text-muted">{format!("Page {} of {}", count(here.into()), count(pages.into()))}</span>
                {turn(here + 1, "Next")}
            </div>
        })}
    }
}

#[component]
fn Row(row: DecisionRow) -> impl IntoView {
    let before = words(row.before, row.before_target);
    let after = words(row.after, row.after_target);
    let sure = row.confidence.map(|c| format!("{} sure", percent(c)));
    let why: Vec<String> = sure.into_iter().chain(row.reasons).collect();
    view! {
        <li class="flex flex-wrap items-baseline gap-x-2 py-1" class:opacity-60=row.undone>
            <span class="font-medium">{row.name}</span>
            <span class="text-muted">{before}</span>
            <span aria-hidden="true">"→"</span>
            <span class="sr-only">" to "</span>
            <span>{after}</span>
            {row.undone.then(|| view! { <span class="text-xs text-muted">"(undone)"</span> })}
            {(!why.is_empty()).then(|| view! { <span class="basis-full text-xs text-muted">{why.join(" · ")}</span> })}
        </li>
    }
}

fn words(status: MappingStatus, target: Option<String>) -> String {
    match (status, target) {
        (MappingStatus::Mapped, Some(name)) => name,
        (MappingStatus::Pending, Some(name)) => format!("proposed: {name}"),
        (MappingStatus::Mapped | MappingStatus::Pending, None) => "one that is gone".to_owned(),
        (MappingStatus::Unmapped, _) => "unmapped".to_owned(),
        (MappingStatus::Ignored, _) => "ignored".to_owned(),
    }
}
