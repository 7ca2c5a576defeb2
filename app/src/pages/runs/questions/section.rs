use super::{card::QuestionCard, data::QuestionsOf};
use crate::{layout::may_manage, ui::state::ErrorBox};
use domain::{
    permissions::Area,
    run::{Question, QuestionState},
};
use leptos::prelude::*;

/// The parts that a run held back; nothing while there is none.
#[component]
pub fn Questions(questions: QuestionsOf) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match questions.all.await {
                    Ok(found) if found.is_empty() => ().into_any(),
                    Ok(found) => view! { <Section questions found /> }.into_any(),
                    Err(error) if error.is_not_found() => ().into_any(),
                    Err(error) => {
                        let retry = Callback::new(move |()| questions.reload());
                        view! { <ErrorBox error retry /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Section(questions: QuestionsOf, found: Vec<Question>) -> impl IntoView {
    let open = found.iter().any(|q| q.state == QuestionState::Open);
    let text = match (open, may_manage(Area::Mappings)) {
        (true, true) => {
            "So much at once is seldom true: a lost permission or a fault of NinjaOne looks the same. Check that the API \
             application may still see every organization, look at the rows, then apply them or leave everything as it is."
        }
        (true, false) => {
            "So much at once is seldom true: a lost permission or a fault of NinjaOne looks the same. Everything stays as \
             it is until somebody who may change mappings applies it."
        }
        (false, _) => "Nothing waits here any more.",
    };
    let card = |question| view! { <QuestionCard questions question /> };
    view! {
        <section id="questions" aria-labelledby="questions-title" class="scroll-mt-20">
            <h2 id="questions-title" class="text-lg font-semibold">"Held back"</h2>
            <p class="mb-2 max-w-prose text-sm text-muted">{text}</p>
            <div class="flex flex-col gap-3">{found.into_iter().map(card).collect_view()}</div>
        </section>
    }
}
