use super::{api::load_location_overview, device_counts::Counts, history::EventList};
use crate::layout::may_open;
use crate::{
    error::AppError,
    layout::{Gone, PageHead, Way},
    pages::wizard::step_path,
    ui::{
        badge::{Badge, Tone},
        icon::Icon,
        number::{count, things},
        state::{ErrorBox, Loading},
        time::When,
        url::encode,
    },
};
use domain::{
    company_overview::{LocationOverview, MappedRemoteLocation},
    error::UserError,
    ids::LocationId,
    wizard::Step,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// One location: its devices, and the vendors' locations that are mapped to it.
#[component]
pub fn LocationPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<LocationId>().ok()));
    let location = Resource::new(move || id.get(), read);
    view! {
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match location.await {
                    Ok(found) => view! { <Shown found /> }.into_any(),
                    Err(error) if error.is_not_found() => {
                        view! { <Gone what="location" icon="pin" href="/companies" label="Show all companies" /> }.into_any()
                    }
                    Err(error) => {
                        let retry = Callback::new(move |()| location.refetch());
                        view! { <PageHead title="Location" /><ErrorBox error retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

async fn read(id: Option<LocationId>) -> Result<LocationOverview, AppError> {
    load_location_overview(id.ok_or_else(|| UserError::not_found("location"))?).await
}

#[component]
fn Shown(found: LocationOverview) -> impl IntoView {
    let LocationOverview { location, devices, remote, events } = found;
    let company = format!("/companies/{}", location.company_id);
    let of = format!("company={}&location={}", location.company_id, location.id);
    let href = format!("/devices?{of}");
    let facts = [("Address", location.address), ("PSA reference", location.psa_ref)];
    let fact = |(name, value): (&'static str, Option<String>)| {
        view! { <div><dt class="text-sm text-muted">{name}</dt><dd class="break-words">{value.unwrap_or_else(|| "Not given".to_owned())}</dd></div> }
    };
    let words = things(devices.total, "device", "devices");
    let shown = may_open(&href).then(|| {
        view! {
            <a href=href.clone() class="btn btn-sm">
                <Icon name="devices" />
                {words}
            </a>
        }
    });
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/companies">"Companies"</a></li>
                <li><a href=company>{location.company_name}</a></li>
                <li>"Location"</li>
            </ul>
        </nav>
        <PageHead title=location.name>
            {shown}
        </PageHead>
        {location.archived.then(|| view! { <p class="mb-2"><Badge tone=Tone::Warning label="Archived" /></p> })}
        <section class="card mb-4 bg-base-100" aria-label="Location">
            <dl class="card-body grid grid-cols-1 gap-4 p-4 sm:grid-cols-2">{facts.map(fact).collect_view()}</dl>
        </section>
        <div class="grid items-start gap-4 lg:grid-cols-2">
            <section class="card bg-base-100" aria-labelledby="location-devices">
                <div class="card-body gap-1 p-4">
                    <h2 id="location-devices" class="text-lg font-semibold">"Devices"</h2>
                    <Counts counts=devices of />
                </div>
            </section>
            <section class="card bg-base-100" aria-labelledby="location-mapped">
                <div class="card-body gap-2 p-4">
                    <h2 id="location-mapped" class="text-lg font-semibold">"Mapped to it"</h2>
                    <Mapped remote />
                </div>
            </section>
        </div>
        <section class="card mt-6 bg-base-100" aria-labelledby="location-history">
            <div class="card-body gap-2 p-4">
                <h2 id="location-history" class="text-lg font-semibold">"History"</h2>
                {if events.is_empty() {
                    view! { <p class="text-sm text-muted">"Nothing yet."</p> }.into_any()
                } else {
                    view! { <EventList events mapping="locations" /> }.into_any()
                }}
            </div>
        </section>
    }
}

/// The vendors' locations whose devices belong here.
#[component]
fn Mapped(remote: Vec<MappedRemoteLocation>) -> impl IntoView {
    if remote.is_empty() {
        return view! { <p class="text-sm text-muted">"No location of an integration is mapped to it: no device comes here by itself."</p> }
            .into_any();
    }
    let row = |r: MappedRemoteLocation| {
        let step = step_path(Some(r.integration_id), Step::Locations).unwrap_or_default();
        let runs = format!("/integrations/{}/runs", r.integration_id);
        let synced = match (r.run_id, r.synced_at) {
            (Some(run), Some(time)) => view! {
                "Last complete device sync: " <Way href=format!("{runs}/{run}")><When time /></Way>
            }
            .into_any(),
            _ => view! { "No device sync has been complete yet: see " <Way href=runs>"its runs"</Way> }
                .into_any(),
        };
        let words = format!("{} of {} imported", count(r.imported), things(r.devices, "device", "devices"));
        view! {
            <li class="flex flex-wrap items-baseline justify-between gap-x-3 py-1.5">
                <span class="min-w-0">
                    <Way class="link link-hover break-words" href=format!("{step}?search={}", encode(&r.name))>{r.name.clone()}</Way>
                    <span class="block text-xs text-muted">{format!("{}, {}", r.organization, r.integration)}</span>
                    <span class="block text-xs text-muted">{synced} "."</span>
                </span>
                <span class="tabular-nums">{words}</span>
            </li>
        }
    };
    view! { <ul class="divide-y divide-base-300 text-sm">{remote.into_iter().map(row).collect_view()}</ul> }
        .into_any()
}
