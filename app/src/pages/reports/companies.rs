use super::{
    api::{list_scores, load_summary},
    paths::{check_path, company_path, devices_path},
    score::change_words,
    stands_on::Stands,
};
use crate::{
    layout::PageHead,
    ui::{
        badge::Badge,
        icon::Icon,
        list::ListState,
        number::count,
        state::EmptyState,
        table::{Loaded, Pager, SearchBox, SortHeader, TableBox},
    },
};
use domain::{
    compliance::{CheckNumber, CompanyScore, Outcome, ReportSummary},
    page::Listing,
};
use futures::try_join;
use leptos::prelude::*;

/// How companies stand, the lowest score first.
#[component]
pub fn CompanyScoresPage() -> impl IntoView {
    let list = ListState::from_url();
    let read = Resource::new(
        move || (list.page_number(), list.search_text(), list.sort.get()),
        |(page, search, sort)| async move { try_join!(list_scores(page, None, search, sort), load_summary(None)) },
    );
    let show = move |(found, summary): (Listing<CompanyScore>, ReportSummary)| {
        view! {
            <Found list found />
            <div class="mt-3"><Stands on=summary.stands_on checked_at=summary.checked_at /></div>
        }
        .into_any()
    };
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/reports">"Reports"</a></li>
                <li>"Companies"</li>
            </ul>
        </nav>
        <PageHead title="Companies by score" text="Companies with devices. Each has a report that can be printed.">
            <a class="btn btn-sm" href="/api/v1/reports/companies.csv" rel="external" download>
                <Icon name="download" />
                "Export all (CSV)"
            </a>
        </PageHead>
        <SearchBox list label="Search companies" />
        <div class="mt-3"><Loaded read rows=8 columns=5 show /></div>
    }
}

#[component]
fn Found(list: ListState, found: Listing<CompanyScore>) -> impl IntoView {
    if found.total == 0 && !untrack(|| list.is_narrowed(&[])) {
        return view! {
            <EmptyState title="No company yet" text="Companies that have devices are listed here by their score." icon="building">
                <a class="btn btn-sm" href="/companies">"Show companies"</a>
            </EmptyState>
        }
        .into_any();
    }
    if found.total == 0 {
        return view! {
            <EmptyState title="No company" text="No company with devices fits the search." icon="building">
                <a class="btn btn-sm" href=move || list.path()>"Show all"</a>
            </EmptyState>
        }
        .into_any();
    }
    let (total, page_size, page) = (found.total, found.page_size, found.page);
    let rows = found.items.into_iter().map(|row| view! { <Row row /> }).collect_view();
    view! {
        <TableBox>
            <table class="table table-sm">
                <caption class="sr-only">"Companies by score"</caption>
                <thead>
                    <tr>
                        <SortHeader list field="name" label="Company" />
                        <SortHeader list field="score" label="Score" default=true class="num" />
                        <SortHeader list field="devices" label="Devices" class="num" />
                        <th scope="col" class="max-md:hidden">"Most failing checks"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableBox>
        <Pager list total page_size page />
    }
    .into_any()
}

/// Checks that are named in a row.
const NAMED: usize = 3;

#[component]
fn Row(row: CompanyScore) -> impl IntoView {
    let id = row.company.id;
    let change = change_words(row.before, row.score)
        .map(|(tone, label)| view! { <span class="block"><Badge tone label /></span> });
    let mut failing = row.failing;
    failing.sort_by_key(|number| std::cmp::Reverse(number.devices));
    let check = |CheckNumber { check, devices }: CheckNumber| {
        let text = format!("{} ({})", check.name(), count(devices));
        view! { <li><a class="link link-hover" href=check_path(check, Outcome::Failing, Some(id))>{text}</a></li> }
    };
    let checks = failing.into_iter().take(NAMED).map(check).collect_view();
    view! {
        <tr data-company-id=id.to_string()>
            <th scope="row" class="font-medium">
                <a class="link link-hover" href=company_path(id)>{row.company.name}</a>
            </th>
            <td class="num"><span class="font-semibold">{row.score.words()}</span>{change}</td>
            <td class="num">
                <a class="link link-hover" href=devices_path(&[("company", &id.to_string())])>{count(row.devices)}</a>
                <a class="link link-hover block text-xs text-muted" href=devices_path(&[("company", &id.to_string()), ("online", "true")])>
                    {format!("{} online", count(row.online))}
                </a>
            </td>
            <td class="text-xs max-md:hidden"><ul>{checks}</ul></td>
        </tr>
    }
}
