use super::{
    data::{OPENED, QuestionsOf},
    decision::DecisionButtons,
    held::HeldRows,
    outcome::Outcome,
};
use crate::{
    layout::may_manage,
    pages::runs::words::undecided,
    ui::{
        badge::{Badge, Tone},
        live::live_run,
        number::things,
    },
};
use domain::{
    permissions::Area,
    run::{Question, QuestionState},
};
use leptos::prelude::*;

/// One part that was held back: what would happen, the rows behind it, and what was decided.
#[component]
pub fn QuestionCard(questions: QuestionsOf, question: Question) -> impl IntoView {
    let (id, state) = (question.id, question.state);
    let applying = applying(questions, &question);
    let sentence = question.sentence();
    let name = sentence.clone();
    let mark = move || {
        let (tone, label) = match state {
            QuestionState::Open if applying.get() => (Tone::Info, "Being applied"),
            QuestionState::Open => (Tone::Warning, undecided()),
            QuestionState::Applied => (Tone::Success, "Applied"),
            QuestionState::Discarded => (Tone::Neutral, "Discarded"),
            QuestionState::Superseded => (Tone::Neutral, "Seen anew"),
        };
        view! { <Badge tone label /> }
    };
    let asked = StoredValue::new(question.clone());
    let decidable = move || state == QuestionState::Open && may_manage(Area::Mappings) && !applying.get();
    view! {
        <article class="card bg-base-100" data-question-id=id.to_string() data-question-state=state.as_str() aria-label=name>
            <div class="card-body gap-3 p-4">
                <div class="flex flex-wrap items-start gap-x-3 gap-y-1">
                    {mark}
                    <p class="min-w-0 flex-1 basis-52 font-medium">{sentence}</p>
                </div>
                <Outcome question=question.clone() applying />
                <div class="flex flex-wrap gap-2">
                    <Show when=decidable>
                        <DecisionButtons questions question=asked.get_value() />
                    </Show>
                    <RowsLink questions question />
                </div>
                <HeldRows questions id />
            </div>
        </article>
    }
}

/// Whether a run is about to apply it. When that run ends, the questions are read again.
fn applying(questions: QuestionsOf, question: &Question) -> Memo<bool> {
    let run = question.applied_by.filter(|_| question.state == QuestionState::Open);
    let live = live_run(Signal::stored(run)).run;
    let active = Memo::new(move |_| run.is_some() && live.get().is_none_or(|run| run.state.is_active()));
    Effect::new(move || {
        if let (Some(run), false) = (run, active.get()) {
            questions.applied(run);
        }
    });
    active
}

/// The link that opens the rows, or closes them.
#[component]
fn RowsLink(questions: QuestionsOf, question: Question) -> impl IntoView {
    let id = question.id;
    let rows = things(question.affected, &question.entity, &format!("{}s", question.entity));
    let here = Memo::new(move |_| questions.opened.get() == Some(id));
    let href = move || {
        let target = (!here.try_get().unwrap_or_default()).then(|| id.to_string());
        questions.list.href(OPENED, target.as_deref())
    };
    let words = move || if here.get() { "Hide the rows".to_owned() } else { format!("Show the {rows}") };
    view! { <a class="btn btn-sm btn-ghost" href=href data-noscroll>{words}</a> }
}
