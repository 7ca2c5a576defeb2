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
    options: Vec<(String, String)>,
    /// How wide it is.
    #[prop(default = "w-full sm:w-52")]
    class: &'static str,
) -> impl IntoView {
    let chosen = list.get(key);
    let change = move |event| list.set(key, Some(event_target_value(&event)).filter(|v| !v.is_empty()));
    let option = move |(value, words): (String, String)| {
        let key = value.clone();
        let selected = move || chosen.try_get().flatten().as_deref() == Some(key.as_str());
        view! { <option value=value selected=untrack(&selected) prop:selected=selected>{words}</option> }
    };
    let kept = move || {
        list.kept(key)
            .into_iter()
            .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
            .collect_view()
    };
    view! {
        <form method="get" action=move || list.path() class=format!("flex gap-1 {class}")>
            {kept}
            <select name=key class="select select-sm w-full" aria-label=label on:change=change>
                <option value="" prop:selected=move || chosen.try_get().flatten().is_none()>{all}</option>
                {options.into_iter().map(option).collect_view()}
            </select>
            <noscript>
                <button type="submit" class="btn btn-sm">"Show"</button>
            </noscript>
        </form>
    }
}
