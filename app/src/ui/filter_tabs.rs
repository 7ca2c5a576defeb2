//! Tabs that filter a list, each with its count.

use crate::ui::{
    list::{ListState, is_chosen},
    number::count,
};
use leptos::prelude::*;

/// One tab: the filter's value (`None` for all), its words, and how many rows it would show.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterTab {
    pub value: Option<&'static str>,
    pub label: &'static str,
    pub count: Option<i64>,
}

impl FilterTab {
    pub fn new(value: Option<&'static str>, label: &'static str, count: Option<i64>) -> Self {
        Self { value, label, count }
    }
}

/// Links that set the filter `name` of `list`; the one in force is marked. Works without JavaScript.
#[component]
pub fn FilterTabs(
    list: ListState,
    name: &'static str,
    label: &'static str,
    tabs: Vec<FilterTab>,
) -> impl IntoView {
    let chosen = list.get(name);
    let tab = move |tab: FilterTab| {
        let here = Memo::new(move |_| is_chosen(chosen.get().as_deref(), tab.value));
        view! {
            <a
                class="tab gap-1.5 whitespace-nowrap"
                class:tab-active=move || here.try_get().unwrap_or_default()
                href=move || list.href(name, tab.value)
                aria-current=move || here.try_get().unwrap_or_default().then_some("true")
                data-noscroll
            >
                {tab.label}
                {tab.count.map(|n| view! { <span class="badge badge-sm badge-soft">{count(n)}</span> })}
            </a>
        }
    };
    view! {
        <nav class="max-w-full overflow-x-auto" aria-label=label>
            <div class="tabs tabs-border w-max">{tabs.into_iter().map(tab).collect_view()}</div>
        </nav>
    }
}
