use crate::error::AppError;
use leptos::prelude::*;

/// The link is good for nothing.
#[component]
pub fn DeadLink(error: AppError) -> impl IntoView {
    view! {
        <div class="card bg-base-100">
            <div class="card-body gap-4">
                <h1 class="text-2xl font-bold">"This link does not work"</h1>
                <p>{error.message().to_owned()}</p>
                <a class="btn btn-block" href="/sign-in" rel="external">"Sign in"</a>
            </div>
        </div>
    }
}
