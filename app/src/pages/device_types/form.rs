use super::{
    api::{create_device_type, list_device_types, update_device_type},
    tools::DeviceTypeDialogState,
};
use crate::{
    error::AppError,
    ui::{
        dialog::{CatchUp, Dialog, EditForm},
        field::{FormErrors, TextField},
        toast::use_toasts,
    },
};
use domain::{company::DeviceType, error::UserError, ids::DeviceTypeId, page::MAX_PAGE_SIZE};
use leptos::prelude::*;

/// The dialog that creates or renames a device type. `on_saved` runs after it closed.
#[component]
pub fn DeviceTypeDialog(state: DeviceTypeDialogState, on_saved: Callback<()>) -> impl IntoView {
    let title = Signal::derive(move || match &*state.device_type.read() {
        Some(device_type) => format!("Rename {}", device_type.name),
        None => "New device type".to_owned(),
    });
    view! {
        <Dialog open=state.open title>
            <DeviceTypeForm device_type=state.device_type.get_untracked() open=state.open on_saved />
        </Dialog>
    }
}

/// The device type as it is now.
async fn current(id: DeviceTypeId) -> Result<DeviceType, AppError> {
    let found = list_device_types(None, Some(MAX_PAGE_SIZE), None, None, None).await?;
    found.items.into_iter().find(|t| t.id == id).ok_or_else(|| UserError::not_found("device type").into())
}

/// The form in the dialog. A taken name is said at the name; a lost race lets the user choose.
#[component]
fn DeviceTypeForm(
    device_type: Option<DeviceType>,
    open: RwSignal<bool>,
    on_saved: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    let errors = FormErrors::versioned(&["name"]);
    let id = device_type.as_ref().map(|t| t.id);
    let version = RwSignal::new(device_type.as_ref().map(|t| t.version));
    let name = RwSignal::new(device_type.map(|t| t.name).unwrap_or_default());
    let save = Action::new(move |(): &()| {
        errors.clear();
        let (name, version) = (name.get_untracked(), version.get_untracked());
        async move {
            let saved = match id {
                None => create_device_type(name).await,
                Some(id) => update_device_type(id, name, version).await,
            };
            match saved {
                Ok(saved) => {
                    toasts.success(format!("{} is saved.", saved.name));
                    open.set(false);
                    _ = on_saved.try_run(());
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let catch_up = Action::new(move |choice: &CatchUp| {
        let choice = *choice;
        async move {
            let Some(id) = id else { return };
            match current(id).await {
                Ok(now) if choice == CatchUp::Reload => {
                    errors.clear();
                    name.set(now.name);
                    version.set(Some(now.version));
                }
                // Unless the dialog was closed meanwhile.
                Ok(now) => {
                    if version.try_set(Some(now.version)).is_none() {
                        save.dispatch(());
                    }
                }
                Err(error) => errors.set(error),
            }
        }
    });
    let busy = Signal::derive(move || save.pending().get() || catch_up.pending().get());
    view! {
        <EditForm
            open
            errors
            busy
            on_save=Callback::new(move |()| _ = save.dispatch(()))
            on_catch_up=Callback::new(move |choice| _ = catch_up.dispatch(choice))
        >
            <TextField label="Name" name="name" value=name required=true autofocus=true error=errors.about("name") />
        </EditForm>
    }
}
