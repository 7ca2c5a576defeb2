//! How far an active run is.

use crate::ui::number::count;
use domain::run::Run;
use leptos::prelude::*;

/// The phase, a bar, and how many rows are done; the bar moves without a value while the total is unknown.
#[component]
pub fn Progress(run: Signal<Run>) -> impl IntoView {
    let percent = Memo::new(move |_| run.with(Run::percent));
    let label = move || run.with(|r| r.phase.label());
    view! {
        <div class="flex flex-col gap-1">
            <div class="flex flex-wrap justify-between gap-x-4 text-sm">
                <span>{label}</span>
                <span class="text-muted">{move || run.with(done)}</span>
            </div>
            {move || match percent.get() {
                Some(p) => {
                    view! { <progress class="progress progress-primary w-full" max="100" value=p.to_string() aria-label=label></progress> }
                        .into_any()
                }
                None => view! { <progress class="progress progress-primary w-full" aria-label=label></progress> }.into_any(),
            }}
        </div>
    }
}

/// "1,200 of 5,000 · 12 requests".
fn done(run: &Run) -> String {
    let rows = match run.total {
        Some(total) => format!("{} of {}", count(run.done), count(total)),
        None if run.done > 0 => format!("{} read", count(run.done)),
        None => String::new(),
    };
    let requests = match run.requests {
        0 => String::new(),
        1 => "1 request".to_owned(),
        n => format!("{} requests", count(n)),
    };
    [rows, requests].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" · ")
}
