use super::{state::Matcher, threshold::Threshold};
use crate::{
    error::AppError,
    layout::may_manage,
    pages::wizard::{
        api::{quick_match_locations, quick_match_organizations},
        current::required,
    },
    ui::{button::ActionButton, dialog::Dialog, icon::Icon, toast::use_toasts},
};
use domain::{decision::MappingSubject, ids::IntegrationId, mapping::QuickMatchResult, permissions::Area};
use leptos::prelude::*;

async fn run(
    subject: MappingSubject,
    id: Option<IntegrationId>,
    threshold: Option<f64>,
) -> Result<QuickMatchResult, AppError> {
    match subject {
        MappingSubject::Organization => quick_match_organizations(required(id)?, threshold).await,
        MappingSubject::Location => quick_match_locations(required(id)?, threshold).await,
    }
}

/// Maps what is certain and proposes what is near; beside it, how sure "certain" is.
#[component]
pub fn QuickMatch(matcher: Matcher) -> impl IntoView {
    let toasts = use_toasts();
    let choosing = RwSignal::new(false);
    let start = Action::new(move |threshold: &Option<f64>| {
        let (id, threshold) = (matcher.current.id.get_untracked(), *threshold);
        async move {
            match run(matcher.subject, id, threshold).await {
                Ok(result) => {
                    matcher.matched.try_set(Some(result));
                    matcher.reload();
                    matcher.current.reload();
                }
                Err(error) => toasts.failed("Quick Match did not finish.", &error),
            }
        }
    });
    let on_press = Callback::new(move |()| _ = start.dispatch(None));
    let on_run = Callback::new(move |threshold| {
        choosing.set(false);
        start.dispatch(Some(threshold));
    });
    may_manage(Area::Mappings).then(|| {
        view! {
            <div class="join">
                <ActionButton label="Quick Match" busy=start.pending() on_press class="btn btn-sm btn-primary join-item" />
                <button
                    type="button"
                    class="btn btn-sm btn-primary join-item border-l border-l-primary-content/30 px-2"
                    aria-label="Choose how sure it has to be"
                    on:click=move |_| choosing.set(true)
                >
                    <Icon name="chevron-down" />
                </button>
            </div>
            <Dialog open=choosing title="How sure has Quick Match to be?">
                <Threshold matcher on_run />
            </Dialog>
        }
    })
}
