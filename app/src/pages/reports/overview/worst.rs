use crate::{
    pages::reports::paths::company_path,
    ui::{
        chart::{Bar, Bars},
        number::things,
    },
};
use domain::{
    compliance::{CompanyScore, Score},
    page::Listing,
};
use leptos::prelude::*;

/// The companies with the lowest scores, and the way to all.
#[component]
pub fn Worst(scores: Listing<CompanyScore>) -> impl IntoView {
    let total = scores.total;
    let bar = |row: CompanyScore| {
        let Score { passed, judged } = row.score;
        Bar {
            href: Some(company_path(row.company.id)),
            name: row.company.name,
            value: judged - passed,
            note: Some(format!("Score {}, {}", row.score.words(), things(row.devices, "device", "devices"))),
            alarming: true,
        }
    };
    let bars: Vec<Bar> = scores.items.into_iter().map(bar).collect();
    view! {
        <section class="card bg-base-100" aria-label="Companies">
            <div class="card-body gap-2 p-4">
                <div class="flex flex-wrap items-center justify-between gap-2">
                    <h2 class="text-lg font-semibold">"Companies with the lowest score"</h2>
                    <a class="btn btn-sm" href="/reports/companies">{format!("Show {}", things(total, "company", "companies"))}</a>
                </div>
                <p class="text-sm text-muted">"How many results that count are failing at each."</p>
                <Bars caption="Failing results by company" head=("Company", "Failing results") bars />
            </div>
        </section>
    }
}
