use super::model::Model;
use crate::ui::sign_in::SignInLink;
use leptos::prelude::*;

/// The way back in for somebody whose session has ended while they searched: below the field, whose list is closed then.
#[component]
pub fn SignedOut(model: Model) -> impl IntoView {
    move || {
        model.signed_out().map(|why| {
            view! {
                <p role="alert" class="mt-1 text-xs text-error">{why} " " <SignInLink class="link font-medium" new_tab=true /></p>
            }
        })
    }
}
