use super::{current::Current, if_gone::IfGone, paths::step_path, steps::StepNav};
use crate::layout::may_manage;
use crate::layout::may_view;
use crate::{
    layout::PageHead,
    ui::{icon::Icon, state::ErrorBox},
};
use domain::permissions::Area;
use domain::{integration::Integration, wizard::Step};
use leptos::prelude::*;

/// The frame of a step: heading, integration, step indicator, the step itself, Back and Next.
///
/// In: the step, the integration, a sentence on what the step is for. `own_next`: while there is no integration, Next is
/// the step's own affair.
#[component]
pub fn WizardFrame(
    step: Step,
    current: Current,
    text: &'static str,
    #[prop(optional)] own_next: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div>
            <IfGone current />
            <div class="peer-data-gone:hidden">
                <Whose current />
                <PageHead title=step.title() text />
                <StepNav step current />
                <div class="flex flex-col gap-4">{children()}</div>
                <BackAndNext step current own_next />
            </div>
        </div>
    }
}

/// Where this is: Settings > Integrations > name of the integration; or why it cannot be shown.
#[component]
fn Whose(current: Current) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match current.data.await {
                    Ok(integration) => view! { <Crumbs integration /> }.into_any(),
                    Err(error) if error.is_not_found() => ().into_any(),
                    Err(error) => {
                        let retry = Callback::new(move |()| current.reload());
                        view! { <div class="mb-4"><ErrorBox error retry /></div> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Crumbs(integration: Option<Integration>) -> impl IntoView {
    let name = integration.map_or_else(|| "New integration".to_owned(), |i| i.name);
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/settings/integrations">"Integrations"</a></li>
                <li>{name}</li>
            </ul>
        </nav>
    }
}

/// Links to the step before and the step after.
#[component]
fn BackAndNext(step: Step, current: Current, own_next: bool) -> impl IntoView {
    let at = step.number() as usize - 1;
    let may_go_back = |step: &Step| *step != Step::Connect || may_manage(Area::Integrations);
    let back = at.checked_sub(1).map(|i| Step::ALL[i]).filter(may_go_back);
    let may_go_on = step != Step::Connect || may_view(Area::Mappings);
    let next = Step::ALL.get(at + 1).copied();
    let path = move |step: Step| step_path(current.id.get(), step);
    view! {
        <nav aria-label="Steps back and next" class="mt-6 flex flex-wrap justify-between gap-2 border-t border-base-300 pt-4">
            {match back {
                Some(back) => {
                    view! {
                        <a class="btn" href=move || path(back)>
                            <Icon name="arrow-left" />
                            "Back"
                            <span class="sr-only">{format!(" to {}", back.title())}</span>
                        </a>
                    }
                        .into_any()
                }
                None => view! { <a class="btn" href="/settings/integrations">"Cancel"</a> }.into_any(),
            }}
            {move || (may_go_on && (!own_next || current.id.get().is_some())).then(|| match next {
                Some(next) => {
                    view! {
                        <a class="btn btn-primary" href=move || path(next)>
                            <span>"Next"<span class="max-sm:sr-only">{format!(": {}", next.title())}</span></span>
                            <Icon name="arrow-right" />
                        </a>
                    }
                        .into_any()
                }
                None => view! { <a class="btn btn-primary" href="/devices">"Finish: see the devices"</a> }.into_any(),
            })}
        </nav>
    }
}
