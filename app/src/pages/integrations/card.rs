use super::{
    breaker::Breaker, delete::DeleteIntegration, list::Integrations, notices::Notices, stale::Stale,
    sync_times::SyncTimes,
};
use crate::layout::may_open;
use crate::{
    layout::may_manage,
    pages::{
        runs::{LiveRunPanel, api::start_run, runs_path},
        wizard::step_path,
    },
    ui::{
        badge::{Badge, Tone},
        button::ActionButton,
        number::{count, things},
        run_panel::ProblemBox,
        toast::use_toasts,
    },
};
use domain::{
    integration::{Integration, IntegrationCounts, IntegrationStatus},
    permissions::Area,
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
                <div class="flex items-start gap-3">
                    <img src=format!("/vendors/{vendor}.svg") alt="" width="40" height="40" class="size-10 shrink-0 rounded-field" />
                    <div class="min-w-0 flex-1">
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
                <Notices integration=integration.clone() />
                <Stale sources=integration.sources.clone() />
                <div class="grid gap-4 lg:grid-cols-2">
                    <SyncTimes integration=integration.clone() />
                    <Figures counts=integration.counts />
                </div>
                <Breaker id settings=integration.breaker version=integration.version all />
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
            Err(error) => toasts.failed("The sync did not start.", &error),
        }
    });
    let on_press = Callback::new(move |()| _ = sync.dispatch(()));
    let place = |step| step_path(Some(id), step).filter(|href| may_open(href));
    let (mapping, importing) = match may_manage(Area::Mappings) {
        true => ("Configure", "Import devices"),
        false => ("Show mappings", "Show staged devices"),
    };
    let link = |href: Option<String>, label: &'static str| {
        href.map(|href| view! { <a class="btn btn-sm" href=href>{label}</a> })
    };
    let connect = place(Step::Connect);
    let map = place(Step::Organizations).filter(|_| connect.is_none());
    view! {
        <div class="flex flex-wrap gap-2 border-t border-base-300 pt-3">
            {link(connect, "Configure")}
            {link(map, mapping)}
            {link(place(Step::Devices), importing)}
            {may_manage(Area::Mappings)
                .then(|| view! { <ActionButton label="Sync now" busy=sync.pending() disabled=active on_press /> })}
            <a class="btn btn-sm" href=runs_path(id)>"History"</a>
            <span class="grow"></span>
            {may_manage(Area::Integrations).then(|| view! { <DeleteIntegration integration all /> })}
        </div>
    }
}
