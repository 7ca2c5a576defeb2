use super::api::revoke_api_token;
use crate::ui::{dialog::ConfirmDialog, toast::use_toasts};
use domain::api_token::ApiToken;
use leptos::prelude::*;

/// Asks before a token is taken away. `on_revoked` runs afterwards, also when it did not work: the list may be another one.
#[component]
pub fn RevokeDialog(revoking: RwSignal<Option<ApiToken>>, on_revoked: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if revoking.read().is_some() {
            open.set(true);
        }
    });
    let name = move || revoking.read().as_ref().map(|token| token.name.clone()).unwrap_or_default();
    let revoke = Action::new(move |(): &()| async move {
        let Some(token) = revoking.get_untracked() else { return };
        match revoke_api_token(token.id).await {
            Ok(()) => toasts.success(format!("{} is revoked.", token.name)),
            Err(error) => toasts.refused(&error),
        }
        _ = open.try_set(false);
        _ = on_revoked.try_run(());
    });
    view! {
        <ConfirmDialog
            open
            title=Signal::derive(move || format!("Revoke {}?", name()))
            text="Programs that use this token are refused at once. There is no way back: they need a new token."
            confirm="Revoke"
            busy=revoke.pending()
            on_confirm=Callback::new(move |()| _ = revoke.dispatch(()))
            class="btn btn-error"
        />
    }
}
