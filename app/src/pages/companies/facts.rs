use crate::ui::time::When;
use domain::company::Company;
use leptos::prelude::*;

/// What is known of a company, as pairs of name and value.
#[component]
pub fn CompanyFacts(company: Company) -> impl IntoView {
    let fact = |name: &'static str, value: Option<String>| {
        let value = match value {
            Some(value) => view! { <dd class="break-words">{value}</dd> }.into_any(),
            None => view! { <dd class="text-muted">"Not given"</dd> }.into_any(),
        };
        view! { <div><dt class="text-sm text-muted">{name}</dt>{value}</div> }
    };
    view! {
        <section class="card mb-6 bg-base-100" aria-label="Company">
            <dl class="card-body grid grid-cols-1 gap-4 p-4 sm:grid-cols-2 lg:grid-cols-3">
                {fact("Domain", company.domain)}
                {fact("Phone", company.phone)}
                {fact("PSA reference", company.psa_ref)}
                {fact("Address", company.address)}
                <div><dt class="text-sm text-muted">"Created"</dt><dd><When time=company.created_at /></dd></div>
                <div><dt class="text-sm text-muted">"Changed"</dt><dd><When time=company.updated_at /></dd></div>
            </dl>
        </section>
    }
}
