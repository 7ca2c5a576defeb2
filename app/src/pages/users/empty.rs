use crate::ui::{list::ListState, state::EmptyState};
use leptos::prelude::*;

/// Nobody fits: there is always somebody, the one who looks.
#[component]
pub fn NobodyFits(list: ListState) -> impl IntoView {
    view! {
        <EmptyState title="Nobody fits" text="No user and no invitation fits the search and the filter." icon="search">
            <a class="btn btn-sm" href=move || list.path()>"Show everybody"</a>
        </EmptyState>
    }
}
