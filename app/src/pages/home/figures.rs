use super::overview::Overview;
use crate::ui::number::count;
use leptos::prelude::*;

/// How much the portal holds; each figure leads to its list.
#[component]
pub fn Figures(overview: Overview) -> impl IntoView {
    let mapped = format!(
        "{} / {}",
        count(overview.sum(|c| c.organizations_mapped)),
        count(overview.sum(|c| c.organizations))
    );
    let figures = [
        ("Devices", count(overview.devices), "/devices"),
        ("Companies", count(overview.companies), "/companies"),
        ("Organizations mapped", mapped, "/settings/integrations"),
        ("Ready to import", count(overview.sum(|c| c.devices_ready)), "/settings/integrations"),
    ];
    let figure = |(word, value, href): (&'static str, String, &'static str)| {
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
