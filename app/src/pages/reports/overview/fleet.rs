use crate::{
    pages::reports::paths::devices_path,
    ui::chart::{Bar, Bars},
};
use domain::{
    compliance::{FleetPart, ReportSummary, date},
    ids::CompanyId,
};
use leptos::prelude::*;

/// Operating systems that have a bar of their own; the others are summed up.
const MOST: usize = 10;

/// The fleet by type, operating system and age.
#[component]
pub fn Fleet(summary: ReportSummary) -> impl IntoView {
    let company = summary.company.as_ref().map(|company| company.id);
    view! {
        <section aria-label="Fleet" class="grid gap-4 md:grid-cols-2 lg:grid-cols-3">
            <Card title="By device type" head="Device type" key="type" company parts=summary.types />
            <Card title="By operating system" head="Operating system" key="os" company parts=summary.systems />
            <Card title="By age" head="Age" key="age" company parts=summary.ages
                note="Since the start of the warranty, or else since the RMM first knew the device." />
        </section>
    }
}

#[component]
fn Card(
    title: &'static str,
    head: &'static str,
    key: &'static str,
    company: Option<CompanyId>,
    parts: Vec<FleetPart>,
    #[prop(optional)] note: Option<&'static str>,
) -> impl IntoView {
    let company = company.map(|id| id.to_string()).unwrap_or_default();
    let rest: i64 = parts.iter().skip(MOST).map(|part| part.devices).sum();
    let bar = |part: FleetPart| Bar {
        // Devices that do not tell have no key to be filtered by.
        href: (!part.key.is_empty()).then(|| devices_path(&[(key, &part.key), ("company", &company)])),
        note: part.ends.map(|day| {
            format!("Support {} {}", if part.ended { "ended" } else { "ends" }, date(day.date_naive()))
        }),
        alarming: part.ended,
        name: part.name,
        value: part.devices,
    };
    let mut bars: Vec<Bar> = parts.into_iter().take(MOST).map(bar).collect();
    if rest > 0 {
        bars.push(Bar { name: "Others".to_owned(), value: rest, href: None, note: None, alarming: false });
    }
    view! {
        <div class="card break-inside-avoid bg-base-100">
            <div class="card-body gap-2 p-4">
                <h2 class="text-base font-semibold">{title}</h2>
                <Bars caption=title head=(head, "Devices") bars />
                {note.map(|note| view! { <p class="text-xs text-muted">{note}</p> })}
            </div>
        </div>
    }
}
