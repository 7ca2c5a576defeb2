//! A menu behind a button in the top bar.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Shows `children` below the button while open. Works without JavaScript; with it, Escape and a click elsewhere close it.
#[component]
pub fn Menu(
    /// What a screen reader calls the button.
    #[prop(into)]
    label: String,
    /// How button and box look.
    #[prop(default = "btn btn-ghost btn-sm")]
    class: &'static str,
    #[prop(default = "dropdown dropdown-end")] place: &'static str,
    #[prop(default = "w-56")] width: &'static str,
    /// Whether it closes when a link or a button in it is pressed.
    #[prop(optional)]
    once: bool,
    /// What the button shows.
    button: AnyView,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    Effect::new(move |_| {
        let Some(details) = node.get() else { return };
        let outside = window_event_listener(leptos::ev::click, move |ev| {
            let target = ev.target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
            if !details.contains(target.as_ref()) {
                details.set_open(false);
            }
        });
        on_cleanup(move || outside.remove());
    });
    let close_on_escape = move |ev: leptos::ev::KeyboardEvent| {
        if let Some(details) = node.get().filter(|details| ev.key() == "Escape" && details.open()) {
            details.set_open(false);
            if let Ok(Some(summary)) = details.query_selector("summary") {
                _ = summary.dyn_into::<web_sys::HtmlElement>().map(|summary| summary.focus());
            }
        }
    };
    let chosen = move |ev: leptos::ev::MouseEvent| {
        let target = ev.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let pressed = target.is_some_and(|t| matches!(t.closest("a, button"), Ok(Some(_))));
        if let Some(details) = node.get_untracked().filter(|_| once && pressed) {
            details.set_open(false);
        }
    };
    view! {
        <details node_ref=node class=place on:keydown=close_on_escape>
            <summary class=class aria-label=label>{button}</summary>
            <div class=format!("dropdown-content z-30 mt-1 rounded-box border border-base-300 bg-base-100 p-2 shadow-lg {width}") on:click=chosen>
                {children()}
            </div>
        </details>
    }
}
