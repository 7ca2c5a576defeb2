use super::{api::create_api_token, secret::Secret};
use crate::{
    layout::use_me,
    pages::companies::{Limits, LimitsField},
    ui::{
        button::SubmitButton,
        dialog::Dialog,
        field::{FieldsForm, FormError, FormErrors, SelectField, TextField},
    },
};
use domain::{
    api_token::{DEFAULT_DAYS, MAX_DAYS, NewApiToken},
    role::Role,
    roles::RoleRef,
    session::Me,
};
use leptos::prelude::*;

/// How long a token may last, as choices.
const LIVES: [(u32, &str); 4] =
    [(7, "7 days"), (30, "30 days"), (DEFAULT_DAYS, "90 days"), (MAX_DAYS, "One year")];

/// The dialog that makes a token and shows it once. `on_created` runs when there is a new one.
#[component]
pub fn CreateDialog(open: RwSignal<bool>, on_created: Callback<()>) -> impl IntoView {
    view! {
        <Dialog open title="New API token">
            <Steps open on_created />
        </Dialog>
    }
}

/// First the form, then the token.
#[component]
fn Steps(open: RwSignal<bool>, on_created: Callback<()>) -> impl IntoView {
    let made = RwSignal::new(None::<NewApiToken>);
    move || match made.get() {
        None => view! { <CreateForm open made on_created /> }.into_any(),
        Some(made) => view! { <Secret made open /> }.into_any(),
    }
}

#[component]
fn CreateForm(
    open: RwSignal<bool>,
    made: RwSignal<Option<NewApiToken>>,
    on_created: Callback<()>,
) -> impl IntoView {
    let errors = FormErrors::new(&["name", "role", "expires_in_days", "companies"]);
    let limits = Limits::new(None);
    let me = use_me();
    let smallest = role_options(&me).into_iter().next().map(|(role, _)| role).unwrap_or_default();
    let (name, role) = (RwSignal::new(String::new()), RwSignal::new(smallest));
    let days = RwSignal::new(DEFAULT_DAYS.to_string());
    let create = Action::new(move |(): &()| {
        let (role, days) =
            (role.get_untracked().parse().unwrap_or(me.role), days.get_untracked().parse().ok());
        let (name, companies) = (name.get_untracked(), limits.ids());
        async move {
            match create_api_token(name, role, days, companies).await {
                Ok(new) => {
                    _ = made.try_set(Some(new));
                    _ = on_created.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = Callback::new(move |()| _ = create.dispatch(()));
    let roles = role_options(&me);
    let lives: Vec<_> = LIVES.iter().map(|(days, words)| (days.to_string(), (*words).to_owned())).collect();
    view! {
        <FieldsForm errors on_submit>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <TextField
                label="Name"
                name="name"
                value=name
                required=true
                autofocus=true
                help="Which program uses it, such as \"Nightly export\". The audit log shows this name."
                error=errors.about("name")
            />
            <SelectField label="Role" name="role" value=role options=roles error=errors.about("role") />
            <SelectField label="Expires after" name="expires_in_days" value=days options=lives error=errors.about("expires_in_days") />
            <LimitsField limits error=errors.about("companies") />
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <SubmitButton label="Make the token" busy=create.pending() />
            </div>
        </FieldsForm>
    }
}

/// Roles that a token of that user may have, as options of a select: built-in ones that are no larger, and the own one.
fn role_options(me: &Me) -> Vec<(String, String)> {
    // Of who is limited to some companies, `permissions` tells less than the role.
    let fits = |role: &&Role| match me.role {
        RoleRef::BuiltIn(own) => own.includes(**role),
        RoleRef::Custom(_) => me.permissions.include(&role.permissions()),
    };
    let smaller = Role::ALL.iter().filter(fits);
    let own = matches!(me.role, RoleRef::Custom(_)).then(|| (me.role.to_string(), me.role_name.clone()));
    smaller.map(|role| (role.to_string(), role.title().to_owned())).chain(own).collect()
}
