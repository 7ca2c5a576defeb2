use crate::ui::number::{count, things};
use domain::mapping::QuickMatchResult;
use leptos::prelude::*;

/// What Quick Match did, until it is dismissed. In: the result, the words for one and for many rows.
#[component]
pub fn QuickMatchSummary(
    result: RwSignal<Option<QuickMatchResult>>,
    one: &'static str,
    many: &'static str,
) -> impl IntoView {
    move || {
        result.get().map(|r| {
            view! {
                <section class="alert alert-info alert-soft items-start text-sm" role="status" aria-label="Quick Match result">
                    <div class="grow">
                        <p class="font-medium">{format!("Quick Match mapped {}.", things(r.mapped, one, many))}</p>
                        <p>{sentence(r)}</p>
                    </div>
                    <button type="button" class="btn btn-ghost btn-xs" on:click=move |_| result.set(None)>
                        "Dismiss"
                    </button>
                </section>
            }
        })
    }
}

fn sentence(r: QuickMatchResult) -> String {
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
