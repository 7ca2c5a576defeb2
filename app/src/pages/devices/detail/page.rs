use super::{
    acts::{Acts, Buttons},
    groups::Groups,
    hardware::Asked,
    history::{HistorySection, read_history},
    notes::Notes,
    raw::RawSection,
    standing::{Found, Standing, read_standing},
};
use crate::{
    error::AppError,
    layout::{Gone, PageHead, may_open},
    pages::devices::{api::get_device, words::status_words},
    ui::{
        badge::Badge,
        icon::Icon,
        list::ListState,
        state::{ErrorBox, Loading},
    },
};
use domain::{device::DeviceDetail, error::UserError, ids::DeviceId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Everything held of one device, in groups, each field with where it came from.
#[component]
pub fn DevicePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<DeviceId>().ok()));
    let device = Resource::new(move || id.get(), read);
    let list = ListState::named("history");
    let history = read_history(id, list);
    let standing = read_standing(id);
    let acts = Acts::new(Callback::new(move |()| {
        device.refetch();
        history.refetch();
        standing.refetch();
    }));
    let asked = Asked::new();
    view! {
        <div>
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/devices">"Devices"</a></li>
                <li>"Device"</li>
            </ul>
        </nav>
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match device.await {
                    Ok(found) => view! { <Shown device=found acts asked standing /> }.into_any(),
                    Err(error) if error.is_not_found() => {
                        view! { <Gone what="device" icon="devices" href="/devices" label="Show all devices" /> }.into_any()
                    }
                    Err(error) => {
                        let retry = Callback::new(move |()| device.refetch());
                        view! {
                            <PageHead title="Device" />
                            <ErrorBox error retry />
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
        <div class="peer-data-gone:hidden"><HistorySection history list undo=acts.undo /></div>
        </div>
    }
}

async fn read(id: Option<DeviceId>) -> Result<DeviceDetail, AppError> {
    get_device(id.ok_or_else(|| UserError::not_found("device"))?).await
}

#[component]
fn Shown(device: DeviceDetail, acts: Acts, asked: Asked, standing: Found) -> impl IntoView {
    let (tone, label) = status_words(device.status);
    let name = device.facts.name.clone();
    let link = device.source.as_ref().and_then(|s| Some((s.url.clone()?, s.integration.clone())));
    let (company, location, kind) =
        (device.company.clone(), device.location.clone(), device.device_type.clone());
    let buttons = device.clone();
    let why = format!("/why?device={}", device.id);
    let raw = device.source.as_ref().map(|s| (device.id, s.integration.clone()));
    view! {
        <PageHead title=name>
            <Buttons device=buttons acts />
            {may_open("/why").then(|| view! { <a class="btn btn-sm" href=why>"Why is it here?"</a> })}
            {link.map(|(url, at)| view! {
                <a class="btn btn-sm" href=url target="_blank" rel="noopener noreferrer">
                    {format!("Open in {at}")}
                    <Icon name="external" />
                    <span class="sr-only">" (opens a new tab)"</span>
                </a>
            })}
        </PageHead>
        <p class="-mt-2 mb-4 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
            <Badge tone label />
            <span>{kind.name}</span>
            <span class="text-muted">"at"</span>
            <a class="link" href=format!("/companies/{}", company.id)>{company.name}</a>
            {location.map(|l| view! { <span class="text-muted">{format!("({})", l.name)}</span> })}
        </p>
        <Notes device=device.clone() />
        <Standing standing />
        <Groups device acts asked />
        {raw.map(|(device, integration)| view! { <RawSection device integration /> })}
    }
}
