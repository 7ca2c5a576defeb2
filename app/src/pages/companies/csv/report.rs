use super::problems::Problems;
use crate::ui::number::count;
use domain::csv_import::ImportReport;
use leptos::prelude::*;

/// How many rows an import would do (or did) what with, and the lines it leaves out.
#[component]
pub fn Report(report: ImportReport, done: bool) -> impl IntoView {
    let words = if done {
        ["Created", "Updated", "Unchanged", "Left out"]
    } else {
        ["New", "To update", "Unchanged", "Problems"]
    };
    let rejected = report.rejected.len() as i64;
    let figures = [report.created, report.updated, report.unchanged, rejected];
    let figure = |(word, n): (&'static str, i64)| {
        view! {
            <div class="rounded-box border border-base-300 bg-base-100 px-4 py-3">
                <dt class="text-sm text-muted">{word}</dt>
                <dd class="text-2xl font-bold tabular-nums">{count(n)}</dd>
            </div>
        }
    };
    view! {
        <dl class="grid grid-cols-2 gap-3 sm:grid-cols-4">{words.into_iter().zip(figures).map(figure).collect_view()}</dl>
        {(rejected > 0).then(|| view! { <Problems rejected=report.rejected /> })}
    }
}
