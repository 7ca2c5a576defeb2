use super::may_open;
use leptos::prelude::*;

/// A link for those who may open the page that it leads to; for others, its text alone.
#[component]
pub fn Way(
    #[prop(into)] href: String,
    #[prop(default = "link")] class: &'static str,
    children: Children,
) -> impl IntoView {
    match may_open(&href) {
        true => view! { <a class=class href=href>{children()}</a> }.into_any(),
        false => view! { <span>{children()}</span> }.into_any(),
    }
}
