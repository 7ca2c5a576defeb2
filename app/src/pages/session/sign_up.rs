use super::{
    api::request_sign_up,
    form_card::FormCard,
    mail_sent::{BackToSignIn, MailSent},
};
use crate::ui::{
    button::SubmitButton,
    field::{FormErrors, TextField},
};
use leptos::prelude::*;

/// Asks for a mail whose link creates a portal; afterwards what to do: the same whether the address has an account.
#[component]
pub fn SignUpForm() -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (portal_name, email, done) = (text(), text(), RwSignal::new(false));
    let errors = FormErrors::new(&["portal_name", "email"]);
    let ask = Action::new(move |(portal_name, email): &(String, String)| {
        let (portal_name, email) = (portal_name.clone(), email.clone());
        async move {
            match request_sign_up(portal_name, email).await {
                Ok(()) => done.set(true),
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit =
        Callback::new(move |()| _ = ask.dispatch((portal_name.get_untracked(), email.get_untracked())));
    let text = "Name your portal. You get a mail with a link to create your account, which owns the portal and can invite others.";
    let sent =
        move || format!("A mail to {} is on its way. Its link works once, within a day.", email.get().trim());
    let outcome = move || view! { <MailSent text=sent otherwise="try again in a quarter of an hour" /> };
    view! {
        <FormCard title="Sign up" text errors on_submit done outcome>
            <TextField
                label="Portal name"
                name="portal_name"
                value=portal_name
                required=true
                autocomplete="organization"
                help="Usually the name of your company."
                error=errors.about("portal_name")
            />
            <TextField label="Email" name="email" kind="email" value=email required=true autocomplete="username" error=errors.about("email") />
            <SubmitButton label="Send the mail" busy=ask.pending() class="btn btn-primary btn-block" />
            <BackToSignIn />
        </FormCard>
    }
}
