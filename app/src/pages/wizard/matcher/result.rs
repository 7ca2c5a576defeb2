use super::{decision_rows::DecisionRows, state::Matcher};
use crate::ui::number::{count, things};
use domain::mapping;
use leptos::prelude::*;

/// What Quick Match did, until it is dismissed: what it mapped, by name, with the way back, and what is left to decide.
#[component]
pub fn QuickMatchResult(matcher: Matcher) -> impl IntoView {
    move || matcher.matched.get().map(|result| view! { <Panel matcher result /> })
}

#[component]
fn Panel(matcher: Matcher, result: mapping::QuickMatchResult) -> impl IntoView {
    let shown = RwSignal::new(false);
    let back = result.undo.map(|id| {
        let undo = move |_| {
            matcher.matched.set(None);
            matcher.undo.take_back(id);
        };
        view! {
            <button
                type="button"
                class="btn btn-sm"
                aria-expanded=move || shown.get().to_string()
                on:click=move |_| shown.update(|s| *s = !*s)
            >
                {move || if shown.get() { "Hide what was mapped" } else { "Show what was mapped" }}
            </button>
            <button type="button" class="btn btn-sm" on:click=undo>"Undo all of it"</button>
        }
    });
    view! {
        <section class="rounded-box border border-base-300 bg-base-100 p-3 text-sm" role="status" aria-label="Quick Match result">
            <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
                <div class="min-w-0 grow">
                    <p class="font-medium">{format!("Quick Match mapped {}.", matcher.things(result.newly_mapped))}</p>
                    <p class="text-muted">{sentence(result)}</p>
                </div>
                {back}
                <button type="button" class="btn btn-ghost btn-sm" on:click=move |_| matcher.matched.set(None)>"Dismiss"</button>
            </div>
            {result.undo.map(|id| view! {
                <Show when=move || shown.get()>
                    <DecisionRows id />
                </Show>
            })}
        </section>
    }
}

fn sentence(r: mapping::QuickMatchResult) -> String {
    match (r.pending, r.unmapped) {
        (0, 0) => "Nothing is left to decide.".to_owned(),
        (0, left) => format!("{} had no match: choose below, or ignore.", count(left)),
        (near, 0) => {
            format!(
                "{}: review the proposals and accept the right ones.",
                things(near, "near match", "near matches")
            )
        }
        (near, left) => format!(
            "{} to review and accept; {} had no match: choose below.",
            things(near, "near match", "near matches"),
            count(left)
        ),
    }
}
