use crate::ui::{copy_button::CopyButton, icon::Icon};
use domain::api_token::NewApiToken;
use leptos::prelude::*;

/// A new token, this one time.
#[component]
pub fn Secret(made: NewApiToken, open: RwSignal<bool>) -> impl IntoView {
    let secret = made.secret.clone();
    view! {
        <div class="flex flex-col gap-3">
            <div class="alert alert-warning alert-soft items-start" role="status">
                <Icon name="alert" class="mt-0.5 size-5 shrink-0" />
                <p>"Copy the token now and keep it where you keep passwords. It is not shown again."</p>
            </div>
            <p class="text-sm">{format!("The token of {}:", made.token.name)}</p>
            <div class="flex items-center gap-2 rounded-box border border-base-300 p-2">
                <code class="grow break-all select-all text-sm" data-testid="secret">{secret.clone()}</code>
                <CopyButton label="Token".to_owned() text=secret />
            </div>
            <p class="text-sm text-muted">
                "Programs send it with every request, in the header " <code>"Authorization: Bearer …"</code> "."
            </p>
            <div class="modal-action mt-2">
                <button type="button" class="btn btn-primary" on:click=move |_| open.set(false)>"I have kept it"</button>
            </div>
        </div>
    }
}
