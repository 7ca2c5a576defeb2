use super::api::load_portal_state;
use crate::{
    layout::PlainFrame,
    pages::users::api::forgot_password,
    ui::{
        button::SubmitButton,
        field::{FormError, FormErrors, TextField},
        state::ErrorBox,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Asks for a mail with a link for a new password, where the portal sends mails; else says who has links.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let state = Resource::new_blocking(|| (), |()| load_portal_state());
    view! {
        <Title text="Forgot your password?" />
        <PlainFrame>
            <Suspense>
                {move || Suspend::new(async move {
                    match state.await {
                        Ok(state) if state.mail => view! { <ForgotForm /> }.into_any(),
                        Ok(_) => view! { <NoMail /> }.into_any(),
                        Err(error) => {
                            let retry = Callback::new(move |()| state.refetch());
                            view! { <ErrorBox error retry /> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </PlainFrame>
    }
}

/// The address, and afterwards what to do: the same whether there is an account.
#[component]
fn ForgotForm() -> impl IntoView {
    let (email, done) = (RwSignal::new(String::new()), RwSignal::new(false));
    let errors = FormErrors::new(&["email"]);
    let ask = Action::new(move |email: &String| {
        let email = email.clone();
        async move {
            match forgot_password(email).await {
                Ok(()) => done.set(true),
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        errors.clear();
        ask.dispatch(email.get_untracked());
    };
    view! {
        <div class="card bg-base-100">
            <div role="status">
                <Show when=move || done.get()>
                    <div class="card-body gap-4">
                        <h1 class="text-2xl font-bold">"Look into your mail"</h1>
                        <p class="wrap-anywhere">
                            {move || {
                                format!(
                                    "If there is an account for {}, a mail with a link is on its way. The link works once, within an hour.",
                                    email.get().trim(),
                                )
                            }}
                        </p>
                        <p class="text-sm text-muted">
                            "Nothing after a few minutes? Look among the unwanted mails, or ask an administrator of the portal for a link."
                        </p>
                        <BackToSignIn />
                    </div>
                </Show>
            </div>
            <form
                method="post"
                class="card-body gap-4"
                class:hidden=move || done.get()
                on:submit=on_submit
                on:input=move |ev| errors.typed(&ev)
                novalidate
            >
                <div>
                    <h1 class="text-2xl font-bold">"Forgot your password?"</h1>
                    <p class="mt-1 text-sm text-muted">"You get a mail with a link to choose a new one."</p>
                </div>
                <FormError text=errors.general() />
                <TextField label="Email" name="email" kind="email" value=email required=true autocomplete="username" error=errors.about("email") />
                <SubmitButton label="Send the mail" busy=ask.pending() class="btn btn-primary btn-block" />
                <BackToSignIn />
            </form>
        </div>
    }
}

#[component]
fn NoMail() -> impl IntoView {
    view! {
        <div class="card bg-base-100">
            <div class="card-body gap-4">
                <h1 class="text-2xl font-bold">"Forgot your password?"</h1>
                <p>"This portal sends no mail. Ask an administrator of the portal for a link to choose a new password."</p>
                <BackToSignIn />
            </div>
        </div>
    }
}

#[component]
fn BackToSignIn() -> impl IntoView {
    view! { <a class="link text-center text-sm" href="/sign-in" rel="external">"Back to sign-in"</a> }
}
