use crate::ui::{icon::Icon, toast::use_toasts};
use domain::vendor::{CopyValue, VendorInfo};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// How the credentials are made in the vendor's console: numbered steps, and values to copy into its form.
#[component]
pub fn HelpPanel(vendor: VendorInfo) -> impl IntoView {
    let steps = vendor.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    let values = vendor.values.into_iter().map(|value| view! { <CopyRow value /> }).collect_view();
    view! {
        <aside class="card self-start bg-base-100" aria-labelledby="help-title">
            <div class="card-body gap-3 p-4">
                <h2 id="help-title" class="text-base font-semibold">{format!("Make the credentials in {}", vendor.name)}</h2>
                <ol class="list-decimal space-y-1.5 pl-5 text-sm">{steps}</ol>
                <h3 class="text-sm font-semibold">"Values for the form"</h3>
                <dl class="flex flex-col gap-1.5 text-sm">{values}</dl>
            </div>
        </aside>
    }
}

/// A value with a button that copies it.
#[component]
fn CopyRow(value: CopyValue) -> impl IntoView {
    let toasts = use_toasts();
    let (label, text) = (value.label.clone(), value.value.clone());
    let press = move |_| {
        let (label, text) = (label.clone(), text.clone());
        spawn_local(async move {
            match copy(&text).await {
                Ok(()) => toasts.success(format!("{label} copied.")),
                Err(()) => toasts.error("The browser did not allow copying. Select the text and copy it."),
            }
        });
    };
    let name = format!("Copy {}", value.label);
    view! {
        <div class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2">
            <dt class="text-xs text-muted">{value.label}</dt>
            <dd class="break-words">{value.value}</dd>
            <dd class="col-start-2 row-span-2 row-start-1">
                <button type="button" class="btn btn-ghost btn-sm btn-square" aria-label=name title="Copy" on:click=press>
                    <Icon name="copy" />
                </button>
            </dd>
        </div>
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
