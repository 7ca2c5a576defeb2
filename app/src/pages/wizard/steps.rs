use super::{current::Current, paths::step_path};
use crate::layout::may_open;
use crate::ui::icon::Icon;
use domain::{
    ids::IntegrationId,
    integration::IntegrationCounts,
    wizard::{Step, StepState, step_state},
};
use leptos::prelude::*;

/// The step indicator: four links with their state; the present one is marked.
#[component]
pub fn StepNav(step: Step, current: Current) -> impl IntoView {
    view! {
        <nav aria-label="Set-up steps" class="mb-5">
            <Transition fallback=move || view! { <StepList step id=None counts=None /> }>
                {move || Suspend::new(async move {
                    let integration = current.data.await.ok().flatten();
                    let counts = integration.as_ref().map(|i| i.counts);
                    view! { <StepList step id=integration.map(|i| i.id) counts /> }
                })}
            </Transition>
        </nav>
    }
}

#[component]
fn StepList(step: Step, id: Option<IntegrationId>, counts: Option<IntegrationCounts>) -> impl IntoView {
    let item = |each: Step| {
        let state = step_state(each, counts.as_ref());
        let href = step_path(id, each).filter(|href| state != StepState::Locked && may_open(href));
        view! { <StepItem each here=each == step state href /> }
    };
    view! { <ol class="grid grid-cols-4 gap-1 sm:gap-3">{Step::ALL.iter().copied().map(item).collect_view()}</ol> }
}

/// One step. The number turns into a check mark when its purpose is reached.
#[component]
fn StepItem(each: Step, here: bool, state: StepState, href: Option<String>) -> impl IntoView {
    let done = state == StepState::Done;
    let disc = if done { view! { <Icon name="check" /> }.into_any() } else { each.number().into_any() };
    let words = match state {
        StepState::Done => " (done)",
        StepState::Locked => " (not available yet)",
        StepState::Open => "",
    };
    let inner = view! {
        <span
            class="flex size-7 shrink-0 items-center justify-center rounded-full border text-sm font-semibold"
            class=("border-primary", here || done)
            class=("bg-primary", here)
            class=("text-primary-content", here)
            class=("text-primary", done && !here)
            class=("border-control", !here && !done)
            aria-hidden="true"
        >
            {disc}
        </span>
        <span class="text-xs sm:text-sm">
            <span class="sr-only">{format!("Step {}: ", each.number())}</span>
            {each.title()}
            <span class="sr-only">{words}</span>
        </span>
    };
    let class = "flex h-full flex-col items-center gap-1 border-t-2 pt-2 text-center sm:flex-row sm:text-left aria-[current=step]:font-semibold";
    let edge = if here || done { "border-primary" } else { "border-base-300" };
    match href {
        Some(href) => {
            let current = here.then_some("step");
            view! { <li><a class=format!("{class} {edge} hover:underline") href=href aria-current=current>{inner}</a></li> }.into_any()
        }
        None => {
            let current = here.then_some("step");
            view! { <li><span class=format!("{class} {edge} text-muted") aria-current=current>{inner}</span></li> }.into_any()
        }
    }
}
