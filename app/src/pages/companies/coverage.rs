use crate::{
    layout::Way,
    pages::wizard::step_path,
    ui::{
        icon::Icon,
        number::{count, things},
        time::When,
        url::encode,
    },
};
use domain::{
    company_overview::{CompanyCoverage, CoveredOrganization},
    wizard::Step,
};
use leptos::prelude::*;

/// What each integration has of a company: the organizations that are mapped to it, and how many of their devices are in
/// the inventory.
#[component]
pub fn Coverage(integrations: Vec<CompanyCoverage>) -> impl IntoView {
    if integrations.is_empty() {
        return view! { <p class="text-sm text-muted">"No integration is connected."</p> }.into_any();
    }
    integrations.into_iter().map(|coverage| view! { <Integration coverage /> }).collect_view().into_any()
}

#[component]
fn Integration(coverage: CompanyCoverage) -> impl IntoView {
    let id = coverage.integration_id;
    let runs = format!("/integrations/{id}/runs");
    let synced = match (coverage.run_id, coverage.synced_at) {
        (Some(run), Some(time)) => view! {
            "Last complete device sync: " <Way href=format!("{runs}/{run}")><When time /></Way>
        }
        .into_any(),
        _ => view! { "No device sync has been complete yet: see " <Way href=runs.clone()>"its runs"</Way> }
            .into_any(),
    };
    let mapping = step_path(Some(id), Step::Organizations).unwrap_or_default();
    let none = coverage.organizations.is_empty().then(|| {
        view! { <p class="text-sm text-muted">"None of its organizations is mapped to this company."</p> }
    });
    let organizations = coverage.organizations.into_iter().map(|organization| {
        let staged = step_path(Some(id), Step::Devices).unwrap_or_default();
        view! { <Organization organization mapping=mapping.clone() staged /> }
    });
    let proposed = coverage.proposed.into_iter().map(|name| {
        let href = format!("{mapping}?search={}", encode(&name));
        view! {
            <p class="flex items-start gap-2 text-sm">
                <span class="text-info"><Icon name="info" class="mt-0.5 size-4 shrink-0" /></span>
                <span>"Quick Match proposes it for " <Way href>{name}</Way> ". Somebody has to decide."</span>
            </p>
        }
    });
    view! {
        <div class="flex flex-col gap-2 border-t border-base-300 py-2 first:border-0 first:pt-0">
            <div>
                <h3 class="font-semibold">{coverage.integration}</h3>
                <p class="text-xs text-muted">{synced} "."</p>
            </div>
            {none}
            <ul class="flex flex-col gap-2">{organizations.collect_view()}</ul>
            {proposed.collect_view()}
        </div>
    }
}

#[component]
fn Organization(organization: CoveredOrganization, mapping: String, staged: String) -> impl IntoView {
    let o = organization;
    let of = format!("{staged}?organization={}", encode(&o.remote_id));
    let mut parts = Vec::new();
    for (n, status, words) in [(o.ready, "ready", "ready to import"), (o.blocked, "blocked", "blocked")] {
        if n > 0 {
            parts.push(
                view! { <Way href=format!("{of}&status={status}")>{format!("{} {words}", count(n))}</Way> },
            );
        }
    }
    let classes = (!o.unmapped_classes.is_empty()).then(|| {
        let list = o.unmapped_classes.join(", ");
        view! { <span class="text-muted">{format!("No device type for {list}.")}</span> }
    });
    let share = if o.devices > 0 { o.imported * 100 / o.devices } else { 100 };
    let (name, title) = (o.name.clone(), format!("{}: ", o.name));
    let words = format!("{} of {} imported", count(o.imported), things(o.devices, "device", "devices"));
    view! {
        <li class="text-sm" data-organization=o.remote_id.clone()>
            <div class="flex flex-wrap items-baseline justify-between gap-x-3">
                <Way class="link link-hover min-w-0 font-medium break-words" href=format!("{mapping}?search={}", encode(&o.name))>{name}</Way>
                <span class="tabular-nums">{words.clone()}</span>
            </div>
            <progress class="progress progress-success h-1.5 w-full" value=share max="100" aria-label=title + &words></progress>
            <p class="flex flex-wrap gap-x-3 text-xs">{parts} {classes}</p>
        </li>
    }
}
