use crate::ui::list::ListState;
use leptos::prelude::*;

/// A day that sets one filter of a list. Without JavaScript it is a form with a button.
#[component]
pub fn DayFilter(list: ListState, key: &'static str, label: &'static str) -> impl IntoView {
    let chosen = list.get(key);
    let change = move |event| list.set(key, Some(event_target_value(&event)).filter(|v| !v.is_empty()));
    let kept = move || {
        list.kept(key)
            .into_iter()
            .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
            .collect_view()
    };
    view! {
        <form method="get" action=move || list.path() class="flex items-center gap-1" on:submit=|event: leptos::ev::SubmitEvent| event.prevent_default()>
            {kept}
            <label class="input input-sm w-44">
                <span class="shrink-0 text-xs">{label}</span>
                <input
                    type="date"
                    name=key
                    value=chosen.get_untracked()
                    prop:value=move || chosen.try_get().flatten().unwrap_or_default()
                    on:change=change
                />
            </label>
            <noscript>
                <button type="submit" class="btn btn-sm">"Show"</button>
            </noscript>
        </form>
    }
}
