use crate::ui::{button::ActionButton, icon::Icon};
use leptos::prelude::*;

/// The last step: the recovery codes, shown once, after `done`.
#[component]
pub fn Codes(codes: Vec<String>, done: &'static str, on_done: Callback<()>) -> impl IntoView {
    let items = codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view();
    view! {
        <div class="flex flex-col gap-3">
            <div class="alert alert-success alert-soft items-start" role="status">
                <Icon name="check-circle" class="mt-0.5 size-5 shrink-0" />
                <p>{done}</p>
            </div>
            <p class="text-sm">
                "Keep these recovery codes where you keep passwords. Each of them signs you in once when the app is not at hand. They are not shown again."
            </p>
            <ul aria-label="Recovery codes" class="grid grid-cols-1 gap-1 font-mono text-sm sm:grid-cols-2">{items}</ul>
            <div><ActionButton label="I have kept them" on_press=on_done class="btn btn-primary" /></div>
        </div>
    }
}
