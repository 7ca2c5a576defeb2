use super::api::archive_device_type;
use crate::ui::toast::{Toasts, use_toasts};
use domain::company::DeviceType;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;

/// Which device type the dialog renames; `None` makes a new one.
#[derive(Clone, Copy)]
pub struct DeviceTypeDialogState {
    pub open: RwSignal<bool>,
    pub device_type: RwSignal<Option<DeviceType>>,
}

impl DeviceTypeDialogState {
    /// Opens it for a device type or a new one.
    pub fn show(self, device_type: Option<DeviceType>) {
        self.device_type.set(device_type);
        self.open.set(true);
    }
}

/// What can be done with a device type. The page makes it, so that it outlives the rows: they are still shown, and can
/// be pressed, while the next ones are on their way and their own signals are gone.
#[derive(Clone, Copy)]
pub struct DeviceTypeTools {
    pub dialog: DeviceTypeDialogState,
    archive: Action<(DeviceType, bool), ()>,
    busy: Memo<bool>,
}

impl DeviceTypeTools {
    /// Tools that call `changed` after each change.
    pub fn new(changed: Callback<()>) -> Self {
        let toasts = use_toasts();
        let archive = Action::new(move |(device_type, archived): &(DeviceType, bool)| {
            set_archived(device_type.clone(), *archived, toasts, changed)
        });
        let dialog = DeviceTypeDialogState { open: RwSignal::new(false), device_type: RwSignal::new(None) };
        Self { dialog, archive, busy: archive.pending() }
    }

    /// Archives an active device type, restores an archived one; does nothing while another one is under way.
    pub fn toggle_archived(self, device_type: &DeviceType) {
        if !self.busy.get_untracked() {
            self.archive.dispatch((device_type.clone(), !device_type.archived));
        }
    }
}

/// Archives or restores a device type and says so, with a way back.
async fn set_archived(device_type: DeviceType, archived: bool, toasts: Toasts, changed: Callback<()>) {
    let name = device_type.name.clone();
    match archive_device_type(device_type.id, Some(archived)).await {
        Ok(_) if archived => {
            let undo = move || {
                let restoring: LocalBoxFuture<'static, ()> =
                    Box::pin(set_archived(device_type.clone(), false, toasts, changed));
                leptos::task::spawn_local(restoring);
            };
            toasts.with_undo(format!("{name} is archived."), "Undo", undo);
        }
        Ok(_) => toasts.success(format!("{name} is back.")),
        Err(error) => toasts.refused(&error),
    }
    _ = changed.try_run(());
}
