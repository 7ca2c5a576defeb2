use crate::ui::{icon::Icon, toast::use_toasts};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Copies `text` when it is pressed, and says so. `label` is what it is.
#[component]
pub fn CopyButton(label: String, text: String) -> impl IntoView {
    let toasts = use_toasts();
    let name = format!("Copy {label}");
    let press = move |_| {
        let (label, text) = (label.clone(), text.clone());
        spawn_local(async move {
            match copy(&text).await {
                Ok(()) => toasts.success(format!("{label} copied.")),
                Err(()) => toasts.error("The browser did not allow copying. Select the text and copy it."),
            }
        });
    };
    view! {
        <button type="button" class="btn btn-ghost btn-sm btn-square" aria-label=name title="Copy" on:click=press>
            <Icon name="copy" />
        </button>
    }
}

/// Puts `text` on the clipboard. Browsers offer one over https and on localhost only.
async fn copy(text: &str) -> Result<(), ()> {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    if clipboard.is_ok_and(|c| c.is_undefined()) {
        return Err(());
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.map(drop).map_err(drop)
}
