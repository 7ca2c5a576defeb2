use super::{api::archive_device_type, list::DeviceTypeDialogState};
use crate::{
    layout::may,
    ui::{
        icon::Icon,
        number::count,
        toast::{Toasts, use_toasts},
    },
};
use domain::{company::DeviceType, role::Role};
use futures::future::LocalBoxFuture;
use leptos::prelude::*;

/// A device type in the list, with Edit and Archive (or Restore).
#[component]
pub fn DeviceTypeRow(
    device_type: DeviceType,
    dialog: DeviceTypeDialogState,
    changed: Callback<()>,
) -> impl IntoView {
    let devices = format!("/devices?device_type={}", device_type.id);
    let actions =
        may(Role::Manage).then(|| view! { <RowActions device_type=device_type.clone() dialog changed /> });
    view! {
        <tr data-device-type-id=device_type.id.to_string()>
            <th scope="row" class="font-medium">{device_type.name.clone()}</th>
            <td class="num"><a href=devices class="link link-hover">{count(device_type.device_count)}</a></td>
            <td class="num">{actions}</td>
        </tr>
    }
}

#[component]
fn RowActions(
    device_type: DeviceType,
    dialog: DeviceTypeDialogState,
    changed: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    let edit = format!("Edit {}", device_type.name);
    let (verb, icon) = if device_type.archived { ("Restore", "undo") } else { ("Archive", "archive") };
    let archive_label = format!("{verb} {}", device_type.name);
    let subject = device_type.clone();
    let archive =
        Action::new(move |(): &()| set_archived(subject.clone(), !subject.archived, toasts, changed));
    view! {
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=edit title="Edit" on:click=move |_| dialog.show(Some(device_type.clone()))>
            <Icon name="pencil" />
        </button>
        <button
            type="button"
            class="btn btn-ghost btn-xs btn-square"
            aria-label=archive_label
            title=verb
            disabled=archive.pending()
            on:click=move |_| _ = archive.dispatch(())
        >
            <Icon name=icon />
        </button>
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
        Err(error) => toasts.error(error.message()),
    }
    _ = changed.try_run(());
}
