use super::data::QuestionsOf;
use crate::{
    pages::runs::api::decide,
    ui::{dialog::ConfirmDialog, number::things, toast::use_toasts},
};
use domain::run::{ChangeKind, Decision, Question};
use leptos::prelude::*;

/// Apply and Discard, each confirmed in a dialog.
#[component]
pub fn DecisionButtons(questions: QuestionsOf, question: Question) -> impl IntoView {
    let id = question.id;
    let (apply, discard) = (RwSignal::new(false), RwSignal::new(false));
    let toasts = use_toasts();
    let decided = Action::new(move |decision: &Decision| {
        let decision = *decision;
        async move {
            match decide(id, decision).await {
                Ok(_) => toasts.success(done(decision)),
                Err(error) => toasts.failed("Nothing was decided.", &error),
            }
            apply.try_set(false);
            discard.try_set(false);
            questions.reload();
        }
    });
    let busy = Signal::derive(move || decided.pending().try_get().unwrap_or_default());
    let on = move |decision| Callback::new(move |()| _ = decided.dispatch(decision));
    view! {
        <button type="button" class="btn btn-sm btn-primary" on:click=move |_| apply.set(true)>"Apply"</button>
        <button type="button" class="btn btn-sm" on:click=move |_| discard.set(true)>"Discard"</button>
        <ConfirmDialog
            open=apply
            title="Apply what was held back?"
            text=applying(&question)
            confirm="Apply"
            busy
            on_confirm=on(Decision::Apply)
        />
        <ConfirmDialog
            open=discard
            title="Discard what was held back?"
            text="Everything stays as it is now. When a later sync finds the same, it asks again."
            confirm="Discard"
            busy
            on_confirm=on(Decision::Discard)
        />
    }
}

fn applying(question: &Question) -> String {
    let entity = &question.entity;
    let one = question.affected == 1;
    let rows = things(question.affected, entity, &format!("{entity}s"));
    let what = match question.change {
        ChangeKind::Moved => {
            format!("{rows} {} to where NinjaOne has them now", if one { "moves" } else { "move" })
        }
        ChangeKind::TypeChanged => {
            format!("{rows} {} the type that NinjaOne has for them now", if one { "takes" } else { "take" })
        }
        _ => format!(
            "{rows} {} marked missing, with the present time; none is deleted",
            if one { "is" } else { "are" }
        ),
    };
    format!(
        "{what}. Rows that have changed since are left alone. A run does it, and its page says what it did."
    )
}

fn done(decision: Decision) -> &'static str {
    match decision {
        Decision::Apply => "A run applies it now; this page shows when it is done.",
        Decision::Discard => "Discarded. Everything stays as it is.",
    }
}
