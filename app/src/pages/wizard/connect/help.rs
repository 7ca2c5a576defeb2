use crate::ui::copy_button::CopyButton;
use domain::vendor::{CopyValue, VendorInfo};
use leptos::prelude::*;

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
    let CopyValue { label, value } = value;
    view! {
        <div class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2">
            <dt class="text-xs text-muted">{label.clone()}</dt>
            <dd class="break-words">{value.clone()}</dd>
            <dd class="col-start-2 row-span-2 row-start-1">
                <CopyButton label text=value />
            </dd>
        </div>
    }
}
