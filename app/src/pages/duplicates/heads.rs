use super::choice::Choice;
use crate::{
    pages::devices::status_words,
    ui::{
        badge::{Badge, Tone},
        time::When,
    },
};
use domain::{duplicates::DuplicateDevice, ids::DeviceId};
use leptos::prelude::*;

/// The head of a device's column: what it is, and whether it stays.
#[component]
pub fn DeviceHead(
    device: DuplicateDevice,
    choice: Choice,
    open: bool,
    /// Of a merged pair: the one that is not listed.
    hidden: Option<DeviceId>,
) -> impl IntoView {
    let (tone, label) = status_words(device.status);
    let id = device.id;
    let place = hidden.map(|hidden| if hidden == id { "Hidden" } else { "Stays" });
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
                {place.map(|label| view! { <Badge tone=Tone::Info label /> })}
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
