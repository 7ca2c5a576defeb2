use super::{api::delete_role, choices::use_role_options, tools::RoleTools};
use crate::ui::{
    button::SubmitButton,
    dialog::Dialog,
    field::{FormError, FormErrors, SelectField},
    number::things,
    toast::use_toasts,
};
use domain::roles::{RoleRef, RoleView};
use leptos::prelude::*;

/// The dialog that deletes a role, and gives another one to those who have it.
#[component]
pub fn DeleteDialog(tools: RoleTools) -> impl IntoView {
    let title = Signal::derive(move || {
        tools.role.read().as_ref().map(|role| format!("Delete the role {}?", role.name)).unwrap_or_default()
    });
    view! {
        <Dialog open=tools.deleting title>
            {move || tools.role.get().map(|role| view! { <DeleteForm role tools /> })}
        </Dialog>
    }
}

#[component]
fn DeleteForm(role: RoleView, tools: RoleTools) -> impl IntoView {
    let toasts = use_toasts();
    let errors = FormErrors::new(&["replacement"]);
    let replacement = RwSignal::new(String::new());
    let (id, name) = (role.role, StoredValue::new(role.name));
    let delete = Action::new(move |(): &()| {
        errors.clear();
        let replacement = replacement.get_untracked().parse().ok();
        async move {
            let RoleRef::Custom(id) = id else { return };
            match delete_role(id, replacement).await {
                Ok(()) => {
                    toasts.success(format!("The role {} is deleted.", name.get_value()));
                    tools.deleting.set(false);
                    _ = tools.changed.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        delete.dispatch(());
    };
    let text = match role.users {
        0 => "Nobody has it. API tokens with this role stop working.".to_owned(),
        n => format!("{} it. They get another role and are signed out.", things(n, "user has", "users have")),
    };
    let choice = (role.users > 0).then(|| {
        let others = use_role_options(Some(id));
        let none = || (String::new(), "Choose a role".to_owned());
        let options = Signal::derive(move || std::iter::once(none()).chain(others.get()).collect::<Vec<_>>());
        view! { <SelectField label="Give them" name="replacement" value=replacement options error=errors.about("replacement") /> }
    });
    view! {
        <form class="flex flex-col gap-3" on:submit=submit novalidate>
            <FormError text=errors.general() signed_out=errors.signed_out() />
            <p class="text-sm">{text}</p>
            {choice}
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| tools.deleting.set(false)>"Cancel"</button>
                <SubmitButton label="Delete" busy=delete.pending() class="btn btn-error" />
            </div>
        </form>
    }
}
