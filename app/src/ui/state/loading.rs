use leptos::prelude::*;

/// A spinner with words for screen readers.
#[component]
pub fn Loading(#[prop(default = "Loading")] label: &'static str) -> impl IntoView {
    view! {
        <p class="flex items-center justify-center gap-2 p-8 text-muted" role="status" aria-busy="true">
            <span class="loading loading-spinner" aria-hidden="true"></span>
            {label}
        </p>
    }
}
