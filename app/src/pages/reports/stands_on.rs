use crate::{
    layout::Way,
    pages::runs::run_path,
    ui::{icon::Icon, time::When},
};
use domain::{Time, compliance::StandsOn};
use leptos::prelude::*;

/// On which complete runs a report stands, and whether something newer was not read whole.
#[component]
pub fn Stands(on: Vec<StandsOn>, checked_at: Time) -> impl IntoView {
    let late = on.iter().any(|stands| stands.later.is_some());
    let runs = on.into_iter().map(|stands| view! { <li><One stands /></li> }).collect_view();
    view! {
        <div class="text-sm text-muted" data-testid="stands-on">
            <ul>{runs}</ul>
            <p>"Devices were last checked at " <When time=checked_at /> "."</p>
        </div>
        {late.then(|| view! {
            <div class="alert alert-warning alert-soft mt-2 items-start py-2 text-sm">
                <Icon name="alert" class="mt-0.5 size-5 shrink-0" />
                <p>"A later device sync did not read everything. What it read is in this report; the rest is as it was before, and nothing counts as missing for it."</p>
            </div>
        })}
    }
}

#[component]
fn One(stands: StandsOn) -> impl IntoView {
    let name = stands.integration;
    match (stands.run_id, stands.ended_at) {
        (Some(run), Some(time)) => {
            let href = run_path(stands.integration_id, run);
            view! {
                {format!("{name}: stands on the ")}
                <Way href>"complete device sync"</Way>
                " that ended at "
                <When time />
                "."
            }
            .into_any()
        }
        _ => view! { {format!("{name}: no device sync was complete yet.")} }.into_any(),
    }
}
