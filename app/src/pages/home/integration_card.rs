use crate::{
    layout::may_manage,
    pages::{runs::runs_path, wizard::step_path},
    ui::{
        badge::{Badge, Tone},
        number::{count, things},
        time::When,
    },
};
use domain::{
    Time,
    integration::{Integration, IntegrationStatus},
    permissions::Area,
    run::Run,
    wizard::Step,
};
use leptos::prelude::*;

/// How an integration stands: status, last and next sync, how much is imported.
#[component]
pub fn IntegrationCard(integration: Integration) -> impl IntoView {
    let (tone, word) = status(integration.status);
    let counts = integration.counts;
    let import = may_manage(Area::Mappings).then(|| {
        view! { <a class="btn btn-sm" href=step_path(Some(integration.id), Step::Devices)>"Import devices"</a> }
    });
    view! {
        <article class="card bg-base-100" aria-label=integration.name.clone()>
            <div class="card-body gap-3 p-4">
                <div class="flex flex-wrap items-center justify-between gap-2">
                    <h3 class="font-semibold break-words">{integration.name.clone()}</h3>
                    <Badge tone label=word />
                </div>
                <dl class="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
                    <LastRun name="Organization sync" run=integration.last_organization_sync />
                    <LastRun name="Device sync" run=integration.last_device_sync />
                    <NextRun time=integration.next_device_sync />
                    <dt class="text-muted">"Imported"</dt>
                    <dd>{format!("{} of {}", count(counts.devices_imported), things(counts.devices, "device", "devices"))}</dd>
                </dl>
                <div class="card-actions">
                    {import}
                    <a class="btn btn-sm btn-ghost" href=runs_path(integration.id)>"History"</a>
                </div>
            </div>
        </article>
    }
}

/// When a run ended and how.
#[component]
fn LastRun(name: &'static str, run: Option<Run>) -> impl IntoView {
    let value = match run {
        Some(run) => {
            let ended = run.finished_at.or(run.started_at).unwrap_or(run.created_at);
            view! { {run.state.label()} ", " <When time=ended /> }.into_any()
        }
        None => "Not yet".into_any(),
    };
    view! {
        <dt class="text-muted">{name}</dt>
        <dd>{value}</dd>
    }
}

#[component]
fn NextRun(time: Option<Time>) -> impl IntoView {
    time.map(|time| {
        view! {
            <dt class="text-muted">"Next device sync"</dt>
            <dd><When time /></dd>
        }
    })
}

fn status(status: IntegrationStatus) -> (Tone, &'static str) {
    match status {
        IntegrationStatus::Connected => (Tone::Success, "Connected"),
        IntegrationStatus::Syncing => (Tone::Info, "Syncing"),
        IntegrationStatus::Error => (Tone::Error, "Error"),
        IntegrationStatus::Disconnected => (Tone::Error, "Disconnected"),
    }
}
