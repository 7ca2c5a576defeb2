use crate::{
    layout::may_open,
    pages::{
        integrations::Source,
        wizard::{OrganizationLink, step_path},
    },
    ui::{icon::Icon, time::When},
};
use domain::{Time, device::DeviceDetail, wizard::Step};
use leptos::prelude::*;

/// What to know before reading on: that the device is not where NinjaOne has it, and which facts are of an earlier date.
#[component]
pub fn Notes(device: DeviceDetail) -> impl IntoView {
    let wizard = device.source.as_ref().map(|source| (source.integration_id, source.organization.clone()));
    let wizard = wizard
        .filter(|(id, _)| step_path(Some(*id), Step::Organizations).is_some_and(|path| may_open(&path)));
    let organizations = wizard.map(|(id, organization)| {
        view! { <OrganizationLink integration=Some(id) organization=organization.unwrap_or_default() class="btn btn-sm" /> }
    });
    let waiting = device.waiting.map(|text| {
        view! {
            <div class="alert alert-warning alert-soft flex flex-wrap py-2 text-sm" data-testid="waiting">
                <Icon name="alert" class="size-5 shrink-0" />
                <p class="min-w-0 flex-1 basis-52">{text}</p>
                {organizations}
            </div>
        }
    });
    let archived = device.archived_at.map(|time| {
        view! {
            <div class="alert alert-info alert-soft py-2 text-sm" data-testid="archived">
                <Icon name="archive" class="size-5 shrink-0" />
                <p>"Archived "<When time />": it is not in lists and reports. The sync goes on."</p>
            </div>
        }
    });
    let merged = device.merged_into.map(|kept| {
        view! {
            <div class="alert alert-info alert-soft py-2 text-sm" data-testid="merged">
                <Icon name="info" class="size-5 shrink-0" />
                <p>"This is the same device as "<a class="link" href=format!("/devices/{}", kept.id)>{kept.name}</a>", which is the one to use."</p>
            </div>
        }
    });
    let stale = (!device.stale.is_empty()).then(|| {
        let rows = device.stale.into_iter().map(|source| view! { <li><Source source /></li> }).collect_view();
        view! {
            <div class="alert alert-info alert-soft items-start py-2 text-sm" data-testid="stale">
                <Icon name="clock" class="mt-0.5 size-5 shrink-0" />
                <div>
                    <p>"Some facts are not up to date:"</p>
                    <ul class="list-disc pl-4">{rows}</ul>
                </div>
            </div>
        }
    });
    let missing = device.source.and_then(|source| {
        let since = source.missing_since?;
        Some(view! { <Missing since decommissioned=source.decommissioned /> })
    });
    let any = [archived.is_some(), merged.is_some(), missing.is_some(), waiting.is_some(), stale.is_some()];
    any.contains(&true).then(|| {
        view! { <div class="mb-4 flex flex-col gap-2">{merged} {archived} {missing} {waiting} {stale}</div> }
    })
}

/// That NinjaOne does not list the device any more, since when and, if it says so, why.
#[component]
fn Missing(since: Time, decommissioned: bool) -> impl IntoView {
    let what = if decommissioned { "Decommissioned in NinjaOne" } else { "Missing in NinjaOne" };
    let why = if decommissioned {
        "The device was retired there."
    } else {
        "Complete syncs did not find it: it was deleted there, or the API application may no longer see it."
    };
    view! {
        <div class="alert alert-warning alert-soft items-start py-2 text-sm" data-testid="missing">
            <Icon name="alert" class="mt-0.5 size-5 shrink-0" />
            <p>
                <strong class="font-semibold">{what} " since " <When time=since /> ". "</strong>
                {why} " It stays in the inventory with what was known last."
            </p>
        </div>
    }
}
