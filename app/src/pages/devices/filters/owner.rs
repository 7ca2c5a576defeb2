use crate::ui::list::ListState;
use leptos::prelude::*;

/// A field that filters by part of the owner's name or e-mail, or by `none`. Without JavaScript it is a form.
#[component]
pub fn OwnerFilter(list: ListState) -> impl IntoView {
    let chosen = list.get("owner");
    let set = move |text: String| list.set("owner", Some(text).filter(|v| !v.trim().is_empty()));
    let change = move |event| set(event_target_value(&event));
    let text = move || chosen.get().filter(|text| text != "none").unwrap_or_default();
    let is_none = move || chosen.get().as_deref() == Some("none");
    let kept = move || {
        let kept = list.kept("owner").into_iter();
        kept.map(|(key, value)| view! { <input type="hidden" name=key value=value /> }).collect_view()
    };
    view! {
        <form method="get" action=move || list.path() class="flex w-full items-center gap-1 sm:w-64" on:submit=|ev| ev.prevent_default()>
            {kept}
            <input
                type="search"
                name="owner"
                class="input input-sm w-full"
                aria-label="Filter by owner"
                placeholder="Owner"
                autocomplete="off"
                value=text
                prop:value=text
                on:change=change
            />
            <a
                class="btn btn-sm aria-[current=true]:btn-active"
                href=move || list.href("owner", (!is_none()).then_some("none"))
                aria-current=move || is_none().then_some("true")
                data-noscroll
            >
                "No owner"
            </a>
        </form>
    }
}
