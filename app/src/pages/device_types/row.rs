use super::tools::DeviceTypeTools;
use crate::{
    layout::{is_limited, may_manage},
    ui::{icon::Icon, number::count},
};
use domain::{company::DeviceType, permissions::Area};
use leptos::prelude::*;

/// A device type in the list, with Edit and Archive (or Restore).
#[component]
pub fn DeviceTypeRow(device_type: DeviceType, tools: DeviceTypeTools) -> impl IntoView {
    let devices = format!("/devices?type={}", device_type.id);
    let actions = (may_manage(Area::Devices) && !is_limited())
        .then(|| view! { <RowActions device_type=device_type.clone() tools /> });
    view! {
        <tr data-device-type-id=device_type.id.to_string()>
            <th scope="row" class="font-medium">{device_type.name.clone()}</th>
            <td class="num"><a href=devices class="link link-hover">{count(device_type.device_count)}</a></td>
            <td class="num">{actions}</td>
        </tr>
    }
}

#[component]
fn RowActions(device_type: DeviceType, tools: DeviceTypeTools) -> impl IntoView {
    let edit = format!("Edit {}", device_type.name);
    let (verb, icon) = if device_type.archived { ("Restore", "undo") } else { ("Archive", "archive") };
    let archive = format!("{verb} {}", device_type.name);
    let edited = device_type.clone();
    view! {
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=edit title="Edit" on:click=move |_| tools.dialog.show(Some(edited.clone()))>
            <Icon name="pencil" />
        </button>
        <button type="button" class="btn btn-ghost btn-xs btn-square" aria-label=archive title=verb on:click=move |_| tools.toggle_archived(&device_type)>
            <Icon name=icon />
        </button>
    }
}
