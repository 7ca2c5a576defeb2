use super::{
    form_card::FormCard,
    mail_sent::{BackToSignIn, MailSent},
    state_page::StatePage,
};
use crate::{
    pages::users::api::forgot_password,
    ui::{
        button::SubmitButton,
        field::{FormErrors, TextField},
    },
};
use domain::session::PortalState;
use leptos::prelude::*;

const TITLE: &str = "Forgot your password?";

/// Asks for a mail with a link for a new password, where the portal sends mails; else says who has links.
#[component]
pub fn ForgotPage() -> impl IntoView {
    let show = |state: PortalState| match state.mail {
        true => view! { <ForgotForm /> }.into_any(),
        false => view! { <NoMail /> }.into_any(),
    };
    view! { <StatePage title=TITLE show /> }
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
    let on_submit = Callback::new(move |()| _ = ask.dispatch(email.get_untracked()));
    let text = "You get a mail with a link to choose a new one.";
    let sent = move || {
        format!(
            "If there is an account for {}, a mail with a link is on its way. The link works once, within an hour.",
            email.get().trim()
        )
    };
    let outcome =
        move || view! { <MailSent text=sent otherwise="ask an administrator of the portal for a link" /> };
    view! {
        <FormCard title=TITLE text errors on_submit done outcome>
            <TextField label="Email" name="email" kind="email" value=email required=true autocomplete="username" error=errors.about("email") />
            <SubmitButton label="Send the mail" busy=ask.pending() class="btn btn-primary btn-block" />
            <BackToSignIn />
        </FormCard>
    }
}

#[component]
fn NoMail() -> impl IntoView {
    view! {
        <div class="card bg-base-100">
            <div class="card-body gap-4">
                <h1 class="text-2xl font-bold">{TITLE}</h1>
                <p>"This portal sends no mail. Ask an administrator of the portal for a link to choose a new password."</p>
                <BackToSignIn />
            </div>
        </div>
    }
}
