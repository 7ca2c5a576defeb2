use crate::{pages::runs::paths::run_path, ui::time::When};
use domain::run::{Question, QuestionState};
use leptos::prelude::*;

/// Who decided what and when, with a link to the run that applies it.
#[component]
pub fn Outcome(question: Question, applying: Memo<bool>) -> impl IntoView {
    let state = question.state;
    let by = question.decided_by.unwrap_or_else(|| "somebody".to_owned());
    let integration = question.integration_id;
    let signed = move || {
        let when = question.decided_at.map(|time| view! { ", " <When time /> });
        let run = question.applied_by.map(|run| {
            view! { ". " <a class="link" href=run_path(integration, run)>"See the run that applies it"</a> }
        });
        view! { {by.clone()} {when} {run} "." }
    };
    let text = move || match state {
        QuestionState::Open if applying.get() => Some(view! { "Apply was chosen by " {signed()} }.into_any()),
        QuestionState::Open => None,
        QuestionState::Applied => Some(view! { "Applied by " {signed()} }.into_any()),
        QuestionState::Discarded => {
            Some(view! { "Everything stayed as it was. Discarded by " {signed()} }.into_any())
        }
        QuestionState::Superseded => {
            Some("A later run has read these rows again, so there is nothing to decide here.".into_any())
        }
    };
    move || text().map(|text| view! { <p class="text-sm text-muted">{text}</p> })
}
