use crate::ui::{
    filter_tabs::{FilterTab, FilterTabs},
    known::Known,
    list::ListState,
    table::FilterSelect,
};
use domain::run::{RunKind, RunState};
use leptos::prelude::*;

/// Keys of the filters in the address.
pub const FILTERS: [&str; 2] = ["kind", "state"];

/// Their values.
pub const KNOWN: &[Known] =
    &[Known::of::<RunKind>("kind", "a kind of run"), Known::of::<RunState>("state", "a state")];

/// Filters of the history: the kind of run as tabs, its state as a select.
#[component]
pub fn HistoryFilters(list: ListState) -> impl IntoView {
    let kinds = RunKind::ALL.iter().map(|kind| FilterTab::new(Some(kind.as_str()), kind.label(), None));
    let tabs = [FilterTab::new(None, "All", None)].into_iter().chain(kinds).collect();
    let states = RunState::ALL.iter().map(|state| (state.to_string(), state.label().to_owned())).collect();
    view! {
        <div class="flex flex-wrap items-center justify-between gap-2">
            <FilterTabs list name="kind" label="Filter by kind" tabs />
            <FilterSelect list key="state" label="Filter by state" all="Any state" options=states />
        </div>
    }
}
