use super::state::Bulk;
use crate::ui::{button::SubmitButton, dialog::Dialog, field::TextField};
use domain::device_edit::{DeviceAction, DeviceField, FieldValue};
use leptos::prelude::*;

/// Sets the owner of the checked devices; with both fields empty, nobody owns them.
#[component]
pub fn OwnerDialog(open: RwSignal<bool>, bulk: Bulk) -> impl IntoView {
    view! {
        <Dialog open title="Set the owner">
            <OwnerForm open bulk />
        </Dialog>
    }
}

#[component]
fn OwnerForm(open: RwSignal<bool>, bulk: Bulk) -> impl IntoView {
    let (name, email) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let value = |field, text: RwSignal<String>| FieldValue { field, value: Some(text.get_untracked()) };
        let values = vec![value(DeviceField::OwnerName, name), value(DeviceField::OwnerEmail, email)];
        match DeviceField::OwnerEmail.check(Some(&email.get_untracked())) {
            Err(error) => problem.set(Some(error.message)),
            Ok(_) => {
                bulk.act(DeviceAction::Set(values), "Changed");
                open.set(false);
            }
        }
    };
    view! {
        <form class="flex flex-col gap-3" on:submit=submit novalidate>
            <p class="text-sm text-muted">"Leave both empty to say that nobody owns them."</p>
            <TextField label=DeviceField::OwnerName.label() name="bulk_owner_name" value=name autofocus=true />
            <TextField label=DeviceField::OwnerEmail.label() name="bulk_owner_email" kind="email" value=email error=problem />
            <div class="modal-action mt-2">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <SubmitButton label="Set the owner" busy=bulk.busy />
            </div>
        </form>
    }
}
