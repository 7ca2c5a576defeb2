use super::{
    api::start_run,
    delete::DeleteIntegration,
    list::Integrations,
    live_run_panel::LiveRunPanel,
    paths::{run_path, runs_path},
};
use crate::{
    layout::may,
    pages::wizard::step_path,
    ui::{
        badge::{Badge, Tone},
        button::ActionButton,
        number::{count, things},
        run_panel::{ProblemBox, state_tone},
        time::When,
        toast::use_toasts,
    },
};
use domain::{
    Time,
    integration::{Integration, IntegrationCounts, IntegrationStatus},
    role::Role,
    run::{Run, RunKind},
    wizard::Step,
};
use leptos::prelude::*;

/// A connected account: how it stands, its figures, and what can be done with it. `all` is read again after a change.
#[component]
pub fn IntegrationCard(integration: Integration, all: Integrations) -> impl IntoView {
    let Integration { id, vendor, name, base_url, client_id_hint, status, problem, .. } = integration.clone();
    let title = StoredValue::new(format!("integration-{id}"));
    let on_end = Callback::new(move |_: Run| all.refetch());
    let live = integration.active_run.clone().map(|run| view! { <LiveRunPanel run on_end /> });
    let shown_problem = problem.filter(|_| live.is_none()).map(|problem| view! { <ProblemBox problem /> });
    view! {
        <article class="card bg-base-100" aria-labelledby=title.get_value() data-integration=id.to_string() data-status=status.as_str()>
            <div class="card-body gap-4 p-4">
                <div class="flex flex-wrap items-start gap-3">
                    <img src=format!("/vendors/{vendor}.svg") alt="" width="40" height="40" class="size-10 shrink-0 rounded-field" />
                    <div class="min-w-0 grow">
                        <div class="flex flex-wrap items-center gap-2">
                            <h2 id=title.get_value() class="text-lg font-semibold">{name}</h2>
                            <StatusBadge status />
                        </div>
                        <p class="text-sm text-muted">
                            <span class="break-all">{base_url}</span>
                            " · "
                            <span class="whitespace-nowrap">{format!("Access Key ID {client_id_hint}")}</span>
                        </p>
                    </div>
                </div>
                {shown_problem}
                {live}
                <div class="grid gap-4 lg:grid-cols-2">
                    <SyncTimes integration=integration.clone() />
                    <Figures counts=integration.counts />
                </div>
                <Buttons integration all />
            </div>
        </article>
    }
}

#[component]
fn StatusBadge(status: IntegrationStatus) -> impl IntoView {
    let (tone, label) = match status {
        IntegrationStatus::Connected => (Tone::Success, "Connected"),
        IntegrationStatus::Syncing => (Tone::Info, "Syncing"),
        IntegrationStatus::Error => (Tone::Error, "Error"),
        IntegrationStatus::Disconnected => (Tone::Warning, "Disconnected"),
    };
    view! { <Badge tone label /> }
}

/// Last and next sync of organizations and of devices.
#[component]
fn SyncTimes(integration: Integration) -> impl IntoView {
    let row = |word: &'static str, last: Option<Run>, next: Option<Time>| {
        let last = match last {
            Some(run) => view! { <LastRun run /> }.into_any(),
            None => view! { <span class="text-muted">"Never"</span> }.into_any(),
        };
        let next = match next {
            Some(time) => view! { <When time /> }.into_any(),
            None => view! { <span class="text-muted">"Not scheduled"</span> }.into_any(),
        };
        view! {
            <tr class="max-sm:mb-2 max-sm:block">
                <th scope="row" class="font-medium max-sm:block max-sm:p-0">{word}</th>
                <td class="max-sm:block max-sm:p-0"><span class="text-muted sm:hidden">"Last: "</span>{last}</td>
                <td class="max-sm:block max-sm:p-0"><span class="text-muted sm:hidden">"Next: "</span>{next}</td>
            </tr>
        }
    };
    view! {
        <table class="table table-xs max-sm:block">
            <caption class="sr-only">"Last and next syncs"</caption>
            <thead class="max-sm:hidden">
                <tr>
                    <th scope="col">"Sync"</th>
                    <th scope="col">"Last"</th>
                    <th scope="col">"Next"</th>
                </tr>
            </thead>
            <tbody class="max-sm:block">
                {row("Organizations", integration.last_organization_sync, integration.next_organization_sync)}
                {row("Devices", integration.last_device_sync, integration.next_device_sync)}
            </tbody>
        </table>
    }
}

/// When a run ended (or began), how, with a link to it.
#[component]
fn LastRun(run: Run) -> impl IntoView {
    let time = run.finished_at.unwrap_or(run.created_at);
    view! {
        <a class="link link-hover" href=run_path(run.integration_id, run.id)><When time /></a>
        " "
        <Badge tone=state_tone(run.state) label=run.state.label() />
    }
}

/// How much there is, and how far the mapping is.
#[component]
fn Figures(counts: IntegrationCounts) -> impl IntoView {
    let c = counts;
    let figure = |word: &'static str, n: i64, text: String| {
        view! {
            <div>
                <dt class="text-xs text-muted">{word}</dt>
                <dd class="text-xl font-semibold tabular-nums">{count(n)}</dd>
                <dd class="text-xs text-muted">{text}</dd>
            </div>
        }
    };
    let blocked = (c.devices_blocked > 0)
        .then(|| format!("{} cannot be imported yet.", things(c.devices_blocked, "device", "devices")));
    let pending = match c.organizations_pending {
        0 => String::new(),
        n => format!(", {} pending", count(n)),
    };
    view! {
        <div>
            <dl class="grid grid-cols-3 gap-3">
                {figure("Organizations", c.organizations, format!("{} mapped{pending}", count(c.organizations_mapped)))}
                {figure("Locations", c.locations, format!("{} mapped", count(c.locations_mapped)))}
                {figure("Devices", c.devices, format!("{} imported, {} ready", count(c.devices_imported), count(c.devices_ready)))}
            </dl>
            {blocked.map(|text| view! { <p class="mt-2 text-xs text-muted">{text}</p> })}
        </div>
    }
}

/// Configure, Import devices, Sync now, History, Delete.
#[component]
fn Buttons(integration: Integration, all: Integrations) -> impl IntoView {
    let (id, active) = (integration.id, integration.active_run.is_some());
    let toasts = use_toasts();
    let sync = Action::new(move |(): &()| async move {
        match start_run(id, RunKind::All).await {
            Ok(_) => all.refetch(),
            Err(error) => toasts.error(format!("The sync did not start. {}", error.message())),
        }
    });
    let on_press = Callback::new(move |()| _ = sync.dispatch(()));
    let first = if may(Role::Admin) { Step::Connect } else { Step::Organizations };
    view! {
        <div class="flex flex-wrap gap-2 border-t border-base-300 pt-3">
            <a class="btn btn-sm" href=step_path(Some(id), first)>"Configure"</a>
            <a class="btn btn-sm" href=step_path(Some(id), Step::Devices)>"Import devices"</a>
            {may(Role::Manage)
                .then(|| view! { <ActionButton label="Sync now" busy=sync.pending() disabled=active on_press /> })}
            <a class="btn btn-sm" href=runs_path(id)>"History"</a>
            <span class="grow"></span>
            {may(Role::Admin).then(|| view! { <DeleteIntegration integration all /> })}
        </div>
    }
}
