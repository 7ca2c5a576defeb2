use crate::{
    pages::{session::NewPassword, users::api::choose_password},
    ui::{
        button::SubmitButton,
        field::{FormError, FormErrors},
    },
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
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        errors.clear();
        save.dispatch((token.clone(), password.get_untracked()));
    };
    view! {
        <div class="card bg-base-100">
            <Show when=move || done.get()>
                <div class="card-body gap-4" role="status">
                    <h1 class="text-2xl font-bold">"Your password is changed"</h1>
                    <p>"All your sessions have ended. Sign in with the new password."</p>
                    <a class="btn btn-primary btn-block" href="/sign-in" rel="external">"Sign in"</a>
                </div>
            </Show>
            <form
                method="post"
                class="card-body gap-4"
                class:hidden=move || done.get()
                on:submit=on_submit
                on:input=move |ev| errors.typed(&ev)
                novalidate
            >
                <div>
                    <h1 class="text-2xl font-bold">"Choose a new password"</h1>
                    <p class="mt-1 text-sm text-muted wrap-anywhere">{format!("For {} at {}.", link.email, link.portal_name)}</p>
                </div>
                <FormError text=errors.general() />
                // For password managers: what the password belongs to.
                <input type="hidden" name="username" autocomplete="username" value=link.email />
                <NewPassword password error=errors.about("password") />
                <SubmitButton label="Save" busy=save.pending() class="btn btn-primary btn-block" />
            </form>
        </div>
    }
}
