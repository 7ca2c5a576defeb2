//! A run as people see it: where it stands, how far it is, what it did and what went wrong.

mod elapsed;
mod outcome;
mod progress;

use crate::ui::{
    badge::{Badge, Tone},
    time::When,
};
use domain::run::{Run, RunState};
use leptos::prelude::*;

pub use elapsed::{Elapsed, elapsed};
use outcome::Warnings;
pub use outcome::{ProblemBox, RunCounts, counted};
use progress::Progress;

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

/// A run: state, phase, progress, counts, elapsed time, notice, warnings and problem.
///
/// In: the run, whether a cancel is under way, the address of its own page, whether its title is shown. Out: `on_cancel`; without it there is no
/// Cancel button.
#[component]
pub fn RunPanel(
    #[prop(into)] run: Signal<Run>,
    #[prop(default = None)] on_cancel: Option<Callback<()>>,
    #[prop(optional, into)] cancelling: Signal<bool>,
    #[prop(default = None)] details: Option<String>,
    #[prop(default = true)] titled: bool,
) -> impl IntoView {
    let active = Memo::new(move |_| run.with(|r| r.state.is_active()));
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
                    {details.map(|href| view! { <a class="link text-sm" href=href>"Details"</a> })}
                    {on_cancel.map(|cancel| view! { <CancelButton run active cancel cancelling /> })}
                </div>
                <Show when=move || active.get()>
                    <Progress run />
                </Show>
                <RunCounts run />
                <Notice run />
                <Warnings run />
                {move || run.with(|r| r.problem.clone()).map(|problem| view! { <ProblemBox problem /> })}
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

/// The button that asks the run to stop, while it is active.
#[component]
fn CancelButton(
    run: Signal<Run>,
    active: Memo<bool>,
    cancel: Callback<()>,
    cancelling: Signal<bool>,
) -> impl IntoView {
    let asked = move || cancelling.get() || run.with(|r| r.cancel_requested);
    view! {
        <Show when=move || active.get()>
            <button type="button" class="btn btn-sm" disabled=asked on:click=move |_| _ = cancel.try_run(())>
                <Show when=asked>
                    <span class="loading loading-spinner loading-xs" aria-hidden="true"></span>
                </Show>
                {move || if asked() { "Cancelling…" } else { "Cancel" }}
            </button>
        </Show>
    }
}

/// When the run ended.
#[component]
fn Finished(run: Signal<Run>) -> impl IntoView {
    let finished = Memo::new(move |_| run.with(|r| r.finished_at));
    move || {
        finished.get().map(|time| view! { <span class="text-sm text-muted">"ended " <When time /></span> })
    }
}

/// What the run waits for right now.
#[component]
fn Notice(run: Signal<Run>) -> impl IntoView {
    move || {
        let notice = run.with(|r| r.notice.clone().filter(|_| r.state.is_active()));
        notice.map(|text| view! { <p class="alert alert-info alert-soft py-2 text-sm">{text}</p> })
    }
}
