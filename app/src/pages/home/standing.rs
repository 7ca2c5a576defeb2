use super::pulse::Pulse;
use crate::{
    pages::reports::{api::load_pulse, paths::company_path},
    ui::{
        badge::{Badge, Tone},
        number::{count, things},
        state::{ErrorBox, Loading},
    },
};
use domain::compliance::{CompanyScore, FleetPulse};
use leptos::prelude::*;

/// How the devices stand, for those who may see reports and not all of the home page.
#[component]
pub fn Standing() -> impl IntoView {
    let pulse = Resource::new(|| (), |()| load_pulse());
    let retry = Callback::new(move |()| pulse.refetch());
    view! {
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match pulse.await {
                    Ok(pulse) => view! { <Figures pulse /> }.into_any(),
                    Err(error) => view! { <ErrorBox error retry /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Figures(pulse: FleetPulse) -> impl IntoView {
    let words = format!("{}, {} online.", things(pulse.devices, "device", "devices"), count(pulse.online));
    let drops = pulse.drops.iter().cloned().map(|drop| view! { <Drop drop /> }).collect_view();
    view! {
        <div class="mb-6 flex flex-col gap-2">
            <p class="text-sm">{words}</p>
            <ul class="flex flex-col gap-1 text-sm empty:hidden">{drops}</ul>
            <Pulse pulse />
        </div>
    }
}

/// A company whose score fell within a week.
#[component]
fn Drop(drop: CompanyScore) -> impl IntoView {
    let words = format!(
        " fell from {} to {} within a week.",
        drop.before.unwrap_or_default().words(),
        drop.score.words()
    );
    view! {
        <li>
            <Badge tone=Tone::Warning label="Dropped" />
            " The compliance score of "
            <a class="link" href=company_path(drop.company.id)>{drop.company.name}</a>
            {words}
        </li>
    }
}
