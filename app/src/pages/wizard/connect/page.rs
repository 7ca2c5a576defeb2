use super::{form::ConnectForm, help::HelpPanel};
use crate::{
    error::AppError,
    pages::{
        integrations::api::list_vendors,
        session::api::load_portal_state,
        wizard::{current::Current, frame::WizardFrame},
    },
    ui::state::{ErrorBox, Loading},
};
use domain::{
    error::UserError, integration::Integration, session::DemoIntegration, vendor::VendorInfo, wizard::Step,
};
use futures::try_join;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Step 1: region and credentials of a new integration, or of the one that the address names.
#[component]
pub fn ConnectPage() -> impl IntoView {
    let current = Current::from_url();
    let vendor = use_query_map().with_untracked(|query| query.get("vendor"));
    let facts = Resource::new(move || vendor.clone(), load);
    let body = move || {
        Suspend::new(async move {
            match (facts.await, current.data.await) {
                (Ok((vendor, demo)), Ok(integration)) => {
                    view! { <Body vendor demo integration /> }.into_any()
                }
                (Err(error), _) => {
                    view! { <ErrorBox error retry=Callback::new(move |()| facts.refetch()) /> }.into_any()
                }
                // The frame says why the integration cannot be shown.
                (Ok(_), Err(_)) => ().into_any(),
            }
        })
    };
    view! {
        <WizardFrame
            step=Step::Connect
            current
            text="Enter the API credentials made in NinjaOne. MSPortal only reads; it changes nothing there."
            own_next=true
        >
            <Transition fallback=|| view! { <Loading /> }>{body}</Transition>
        </WizardFrame>
    }
}

/// The vendor asked for (or the first), and the demo's account at it.
async fn load(wanted: Option<String>) -> Result<(VendorInfo, Option<DemoIntegration>), AppError> {
    let (vendors, state) = try_join!(list_vendors(), load_portal_state())?;
    let at = vendors.iter().position(|v| Some(&v.key) == wanted.as_ref()).unwrap_or(0);
    let vendor = vendors.into_iter().nth(at);
    let vendor = vendor.ok_or_else(|| UserError::not_found("vendor"))?;
    Ok((vendor, state.demo_integration))
}

#[component]
fn Body(
    vendor: VendorInfo,
    demo: Option<DemoIntegration>,
    integration: Option<Integration>,
) -> impl IntoView {
    view! {
        <div class="grid gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <ConnectForm vendor=vendor.clone() demo integration />
            <HelpPanel vendor />
        </div>
    }
    .into_any()
}
