//! What a run did and what went wrong.

use crate::ui::number::count;
use domain::{
    run::{Counts, Run, RunKind},
    vendor::Problem,
};
use leptos::prelude::*;

/// The run's counts, each with its word.
#[component]
pub fn RunCounts(#[prop(into)] run: Signal<Run>) -> impl IntoView {
    view! {
        <dl class="flex flex-wrap gap-x-6 gap-y-1 text-sm">
            {move || {
                run.with(|r| counted(r.kind, r.counts))
                    .into_iter()
                    .map(|(word, n)| {
                        view! {
                            <div class="flex gap-1.5">
                                <dt class="text-muted">{word}</dt>
                                <dd class="font-medium">{count(n)}</dd>
                            </div>
                        }
                    })
                    .collect_view()
            }}
        </dl>
    }
}

/// The counts that say something for this kind of run.
pub fn counted(kind: RunKind, c: Counts) -> Vec<(&'static str, i64)> {
    if kind == RunKind::Import {
        return vec![
            ("Created", c.added),
            ("Linked", c.changed),
            ("Skipped", c.unchanged),
            ("Failed", c.failed),
        ];
    }
    // Rare things are named when they happen.
    let rare = [("Moved", c.moved), ("Missing", c.missing), ("Returned", c.returned)];
    let mut counts = vec![("Added", c.added), ("Changed", c.changed)];
    counts.extend(rare.into_iter().filter(|(word, n)| *n > 0 || *word == "Missing"));
    counts.extend([("Unchanged", c.unchanged), ("Failed", c.failed)]);
    counts
}

/// Why the run did not complete, if it did not. What was held back is told where it can be decided.
#[component]
pub fn Trouble(run: Signal<Run>) -> impl IntoView {
    let problem = Memo::new(move |_| run.with(|r| r.problem.clone().filter(|_| !r.is_held_back())));
    move || problem.get().map(|problem| view! { <ProblemBox problem /> })
}

/// Optional sources that failed, each a sentence.
#[component]
pub fn Warnings(run: Signal<Run>) -> impl IntoView {
    let warnings = Memo::new(move |_| run.with(|r| r.warnings.clone()));
    move || {
        let warnings = warnings.get();
        (!warnings.is_empty()).then(|| {
            view! {
                <div class="alert alert-warning alert-soft py-2 text-sm">
                    <ul class="list-disc pl-4">{warnings.into_iter().map(|w| view! { <li>{w}</li> }).collect_view()}</ul>
                </div>
            }
        })
    }
}

/// A problem: its cause and what to do about it.
#[component]
pub fn ProblemBox(problem: Problem) -> impl IntoView {
    view! {
        <div role="alert" class="alert alert-error alert-soft items-start py-3 text-sm" data-code=problem.code>
            <div class="flex flex-col gap-1">
                <p class="font-medium">{problem.message}</p>
                <ul class="list-disc pl-4">
                    {problem.hints.into_iter().map(|hint| view! { <li>{hint}</li> }).collect_view()}
                </ul>
            </div>
        </div>
    }
}
