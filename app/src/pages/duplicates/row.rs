use super::reasons::Reasons;
use crate::{
    pages::devices::status_words,
    ui::{badge::Badge, time::Ago},
};
use domain::duplicates::{DuplicateDevice, DuplicatePair, DuplicateState};
use leptos::prelude::*;

/// One pair as a row, or as a card on a small screen.
#[component]
pub fn PairTr(pair: DuplicatePair) -> impl IntoView {
    let href = format!("/duplicates/{}", pair.id);
    let label = match pair.state {
        DuplicateState::Open => "Compare",
        DuplicateState::NotSame | DuplicateState::Merged => "Look again",
    };
    let spoken = format!("{label}: {} and {}", pair.left.name, pair.right.name);
    let decided = pair.decided_by.map(|by| {
        view! { <span class="mt-1 block text-xs text-muted">{by} " " {pair.decided_at.map(|time| view! { <Ago time /> })}</span> }
    });
    view! {
        <tr class="max-md:block max-md:p-3" data-pair-id=pair.id.to_string()>
            <td class="max-md:block max-md:p-0">
                <ul class="flex flex-col gap-2">
                    <Device device=pair.left hidden=pair.hidden />
                    <Device device=pair.right hidden=pair.hidden />
                </ul>
            </td>
            <td class="max-md:block max-md:p-0 max-md:pt-2">
                <a class="link link-hover" href=format!("/companies/{}", pair.company.id)>{pair.company.name}</a>
            </td>
            <td class="max-md:block max-md:p-0 max-md:pt-2"><Reasons confidence=pair.confidence reasons=pair.reasons /> {decided}</td>
            <td class="text-right max-md:block max-md:p-0 max-md:pt-2">
                <a class="btn btn-sm" href=href aria-label=spoken>{label}</a>
            </td>
        </tr>
    }
}

#[component]
fn Device(device: DuplicateDevice, hidden: Option<domain::ids::DeviceId>) -> impl IntoView {
    let (tone, label) = status_words(device.status);
    let is_hidden = hidden == Some(device.id);
    let facts = [Some(device.device_type), device.serial.map(|s| format!("serial {s}")), device.source];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    view! {
        <li>
            <span class="flex flex-wrap items-center gap-x-2">
                <a class="link link-hover font-medium wrap-anywhere" href=format!("/devices/{}", device.id)>{device.name}</a>
                <Badge tone label />
                {is_hidden.then(|| view! { <span class="text-xs text-muted">"hidden"</span> })}
            </span>
            <span class="block text-xs wrap-anywhere text-muted">{facts}</span>
        </li>
    }
}
