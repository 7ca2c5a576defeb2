use crate::{
    pages::reports::paths::devices_path,
    ui::{
        chart::{Bar, Bars},
        number::things,
    },
};
use domain::{
    compliance::{FleetPart, ReportSummary, date},
    ids::CompanyId,
};
use leptos::prelude::*;

/// Bars that are seen at once; the others are folded away.
const MOST: usize = 10;

/// The fleet by type, operating system and age.
#[component]
pub fn Fleet(summary: ReportSummary) -> impl IntoView {
    // Without devices there is nothing that they could be sorted by.
    if summary.devices == 0 {
        return None;
    }
    let company = summary.company.as_ref().map(|company| company.id);
    Some(view! {
        <section aria-label="Fleet" class="grid gap-4 md:grid-cols-2 lg:grid-cols-3">
            <Card title="By device type" head="Device type" key="type" company parts=summary.types />
            <Card title="By operating system" head="Operating system" key="os" company parts=summary.systems />
            <Card title="By age" head="Age" key="age" company parts=summary.ages
                note="Since the start of the warranty, or else since the RMM first knew the device." />
        </section>
    })
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
    let bar = |part: FleetPart| Bar {
        href: Some(devices_path(&[(key, &part.key), ("company", &company)])),
        note: part.ends.map(|day| {
            format!("Support {} {}", if part.ended { "ended" } else { "ends" }, date(day.date_naive()))
        }),
        alarming: part.ended,
        name: part.name,
        value: part.devices,
    };
    let mut bars: Vec<Bar> = parts.into_iter().map(bar).collect();
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default();
    let others = bars.split_off(bars.len().min(MOST));
    let others = (!others.is_empty()).then(|| {
        let sum = others.iter().map(|bar| bar.value).sum();
        let kinds = i64::try_from(others.len()).unwrap_or(i64::MAX);
        let summary = format!("{}, {}", things(kinds, "other", "others"), things(sum, "device", "devices"));
        view! {
            <details class="text-sm">
                <summary class="cursor-pointer text-muted">{summary}</summary>
                <Bars caption=title head=(head, "Devices") bars=others most />
            </details>
        }
    });
    view! {
        <div class="card break-inside-avoid bg-base-100">
            <div class="card-body gap-2 p-4">
                <h2 class="text-base font-semibold">{title}</h2>
                <Bars caption=title head=(head, "Devices") bars most />
                {others}
                {note.map(|note| view! { <p class="text-xs text-muted">{note}</p> })}
            </div>
        </div>
    }
}
