use crate::ui::list::ListState;
use leptos::prelude::*;

/// A select that sets one filter of a list; `options` are value and words. Without JavaScript it is a form with a button.
#[component]
pub fn FilterSelect(
    list: ListState,
    key: &'static str,
    label: &'static str,
    /// The words for no filter.
    all: &'static str,
    options: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let chosen = list.get(key);
    let change = move |event| list.set(key, Some(event_target_value(&event)).filter(|v| !v.is_empty()));
    let option = move |(value, words): (&'static str, &'static str)| {
        let selected = move || chosen.get().as_deref() == Some(value);
        view! { <option value=value selected=untrack(selected) prop:selected=selected>{words}</option> }
    };
    let kept = move || {
        list.kept(key)
            .into_iter()
            .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
            .collect_view()
    };
    view! {
        <form method="get" action=move || list.path() class="flex gap-1 max-sm:w-full">
            {kept}
            <select name=key class="select select-sm w-full sm:w-52" aria-label=label on:change=change>
                <option value="" prop:selected=move || chosen.get().is_none()>{all}</option>
                {options.into_iter().map(option).collect_view()}
            </select>
            <noscript>
                <button type="submit" class="btn btn-sm">"Show"</button>
            </noscript>
        </form>
    }
}
