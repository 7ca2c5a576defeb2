use super::link::address;
use crate::layout::may_open;
use crate::ui::{icon::Icon, time::When};
use domain::why::{WhyChain, WhyLink, WhyStep, WhyTone};
use leptos::prelude::*;

/// The answer in one sentence, and the steps that lead to it.
#[component]
pub fn Chain(chain: WhyChain) -> impl IntoView {
    let steps = chain.steps.into_iter().map(|step| view! { <Step step /> }).collect_view();
    let page = chain
        .device_id
        .map(|id| view! { <a class="btn btn-sm" href=format!("/devices/{id}")>"Open the device"</a> });
    let (icon, color) = look(chain.tone);
    view! {
        <section class="card bg-base-100" aria-labelledby="why-verdict" data-testid="why-chain">
            <div class="card-body gap-3 p-4">
                <div class="flex flex-wrap items-start justify-between gap-2">
                    <div class="min-w-0 flex-1 basis-60">
                        <h2 class="text-lg font-semibold break-words">{chain.name}</h2>
                        <p id="why-verdict" class="mt-1 flex items-start gap-2">
                            <span class=color><Icon name=icon class="mt-0.5 size-5 shrink-0" /></span>
                            {chain.verdict}
                        </p>
                    </div>
                    {page}
                </div>
                <ol class="relative flex flex-col">{steps}</ol>
            </div>
        </section>
    }
}

#[component]
fn Step(step: WhyStep) -> impl IntoView {
    let (icon, color) = look(step.tone);
    let spoken = match step.tone {
        WhyTone::Good => "In order: ",
        WhyTone::Note => "To know: ",
        WhyTone::Stop => "In the way: ",
    };
    let links = step.links.iter().filter_map(to_link).collect_view();
    view! {
        <li class="flex gap-3 border-t border-base-300 py-2.5 text-sm" data-step=step.code.as_str()>
            <span class=color><Icon name=icon class="mt-0.5 size-5 shrink-0" /></span>
            <div class="min-w-0 flex-1 sm:grid sm:grid-cols-[8rem_minmax(0,1fr)] sm:gap-x-3">
                <p class="font-medium"><span class="sr-only">{spoken}</span>{step.code.title()}</p>
                <div>
                    <p class="break-words">{step.text}</p>
                    <p class="flex flex-wrap gap-x-3 text-xs text-muted">
                        {step.at.map(|time| view! { <When time /> })}
                        {links}
                    </p>
                </div>
            </div>
        </li>
    }
}

fn to_link(link: &WhyLink) -> Option<impl IntoView + use<>> {
    let href = address(link).filter(|href| may_open(href))?;
    Some(view! { <a class="link py-0.5" href=href>{link.label.clone()}</a> })
}

/// Icon and colour of a tone. The words carry the meaning.
fn look(tone: WhyTone) -> (&'static str, &'static str) {
    match tone {
        WhyTone::Good => ("check-circle", "text-success"),
        WhyTone::Note => ("info", "text-info"),
        WhyTone::Stop => ("alert", "text-warning"),
    }
}
