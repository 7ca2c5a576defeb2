use crate::{
    pages::{
        session::{FormCard, NewPassword},
        users::api::accept_invitation,
    },
    ui::{
        button::SubmitButton,
        field::{FormErrors, TextField},
    },
};
use domain::users::LinkState;
use leptos::prelude::*;

/// Name and password of somebody who was invited.
#[component]
pub fn AcceptForm(token: String, link: LinkState) -> impl IntoView {
    let (name, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = FormErrors::new(&["name", "password"]);
    let leaving = RwSignal::new(false);
    let accept = Action::new(move |(token, name, password): &(String, String, String)| {
        let (token, name, password) = (token.clone(), name.clone(), password.clone());
        async move {
            match accept_invitation(token, name, password).await {
                Ok(_) => {
                    leaving.set(true);
                    _ = window().location().set_href("/");
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = Callback::new(move |()| {
        accept.dispatch((token.clone(), name.get_untracked(), password.get_untracked()));
    });
    let busy = Signal::derive(move || accept.pending().get() || leaving.get());
    let title = format!("Join {}", link.portal_name);
    let text = format!("You were invited as {}. Afterwards you sign in with this address.", link.email);
    view! {
        <FormCard title text errors on_submit>
            // For password managers: what the password belongs to.
            <input type="hidden" name="username" autocomplete="username" value=link.email />
            <TextField label="Your name" name="name" value=name required=true autocomplete="name" error=errors.about("name") />
            <NewPassword password error=errors.about("password") />
            <SubmitButton label="Join" busy class="btn btn-primary btn-block" />
        </FormCard>
    }
}
