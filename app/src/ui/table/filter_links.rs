use crate::ui::list::{ListState, is_chosen};
use leptos::prelude::*;

/// Links that set one filter of a list, such as Active and Archived. `options` are value (`None`: no filter) and words.
#[component]
pub fn FilterLinks(
    list: ListState,
    key: &'static str,
    label: &'static str,
    options: Vec<(Option<&'static str>, String)>,
) -> impl IntoView {
    let chosen = list.get(key);
    let link = move |(value, words): (Option<&'static str>, String)| {
        let current = move || is_chosen(chosen.read().as_deref(), value).then_some("true");
        view! {
            <a
                class="btn btn-sm join-item aria-[current=true]:bg-base-300 aria-[current=true]:font-bold"
                href=move || list.href(key, value)
                aria-current=current
                data-noscroll
            >
                {words}
            </a>
        }
    };
    view! { <div class="join" role="group" aria-label=label>{options.into_iter().map(link).collect_view()}</div> }
}
