use super::{page::Import, result_list::ImportResults};
use crate::pages::runs::LiveRunPanel;
use domain::run::{Run, RunKind};
use leptos::prelude::*;

/// The import that matters here: the one started on this page, else the active one, else the last; live, and with its
/// results once it ended here.
#[component]
pub fn LastImport(page: Import) -> impl IntoView {
    let current = page.current;
    let on_end = Callback::new(move |run: Run| {
        page.import.set(Some(run));
        current.reload();
        page.reload();
    });
    let section = move |run: Run, results: bool| {
        let (id, failed) = (run.id, run.counts.failed > 0);
        view! {
            <section aria-labelledby="import-title" class="flex flex-col gap-2">
                <h2 id="import-title" class="text-lg font-semibold">"Import"</h2>
                <LiveRunPanel run on_end titled=false />
                {results.then(|| view! { <ImportResults run_id=id failed /> })}
            </section>
        }
    };
    view! {
        <Transition>
            {move || {
                let known = page.import.get();
                Suspend::new(async move {
                    let integration = current.data.await.ok().flatten();
                    let (active, last) = integration.map_or((None, None), |i| (i.active_run, i.last_import));
                    let ended_here = known.as_ref().is_some_and(|run| !run.state.is_active());
                    let active = active.filter(|r| r.kind == RunKind::Import);
                    known.or(active).or(last).map(|run| section(run, ended_here))
                })
            }}
        </Transition>
    }
}
