use crate::{
    pages::runs::words::title,
    ui::{
        badge::{Badge, Tone},
        icon::Icon,
        number::{count, things},
    },
};
use domain::run::{Evidence, Run};
use leptos::prelude::*;

/// What proves, for each entity, that everything was read: the verdict in words first, the numbers behind it below.
#[component]
pub fn EvidenceTable(run: Signal<Run>) -> impl IntoView {
    let evidence = Memo::new(move |_| run.with(|r| r.evidence.clone()));
    let active = Memo::new(move |_| run.with(|r| r.state.is_active()));
    let held = Memo::new(move |_| run.with(Run::is_held_back));
    move || {
        let found = evidence.get();
        (!found.is_empty()).then(|| view! { <Proof found active=active.get() held=held.get() /> })
    }
}

#[component]
fn Proof(found: Vec<Evidence>, active: bool, held: bool) -> impl IntoView {
    let verdict = if active { READING.to_owned() } else { verdict(&found, held) };
    let card = |e| view! { <EvidenceCard e active /> };
    view! {
        <section aria-labelledby="evidence-title">
            <h2 id="evidence-title" class="text-lg font-semibold">"Was everything read?"</h2>
            <p class="mb-2 text-sm text-muted">{verdict}</p>
            <ul class="grid gap-3 md:grid-cols-2 xl:grid-cols-3" aria-labelledby="evidence-title">
                {found.into_iter().map(card).collect_view()}
            </ul>
        </section>
    }
}

const READING: &str = "The run is not at its end: this is what it has read so far.";

/// Lists whose absent rows are marked missing once they are proven; everything else is joined to devices.
const LISTS: [&str; 3] = ["organizations", "locations", "devices"];

/// The answer for a run that has ended. In: whether it held a part back.
fn verdict(found: &[Evidence], held: bool) -> String {
    let (lists, joined): (Vec<&Evidence>, Vec<_>) =
        found.iter().filter(|e| !e.complete).partition(|e| LISTS.contains(&e.entity.as_str()));
    let names = |of: &[&Evidence]| of.iter().map(|e| e.entity.as_str()).collect::<Vec<_>>().join(", ");
    let mut words = Vec::new();
    if !lists.is_empty() {
        words.push(format!(
            "Not proven for {}: what was read is kept, nothing of it was marked missing, and the next run looks again.",
            names(&lists)
        ));
    }
    if !joined.is_empty() {
        words.push(format!("Could not be read: {}. What was known of them stays.", names(&joined)));
    }
    if words.is_empty() {
        let rest = if held { "What it no longer showed waits for a decision." } else { "The numbers fit." };
        words.push(format!("Yes: NinjaOne said that it was at the end. {rest}"));
    }
    words.join(" ")
}

/// One entity: verdict, the sentence that explains it, and the numbers.
#[component]
fn EvidenceCard(e: Evidence, active: bool) -> impl IntoView {
    let read = e.requests > 0;
    let (tone, label) = match (e.complete, active) {
        (true, _) => (Tone::Success, "Complete"),
        (false, true) => (Tone::Info, "Reading"),
        (false, false) if read => (Tone::Warning, "Not proven"),
        (false, false) => (Tone::Warning, "Not read"),
    };
    let (hook, complete) = (e.entity.clone(), e.complete.to_string());
    view! {
        <li class="card bg-base-100" data-entity=hook data-complete=complete>
            <div class="card-body gap-2 p-4">
                <div class="flex items-center justify-between gap-2">
                    <h3 class="font-semibold">{title(&e.entity)}</h3>
                    <Badge tone label />
                </div>
                <p class="grow-0 text-sm empty:hidden">{e.words.clone()}</p>
                {read.then(|| view! { <Numbers e /> })}
            </div>
        </li>
    }
}

#[component]
fn Numbers(e: Evidence) -> impl IntoView {
    let number = |word: &'static str, n: String, odd: bool| {
        view! {
            <div class="flex justify-between gap-3 py-1">
                <dt class="text-muted">{word}</dt>
                <dd class="flex items-center gap-1 text-right tabular-nums" class:font-semibold=odd>
                    {odd.then(|| view! { <span class="text-warning"><Icon name="alert" /></span> })}
                    {n}
                </dd>
            </div>
        }
    };
    let differs = e.expected.is_some_and(|expected| expected != e.distinct);
    view! {
        <dl class="divide-y divide-base-300 text-sm">
            {number("Rows read", format!("{} in {}", count(e.rows), things(e.requests, "request", "requests")), false)}
            {number("Different rows", count(e.distinct), false)}
            {e.expected.map(|n| number("Expected", count(n), differs && !e.complete))}
            {(e.duplicates > 0).then(|| number("Came more than once", count(e.duplicates), false))}
            {(e.unreadable > 0).then(|| number("Could not be read", count(e.unreadable), true))}
            {number("Ended with", e.ended, false)}
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(entity: &str, complete: bool) -> Evidence {
        Evidence {
            entity: entity.into(),
            requests: 1,
            rows: 1,
            distinct: 1,
            duplicates: 0,
            unreadable: 0,
            expected: None,
            ended: String::new(),
            complete,
            words: String::new(),
        }
    }

    #[test]
    fn the_verdict_says_no_more_than_is_true() {
        let all = [of("roles", true), of("devices", true)];
        assert_eq!(verdict(&all, false), "Yes: NinjaOne said that it was at the end. The numbers fit.");
        assert!(verdict(&all, true).ends_with("waits for a decision."));
        let owners = verdict(&[of("owners", false), of("devices", true)], false);
        assert_eq!(owners, "Could not be read: owners. What was known of them stays.");
        let devices = verdict(&[of("owners", true), of("devices", false)], false);
        assert!(devices.starts_with("Not proven for devices:") && !devices.contains("owners"), "{devices}");
    }
}
