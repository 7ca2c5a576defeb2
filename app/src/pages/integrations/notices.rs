use crate::layout::may_open;
use crate::{
    layout::may_manage,
    pages::{
        runs::{look, question_path},
        wizard::step_path,
    },
    ui::{
        icon::Icon,
        number::{count, things},
    },
};
use domain::{
    ids::IntegrationId,
    integration::{Integration, IntegrationCounts},
    permissions::Area,
    run::Question,
    wizard::Step,
};
use leptos::prelude::*;

/// What waits for a person at an integration: parts of runs that were held back, devices that could not move, devices
/// that look like one enrolled again.
#[component]
pub fn Notices(integration: Integration) -> impl IntoView {
    let held = integration.questions.into_iter().map(|question| view! { <HeldBack question /> });
    let rest = waiting(integration.id, integration.counts)
        .into_iter()
        .map(|(text, href, action)| view! { <Waiting text href action /> });
    view! {
        {held.collect_view()}
        {rest.collect_view()}
    }
}

/// A part that was held back, with the way to the decision.
#[component]
fn HeldBack(question: Question) -> impl IntoView {
    view! {
        <div class="alert alert-warning alert-soft flex flex-wrap py-2 text-sm" data-testid="open-question">
            <Icon name="alert" class="size-5 shrink-0" />
            <p class="min-w-0 flex-1 basis-52">
                <strong class="font-semibold">"Held back: "</strong>
                {question.sentence()}
            </p>
            <a class="btn btn-sm" href=question_path(&question)>{look()}</a>
        </div>
    }
}

#[component]
fn Waiting(text: String, href: String, action: &'static str) -> impl IntoView {
    let action = if may_manage(Area::Mappings) { action } else { "Show them" };
    let link = may_open(&href).then(|| view! { <a class="btn btn-sm" href=href.clone()>{action}</a> });
    view! {
        <div class="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm" data-testid="waiting">
            <Icon name="info" class="size-5 shrink-0" />
            <p class="min-w-0 flex-1 basis-52">{text}</p>
            {link}
        </div>
    }
}

/// Sentences about devices that wait, each with where to go.
pub fn waiting(id: IntegrationId, c: IntegrationCounts) -> Vec<(String, String, &'static str)> {
    let path = step_path(Some(id), Step::Devices).unwrap_or_default();
    let place = format!("{path}?sort=attention#staged-title");
    let moving = (c.devices_waiting > 0).then(|| {
        let text = match c.devices_waiting {
            1 => "1 imported device is in an organization that is not mapped, and stays where it was until it is.".to_owned(),
            n => format!("{} imported devices are in organizations that are not mapped, and stay where they were until they are.", count(n)),
        };
        (text, place.clone(), "Show them")
    });
    let same = (c.devices_proposed > 0).then(|| {
        let devices = things(c.devices_proposed, "device looks", "devices look");
        let ask = match may_manage(Area::Mappings) {
            true => "Say whether it is the same.",
            false => "Nobody has said yet whether it is the same.",
        };
        let text = format!("{devices} like one of the inventory that was enrolled again. {ask}");
        (text, place.clone(), "Decide")
    });
    [moving, same].into_iter().flatten().collect()
}
