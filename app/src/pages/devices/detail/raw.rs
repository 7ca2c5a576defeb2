//! The device as its vendor tells it now.

use crate::{
    error::AppError,
    pages::devices::api::load_raw_device,
    ui::{button::ActionButton, state::ErrorBox, time::When},
};
use domain::{device::RawDevice, ids::DeviceId};
use leptos::{prelude::*, task::spawn_local};

/// A button that asks the vendor, and its answer, field by field.
#[component]
pub fn RawSection(device: DeviceId, integration: String) -> impl IntoView {
    let (busy, answer) = (RwSignal::new(false), RwSignal::new(None::<Result<RawDevice, AppError>>));
    let ask = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            let told = load_raw_device(device).await;
            busy.try_set(false);
            answer.try_set(Some(told));
        });
    });
    let label = format!("Ask {integration} now");
    view! {
        <section class="mt-4" aria-labelledby="raw-title">
            <div class="mb-2 flex flex-wrap items-center gap-2">
                <h2 id="raw-title" class="text-lg font-semibold">{format!("As {integration} tells it")}</h2>
                <ActionButton label busy on_press=ask />
            </div>
            <div aria-live="polite">
                {move || match answer.get() {
                    None => view! {
                        <p class="text-sm text-muted">"Every field of the device's own record, read at this moment. Nothing is changed or kept."</p>
                    }
                        .into_any(),
                    Some(Ok(told)) => view! { <Told told /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorBox error retry=ask /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Told(told: RawDevice) -> impl IntoView {
    let name = format!("Device {} of {}", told.remote_id, told.integration);
    view! {
        <p class="mb-1 text-sm text-muted">{name.clone()} ", " <When time=told.asked_at /></p>
        <pre
            class="max-h-96 overflow-auto rounded-box border border-base-300 bg-base-200 p-3 text-xs"
            tabindex="0"
            role="region"
            aria-label=name
        >
            {told.json}
        </pre>
    }
}
