use crate::{
    pages::runs::{
        follow::{Followed, follow},
        paths::run_path,
        words::starter,
    },
    ui::{
        badge::Badge,
        number::{count, things},
        run_panel::{Elapsed, Lost, counted, state_tone},
        time::When,
    },
};
use domain::{ids::RunId, run::Run};
use leptos::prelude::*;

/// One run as a row, or as a card on a small screen; live while it goes on.
#[component]
pub fn RunTr(run: Run) -> impl IntoView {
    let (id, href) = (run.id.to_string(), run_path(run.integration_id, run.id));
    let (kind, by, started) = (run.kind.label(), starter(&run), run.started_at.unwrap_or(run.created_at));
    let way = |to: Option<RunId>, words: &'static str| {
        let href = to.map(|id| run_path(run.integration_id, id))?;
        Some(view! { <a class="link block text-xs text-muted" href=href>{words}</a> })
    };
    let again = (way(run.retry_of, "Retry of an earlier run"), way(run.retried_by, "Retried by a later run"));
    let Followed { run, lost } = follow(run, None);
    let state = Memo::new(move |_| run.with(|r| r.state));
    let tone = Signal::derive(move || state_tone(state.get()));
    let label = Signal::derive(move || state.get().label().to_owned());
    view! {
        <tr
            class="max-md:grid max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-x-3 max-md:gap-y-1 max-md:p-3"
            data-run-id=id
            data-run-state=move || run.with(|r| r.state.as_str())
        >
            <th scope="row" class="align-top font-medium md:whitespace-nowrap max-md:p-0"><a class="link" href=href>{kind}</a></th>
            <td class="align-top max-md:justify-self-end max-md:p-0"><Badge tone label /></td>
            <td class="align-top max-md:p-0 max-md:text-xs"><When time=started /></td>
            <td class="align-top md:whitespace-nowrap max-md:col-span-2 max-md:p-0 max-md:text-xs">
                <span class="text-muted md:hidden">"Started by "</span>{by} {again}
            </td>
            <td class="num align-top max-md:col-start-2 max-md:row-start-2 max-md:p-0 max-md:text-xs"><Elapsed run /></td>
            <td class="align-top max-md:col-span-2 max-md:p-0">
                {move || run.with(did)}
                <Notes run />
                <Lost lost />
            </td>
        </tr>
    }
}

/// "2 added, 1 missing".
fn did(run: &Run) -> String {
    let some = counted(run.kind, run.counts).into_iter().filter(|(_, n)| *n > 0);
    let words = some.map(|(word, n)| format!("{} {}", count(n), word.to_lowercase())).collect::<Vec<_>>();
    match (words.is_empty(), run.state.is_active()) {
        (true, true) => "Nothing yet".to_owned(),
        (true, false) => "Nothing".to_owned(),
        _ => words.join(", "),
    }
}

/// What else is worth knowing before opening it.
#[component]
fn Notes(run: Signal<Run>) -> impl IntoView {
    let notes = Memo::new(move |_| run.with(notes));
    let next = Memo::new(move |_| run.with(|r| r.next_attempt_at.filter(|_| !r.state.is_active())));
    move || {
        let next = next.get().map(|time| view! { <li>"Next attempt " <When time /></li> });
        let notes = notes.get().into_iter().map(|note| view! { <li>{note}</li> }).collect_view();
        view! { <ul class="text-xs text-muted">{notes} {next}</ul> }
    }
}

fn notes(run: &Run) -> Vec<String> {
    let held = (run.open_questions > 0)
        .then(|| format!("{} held back: decide", things(run.open_questions, "part", "parts")));
    let errors = (run.errors > 0).then(|| things(run.errors, "row with an error", "rows with errors"));
    let again = (run.retries > 0).then(|| format!("{} repeated", things(run.retries, "request", "requests")));
    let attempt = (run.attempt > 1).then(|| "Interrupted, went on where it was".to_owned());
    [held, errors, again, attempt].into_iter().flatten().collect()
}
