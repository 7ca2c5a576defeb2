use crate::{
    layout::may_manage,
    pages::devices::{
        api::edit_devices,
        edit::{DeviceDialog, EditUndo},
    },
    ui::{button::ActionButton, toast::use_toasts},
};
use domain::{
    device::DeviceDetail,
    device_edit::{DeviceAction, DeviceField, DeviceSelection},
    permissions::Area,
};
use leptos::{prelude::*, task::spawn_local};

/// What can be done with the device on this page.
#[derive(Clone, Copy)]
pub struct Acts {
    pub undo: EditUndo,
    busy: RwSignal<bool>,
    reload: Callback<()>,
}

impl Acts {
    /// Call it in the page's component. In: what reads the device again.
    pub fn new(reload: Callback<()>) -> Self {
        Self { undo: EditUndo::new(reload), busy: RwSignal::new(false), reload }
    }

    /// Does one thing with one device, and says so in `done`.
    pub fn act(self, device: &DeviceDetail, action: DeviceAction, done: &'static str) {
        let (toasts, select) = (use_toasts(), DeviceSelection::Ids(vec![device.id]));
        self.busy.set(true);
        spawn_local(async move {
            let answer = edit_devices(select, action).await;
            self.busy.try_set(false);
            match answer {
                Ok(edited) => {
                    self.undo.tell(done, &edited);
                    _ = self.reload.try_run(());
                }
                Err(error) => toasts.failed("Nothing was changed.", &error),
            }
        });
    }

    /// Gives a field back to the sync.
    pub fn release(self, device: &DeviceDetail, fields: Vec<DeviceField>) {
        self.act(device, DeviceAction::Release(fields), "Released");
    }
}

/// Edit, release, archive or restore.
#[component]
pub fn Buttons(device: DeviceDetail, acts: Acts) -> impl IntoView {
    if !may_manage(Area::Devices) || device.merged_into.is_some() {
        return None;
    }
    let open = RwSignal::new(false);
    let device = StoredValue::new(device);
    let (archived, owned) =
        device.with_value(|d| (d.archived_at.is_some(), d.owned.iter().map(|o| o.field).collect::<Vec<_>>()));
    let is_fed = device.with_value(|d| d.source.is_some());
    let on_archive = Callback::new(move |()| {
        device.with_value(|d| match archived {
            true => acts.act(d, DeviceAction::Restore, "Restored"),
            false => acts.act(d, DeviceAction::Archive, "Archived"),
        });
    });
    let many = owned.len();
    let on_release = Callback::new(move |()| device.with_value(|d| acts.release(d, owned.clone())));
    let on_saved = Callback::new(move |_| _ = acts.reload.try_run(()));
    Some(view! {
        <button type="button" class="btn btn-sm" on:click=move |_| open.set(true)>"Edit"</button>
        {(is_fed && many > 1)
            .then(|| view! { <ActionButton label="Release all" busy=acts.busy on_press=on_release /> })}
        <ActionButton label=if archived { "Restore" } else { "Archive" } busy=acts.busy on_press=on_archive />
        <DeviceDialog open device=Signal::derive(move || Some(device.get_value())) on_saved undo=acts.undo />
    })
}
