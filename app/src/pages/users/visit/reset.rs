use crate::{
    pages::{
        session::{FormCard, NewPassword},
        users::api::choose_password,
    },
    ui::{button::SubmitButton, field::FormErrors},
};
use domain::users::LinkState;
use leptos::prelude::*;

/// A new password, and then the way to sign in with it.
#[component]
pub fn ResetForm(token: String, link: LinkState) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let errors = FormErrors::new(&["password"]);
    let done = RwSignal::new(false);
    let save = Action::new(move |(token, password): &(String, String)| {
        let (token, password) = (token.clone(), password.clone());
        async move {
            match choose_password(token, password).await {
                Ok(()) => done.set(true),
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = Callback::new(move |()| _ = save.dispatch((token.clone(), password.get_untracked())));
    let text = format!("For {} at {}.", link.email, link.portal_name);
    view! {
        <FormCard title="Choose a new password" text errors on_submit done outcome=|| view! { <Changed /> }>
            // For password managers: what the password belongs to.
            <input type="hidden" name="username" autocomplete="username" value=link.email />
            <NewPassword password error=errors.about("password") />
            <SubmitButton label="Save" busy=save.pending() class="btn btn-primary btn-block" />
        </FormCard>
    }
}

#[component]
fn Changed() -> impl IntoView {
    view! {
        <h1 class="text-2xl font-bold">"Your password is changed"</h1>
        <p>"All your sessions have ended. Sign in with the new password."</p>
        <a class="btn btn-primary btn-block" href="/sign-in" rel="external">"Sign in"</a>
    }
}
