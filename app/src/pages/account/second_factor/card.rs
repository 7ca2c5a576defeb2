use super::{Step, begin::Begin, codes::Codes, confirm::Confirm, on::WhileOn};
use crate::{
    pages::session::api::load_second_factor,
    ui::{
        badge::{Badge, Tone},
        table::Loaded,
    },
};
use domain::session::SecondFactor;
use leptos::prelude::*;

/// The second factor, on or off. `on_changed` is called when it was switched on, or is another one: other sessions have ended.
#[component]
pub fn SecondFactorCard(on_changed: Callback<()>) -> impl IntoView {
    let factor = Resource::new(|| (), |()| load_second_factor());
    let step = RwSignal::new(Step::Begin);
    let again = Callback::new(move |()| {
        _ = step.try_set(Step::Begin);
        factor.refetch();
        _ = on_changed.try_run(());
    });
    let show = move |found: SecondFactor| {
        let (tone, label) = if found.on { (Tone::Success, "On") } else { (Tone::Neutral, "Off") };
        let steps = move || match step.get() {
            Step::Begin if found.on => {
                view! { <WhileOn found=found.clone() step on_changed=again /> }.into_any()
            }
            Step::Begin => view! { <Begin step /> }.into_any(),
            Step::Confirm(setup) => view! { <Confirm setup step replaces=found.on /> }.into_any(),
            Step::Codes(codes, done) => view! { <Codes codes done on_done=again /> }.into_any(),
        };
        view! {
            <p class="mb-3"><Badge tone label /></p>
            {steps}
        }
        .into_any()
    };
    view! {
        <section class="card bg-base-100" aria-labelledby="account-factor">
            <div class="card-body gap-3 p-4">
                <h2 id="account-factor" class="text-lg font-semibold">"Second factor"</h2>
                <Loaded read=factor rows=2 columns=1 show />
            </div>
        </section>
    }
}
