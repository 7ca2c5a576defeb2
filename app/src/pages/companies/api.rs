//! Server functions of companies and their PSA locations.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    company::{Company, Location},
    company_overview::{CompanyEvent, CompanyMerge, CompanyOverview, CompanyUnmerge, LocationOverview},
    csv_import::ImportReport,
    ids::{CompanyId, LocationId},
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `companies/list`: companies, sorted by name, domain, location_count, device_count or updated_at.
#[server(prefix = "/api/v1", endpoint = "companies/list", input = GetUrl, output = Json)]
pub async fn list_companies(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    archived: Option<bool>,
) -> Result<Listing<Company>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Companies).await?;
    Ok(tenant.companies(ListQuery { page, page_size, search, sort }, archived.unwrap_or(false)).await?)
}

/// GET `companies/get`: one company.
#[server(prefix = "/api/v1", endpoint = "companies/get", input = GetUrl, output = Json)]
pub async fn get_company(company_id: CompanyId) -> Result<Company, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Companies).await?;
    Ok(tenant.company(company_id).await?)
}

/// POST `companies/create`: a new company; a second one of the same name is a conflict.
#[server(prefix = "/api/v1", endpoint = "companies/create", input = JsonArgs, output = Json)]
pub async fn create_company(
    name: String,
    #[server(default)] domain: Option<String>,
    #[server(default)] phone: Option<String>,
    #[server(default)] address: Option<String>,
    #[server(default)] psa_ref: Option<String>,
) -> Result<Company, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.create_company(CompanyInput { name, domain, phone, address, psa_ref }).await?)
}

/// POST `companies/update`: changes a company; `version` is the one that was read.
#[server(prefix = "/api/v1", endpoint = "companies/update", input = JsonArgs, output = Json)]
pub async fn update_company(
    company_id: CompanyId,
    name: String,
    #[server(default)] domain: Option<String>,
    #[server(default)] phone: Option<String>,
    #[server(default)] address: Option<String>,
    #[server(default)] psa_ref: Option<String>,
    #[server(default)] version: Option<i64>,
) -> Result<Company, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant
        .update_company(company_id, CompanyInput { name, domain, phone, address, psa_ref }, version)
        .await?)
}

/// POST `companies/archive`: archives a company, or restores it with `archived: false`.
#[server(prefix = "/api/v1", endpoint = "companies/archive", input = JsonArgs, output = Json)]
pub async fn archive_company(
    company_id: CompanyId,
    #[server(default)] archived: Option<bool>,
) -> Result<Company, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.archive_company(company_id, archived.unwrap_or(true)).await?)
}

/// POST `companies/import_csv`: creates and updates companies from CSV text; columns name, domain, phone, address, psa_ref.
#[server(prefix = "/api/v1", endpoint = "companies/import_csv", input = JsonArgs, output = Json)]
pub async fn import_companies(csv: String, dry_run: bool) -> Result<ImportReport, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.import_companies(&csv, dry_run).await?)
}

/// GET `companies/overview`: a company's devices by status, type and location, and what each integration has of it.
#[server(prefix = "/api/v1", endpoint = "companies/overview", input = GetUrl, output = Json)]
pub async fn load_company_overview(company_id: CompanyId) -> Result<CompanyOverview, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Companies).await?;
    Ok(tenant.company_overview(company_id).await?)
}

/// GET `companies/history`: who created it and its locations, edits, mappings that began or ended, archive and merges, newest first.
#[server(prefix = "/api/v1", endpoint = "companies/history", input = GetUrl, output = Json)]
pub async fn list_company_history(
    page: Option<u32>,
    page_size: Option<u32>,
    company_id: CompanyId,
) -> Result<Listing<CompanyEvent>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Companies).await?;
    let query = ListQuery { page, page_size, ..ListQuery::default() };
    Ok(tenant.company_history(company_id, query).await?)
}

/// POST `companies/merge`: moves all of a company to another one and archives it; with `dry_run` it only says what would move.
#[server(prefix = "/api/v1", endpoint = "companies/merge", input = JsonArgs, output = Json)]
pub async fn merge_companies(
    company_id: CompanyId,
    into: CompanyId,
    dry_run: bool,
) -> Result<CompanyMerge, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.merge_companies(company_id, into, dry_run).await?)
}

/// POST `companies/unmerge`: takes a company out again of the one that it was merged into last, with what is still where the merge
/// put it; with `dry_run` it only says what would go back.
#[server(prefix = "/api/v1", endpoint = "companies/unmerge", input = JsonArgs, output = Json)]
pub async fn unmerge_companies(company_id: CompanyId, dry_run: bool) -> Result<CompanyUnmerge, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.unmerge_companies(company_id, dry_run).await?)
}

/// GET `locations/overview`: a location with its devices and the vendors' locations that are mapped to it.
#[server(prefix = "/api/v1", endpoint = "locations/overview", input = GetUrl, output = Json)]
pub async fn load_location_overview(location_id: LocationId) -> Result<LocationOverview, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Companies).await?;
    Ok(tenant.location_overview(location_id).await?)
}

/// GET `locations/list`: PSA locations, of one company or all.
#[server(prefix = "/api/v1", endpoint = "locations/list", input = GetUrl, output = Json)]
pub async fn list_locations(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    company_id: Option<CompanyId>,
    archived: Option<bool>,
) -> Result<Listing<Location>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Companies).await?;
    Ok(tenant
        .locations(ListQuery { page, page_size, search, sort }, company_id, archived.unwrap_or(false))
        .await?)
}

/// POST `locations/create`: a new location of a company.
#[server(prefix = "/api/v1", endpoint = "locations/create", input = JsonArgs, output = Json)]
pub async fn create_location(
    company_id: CompanyId,
    name: String,
    #[server(default)] address: Option<String>,
    #[server(default)] psa_ref: Option<String>,
) -> Result<Location, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.create_location(company_id, LocationInput { name, address, psa_ref }).await?)
}

/// POST `locations/update`: changes a location.
#[server(prefix = "/api/v1", endpoint = "locations/update", input = JsonArgs, output = Json)]
pub async fn update_location(
    location_id: LocationId,
    name: String,
    #[server(default)] address: Option<String>,
    #[server(default)] psa_ref: Option<String>,
    #[server(default)] version: Option<i64>,
) -> Result<Location, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.update_location(location_id, LocationInput { name, address, psa_ref }, version).await?)
}

/// POST `locations/archive`: archives a location, or restores it.
#[server(prefix = "/api/v1", endpoint = "locations/archive", input = JsonArgs, output = Json)]
pub async fn archive_location(
    location_id: LocationId,
    #[server(default)] archived: Option<bool>,
) -> Result<Location, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.archive_location(location_id, archived.unwrap_or(true)).await?)
}

/// POST `locations/import_csv`: creates and updates locations from CSV text; columns company, name, address, psa_ref.
#[server(prefix = "/api/v1", endpoint = "locations/import_csv", input = JsonArgs, output = Json)]
pub async fn import_locations(csv: String, dry_run: bool) -> Result<ImportReport, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Companies).await?;
    Ok(tenant.import_locations(&csv, dry_run).await?)
}
