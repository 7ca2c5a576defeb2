//! A menu behind a button in the top bar.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Shows `children` below the button while open. Works without JavaScript; with it, Escape and a click elsewhere close it.
#[component]
pub fn Menu(
    /// What a screen reader calls the button.
    #[prop(into)]
    label: String,
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
    view! {
        <details node_ref=node class="dropdown dropdown-end" on:keydown=close_on_escape>
            <summary class="btn btn-ghost btn-sm" aria-label=label>{button}</summary>
            <div class="dropdown-content z-30 mt-1 w-56 rounded-box border border-base-300 bg-base-100 p-2 shadow-lg">
                {children()}
            </div>
        </details>
    }
}
