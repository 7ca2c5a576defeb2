use super::{
    api::{list_integrations, list_vendors},
    card::IntegrationCard,
};
use crate::layout::may_open;
use crate::{
    error::AppError,
    layout::{PageHead, may_manage},
    ui::{
        state::{EmptyState, ErrorBox, Loading},
        url::encode,
    },
};
use domain::{integration::Integration, permissions::Area, vendor::VendorInfo};
use leptos::prelude::*;

/// The integrations of this page; cards reload them.
pub type Integrations = Resource<Result<Vec<Integration>, AppError>>;

/// Settings > Integrations: a card for each connected account, and the vendors that can be connected.
#[component]
pub fn IntegrationsPage() -> impl IntoView {
    let integrations =
        Resource::new(|| (), |()| async { list_integrations().await.map(|found| found.items) });
    let vendors = Resource::new(|| (), |()| list_vendors());
    let cards = move || {
        Suspend::new(async move {
            match integrations.await {
                Ok(found) if found.is_empty() => view! { <NothingConnected /> }.into_any(),
                Ok(found) => {
                    let card = |integration| view! { <IntegrationCard integration all=integrations /> };
                    view! { <div class="flex flex-col gap-4">{found.into_iter().map(card).collect_view()}</div> }.into_any()
                }
                Err(error) => {
                    let retry = Callback::new(move |()| integrations.refetch());
                    view! { <ErrorBox error retry /> }.into_any()
                }
            }
        })
    };
    view! {
        <PageHead title="Integrations" text="The accounts that MSPortal reads organizations, locations and devices from.">
            {may_open("/settings/integrations/companies").then(|| {
                view! { <a class="btn btn-sm" href="/settings/integrations/companies">"Companies and organizations"</a> }
            })}
        </PageHead>
        <Transition fallback=|| view! { <Loading /> }>{cards}</Transition>
        {may_manage(Area::Integrations).then(|| view! { <Vendors vendors /> })}
    }
}

#[component]
fn NothingConnected() -> impl IntoView {
    view! {
        <EmptyState
            title="No integration is connected"
            text="Connect NinjaOne to map its organizations to your companies and to import their devices."
            icon="plug"
        >
            {may_manage(Area::Integrations)
                .then(|| view! { <a class="btn btn-primary" href="/integrations/new">"Connect NinjaOne"</a> })}
        </EmptyState>
    }
}

/// The vendors that can be connected.
#[component]
fn Vendors(vendors: Resource<Result<Vec<VendorInfo>, AppError>>) -> impl IntoView {
    view! {
        <section aria-labelledby="vendors-title" class="mt-8">
            <h2 id="vendors-title" class="mb-2 text-lg font-semibold">"Add an integration"</h2>
            <Transition fallback=|| view! { <Loading /> }>
                {move || Suspend::new(async move {
                    let vendors = vendors.await.unwrap_or_default();
                    let card = |vendor| view! { <VendorCard vendor /> };
                    view! { <ul class="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">{vendors.into_iter().map(card).collect_view()}</ul> }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn VendorCard(vendor: VendorInfo) -> impl IntoView {
    let shape = &vendor.shape;
    let parts = [
        (true, "organizations"),
        (shape.locations, "locations"),
        (true, "devices"),
        (shape.owners, "owners"),
        (shape.backup, "backup usage"),
        (shape.warranty, "warranty dates"),
    ];
    let offers =
        parts.into_iter().filter_map(|(has, word)| has.then_some(word)).collect::<Vec<_>>().join(", ");
    view! {
        <li class="card bg-base-100">
            <div class="card-body flex-row items-start gap-3 p-4">
                <img src=format!("/vendors/{}.svg", vendor.key) alt="" width="40" height="40" class="size-10 shrink-0 rounded-field" />
                <div class="min-w-0 grow">
                    <h3 class="font-semibold">{vendor.name.clone()}</h3>
                    <p class="mt-0.5 text-sm text-muted">{format!("Reads {offers}.")}</p>
                    <a
                        class="btn btn-sm mt-3"
                        href=format!("/integrations/new?vendor={}", encode(&vendor.key))
                        aria-label=format!("Connect a {} account", vendor.name)
                    >
                        "Connect an account"
                    </a>
                </div>
            </div>
        </li>
    }
}
