//! Server functions of reports.
#![allow(clippy::too_many_arguments, reason = "each filter of a list is a field of its query")]

use crate::error::AppError;
use domain::{
    compliance::{
        Age, Check, CompanyReport, CompanyScore, DeviceFinding, DeviceStanding, FleetPulse, Outcome,
        ReportSummary, TrendPoint,
    },
    ids::{CompanyId, DeviceId, DeviceTypeId},
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `reports/summary`: the fleet, or a company, under all checks.
#[server(prefix = "/api/v1", endpoint = "reports/summary", input = GetUrl, output = Json)]
pub async fn load_summary(company: Option<CompanyId>) -> Result<ReportSummary, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.report_summary(company).await?)
}

/// GET `reports/companies`: how companies stand; sorted by score, name, devices, online or failing.
#[server(prefix = "/api/v1", endpoint = "reports/companies", input = GetUrl, output = Json)]
pub async fn list_scores(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
) -> Result<Listing<CompanyScore>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.report_companies(ListQuery { page, page_size, search, sort }).await?)
}

/// GET `reports/devices`: the devices behind a number; searched by their own and their companies' names; sorted by name, company, type, os or last_contact.
#[server(prefix = "/api/v1", endpoint = "reports/devices", input = GetUrl, output = Json)]
pub async fn list_findings(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    check: Option<Check>,
    outcome: Option<Outcome>,
    company: Option<CompanyId>,
    device_type: Option<DeviceTypeId>,
    os: Option<String>,
    age: Option<Age>,
    online: Option<bool>,
) -> Result<Listing<DeviceFinding>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    let filter = ReportFilter { check, outcome, company, device_type, os, age, online };
    Ok(tenant.report_devices(ListQuery { page, page_size, search, sort }, filter).await?)
}

/// GET `reports/device`: the checks that one device fails, with what was found.
#[server(prefix = "/api/v1", endpoint = "reports/device", input = GetUrl, output = Json)]
pub async fn load_standing(device_id: DeviceId) -> Result<DeviceStanding, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.device_standing(device_id).await?)
}

/// GET `reports/trend`: the figures of the last days, oldest first.
#[server(prefix = "/api/v1", endpoint = "reports/trend", input = GetUrl, output = Json)]
pub async fn load_trend(company: Option<CompanyId>, days: Option<u32>) -> Result<Vec<TrendPoint>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.report_trend(company, days).await?)
}

/// GET `reports/company`: everything about one company, to be read or printed.
#[server(prefix = "/api/v1", endpoint = "reports/company", input = GetUrl, output = Json)]
pub async fn load_company_report(company_id: CompanyId) -> Result<CompanyReport, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.company_report(company_id).await?)
}

/// GET `reports/pulse`: the fleet's figures as they were last checked.
#[server(prefix = "/api/v1", endpoint = "reports/pulse", input = GetUrl, output = Json)]
pub async fn load_pulse() -> Result<FleetPulse, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.fleet_pulse().await?)
}
