use super::url::sign_in_path;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The way back in for somebody whose session has ended while the page was open: to the sign-in page, and from there to
/// this page.
#[component]
pub fn SignInLink(
    class: &'static str,
    /// Whether something stands here that must not be lost: the page stays, and another tab is opened.
    #[prop(optional)]
    new_tab: bool,
) -> impl IntoView {
    let at = use_location();
    let href = move || {
        let (path, query) = (at.pathname.get(), at.search.get());
        sign_in_path(&if query.is_empty() { path } else { format!("{path}?{query}") })
    };
    let (label, target) = match new_tab {
        true => ("Sign in in a new tab", Some("_blank")),
        false => ("Sign in", None),
    };
    view! { <a class=class href=href rel="external noopener" target=target>{label}</a> }
}
