//! Server functions of the rules and their exceptions.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    compliance::{Check, ComplianceException, ComplianceRules, Rule},
    ids::{CompanyId, DeviceId, ExceptionId},
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `compliance/rules`: which checks are on, with their days, and which count in the score.
#[server(prefix = "/api/v1", endpoint = "compliance/rules", input = GetUrl, output = Json)]
pub async fn load_rules() -> Result<ComplianceRules, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.compliance_rules().await?)
}

/// POST `compliance/save_rules`: saves the rules; a check that is not named gets its usual rule.
#[server(prefix = "/api/v1", endpoint = "compliance/save_rules", input = JsonArgs, output = Json)]
pub async fn save_rules(
    rules: Vec<Rule>,
    #[server(default)] version: Option<i64>,
) -> Result<ComplianceRules, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Settings).await?;
    Ok(tenant.save_compliance_rules(rules, version).await?)
}

/// GET `compliance/exceptions`: devices and companies that may fail a check; sorted by created_at, check, company or until.
#[server(prefix = "/api/v1", endpoint = "compliance/exceptions", input = GetUrl, output = Json)]
pub async fn list_exceptions(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    check: Option<Check>,
    company: Option<CompanyId>,
) -> Result<Listing<ComplianceException>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Reports).await?;
    Ok(tenant.compliance_exceptions(ListQuery { page, page_size, search, sort }, check, company).await?)
}

/// POST `compliance/add_exception`: lets one device, or one company with all its devices, fail a check; a conflict where an exception is in force for both already.
#[server(prefix = "/api/v1", endpoint = "compliance/add_exception", input = JsonArgs, output = Json)]
pub async fn add_exception(
    check: Check,
    #[server(default)] device: Option<DeviceId>,
    #[server(default)] company: Option<CompanyId>,
    reason: String,
    #[server(default)] until: Option<String>,
) -> Result<ComplianceException, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Manage>(Area::Reports).await?;
    Ok(tenant
        .add_compliance_exception(check, SubjectInput { device, company }, TermsInput { reason, until })
        .await?)
}

/// POST `compliance/change_exception`: another reason and last day.
#[server(prefix = "/api/v1", endpoint = "compliance/change_exception", input = JsonArgs, output = Json)]
pub async fn change_exception(
    exception_id: ExceptionId,
    reason: String,
    #[server(default)] until: Option<String>,
    #[server(default)] version: Option<i64>,
) -> Result<ComplianceException, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Manage>(Area::Reports).await?;
    Ok(tenant.change_compliance_exception(exception_id, TermsInput { reason, until }, version).await?)
}

/// POST `compliance/remove_exception`: what it was for fails again.
#[server(prefix = "/api/v1", endpoint = "compliance/remove_exception", input = JsonArgs, output = Json)]
pub async fn remove_exception(exception_id: ExceptionId) -> Result<(), AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Manage>(Area::Reports).await?;
    Ok(tenant.remove_compliance_exception(exception_id).await?)
}
