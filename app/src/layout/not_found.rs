use super::PlainFrame;
use crate::error::answer_not_found;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page for an address that leads nowhere; answered with status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    answer_not_found();
    view! {
        <Title text="Page not found" />
        <PlainFrame>
            <div class="card bg-base-100">
                <div class="card-body items-start">
                    <h1 class="text-2xl font-bold">"Page not found"</h1>
                    <p class="text-muted">"Nothing is at this address. It may have been mistyped, or what was here is gone."</p>
                    <a href="/" rel="external" class="btn btn-primary mt-2">"Go to the home page"</a>
                </div>
            </div>
        </PlainFrame>
    }
}
