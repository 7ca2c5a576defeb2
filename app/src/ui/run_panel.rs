//! A run as people see it: where it stands, how far it is, what it did and what went wrong.

mod attention;
mod elapsed;
mod outcome;
mod progress;

use crate::ui::{
    badge::{Badge, Tone},
    time::When,
};
use domain::run::{Run, RunState};
use leptos::prelude::*;

pub use attention::Lost;
use attention::{Held, NextAttempt, Notice};
pub use elapsed::{Elapsed, duration, elapsed};
pub use outcome::{ProblemBox, RunCounts, counted};
use outcome::{Trouble, Warnings};
use progress::Progress;
pub use progress::requests;

/// The tone of a run's state.
pub fn state_tone(state: RunState) -> Tone {
    match state {
        RunState::Queued | RunState::Paused | RunState::Cancelled => Tone::Neutral,
        RunState::Running => Tone::Info,
        RunState::Completed => Tone::Success,
        RunState::CompletedWithErrors | RunState::Incomplete => Tone::Warning,
        RunState::Failed => Tone::Error,
    }
}

/// A run: state, phase, progress, counts, elapsed time, notice, what waits for a person, warnings and problem.
///
/// In: the run, whether the server cannot be reached, the address of its own page, what the way to what waits there is
/// called, whether its title is shown; `children` are its buttons.
#[component]
pub fn RunPanel(
    #[prop(into)] run: Signal<Run>,
    lost: Signal<bool>,
    #[prop(default = None)] details: Option<String>,
    #[prop(default = "Look")] look: &'static str,
    #[prop(default = true)] titled: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let active = Memo::new(move |_| run.with(|r| r.state.is_active()));
    // The run's own page has them among its facts.
    let with_requests = details.is_some();
    view! {
        <section
            class="card bg-base-100"
            aria-label=move || run.with(|r| r.kind.label())
            data-testid="run-panel"
            data-run-id=move || run.with(|r| r.id.to_string())
            data-run-state=move || run.with(|r| r.state.as_str())
        >
            <div class="card-body gap-3 p-4">
                <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
                    <h2 class="text-base font-semibold" class:sr-only=!titled>{move || run.with(|r| r.kind.label())}</h2>
                    <StateBadge run />
                    <span class="text-sm text-muted tabular-nums"><Elapsed run /></span>
                    <Finished run />
                    <span class="grow"></span>
                    {details.clone().map(|href| view! { <a class="link text-sm" href=href>"Details"</a> })}
                    {children.map(|children| children())}
                </div>
                <Show when=move || active.get()>
                    <Progress run with_requests />
                </Show>
                <Lost lost />
                <RunCounts run />
                <Notice run />
                {details.map(|details| view! { <Held run details look /> })}
                <Warnings run />
                <Trouble run />
                <NextAttempt run />
                <p role="status" class="sr-only">{move || run.with(spoken)}</p>
            </div>
        </section>
    }
}

/// What a screen reader says when the state or phase changes.
fn spoken(run: &Run) -> String {
    let phase = if run.state == RunState::Running { run.phase.label() } else { "" };
    format!("{}: {}. {phase}", run.kind.label(), run.state.label())
}

#[component]
fn StateBadge(run: Signal<Run>) -> impl IntoView {
    let state = Memo::new(move |_| run.with(|r| r.state));
    move || view! { <Badge tone=state_tone(state.get()) label=state.get().label() /> }
}

/// When the run ended.
#[component]
fn Finished(run: Signal<Run>) -> impl IntoView {
    let finished = Memo::new(move |_| run.with(|r| r.finished_at));
    move || {
        finished.get().map(|time| view! { <span class="text-sm text-muted">"ended " <When time /></span> })
    }
}
