use super::overview::Overview;
use crate::{pages::wizard::step_path, ui::number::count};
use domain::wizard::Step;
use leptos::prelude::*;

/// How much the portal holds; each figure leads to its list.
#[component]
pub fn Figures(overview: Overview) -> impl IntoView {
    let mapped = format!(
        "{} / {}",
        count(overview.sum(|c| c.organizations_mapped)),
        count(overview.sum(|c| c.organizations))
    );
    // Where there are several integrations, their cards have the numbers of each.
    let of_one = |step: Step, query: &str| match overview.integrations.as_slice() {
        [one] => step_path(Some(one.id), step).map(|path| format!("{path}{query}")),
        _ => None,
    };
    let of_one = |step, query| of_one(step, query).unwrap_or_else(|| "/settings/integrations".to_owned());
    let ready = count(overview.sum(|c| c.devices_ready));
    let figures = [
        ("Devices", count(overview.devices), "/devices".to_owned()),
        ("Companies", count(overview.companies), "/companies".to_owned()),
        ("Organizations mapped", mapped, of_one(Step::Organizations, "")),
        ("Ready to import", ready, of_one(Step::Devices, "?status=ready")),
    ];
    let figure = |(word, value, href): (&'static str, String, String)| {
        view! {
            <li>
                <a href=href class="block h-full rounded-box border border-base-300 bg-base-100 px-4 py-3 hover:border-primary">
                    <span class="block text-sm text-muted">{word}</span>
                    <span class="text-2xl font-bold tabular-nums max-sm:text-xl">{value}</span>
                </a>
            </li>
        }
    };
    view! {
        <section aria-label="Figures">
            <ul class="grid grid-cols-2 gap-4 lg:grid-cols-4">{figures.map(figure).collect_view()}</ul>
        </section>
    }
}
