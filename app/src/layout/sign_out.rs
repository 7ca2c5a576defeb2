use crate::{
    pages::session::api::sign_out,
    ui::{button::SubmitButton, toast::use_toasts},
};
use leptos::prelude::*;

/// The way out. A form, so that it works without JavaScript, too.
#[component]
pub fn SignOutForm(class: &'static str) -> impl IntoView {
    let toasts = use_toasts();
    let leave = Action::new(move |(): &()| async move {
        match sign_out().await {
            Ok(()) => _ = window().location().set_href("/sign-in"),
            Err(error) => toasts.refused(&error),
        }
    });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        leave.dispatch(());
    };
    view! {
        <form method="post" action="/sign-out" on:submit=submit>
            <SubmitButton label="Sign out" busy=leave.pending() class />
        </form>
    }
}
