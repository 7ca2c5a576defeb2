use super::{archived::Archived, findings::FindingsOf};
use crate::layout::may_view;
use crate::{
    error::AppError,
    layout::{Gone, PageHead},
    pages::reports::{
        Trends,
        api::load_company_report,
        exception::{ExceptionDialog, ExceptionState},
        overview::{Checks, Fleet},
        score::ScoreCard,
        stands_on::Stands,
    },
    ui::{
        icon::Icon,
        state::{EmptyState, ErrorBox, Loading},
    },
};
use domain::permissions::Area;
use domain::{
    compliance::{CompanyReport, ComplianceException, date},
    error::UserError,
    ids::CompanyId,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Everything about one company: what a manager can hand to the client.
#[component]
pub fn CompanyReportPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<CompanyId>().ok()));
    let report = Resource::new(move || id.get(), read);
    let exception = ExceptionState::new();
    let again = Callback::new(move |()| report.refetch());
    view! {
        <nav aria-label="Breadcrumb" class="breadcrumbs p-0 pb-1 text-sm">
            <ul>
                <li><a href="/reports">"Reports"</a></li>
                <li><a href="/reports/companies">"Companies"</a></li>
                <li>"Report"</li>
            </ul>
        </nav>
        <Transition fallback=|| view! { <Loading /> }>
            {move || Suspend::new(async move {
                match report.await {
                    Ok(found) => view! { <Shown report=found exception /> }.into_any(),
                    Err(error) if error.is_not_found() => {
                        view! { <Gone what="company" icon="building" href="/reports/companies" label="Show all companies" /> }.into_any()
                    }
                    Err(error) => {
                        view! {
                            <PageHead title="Company report" />
                            <ErrorBox error retry=again />
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
        <ExceptionDialog state=exception on_added=again />
    }
}

async fn read(id: Option<CompanyId>) -> Result<CompanyReport, AppError> {
    load_company_report(id.ok_or_else(|| UserError::not_found("company"))?).await
}

#[component]
fn Shown(report: CompanyReport, exception: ExceptionState) -> impl IntoView {
    let summary = report.summary;
    let Some(company) = summary.company.clone() else { return ().into_any() };
    if report.archived {
        return view! { <Archived company /> }.into_any();
    }
    let day = date(summary.checked_at.date_naive());
    let print = move |_| _ = window().print();
    let empty = (summary.devices == 0).then(|| {
        view! {
            <div class="mb-4"><EmptyState title="No devices" text="This company has no devices to report on. Devices that are archived or merged are in no report." icon="devices" /></div>
        }
    });
    let file = format!("/api/v1/reports/devices.csv?company={}&outcome=failing", company.id);
    let findings = report
        .findings
        .into_iter()
        .map(|findings| {
            let company = company.clone();
            view! { <FindingsOf findings company exception /> }
        })
        .collect_view();
    view! {
        <p class="print-only text-sm">{format!("Prepared by {} on {day}", summary.tenant)}</p>
        <PageHead title=company.name.clone() text=format!("Devices and compliance, as of {day}")>
            <button type="button" class="btn btn-sm" on:click=print>
                <Icon name="printer" />
                "Print"
            </button>
            <a class="btn btn-sm" href=file rel="external" download>
                <Icon name="download" />
                "Export (CSV)"
            </a>
            {may_view(Area::Companies)
                .then(|| view! { <a class="btn btn-sm" href=format!("/companies/{}", company.id)>"Show the company"</a> })}
        </PageHead>
        {empty}
        <div class="flex flex-col gap-4">
            <Stands on=summary.stands_on.clone() checked_at=summary.checked_at />
            <div class="grid gap-4 lg:grid-cols-[20rem_1fr]">
                <ScoreCard score=summary.score before=summary.before devices=summary.devices online=summary.online company=Some(company.id) />
                <Trends points=report.trend />
            </div>
            <Checks checks=summary.checks.clone() company=Some(company.id) />
            <Exceptions exceptions=report.exceptions />
            {findings}
            <Fleet summary />
        </div>
    }
    .into_any()
}

/// What counts as passed although it fails, and why.
#[component]
fn Exceptions(exceptions: Vec<ComplianceException>) -> impl IntoView {
    if exceptions.is_empty() {
        return ().into_any();
    }
    let row = |exception: ComplianceException| {
        let whose = exception.device.unwrap_or("All devices of the company".to_owned());
        let until = exception.until.map(|day| format!(" (until {})", date(day.date_naive())));
        view! {
            <li>
                <span class="font-medium">{format!("{whose}: {}. ", exception.check.name())}</span>
                {exception.reason}
                {until}
            </li>
        }
    };
    view! {
        <section class="card break-inside-avoid bg-base-100" aria-label="Exceptions">
            <div class="card-body gap-2 p-4 text-sm">
                <h2 class="text-lg font-semibold">"Exceptions"</h2>
                <p class="text-muted">"These count as passed."</p>
                <ul class="list-disc pl-5">{exceptions.into_iter().map(row).collect_view()}</ul>
            </div>
        </section>
    }
    .into_any()
}
