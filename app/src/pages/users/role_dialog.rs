use super::{api::set_user_role, tools::UserTools};
use crate::{
    pages::roles::use_role_options,
    ui::{
        button::SubmitButton,
        dialog::Dialog,
        field::{FormError, FormErrors, SelectField},
        toast::use_toasts,
    },
};
use domain::{ids::UserId, roles::RoleRef, users::Member};
use leptos::prelude::*;

/// The dialog with a user's role.
#[component]
pub fn RoleDialog(tools: UserTools) -> impl IntoView {
    let title = Signal::derive(move || {
        tools.role_of.with(|m| m.as_ref().map(|m| format!("Role of {}", m.called())).unwrap_or_default())
    });
    view! {
        <Dialog open=tools.role title>
            {move || tools.role_of.get().map(|member| view! { <RoleForm tools member /> })}
        </Dialog>
    }
}

#[component]
fn RoleForm(tools: UserTools, member: Member) -> impl IntoView {
    let toasts = use_toasts();
    let role = RwSignal::new(member.role.to_string());
    let version = member.version;
    let errors = FormErrors::new(&["role"]);
    let save = Action::new(move |(id, role): &(UserId, RoleRef)| {
        let (id, role) = (*id, *role);
        async move {
            match set_user_role(id, role, Some(version)).await {
                Ok(member) => {
                    toasts.success(format!("The role of {} is saved.", member.called()));
                    tools.role.set(false);
                    _ = tools.changed.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let on_submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        errors.clear();
        if let (Some(id), Ok(role)) = (member.user_id, role.get_untracked().parse()) {
            save.dispatch((id, role));
        }
    };
    view! {
        <form class="flex flex-col gap-3" on:submit=on_submit novalidate>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <SelectField
                label="Role"
                name="role"
                value=role
                options=use_role_options(None)
                error=errors.about("role")
                help="With another role they are signed out, and sign in again."
            />
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| tools.role.set(false)>"Cancel"</button>
                <SubmitButton label="Save" busy=save.pending() />
            </div>
        </form>
    }
}
