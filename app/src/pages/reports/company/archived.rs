use crate::{
    layout::{PageHead, may_open},
    ui::{
        badge::{Badge, Tone},
        state::EmptyState,
    },
};
use domain::company::CompanyRef;
use leptos::prelude::*;

/// In place of the report of an archived company, which would say zero of everything.
#[component]
pub fn Archived(company: CompanyRef) -> impl IntoView {
    let page = format!("/companies/{}", company.id);
    let devices = format!("/devices?company={}", company.id);
    let page = may_open(&page).then(|| view! { <a class="btn btn-sm" href=page>"Show the company"</a> });
    let devices =
        may_open(&devices).then(|| view! { <a class="btn btn-sm" href=devices>"Show its devices"</a> });
    view! {
        <PageHead title=company.name />
        <p class="mb-2"><Badge tone=Tone::Warning label="Archived" /></p>
        <EmptyState
            title="This company is archived"
            text="Its devices are in no report. They are reported on again once the company is restored."
            icon="building"
        >
            {page}
            {devices}
        </EmptyState>
    }
}
