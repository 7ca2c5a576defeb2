use super::may_open;
use leptos::prelude::*;

/// A link for those who may open the page that it leads to; for others, its text alone.
#[component]
pub fn Way(
    #[prop(into)] href: String,
    #[prop(default = "link")] class: &'static str,
    /// What it is called, where its content does not say it.
    #[prop(optional)]
    label: Option<String>,
    children: Children,
) -> impl IntoView {
    match may_open(&href) {
        true => view! { <a class=class href=href aria-label=label>{children()}</a> }.into_any(),
        false => view! { <span>{children()}</span> }.into_any(),
    }
}
