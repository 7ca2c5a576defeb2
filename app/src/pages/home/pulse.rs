use crate::{
    pages::reports::{Trends, change_words},
    ui::{badge::Badge, icon::Icon, time::When},
};
use domain::compliance::FleetPulse;
use leptos::prelude::*;

/// The compliance score and how the fleet went lately, with the way to the reports.
#[component]
pub fn Pulse(pulse: FleetPulse) -> impl IntoView {
    let before = pulse.before.as_ref().map(|point| point.score);
    let change = change_words(before, pulse.score).map(|(tone, label)| view! { <Badge tone label /> });
    let checked =
        pulse.checked_at.map(|time| view! { <span>"Devices were last checked at " <When time /> "."</span> });
    view! {
        <section aria-label="Fleet" class="flex flex-col gap-2">
            <div class="flex flex-wrap items-center justify-between gap-2">
                <h2 class="flex flex-wrap items-baseline gap-x-3 text-lg font-semibold">
                    {format!("Compliance score {}", pulse.score.words())}
                    {change}
                </h2>
                <a class="btn btn-sm" href="/reports">
                    <Icon name="chart" />
                    "Show reports"
                </a>
            </div>
            <Trends points=pulse.trend />
            <p class="text-xs text-muted">{checked}</p>
        </section>
    }
}
