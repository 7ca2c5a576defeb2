use super::{coverage::Coverage, device_counts::Counts, unmerge::UnmergeCompany};
use crate::layout::Way;
use crate::ui::{number::count, time::When};
use domain::{
    company_overview::{CompanyOverview, MergedCompany},
    ids::CompanyId,
};
use leptos::prelude::*;

/// A company's devices and how much of it is covered. Out: `changed`, after a merge was undone.
#[component]
pub fn Overview(overview: CompanyOverview, changed: Callback<()>) -> impl IntoView {
    let (id, can_unmerge) = (overview.company_id, overview.can_unmerge);
    let merged = overview.merged_into.map(|kept| {
        view! {
            <div class="alert alert-info alert-soft mb-4 flex flex-wrap py-2 text-sm" data-testid="merged-into">
                <p class="min-w-0 flex-1 basis-52 wrap-anywhere">
                    "This company was merged into " <a class="link" href=format!("/companies/{}", kept.id)>{kept.name}</a> "."
                </p>
                {can_unmerge.then(|| view! { <UnmergeCompany company=id changed /> })}
            </div>
        }
    });
    let came = (!overview.merged.is_empty()).then(|| {
        let rows = overview.merged.into_iter().map(|merged| view! { <Came merged changed /> }).collect_view();
        view! { <ul class="alert alert-info alert-soft mb-4 flex flex-col items-stretch py-2 text-sm" data-testid="merged-companies">{rows}</ul> }
    });
    view! {
        {merged}
        {came}
        <div class="mb-6 grid items-start gap-4 lg:grid-cols-2">
            <section class="card bg-base-100" aria-labelledby="company-devices">
                <div class="card-body gap-1 p-4">
                    <h2 id="company-devices" class="text-lg font-semibold">"Devices"</h2>
                    <Counts counts=overview.devices of=format!("company={id}") />
                    <Sites id locations=overview.locations />
                </div>
            </section>
            <section class="card bg-base-100" aria-labelledby="company-coverage">
                <div class="card-body gap-2 p-4">
                    <h2 id="company-coverage" class="text-lg font-semibold">"Coverage"</h2>
                    <Coverage integrations=overview.integrations />
                </div>
            </section>
        </div>
    }
}

/// A company that was merged into this one, and the way back.
#[component]
fn Came(merged: MergedCompany, changed: Callback<()>) -> impl IntoView {
    let MergedCompany { company, at, by } = merged;
    let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
    let name = company.name.clone();
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1">
            <p class="min-w-0 flex-1 basis-52 wrap-anywhere">
                <a class="link" href=format!("/companies/{}", company.id)>{company.name}</a>
                {format!(" was merged into this company{by}, ")} <When time=at /> "."
            </p>
            <UnmergeCompany company=company.id name changed />
        </li>
    }
}

/// Devices by location, where some have one.
#[component]
fn Sites(id: CompanyId, locations: Vec<domain::company_overview::LocationCount>) -> impl IntoView {
    if locations.iter().all(|l| l.location.is_none()) {
        return None;
    }
    let row = |l: domain::company_overview::LocationCount| {
        let name = match l.location {
            Some(location) => view! {
                <Way class="link link-hover min-w-0 break-words" href=format!("/devices?company={id}&location={}", location.id)>{location.name}</Way>
            }
            .into_any(),
            None => view! {
                <Way class="link link-hover text-muted" href=format!("/devices?company={id}&location=none")>"Without a location"</Way>
            }
            .into_any(),
        };
        view! { <li class="flex justify-between gap-3 py-1">{name} <span class="tabular-nums">{count(l.count)}</span></li> }
    };
    Some(view! {
        <h3 class="mt-3 text-sm font-semibold">"By location"</h3>
        <ul class="divide-y divide-base-300 text-sm">{locations.into_iter().map(row).collect_view()}</ul>
    })
}
