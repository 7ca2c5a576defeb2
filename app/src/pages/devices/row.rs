use super::words::status_words;
use crate::ui::{badge::Badge, time::Ago};
use domain::device::DeviceRow;
use leptos::prelude::*;

/// One device as a row, or as a card on a small screen.
#[component]
pub fn DeviceTr(device: DeviceRow) -> impl IntoView {
    let (tone, label) = status_words(device.status);
    let hostname = device.hostname.filter(|h| !h.eq_ignore_ascii_case(&device.name));
    let company = device.company;
    view! {
        <tr
            class="max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-1 max-md:p-3"
            data-device-id=device.id.to_string()
        >
            <th scope="row" class="font-medium md:min-w-36 max-md:p-0">
                <a class="link link-hover break-words" href=format!("/devices/{}", device.id)>{device.name}</a>
                {hostname.map(|h| view! { <span class="block text-xs font-normal wrap-anywhere text-muted">{h}</span> })}
            </th>
            <td class="md:min-w-32 max-md:col-span-2 max-md:row-start-2 max-md:p-0">
                <a class="link link-hover" href=format!("/companies/{}", company.id)>{company.name}</a>
                {device.location.map(|l| view! { <span class="block text-xs text-muted">{l.name}</span> })}
            </td>
            <td class="max-md:p-0 max-md:text-xs">{device.device_type.name}</td>
            <td class="max-md:col-start-2 max-md:row-start-1 max-md:justify-self-end max-md:p-0"><Badge tone label /></td>
            <td class="max-md:col-span-2 max-md:p-0 max-md:text-xs max-md:empty:hidden">{device.os_name}</td>
            <td class="font-mono text-xs break-words max-md:p-0 max-md:empty:hidden">{device.serial}</td>
            <td class="max-md:justify-self-end max-md:p-0 max-md:text-xs max-md:empty:hidden">
                {device.last_contact.map(|time| view! { <Ago time /> })}
                {device.last_user.map(|user| view! { <span class="block text-xs wrap-anywhere text-muted max-md:hidden">{user}</span> })}
            </td>
        </tr>
    }
}
