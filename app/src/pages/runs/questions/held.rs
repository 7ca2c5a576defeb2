use super::data::QuestionsOf;
use crate::{
    pages::runs::changes::ChangesTable,
    ui::{
        list::ListState,
        state::EmptyState,
        table::{Loaded, Pager, SearchBox},
    },
};
use domain::{ids::QuestionId, page::Listing, run::Change};
use leptos::prelude::*;

/// The rows that a question is about, with search and paging, while the address names it.
#[component]
pub fn HeldRows(questions: QuestionsOf, id: QuestionId) -> impl IntoView {
    let here = Memo::new(move |_| questions.opened.get() == Some(id));
    move || here.get().then(|| view! { <Opened questions /> })
}

#[component]
fn Opened(questions: QuestionsOf) -> impl IntoView {
    let QuestionsOf { held, list, .. } = questions;
    let show =
        move |found: Option<Listing<Change>>| found.map(|found| view! { <Rows list found /> }).into_any();
    view! {
        <div class="flex flex-col gap-2">
            <SearchBox list label="Search the rows held back" />
            <Loaded read=held rows=3 columns=4 show />
        </div>
    }
}

#[component]
fn Rows(list: ListState, found: Listing<Change>) -> impl IntoView {
    if found.total == 0 {
        let (title, text) = if untrack(|| list.is_narrowed(&[])) {
            ("No row matches", "None of the rows held back fits the search.")
        } else {
            ("No row is held any more", "They were applied or discarded, or a later run has read them again.")
        };
        return view! { <EmptyState title text icon="search" /> }.into_any();
    }
    view! {
        <ChangesTable caption="Rows held back" changes=found.items />
        <Pager list total=found.total page_size=found.page_size page=found.page />
    }
    .into_any()
}
