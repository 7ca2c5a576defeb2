use super::{api::list_api_tokens, create::CreateDialog, revoke::RevokeDialog, table::Tokens};
use crate::{
    layout::PageHead,
    ui::{icon::Icon, state::EmptyState, table::Loaded},
};
use domain::api_token::ApiToken;
use leptos::prelude::*;

/// The tokens that programs call the API with.
#[component]
pub fn ApiTokensPage() -> impl IntoView {
    let tokens = Resource::new(|| (), |()| list_api_tokens());
    let again = Callback::new(move |()| tokens.refetch());
    let (creating, revoking) = (RwSignal::new(false), RwSignal::new(None));
    let show = move |found: Vec<ApiToken>| match found.is_empty() {
        true => view! { <NoTokens creating /> }.into_any(),
        false => view! { <Tokens found revoking /> }.into_any(),
    };
    view! {
        <PageHead
            title="API tokens"
            text="Let scripts and other programs use this portal in your name. A token does what its role allows, until it expires or you revoke it."
        >
            <a class="btn btn-sm" href="/docs/api" rel="external">
                <Icon name="file" />
                "API reference"
            </a>
            <NewButton creating />
        </PageHead>
        <Loaded read=tokens rows=3 columns=5 show retry=again />
        <CreateDialog open=creating on_created=again />
        <RevokeDialog revoking on_revoked=again />
    }
}

#[component]
fn NewButton(creating: RwSignal<bool>) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| creating.set(true)>
            <Icon name="plus" />
            "New token"
        </button>
    }
}

#[component]
fn NoTokens(creating: RwSignal<bool>) -> impl IntoView {
    view! {
        <EmptyState
            title="No API tokens yet"
            text="Make one for each program, with the smallest role that it can work with: then you can revoke one without the others."
            icon="key"
        >
            <button type="button" class="btn btn-sm" on:click=move |_| creating.set(true)>"Make the first token"</button>
        </EmptyState>
    }
}
