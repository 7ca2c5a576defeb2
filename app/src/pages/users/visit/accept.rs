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
use domain::users::{LinkKind, LinkState};
use leptos::prelude::*;

/// Name and password of somebody who was invited, or who creates a portal.
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
    let LinkState { portal_name, email, .. } = link;
    let (title, text, label) = match link.kind {
        LinkKind::SignUp => (
            format!("Create {portal_name}"),
            format!("You will own it, and sign in as {email}."),
            "Create portal",
        ),
        _ => (
            format!("Join {portal_name}"),
            format!("You were invited as {email}. Afterwards you sign in with this address."),
            "Join",
        ),
    };
    view! {
        <FormCard title text errors on_submit>
            // For password managers: what the password belongs to.
            <input type="hidden" name="username" autocomplete="username" value=email />
            <TextField label="Your name" name="name" value=name required=true autocomplete="name" error=errors.about("name") />
            <NewPassword password error=errors.about("password") />
            <SubmitButton label busy class="btn btn-primary btn-block" />
        </FormCard>
    }
}
