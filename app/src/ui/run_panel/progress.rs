//! How far an active run is.

use super::elapsed::duration;
use crate::ui::number::{count, things};
use domain::run::{Phase, Run, RunState};
use leptos::prelude::*;

/// The phase, a bar, how many rows are done, how fast and for how long still; the bar moves without a value while the
/// total is unknown, and stands still in a pause.
#[component]
pub fn Progress(
    run: Signal<Run>,
    /// Whether to count the requests.
    with_requests: bool,
) -> impl IntoView {
    let bar = Memo::new(move |_| run.with(|r| (r.percent(), r.state == RunState::Paused)));
    let label = move || run.with(|r| r.phase.label());
    view! {
        <div class="flex flex-col gap-1" data-testid="progress">
            <div class="flex flex-wrap justify-between gap-x-4 text-sm">
                <span>{label}</span>
                <span class="text-muted tabular-nums">{move || run.with(done)}</span>
            </div>
            {move || match bar.get() {
                (Some(p), _) => {
                    view! { <progress class="progress progress-primary w-full" max="100" value=p.to_string() aria-label=label></progress> }
                        .into_any()
                }
                (None, false) => view! { <progress class="progress progress-primary w-full" aria-label=label></progress> }.into_any(),
                (None, true) => ().into_any(),
            }}
            {with_requests
                .then(|| view! { <p class="text-sm text-muted tabular-nums empty:hidden">{move || run.with(requests)}</p> })}
        </div>
    }
}

/// "1,200 of 5,000 · 1,240 devices/s · about 3 s left".
fn done(run: &Run) -> String {
    let rows = match run.total {
        Some(total) => format!("{} of {}", count(run.done), count(total)),
        None if run.done > 0 => format!("{} read", count(run.done)),
        None => String::new(),
    };
    let running = run.state == RunState::Running;
    let rate = run.rate.filter(|rate| *rate > 0 && running);
    let rate = rate.map(|rate| format!("{} {}/s", count(rate), unit(run.phase)));
    let left = run.eta_seconds.filter(|_| running).map(|s| format!("about {} left", duration(s)));
    [Some(rows).filter(|r| !r.is_empty()), rate, left].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// "12 requests, 3 of them repeated".
pub fn requests(run: &Run) -> String {
    match (run.requests, run.retries) {
        (0, _) => String::new(),
        (n, 0) => things(n, "request", "requests"),
        (n, again) => format!("{}, {} repeated", things(n, "request", "requests"), count(again)),
    }
}

/// What a phase counts.
fn unit(phase: Phase) -> &'static str {
    match phase {
        Phase::Organizations => "organizations",
        Phase::Locations => "locations",
        Phase::CountingDevices | Phase::Devices | Phase::Verifying | Phase::Moving | Phase::Importing => {
            "devices"
        }
        _ => "rows",
    }
}
