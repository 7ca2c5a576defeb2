use crate::ui::{
    badge::{Badge, Tone},
    url::encode,
};
use domain::why::{Why, WhyCandidate, WhyChain};
use leptos::prelude::*;

/// What fits the search, to choose from.
#[component]
pub fn Candidates(found: Why) -> impl IntoView {
    let total = found.candidates.len();
    if total < 2 {
        return None;
    }
    let search = found.search.clone().unwrap_or_default();
    let chosen = found.chain;
    let title = match (found.more, chosen.is_some()) {
        (true, _) => format!("More than {total} devices fit. These fit best:"),
        (false, true) => format!("{total} devices fit:"),
        (false, false) => format!("{total} devices fit. Choose the one you mean:"),
    };
    let rows = found.candidates.into_iter().map(|c| {
        let here = chosen.as_ref().is_some_and(|chain| is_of(chain, &c));
        view! { <Row candidate=c search=search.clone() here /> }
    });
    Some(view! {
        <section class="card mb-4 bg-base-100" aria-label="Devices that fit">
            <div class="card-body gap-1 p-4">
                <h2 class="text-base font-semibold">{title}</h2>
                <ul class="divide-y divide-base-300">{rows.collect_view()}</ul>
            </div>
        </section>
    })
}

fn is_of(chain: &WhyChain, candidate: &WhyCandidate) -> bool {
    match candidate.device_id {
        Some(id) => chain.device_id == Some(id),
        None => {
            chain.device_id.is_none()
                && chain.integration_id == candidate.integration_id
                && chain.remote_id == candidate.remote_id
        }
    }
}

#[component]
fn Row(candidate: WhyCandidate, search: String, here: bool) -> impl IntoView {
    let href = format!("/why?search={}&{}", encode(&search), choice(&candidate));
    let state = if candidate.device_id.is_some() { "In the inventory" } else { "Not imported" };
    let tone = if candidate.device_id.is_some() { Tone::Success } else { Tone::Neutral };
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 text-sm" data-candidate=candidate.name.clone()>
            <span class="min-w-0 flex-1 basis-52">
                <a class="link font-medium break-words" href=href aria-current=here.then_some("true") data-noscroll>{candidate.name.clone()}</a>
                <span class="block text-xs wrap-anywhere text-muted">{candidate.detail}</span>
            </span>
            <span class="text-xs text-muted">{format!("{} fits{}", candidate.matched, if candidate.exact { "" } else { " in part" })}</span>
            <Badge tone label=state />
        </li>
    }
}

/// The part of the address that says which one.
fn choice(candidate: &WhyCandidate) -> String {
    match (candidate.device_id, candidate.integration_id, &candidate.remote_id) {
        (Some(id), _, _) => format!("device={id}"),
        (None, Some(integration), Some(remote)) => {
            format!("integration={integration}&remote={}", encode(remote))
        }
        _ => String::new(),
    }
}
