use super::{
    api::{merge_duplicates, set_not_same, unmerge_duplicates},
    choice::Choice,
};
use crate::{
    error::AppError,
    layout::may_manage,
    ui::{button::ActionButton, toast::use_toasts},
};
use domain::{
    duplicates::{DuplicatePair, DuplicateState},
    permissions::Area,
};
use leptos::prelude::*;

/// What can be said about a pair.
#[derive(Clone, Copy, PartialEq)]
enum Say {
    Merge,
    Unmerge,
    NotSame,
    Reopen,
}

impl Say {
    fn done(self) -> &'static str {
        match self {
            Self::Merge => "Merged. The way back is here.",
            Self::Unmerge => "Taken back: both devices are listed again.",
            Self::NotSame => "Remembered: they are two machines.",
            Self::Reopen => "The pair waits for a decision again.",
        }
    }
}

/// The decision about a pair, and what it does. `changed` runs after it.
#[component]
pub fn Decide(pair: DuplicatePair, choice: Choice, changed: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let (id, state) = (pair.id, pair.state);
    let say = Action::new(move |say: &Say| {
        let say = *say;
        let (keep, (take, hold)) = untrack(|| (choice.keep.get(), choice.fields()));
        async move {
            let told: Result<DuplicatePair, AppError> = match say {
                Say::Merge => merge_duplicates(id, keep, Some(take), Some(hold)).await,
                Say::Unmerge => unmerge_duplicates(id).await,
                Say::NotSame => set_not_same(id, Some(true)).await,
                Say::Reopen => set_not_same(id, Some(false)).await,
            };
            match told {
                Ok(_) => toasts.success(say.done()),
                Err(error) => toasts.refused(&error),
            }
            _ = changed.try_run(());
        }
    });
    let button = move |label: Signal<String>, what: Say, class: &'static str| {
        view! { <ActionButton label busy=say.pending() on_press=Callback::new(move |()| _ = say.dispatch(what)) class /> }
    };
    let (left, right) = (pair.left.clone(), pair.right.clone());
    let name = move || if choice.keep.get() == left.id { left.name.clone() } else { right.name.clone() };
    // Whether something feeds the one that would be hidden.
    let sources = [(pair.left.id, pair.left.source.is_some()), (pair.right.id, pair.right.source.is_some())];
    let fed = move |keep| sources.iter().any(|(id, fed)| *id != keep && *fed);
    let (left, right) = (pair.left, pair.right);
    let other = move || if choice.keep.get() == left.id { right.name.clone() } else { left.name.clone() };
    let label = Signal::derive({
        let name = name.clone();
        move || format!("Merge, keep {}", name())
    });
    let manage = may_manage(Area::Devices);
    let text = move || match state {
        DuplicateState::Open if !manage => "Both are listed until somebody decides.".to_owned(),
        DuplicateState::Open => {
            let feed = if choice.takes_feed() {
                format!(" {} goes on with what feeds {}.", name(), other())
            } else {
                String::new()
            };
            let synced = if fed(choice.keep.get()) { ", goes on being synced" } else { "" };
            format!(
                "{} stays. {} is hidden from lists and reports{synced} and can be brought back here.{feed} Values that you choose from the hidden one are yours: syncs leave them alone.",
                name(),
                other()
            )
        }
        DuplicateState::NotSame => "They are two machines: the pair is not proposed again.".to_owned(),
        DuplicateState::Merged if !manage => {
            "They were merged: one of them stays, the other one is hidden from lists and reports.".to_owned()
        }
        DuplicateState::Merged => "Taking the merge back lists both devices again, as they were.".to_owned(),
    };
    let buttons = move || match state {
        DuplicateState::Open => view! {
            {button(label, Say::Merge, "btn btn-primary h-auto min-h-10 py-1")}
            {button("Not the same".to_owned().into(), Say::NotSame, "btn")}
        }
        .into_any(),
        DuplicateState::NotSame => button("Decide again".to_owned().into(), Say::Reopen, "btn").into_any(),
        DuplicateState::Merged => {
            button("Take the merge back".to_owned().into(), Say::Unmerge, "btn").into_any()
        }
    };
    view! {
        <section class="card my-4 bg-base-100" aria-label="Decision">
            <div class="card-body gap-3 p-4 text-sm">
                <p role="status">{text}</p>
                {manage.then(|| view! { <div class="flex flex-wrap gap-2">{buttons()}</div> })}
            </div>
        </section>
    }
}
