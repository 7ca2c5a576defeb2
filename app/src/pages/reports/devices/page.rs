use super::{
    filters::{FILTERS, Filters, KNOWN, Wanted},
    row::DeviceTr,
};
use crate::{
    layout::{PageHead, may_manage},
    pages::reports::{
        api::{list_findings, load_summary},
        exception::{ExceptionDialog, ExceptionState},
        paths::devices_path,
        stands_on::Stands,
    },
    ui::{
        icon::Icon,
        known::IfKnown,
        list::ListState,
        state::EmptyState,
        table::{Loaded, Pager, SortHeader, TableBox},
    },
};
use domain::{
    compliance::{Check, DeviceFinding, Outcome, ReportSummary},
    device_edit::DeviceField,
    page::Listing,
    permissions::Area,
};
use futures::try_join;
use leptos::prelude::*;

/// Devices under a report's filters, which live in the address.
#[component]
pub fn ReportDevicesPage() -> impl IntoView {
    let list = ListState::from_url();
    let wanted = Wanted::of(list);
    let read = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get(), wanted.get()),
        |(page, search, sort, w)| async move {
            try_join!(
                list_findings(
                    page,
                    None,
                    search,
                    sort,
                    w.check,
                    w.outcome,
                    w.company,
                    w.device_type,
                    w.os,
                    w.age,
                    w.online,
                ),
                load_summary(w.company),
            )
        },
    );
    let exception = ExceptionState::new();
    let again = Callback::new(move |()| read.refetch());
    let show = move |(found, summary): (Listing<DeviceFinding>, ReportSummary)| {
        view! { <Found list wanted found summary exception /> }.into_any()
    };
    let title = Signal::derive(move || wanted.title());
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/reports">"Reports"</a></li>
                <li>"Devices"</li>
            </ul>
        </nav>
        <PageHead title=title>
            <Export list />
        </PageHead>
        <p class="-mt-2 mb-3 text-sm text-muted">{move || wanted.about()}</p>
        <Filters list wanted />
        <div class="mt-3">
            <IfKnown list known=KNOWN>
                <Loaded read rows=8 columns=5 show retry=again />
            </IfKnown>
        </div>
        <ExceptionDialog state=exception on_added=again />
    }
}

/// The link to all rows under the filters as a file.
#[component]
fn Export(list: ListState) -> impl IntoView {
    let kept = FILTERS.map(|(key, name)| (list.get(key), name));
    let href = move || {
        let search = list.search_text().unwrap_or_default();
        let given = kept.map(|(value, name)| (name, value.get().unwrap_or_default()));
        let mut pairs: Vec<(&str, &str)> =
            given.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sort = list.sort.get().unwrap_or_default();
        pairs.extend([("search", search.as_str()), ("sort", sort.as_str())]);
        devices_path(&pairs).replacen("/reports/devices", "/api/v1/reports/devices.csv", 1)
    };
    view! {
        <a class="btn btn-sm" href=href rel="external" download>
            <Icon name="download" />
            "Export these (CSV)"
        </a>
    }
}

#[component]
fn Found(
    list: ListState,
    wanted: Wanted,
    found: Listing<DeviceFinding>,
    summary: ReportSummary,
    exception: ExceptionState,
) -> impl IntoView {
    let (total, page_size, page) = (found.total, found.page_size, found.page);
    let check = untrack(|| wanted.get().check);
    let failing = untrack(|| wanted.get().outcome).is_none_or(|o| o == Outcome::Failing);
    let excepting = check.filter(|_| failing && may_manage(Area::Reports));
    let narrowed = wanted.told(&summary);
    let narrowed = (!narrowed.is_empty()).then(|| {
        let words = format!("Only {}.", narrowed.join(", "));
        view! { <p class="mb-2 text-sm" data-testid="narrowed">{words}</p> }
    });
    let summary_checks: Vec<Check> = summary.checks.iter().map(|count| count.check).collect();
    let stands = view! { <Stands on=summary.stands_on checked_at=summary.checked_at /> };
    if total == 0 {
        let on = |check| summary_checks.contains(&check);
        let (text, icon) = match check {
            Some(check) if !on(check) => {
                ("This check is switched off: no device is looked at with it.", "info")
            }
            Some(_) if failing && untrack(|| list.search_text()).is_none() => {
                ("No device fails this check: good news.", "check-circle")
            }
            Some(_) => ("No device came out of this check so.", "info"),
            None if summary.devices == 0 => (
                "No device is looked at yet. What is imported or added by hand is checked by the rules.",
                "info",
            ),
            None => ("No device fits the search and the filters.", "info"),
        };
        return view! {
            {narrowed}
            <EmptyState title="No device" text icon>
                <a class="btn btn-sm" href="/reports">"Back to the reports"</a>
            </EmptyState>
            <div class="mt-3">{stands}</div>
        }
        .into_any();
    }
    let rows = found
        .items
        .into_iter()
        .map(|device| view! { <DeviceTr device excepting exception /> })
        .collect_view();
    view! {
        {narrowed}
        <TableBox>
            <table class="table table-sm table-stacked">
                <caption class="sr-only">"Devices"</caption>
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Device" default=true />
                        <SortHeader list field="company" label="Company" />
                        <SortHeader list field="type" label=DeviceField::DeviceType.label() />
                        <SortHeader list field="os" label="Operating system" />
                        <th scope="col">"Found"</th>
                        <SortHeader list field="last_contact" label="Last contact" />
                        {excepting.map(|_| view! { <th scope="col"><span class="sr-only">"Actions"</span></th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
        <Pager list total page_size page />
        {stands}
    }
    .into_any()
}
