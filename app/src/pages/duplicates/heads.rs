use super::choice::Choice;
use crate::{
    pages::devices::status_words,
    ui::{badge::Badge, time::When},
};
use domain::duplicates::DuplicateDevice;
use leptos::prelude::*;

/// The head of a device's column: what it is, and whether it stays.
#[component]
pub fn DeviceHead(device: DuplicateDevice, choice: Choice, open: bool) -> impl IntoView {
    let (tone, label) = status_words(device.status);
    let id = device.id;
    let keep = open.then(|| {
        let name = format!("Keep {}", device.name);
        let checked = move || choice.keep.get() == id;
        view! {
            <label class="mt-1 flex items-center gap-2 text-sm font-normal">
                <input
                    type="radio"
                    name="keep"
                    class="radio radio-sm"
                    aria-label=name
                    checked=untrack(checked)
                    prop:checked=checked
                    on:change=move |_| choice.keep.set(id)
                />
                "Keep this one"
            </label>
        }
    });
    view! {
        <th scope="col" class="w-2/5 align-top whitespace-normal max-sm:w-auto max-sm:px-3">
            <a class="link link-hover text-base font-semibold wrap-anywhere" href=format!("/devices/{id}")>{device.name}</a>
            <span class="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs font-normal">
                <Badge tone label />
                {device.source.unwrap_or_else(|| "No integration".to_owned())}
            </span>
            <span class="block text-xs font-normal text-muted [&_time]:whitespace-normal">
                {device.last_contact.map(|time| view! { "Last contact " <When time /> })}
            </span>
            {keep}
        </th>
    }
}
