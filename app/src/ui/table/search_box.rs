use crate::ui::{icon::Icon, list::ListState};
use leptos::{html, leptos_dom::helpers::debounce, prelude::*};
use std::time::Duration;

/// A search field that searches 250 ms after the last key. Without JavaScript it is a form with a button.
#[component]
pub fn SearchBox(list: ListState, #[prop(into)] label: String) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let search = move || {
        list.set(
            "search",
            node.try_get_untracked().flatten().map(|input| input.value()).filter(|s| !s.is_empty()),
        )
    };
    let mut later = debounce(Duration::from_millis(250), move |()| search());
    Effect::new(move |_| {
        let text = list.search.get();
        if let Some(input) = node.get().filter(|input| input.value() != text) {
            input.set_value(&text);
        }
    });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        search();
    };
    let kept = move || {
        list.kept(&list.key("search"))
            .into_iter()
            .map(|(key, value)| view! { <input type="hidden" name=key value=value /> })
            .collect_view()
    };
    view! {
        <form method="get" action=move || list.path() role="search" aria-label=list.called("Search") class="w-full sm:w-72" on:submit=submit>
            {kept}
            <label class="input input-sm w-full">
                <Icon name="search" class="size-4 shrink-0 opacity-70" />
                <span class="sr-only">{label.clone()}</span>
                <input
                    node_ref=node
                    type="search"
                    name=list.key("search")
                    value=list.search.get_untracked()
                    placeholder=label
                    maxlength="200"
                    autocomplete="off"
                    spellcheck="false"
                    on:input=move |_| later(())
                />
            </label>
            <noscript>
                <button type="submit" class="btn btn-sm mt-1">"Search"</button>
            </noscript>
        </form>
    }
}
