use super::{api::invite_user, handed::Handed, tools::UserTools};
use crate::{
    pages::{
        companies::{Limits, LimitsField},
        roles::use_role_options,
    },
    ui::{
        button::SubmitButton,
        dialog::Dialog,
        field::{FieldsForm, FormError, FormErrors, SelectField, TextField},
    },
};
use domain::{role::Role, roles::RoleRef};
use leptos::prelude::*;

/// The dialog that invites somebody; afterwards, the link is shown, or to whom it is mailed.
#[component]
pub fn InviteDialog(tools: UserTools) -> impl IntoView {
    view! {
        <Dialog open=tools.inviting title="Invite somebody">
            <InviteForm tools />
        </Dialog>
    }
}

#[component]
fn InviteForm(tools: UserTools) -> impl IntoView {
    let (email, role) = (RwSignal::new(String::new()), RwSignal::new(Role::Read.to_string()));
    let limits = Limits::new(None);
    // Who may not give the smallest built-in role begins with the first one that they may.
    let options = use_role_options(None);
    Effect::new(move |_| {
        let offered = options.get();
        if !offered.iter().any(|(key, _)| *key == *role.read_untracked()) {
            role.set(offered.first().map(|(key, _)| key.clone()).unwrap_or_default());
        }
    });
    let errors = FormErrors::new(&["email", "role", "companies"]);
    let invite = Action::new(move |(email, role): &(String, RoleRef)| {
        let (email, role, companies) = (email.trim().to_owned(), *role, limits.ids());
        async move {
            match invite_user(email.clone(), role, companies).await {
                Ok(link) => {
                    tools.inviting.set(false);
                    tools.hand(Handed::invitation(&email, link));
                    _ = tools.changed.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = Callback::new(move |()| {
        let role = role.get_untracked().parse().unwrap_or(Role::Read.into());
        invite.dispatch((email.get_untracked(), role));
    });
    view! {
        <FieldsForm errors on_submit>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <TextField label="Email" name="email" kind="email" value=email required=true autofocus=true error=errors.about("email") />
            <SelectField label="Role" name="role" value=role options error=errors.about("role") />
            <LimitsField limits error=errors.about("companies") />
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| tools.inviting.set(false)>"Cancel"</button>
                <SubmitButton label="Invite" busy=invite.pending() />
            </div>
        </FieldsForm>
    }
}
