use super::{proposal::percent, state::Matcher};
use crate::{
    error::AppError,
    pages::wizard::{
        api::{preview_locations, preview_organizations},
        current::required,
    },
    ui::{button::ActionButton, number::count, state::ErrorBox},
};
use domain::{
    decision::MappingSubject,
    mapping::{DEFAULT_THRESHOLD, QuickMatchPreview, ThresholdPreview},
};
use leptos::prelude::*;

async fn preview(
    subject: MappingSubject,
    id: Option<domain::ids::IntegrationId>,
) -> Result<QuickMatchPreview, AppError> {
    match subject {
        MappingSubject::Organization => preview_organizations(required(id)?).await,
        MappingSubject::Location => preview_locations(required(id)?).await,
    }
}

/// How sure Quick Match has to be, with how many rows each choice would map now. Out: `on_run` with the choice.
#[component]
pub fn Threshold(matcher: Matcher, on_run: Callback<f64>) -> impl IntoView {
    let chosen = RwSignal::new(DEFAULT_THRESHOLD);
    let id = matcher.current.id;
    let read = LocalResource::new(move || preview(matcher.subject, id.get()));
    let on_press = Callback::new(move |()| on_run.run(chosen.get_untracked()));
    let shown = move |preview: QuickMatchPreview| {
        let steps = preview.thresholds.clone();
        let mapped = move || steps.iter().find(|s| s.threshold == chosen.get()).map_or(0, |s| s.mapped);
        let label = Signal::derive(move || format!("Map {}", matcher.things(mapped())));
        view! {
            <fieldset class="flex flex-col gap-1">
                <legend class="mb-2 text-sm">
                    "Rows map by themselves when they are at least this sure. All others are only proposed."
                </legend>
                {preview.thresholds.into_iter().map(|step| view! { <Step matcher step chosen /> }).collect_view()}
            </fieldset>
            <p class="mt-3 text-xs text-muted">
                {format!(
                    "{} with a proposal, {} without. Whatever is mapped can be undone at once.",
                    count(preview.proposed),
                    count(preview.unmatched),
                )}
            </p>
            <div class="modal-action">
                <ActionButton label on_press class="btn btn-primary" />
            </div>
        }
    };
    view! {
        <Suspense fallback=|| view! { <p class="py-8 text-center text-sm text-muted">"Looking for matches…"</p> }>
            {move || Suspend::new(async move {
                match read.await {
                    Ok(preview) => shown(preview).into_any(),
                    Err(error) => {
                        let retry = Callback::new(move |()| read.refetch());
                        view! { <ErrorBox error retry /> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

/// One threshold with its number.
#[component]
fn Step(matcher: Matcher, step: ThresholdPreview, chosen: RwSignal<f64>) -> impl IntoView {
    let ThresholdPreview { threshold, mapped } = step;
    let usual = if threshold == DEFAULT_THRESHOLD { " (usual)" } else { "" };
    view! {
        <label class="flex cursor-pointer items-center gap-3 rounded-field px-2 py-1.5 text-sm hover:bg-base-200">
            <input
                type="radio"
                name="threshold"
                class="radio radio-sm"
                prop:checked=move || chosen.get() == threshold
                on:change=move |_| chosen.set(threshold)
            />
            <span class="grow">{format!("{} sure{usual}", percent(threshold))}</span>
            <span class="text-muted tabular-nums">{format!("maps {}", matcher.things(mapped))}</span>
        </label>
    }
}
