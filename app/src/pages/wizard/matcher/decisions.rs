use super::{decision_rows::DecisionRows, state::Matcher};
use crate::{
    layout::may_manage,
    pages::wizard::{api::list_decisions, current::required},
    ui::{dialog::Dialog, number::count, state::ErrorBox, time::Ago},
};
use domain::{decision::MappingDecision, page::Listing, permissions::Area};
use leptos::prelude::*;

/// The decisions made about such rows, newest first, each with what it changed and the way back; a dialog behind a button.
#[component]
pub fn Decisions(matcher: Matcher) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button type="button" class="btn btn-sm btn-ghost" on:click=move |_| open.set(true)>"Decisions"</button>
        <Dialog open title="Decisions" class="modal-box max-w-2xl">
            <List matcher open />
        </Dialog>
    }
}

#[component]
fn List(matcher: Matcher, open: RwSignal<bool>) -> impl IntoView {
    let page = RwSignal::new(1_u32);
    let id = matcher.current.id;
    let read = LocalResource::new(move || {
        let (page, id) = (page.get(), id.get());
        async move { list_decisions(Some(page), Some(10), required(id)?, Some(matcher.subject), None).await }
    });
    view! {
        <Transition fallback=|| view! { <p class="py-8 text-center text-sm text-muted">"Loading…"</p> }>
            {move || Suspend::new(async move {
                match read.await {
                    Ok(found) => view! { <Found matcher open found page /> }.into_any(),
                    Err(error) => {
                        let retry = Callback::new(move |()| read.refetch());
                        view! { <ErrorBox error retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Found(
    matcher: Matcher,
    open: RwSignal<bool>,
    found: Listing<MappingDecision>,
    page: RwSignal<u32>,
) -> impl IntoView {
    if found.total == 0 {
        let text = "Nothing was decided yet. Every mapping, by hand or by Quick Match, is kept here and can be undone.";
        return view! { <p class="py-8 text-center text-sm text-muted">{text}</p> }.into_any();
    }
    let (here, pages) = (found.page, found.pages());
    let turn = move |to: u32, label: &'static str| {
        let ok = (1..=pages).contains(&to);
        view! { <button type="button" class="btn btn-xs" disabled=!ok on:click=move |_| page.set(to)>{label}</button> }
    };
    view! {
        <ol class="divide-y divide-base-300 text-sm">
            {found.items.into_iter().map(|decision| view! { <One matcher open decision /> }).collect_view()}
        </ol>
        {(pages > 1).then(|| view! {
            <div class="mt-2 flex items-center gap-2">
                {turn(here.saturating_sub(1), "Newer")}
                <span class="text-xs text-muted">{format!("Page {} of {}", count(here.into()), count(pages.into()))}</span>
                {turn(here + 1, "Older")}
            </div>
        })}
    }
    .into_any()
}

#[component]
fn One(matcher: Matcher, open: RwSignal<bool>, decision: MappingDecision) -> impl IntoView {
    let MappingDecision { id, kind, rows, user_name, decided_at, undone_at, undone_by, .. } = decision;
    let shown = RwSignal::new(false);
    let what = format!("{}: {}", kind.label(), matcher.things(rows));
    let undo_label = format!("Undo “{what}”");
    let undo = move |_| {
        open.set(false);
        matcher.undo.take_back(id);
    };
    let undone = undone_at.map(|time| {
        let by = undone_by.map(|name| format!(" by {name}")).unwrap_or_default();
        view! { <span class="text-muted">{format!("Undone{by}, ")} <Ago time /></span> }
    });
    let back = (undone_at.is_none() && may_manage(Area::Mappings)).then(|| {
        view! { <button type="button" class="btn btn-xs" aria-label=undo_label on:click=undo>"Undo"</button> }
    });
    view! {
        <li class="py-2">
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span class="font-medium">{what}</span>
                <span class="text-muted">{user_name.map(|name| format!("{name}, "))} <Ago time=decided_at /></span>
                <span class="grow"></span>
                {undone}
                <button
                    type="button"
                    class="btn btn-xs btn-ghost"
                    aria-expanded=move || shown.get().to_string()
                    on:click=move |_| shown.update(|s| *s = !*s)
                >
                    {move || if shown.get() { "Hide rows" } else { "Show rows" }}
                </button>
                {back}
            </div>
            <Show when=move || shown.get()><DecisionRows id /></Show>
        </li>
    }
}
