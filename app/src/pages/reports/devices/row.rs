use crate::layout::Way;
use crate::{
    pages::reports::{
        exception::{ExceptionState, Wanted},
        paths::company_path,
    },
    ui::time::Ago,
};
use domain::compliance::{Check, DeviceFinding};
use leptos::prelude::*;

/// One device as a row, or as a card on a small screen; with the way to except it where a check is `excepting`.
#[component]
pub fn DeviceTr(device: DeviceFinding, excepting: Option<Check>, exception: ExceptionState) -> impl IntoView {
    let name = device.name.clone();
    let id = device.id;
    let except = excepting.map(|check| {
        let wanted = Wanted { check, device: Some(id), company: None, name: name.clone(), present: None };
        let label = format!("Except {name}");
        view! {
            <td class="num max-md:p-0">
                <button type="button" class="btn btn-ghost btn-xs" aria-label=label on:click=move |_| exception.show(wanted.clone())>
                    "Except"
                </button>
            </td>
        }
    });
    view! {
        <tr
            class="max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-1 max-md:p-3"
            data-device-id=id.to_string()
        >
            <th scope="row" class="font-medium max-md:p-0">
                <Way class="link link-hover wrap-anywhere" href=format!("/devices/{id}")>{device.name}</Way>
            </th>
            <td class="max-md:col-span-2 max-md:p-0">
                <a class="link link-hover" href=company_path(device.company.id)>{device.company.name}</a>
            </td>
            <td class="max-md:p-0 max-md:text-xs">{device.device_type.name}</td>
            <td class="max-md:col-span-2 max-md:p-0 max-md:text-xs max-md:empty:hidden">{device.os}</td>
            <td class="max-md:col-span-2 max-md:p-0">
                {device.found}
                {device.reason.map(|reason| view! { <span class="block text-xs text-muted">{format!("Exception: {reason}")}</span> })}
            </td>
            <td class="max-md:p-0 max-md:text-xs max-md:empty:hidden">{device.last_contact.map(|time| view! { <Ago time /> })}</td>
            {except}
        </tr>
    }
}
