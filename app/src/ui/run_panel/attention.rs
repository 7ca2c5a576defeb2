//! What a run waits for: a moment, a person, its next attempt.

use crate::ui::{icon::Icon, number::things, pending::is_on, time::When};
use domain::run::Run;
use leptos::prelude::*;

/// That the server cannot be reached, while it cannot.
#[component]
pub fn Lost(lost: Signal<bool>) -> impl IntoView {
    let words = move || {
        is_on(lost).then(|| {
            view! {
                <span class="alert alert-warning alert-soft py-2 text-sm" data-testid="connection-lost">
                    <Icon name="refresh" class="size-5 shrink-0" />
                    "Connection lost, trying again…"
                </span>
            }
        })
    };
    view! { <div role="status" class="contents">{words}</div> }
}

/// What the run waits for right now.
#[component]
pub fn Notice(run: Signal<Run>) -> impl IntoView {
    let notice = Memo::new(move |_| run.with(|r| r.notice.clone().filter(|_| r.state.is_active())));
    move || notice.get().map(|text| view! { <p class="alert alert-info alert-soft py-2 text-sm">{text}</p> })
}

/// That a part was held back, and that it needs a decision while it does. In: the address where it is made, and what the
/// way there is called.
#[component]
pub fn Held(run: Signal<Run>, details: String, look: &'static str) -> impl IntoView {
    let open = Memo::new(move |_| run.with(|r| r.open_questions));
    let decided = Memo::new(move |_| run.with(|r| r.is_held_back() && r.open_questions == 0));
    let words = move |n| {
        let parts = things(n, "part of this run was held back", "parts of this run were held back");
        format!("{parts} because so much changed at once. Nothing of it is applied before somebody decides.")
    };
    let past = move || {
        decided.get().then(|| {
            view! { <p class="text-sm">"A part of this run was held back. Its details say what became of it."</p> }
        })
    };
    let waits = move || {
        let href = format!("{details}#questions");
        (open.get() > 0).then(|| {
            view! {
                <div class="alert alert-warning alert-soft flex flex-wrap py-2 text-sm" data-testid="held-back">
                    <Icon name="alert" class="size-5 shrink-0" />
                    <p class="min-w-0 flex-1 basis-52">{words(open.get())}</p>
                    <a class="btn btn-sm" href=href>{look}</a>
                </div>
            }
        })
    };
    view! {
        {waits}
        {past}
    }
}

/// When it is tried again by itself.
#[component]
pub fn NextAttempt(run: Signal<Run>) -> impl IntoView {
    let next = Memo::new(move |_| run.with(|r| r.next_attempt_at.filter(|_| !r.state.is_active())));
    move || {
        next.get().map(|time| {
            view! {
                <p class="flex items-start gap-1.5 text-sm" data-testid="next-attempt">
                    <Icon name="clock" class="mt-0.5 size-4 shrink-0" />
                    <span>"The next attempt starts by itself at " <When time /> "."</span>
                </p>
            }
        })
    }
}
