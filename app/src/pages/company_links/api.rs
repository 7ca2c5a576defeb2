//! Server functions of the grid of companies and organizations.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    company_links::{CompanyLinkCounts, CompanyLinks},
    decision::Decided,
    ids::IntegrationId,
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `company_links/list`: companies with their organizations in all integrations; sorted by name or device_count.
#[server(prefix = "/api/v1", endpoint = "company_links/list", input = GetUrl, output = Json)]
pub async fn list_company_links(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    missing: Option<bool>,
    integration_id: Option<IntegrationId>,
) -> Result<Listing<CompanyLinks>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    let query = ListQuery { page, page_size, search, sort };
    Ok(tenant.company_links(query, missing.unwrap_or_default(), integration_id).await?)
}

/// GET `company_links/counts`: how many companies there are, and how many lack an organization somewhere.
#[server(prefix = "/api/v1", endpoint = "company_links/counts", input = GetUrl, output = Json)]
pub async fn count_company_links(search: Option<String>) -> Result<CompanyLinkCounts, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant.company_link_counts(search).await?)
}

/// POST `mappings/swap_organization`: another organization of the same integration takes the place of one, in one decision.
#[server(prefix = "/api/v1", endpoint = "mappings/swap_organization", input = JsonArgs, output = Json)]
pub async fn swap_organization(
    integration_id: IntegrationId,
    remote_id: String,
    by: String,
    #[server(default)] version: Option<i64>,
    #[server(default)] confirm: Option<bool>,
) -> Result<Decided, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant
        .swap_organization(integration_id, &remote_id, &by, version, confirm.unwrap_or_default())
        .await?)
}
