use super::{
    api::{create_portal, sign_up},
    form_card::FormCard,
    new_password::NewPassword,
    sign_up::SignUpForm,
    state_page::StatePage,
};
use crate::ui::{
    button::SubmitButton,
    field::{FormErrors, TextField},
};
use domain::{
    error::UserError,
    session::{MIN_PASSWORD, PortalState},
};
use leptos::prelude::*;
use leptos_router::components::Redirect;

/// Creates the portal and its owner, once; afterwards the address leads to sign-in.
#[component]
pub fn SetupPage() -> impl IntoView {
    let show = |state: PortalState| match state.created {
        true => view! { <Redirect path="/sign-in" /> }.into_any(),
        false => view! { <SetupForm /> }.into_any(),
    };
    view! { <StatePage title="Set up the portal" show /> }
}

/// Creates a portal of one's own beside others, where the operator allows it.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let show = |state: PortalState| match state.created && state.sign_up {
        true if state.mail => view! { <SignUpForm /> }.into_any(),
        true => view! { <SetupForm further=true /> }.into_any(),
        false => view! { <Redirect path="/sign-in" /> }.into_any(),
    };
    view! { <StatePage title="Sign up" show /> }
}

const FIELDS: &[&str] = &["portal_name", "name", "email", "password"];

/// The fields of the portal and its owner.
#[derive(Clone, Copy)]
struct Fields {
    portal_name: RwSignal<String>,
    name: RwSignal<String>,
    email: RwSignal<String>,
    password: RwSignal<String>,
}

impl Fields {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self { portal_name: text(), name: text(), email: text(), password: text() }
    }

    /// What the browser can tell without asking the server.
    fn check(self) -> Result<(), UserError> {
        if self.password.read_untracked().chars().count() < MIN_PASSWORD {
            return Err(UserError::invalid(
                "password",
                format!("Choose a password of at least {MIN_PASSWORD} characters."),
            ));
        }
        Ok(())
    }
}

/// The first portal of the installation, or a `further` one.
#[component]
fn SetupForm(#[prop(optional)] further: bool) -> impl IntoView {
    let fields = Fields::new();
    let errors = FormErrors::new(FIELDS);
    let leaving = RwSignal::new(false);
    let submit = Action::new(move |(): &()| async move {
        let text = |field: RwSignal<String>| field.get_untracked();
        let (portal, name) = (text(fields.portal_name), text(fields.name));
        let (email, password) = (text(fields.email), text(fields.password));
        let made = match further {
            true => sign_up(portal, name, email, password).await,
            false => create_portal(portal, name, email, password).await,
        };
        match made {
            Ok(_) => {
                leaving.set(true);
                _ = window().location().set_href("/");
            }
            Err(error) => errors.set(error),
        }
    });
    let on_submit = Callback::new(move |()| match fields.check() {
        Ok(()) => _ = submit.dispatch(()),
        Err(error) => errors.set(error.into()),
    });
    let busy = Signal::derive(move || submit.pending().get() || leaving.get());
    let (title, text) = match further {
        true => (
            "Sign up",
            "Name your portal and create your account. You own the portal, and can invite others.",
        ),
        false => ("Set up the portal", "Name it and create the account of its owner. This happens once."),
    };
    view! {
        <FormCard title text errors on_submit>
            <TextField
                label="Portal name"
                name="portal_name"
                value=fields.portal_name
                required=true
                autocomplete="organization"
                help="Usually the name of your company."
                error=errors.about("portal_name")
            />
            <TextField label="Your name" name="name" value=fields.name required=true autocomplete="name" error=errors.about("name") />
            <TextField label="Email" name="email" kind="email" value=fields.email required=true autocomplete="username" error=errors.about("email") />
            <NewPassword password=fields.password error=errors.about("password") />
            <SubmitButton label="Create portal" busy class="btn btn-primary btn-block" />
        </FormCard>
    }
}
