use super::{page::Import, same::Same};
use crate::{
    layout::may_manage,
    pages::wizard::organization_link::OrganizationLink,
    ui::badge::{Badge, Tone},
};
use domain::{
    import::{BlockedBy, StagedDevice, StagedStatus},
    permissions::Area,
};
use leptos::prelude::*;

/// One staged device with its check box. `ids` are the devices of the page.
#[component]
pub fn StagedTr(page: Import, device: StagedDevice, ids: StoredValue<Vec<String>>) -> impl IntoView {
    let id = StoredValue::new(device.remote_id.clone());
    let checked = move || page.selection.with(|s| id.with_value(|id| s.contains(id)));
    let change = move |event| {
        let checked = event_target_checked(&event);
        let Some(id) = id.try_get_value() else { return };
        ids.try_with_value(|ids| page.selection.update(|s| s.set(&[id], checked, ids)));
    };
    let (remote_id, status) = (device.remote_id.clone(), device.status);
    let select = format!("Select {}", device.name);
    let check = may_manage(Area::Mappings).then(|| {
        view! {
            <td class="align-top max-md:absolute max-md:top-3 max-md:right-3 max-md:p-0">
                <input type="checkbox" class="checkbox checkbox-sm" aria-label=select prop:checked=checked on:change=change />
            </td>
        }
    });
    let hostname = device.hostname.clone().filter(|h| !h.eq_ignore_ascii_case(&device.name));
    let device_type =
        device.device_type.clone().map(|t| view! { <span class="block text-xs text-muted">{t.name}</span> });
    view! {
        <tr
            class="max-md:relative max-md:flex max-md:flex-col max-md:gap-1 max-md:p-3 max-md:pr-10"
            data-remote-id=remote_id
            data-status=status.as_str()
        >
            {check}
            <th scope="row" class="align-top font-medium md:min-w-36 max-md:p-0">
                <Name device=device.clone() />
                {hostname.map(|h| view! { <span class="block text-xs font-normal break-words text-muted">{h}</span> })}
            </th>
            <td class="align-top max-md:p-0">
                <span class="font-mono text-xs md:whitespace-nowrap">{device.node_class.clone()}</span>
                {device_type}
            </td>
            <td class="align-top max-md:p-0">{device.organization.clone()}</td>
            <td class="align-top max-md:p-0">
                {match device.company.clone() {
                    Some(c) => view! { <a class="link link-hover" href=format!("/companies/{}", c.id)>{c.name}</a> }.into_any(),
                    None => view! { <span class="text-muted">"No company"</span> }.into_any(),
                }}
            </td>
            <td class="align-top max-md:p-0"><Status page device /></td>
        </tr>
    }
}

/// The name, linked to the inventory once it is imported.
#[component]
fn Name(device: StagedDevice) -> impl IntoView {
    match device.device_id {
        Some(id) => {
            view! { <a class="link break-words" href=format!("/devices/{id}")>{device.name}</a> }.into_any()
        }
        None => view! { <span class="break-words">{device.name}</span> }.into_any(),
    }
}

/// Ready, imported, or blocked with the reason and a link that mends it.
#[component]
fn Status(page: Import, device: StagedDevice) -> impl IntoView {
    let (tone, label) = match device.status {
        StagedStatus::Ready => (Tone::Info, "Ready"),
        StagedStatus::Imported => (Tone::Success, "Imported"),
        StagedStatus::Blocked => (Tone::Warning, "Blocked"),
    };
    let why = device.blocked_by.map(|by| {
        let (organization, class) = (device.organization.clone(), device.node_class.clone());
        let company = device.company.clone().map(|c| c.id);
        let types = if may_manage(Area::Mappings) { "Choose a device type" } else { "Show the device types" };
        let way = |href, text| view! { " " <a class="link text-base-content" href=href>{text}</a> }.into_any();
        let link = match by {
            BlockedBy::OrganizationUnmapped | BlockedBy::OrganizationIgnored => {
                Some(view! { " " <OrganizationLink integration=page.current.id organization /> }.into_any())
            }
            BlockedBy::CompanyArchived => company.map(|id| way(format!("/companies/{id}"), "Open the company")),
            BlockedBy::TypeUnmapped | BlockedBy::TypeIgnored => Some(way("#classes-title".to_owned(), types)),
            BlockedBy::Missing | BlockedBy::Reenrolled => None,
        };
        view! { <span class="mt-0.5 block text-xs text-muted" data-node-class=class>{by.sentence()} {link}</span> }
    });
    let same = device.same_as.clone().map(|same| {
        view! { <Same page remote_id=device.remote_id.clone() name=device.name.clone() same /> }
    });
    // The proposal says it all.
    let why = why.filter(|_| device.blocked_by != Some(BlockedBy::Reenrolled) || same.is_none());
    let waiting = device.waiting.clone().map(|waiting| {
        view! { <Waiting page waiting organization=device.organization.clone() /> }
    });
    view! {
        <Badge tone label />
        {why}
        {same}
        {waiting}
    }
}

/// Why an imported device is not where its organization would put it, with the way to mend that.
#[component]
fn Waiting(page: Import, waiting: String, organization: String) -> impl IntoView {
    view! {
        <span class="mt-0.5 block text-xs text-muted" data-testid="waiting">
            {waiting} " " <OrganizationLink integration=page.current.id organization />
        </span>
    }
}
