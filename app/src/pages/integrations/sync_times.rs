use crate::{
    pages::runs::run_path,
    ui::{badge::Badge, run_panel::state_tone, time::When},
};
use domain::{Time, integration::Integration, run::Run};
use leptos::prelude::*;

/// Last and next sync of organizations and of devices.
#[component]
pub fn SyncTimes(integration: Integration) -> impl IntoView {
    let row = |word: &'static str, last: Option<Run>, next: Option<Time>| {
        let attempt = last.as_ref().and_then(|run| run.next_attempt_at);
        let last = match last {
            Some(run) => view! { <LastRun run /> }.into_any(),
            None => view! { <span class="text-muted">"Never"</span> }.into_any(),
        };
        let next = match (attempt, next) {
            (Some(time), _) => {
                view! { <When time /> <span class="block text-xs text-muted">"Next attempt"</span> }
                    .into_any()
            }
            (None, Some(time)) => view! { <When time /> }.into_any(),
            (None, None) => view! { <span class="text-muted">"Not scheduled"</span> }.into_any(),
        };
        view! {
            <tr class="max-sm:mb-2 max-sm:block">
                <th scope="row" class="font-medium max-sm:block max-sm:p-0">{word}</th>
                <td class="max-sm:block max-sm:p-0"><span class="text-muted sm:hidden">"Last: "</span>{last}</td>
                <td class="max-sm:block max-sm:p-0"><span class="text-muted sm:hidden">"Next: "</span>{next}</td>
            </tr>
        }
    };
    view! {
        <table class="table table-xs max-sm:block max-sm:[&_:is(th,td)]:border-0 max-sm:[&_:is(th,td)]:text-xs">
            <caption class="sr-only">"Last and next syncs"</caption>
            <thead class="max-sm:hidden">
                <tr>
                    <th scope="col">"Sync"</th>
                    <th scope="col">"Last"</th>
                    <th scope="col">"Next"</th>
                </tr>
            </thead>
            <tbody class="max-sm:block">
                {row("Organizations", integration.last_organization_sync, integration.next_organization_sync)}
                {row("Devices", integration.last_device_sync, integration.next_device_sync)}
            </tbody>
        </table>
    }
}

/// When a run ended (or began), how, with a link to it.
#[component]
fn LastRun(run: Run) -> impl IntoView {
    let time = run.finished_at.unwrap_or(run.created_at);
    view! {
        <a class="link link-hover" href=run_path(run.integration_id, run.id)><When time /></a>
        " "
        <Badge tone=state_tone(run.state) label=run.state.label() />
    }
}
