use super::{
    demo_box::DemoBox, fields::ConnectFields, form_state::FormState, outcome::Outcome,
    region_cards::RegionCards,
};
use crate::layout::may_view;
use crate::{
    error::AppError,
    pages::{integrations::api::connect, wizard::paths::step_path},
    ui::{
        button::{ActionButton, SubmitButton},
        state::ErrorBox,
    },
};
use domain::permissions::Area;
use domain::{
    integration::{ConnectInput, Integration},
    session::DemoIntegration,
    vendor::VendorInfo,
    wizard::Step,
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// Region, credentials, Test connection, and Next, which saves and is open only after a test of exactly these values.
#[component]
pub fn ConnectForm(
    vendor: VendorInfo,
    demo: Option<DemoIntegration>,
    integration: Option<Integration>,
) -> impl IntoView {
    let regions = vendor.regions.clone();
    let form = FormState::new(vendor, integration.as_ref());
    let save = save_action();
    let save_error = Signal::derive(move || save.value().get().and_then(Result::err));
    let at_field = Signal::derive(move || {
        save_error.get().and_then(|e: AppError| Some((e.error.field.clone()?, e.message().to_owned())))
    });
    let hydrated = RwSignal::new(false);
    Effect::new(move || hydrated.set(true));
    let on_save = Callback::new(move |()| _ = save.dispatch(untrack(|| form.input())));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| form.is_proven()) { on_save.run(()) } else { form.start_test() }
    };
    let testing = Signal::derive(move || form.is_testing());
    view! {
        // POST, so that a submit before hydration can never put the secret into an address.
        <form method="post" class="flex flex-col gap-5" aria-label="Connect" novalidate on:submit=submit>
            {demo.map(|demo| view! { <DemoBox form demo /> })}
            <RegionCards form regions />
            <ConnectFields form save_error=at_field />
            <div class="flex flex-wrap items-center gap-2">
                <SubmitButton
                    label=Signal::derive(move || if form.is_testing() { "Testing…".to_owned() } else { "Test connection".to_owned() })
                    busy=testing
                    disabled=Signal::derive(move || !hydrated.get())
                    class="btn btn-primary btn-soft"
                />
                <ActionButton
                    label=if form.integration.is_some() { "Save and continue" } else { "Next: save and continue" }
                    busy=save.pending()
                    disabled=Signal::derive(move || !form.is_proven())
                    on_press=on_save
                    class="btn btn-primary"
                />
            </div>
            <Outcome form />
            {move || save_error.get().filter(|e| e.error.field.is_none()).map(|error| view! { <ErrorBox error typed=true /> })}
        </form>
    }
}

/// Saves what was tested and goes on to step 2, or back to the integrations if mapping is for others.
fn save_action() -> Action<ConnectInput, Result<(), AppError>> {
    let (navigate, maps) = (use_navigate(), may_view(Area::Mappings));
    Action::new(move |input: &ConnectInput| {
        let (i, navigate) = (input.clone(), navigate.clone());
        async move {
            let saved = connect(
                i.integration_id,
                i.vendor,
                i.region,
                i.base_url,
                i.client_id,
                i.client_secret,
                i.version,
            )
            .await?;
            let next = step_path(Some(saved.id), Step::Organizations).filter(|_| maps);
            navigate(next.as_deref().unwrap_or("/settings/integrations"), Default::default());
            Ok(())
        }
    })
}
