use crate::{
    pages::runs::{is_sync, paths::run_path, words::starter},
    ui::{run_panel::requests, time::When},
};
use domain::{ids::RunId, run::Run};
use leptos::prelude::*;

/// Who started the run and when, what it cost, which run it tries again, and which one has tried it again.
#[component]
pub fn Facts(run: Run, live: Signal<Run>) -> impl IntoView {
    let way = |to: Option<RunId>, words: &'static str| {
        let href = to.map(|id| run_path(run.integration_id, id))?;
        Some(view! { <a class="link" href=href>{words}</a> }.into_any())
    };
    let (retry_of, retried_by) = (way(run.retry_of, "An earlier run"), way(run.retried_by, "A later run"));
    let fact = |word: &'static str, value: AnyView| {
        view! {
            <div>
                <dt class="text-xs text-muted">{word}</dt>
                <dd class="text-sm">{value}</dd>
            </div>
        }
    };
    let asked =
        move || Some(live.with(requests)).filter(|text| !text.is_empty()).unwrap_or("None yet".into());
    let again = Memo::new(move |_| live.with(|r| r.attempt > 1));
    let interrupted =
        move || again.get().then(|| fact("Interrupted", "Yes, and it went on where it was".into_any()));
    let started = move || match live.with(|r| r.started_at) {
        Some(time) => view! { <When time /> }.into_any(),
        None => "Not yet".into_any(),
    };
    view! {
        <dl class="-mt-2 mb-4 flex flex-wrap gap-x-6 gap-y-2">
            {fact("Started by", starter(&run).into_any())}
            {fact("Started", started.into_any())}
            {is_sync(run.kind).then(|| fact("Requests to NinjaOne", asked.into_any()))}
            {interrupted}
            {retry_of.map(|way| fact("Retry of", way))}
            {retried_by.map(|way| fact("Retried by", way))}
        </dl>
    }
}
