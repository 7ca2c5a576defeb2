use crate::ui::{
    badge::{Badge, Tone},
    number::count,
};
use domain::run::Evidence;
use leptos::prelude::*;

/// What proves, for each entity, that everything was read: rows, distinct ids, pages, how it ended.
#[component]
pub fn EvidenceTable(evidence: Vec<Evidence>) -> impl IntoView {
    let row = |e: Evidence| {
        let (tone, label) =
            if e.complete { (Tone::Success, "Complete") } else { (Tone::Warning, "Not proven") };
        view! {
            <tr>
                <th scope="row" class="font-medium">{title(&e.entity)}</th>
                <td class="num">{count(e.rows)}</td>
                <td class="num">{count(e.distinct)}</td>
                <td class="num">{count(e.pages)}</td>
                <td>{e.ended}</td>
                <td><Badge tone label /></td>
            </tr>
        }
    };
    view! {
        <div>
            <h2 id="evidence-title" class="mb-2 text-lg font-semibold">"Was everything read?"</h2>
            <div class="overflow-x-auto rounded-box border border-base-300 bg-base-100" tabindex="0" role="region" aria-labelledby="evidence-title">
                <table class="table table-sm">
                    <thead>
                        <tr>
                            <th scope="col">"Read"</th>
                            <th scope="col" class="num">"Rows"</th>
                            <th scope="col" class="num">"Distinct"</th>
                            <th scope="col" class="num">"Pages"</th>
                            <th scope="col">"Ended with"</th>
                            <th scope="col">"Result"</th>
                        </tr>
                    </thead>
                    <tbody>{evidence.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}

/// `logged_on_users` as "Logged on users".
pub fn title(word: &str) -> String {
    let words = word.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
