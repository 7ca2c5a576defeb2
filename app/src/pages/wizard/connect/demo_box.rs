use super::form_state::{CUSTOM, FormState};
use crate::ui::icon::Icon;
use domain::session::DemoIntegration;
use leptos::prelude::*;

/// The simulated NinjaOne of a demo: its address and credentials, and a button that fills them in.
#[component]
pub fn DemoBox(form: FormState, demo: DemoIntegration) -> impl IntoView {
    let values = [
        ("Base URL", demo.base_url.clone()),
        ("Access Key ID", demo.client_id.clone()),
        ("Secret", demo.client_secret.clone()),
    ];
    let fill = move |_| {
        form.region.set(CUSTOM.to_owned());
        form.base_url.set(demo.base_url.clone());
        form.client_id.set(demo.client_id.clone());
        form.client_secret.set(demo.client_secret.clone());
    };
    let value = |(label, value): (&'static str, String)| {
        view! {
            <dt>{label}</dt>
            <dd class="min-w-0"><code class="break-all">{value}</code></dd>
        }
    };
    view! {
        <section class="alert alert-info alert-soft items-start text-sm" aria-labelledby="demo-box">
            <Icon name="info" class="mt-0.5 size-5 shrink-0" />
            <div class="flex min-w-0 grow flex-col gap-2">
                <h2 id="demo-box" class="font-semibold">"Demo: a simulated NinjaOne runs beside this portal"</h2>
                <dl class="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">{values.map(value).collect_view()}</dl>
                <button type="button" class="btn btn-sm self-start" on:click=fill>"Use demo credentials"</button>
            </div>
        </section>
    }
}
