//! How saving a choice stands.

use super::SaveState;
use crate::ui::sign_in::SignInLink;
use leptos::prelude::*;

/// A small mark beside the field: saving, saved, or nothing.
#[component]
pub fn SaveMark(#[prop(into)] state: Signal<SaveState>) -> impl IntoView {
    view! {
        <span role="status" class="shrink-0 text-xs md:w-16">
            {move || match state.get() {
                SaveState::Saving => {
                    view! {
                        <span class="inline-flex items-center gap-1">
                            <span class="loading loading-spinner loading-xs" aria-hidden="true"></span>
                            "Saving"
                        </span>
                    }
                        .into_any()
                }
                SaveState::Saved => view! { <span class="text-success">"✓ Saved"</span> }.into_any(),
                SaveState::Idle | SaveState::Failed(_) => ().into_any(),
            }}
        </span>
    }
}

/// The reason of a failed save with a button that tries again, and the way to sign in first where the session has ended.
#[component]
pub fn SaveFailure(state: Signal<SaveState>, on_retry: Option<Callback<()>>) -> impl IntoView {
    move || {
        let SaveState::Failed(error) = state.get() else { return ().into_any() };
        let sign_in =
            error.is_signed_out().then(|| view! { <SignInLink class="link font-medium" new_tab=true /> " " });
        view! {
            <p role="alert" class="mt-1 text-xs text-error">
                "Not saved. " {error.message().to_owned()} " " {sign_in}
                {on_retry.map(|retry| {
                    view! {
                        <button type="button" class="link font-medium" on:click=move |_| _ = retry.try_run(())>
                            "Try again"
                        </button>
                    }
                })}
            </p>
        }
        .into_any()
    }
}
