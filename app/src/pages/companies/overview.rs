use super::{coverage::Coverage, device_counts::Counts};
use crate::layout::Way;
use crate::ui::number::count;
use domain::{company_overview::CompanyOverview, ids::CompanyId};
use leptos::prelude::*;

/// A company's devices and how much of it is covered.
#[component]
pub fn Overview(overview: CompanyOverview) -> impl IntoView {
    let id = overview.company_id;
    let merged = overview.merged_into.map(|kept| {
        view! {
            <p class="alert alert-info alert-soft mb-4 py-2 text-sm" data-testid="merged-into">
                "This company was merged into " <a class="link" href=format!("/companies/{}", kept.id)>{kept.name}</a> "."
            </p>
        }
    });
    view! {
        {merged}
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
