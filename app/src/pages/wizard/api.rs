//! Server functions of the wizard: mapping, staging and import.
#![allow(clippy::too_many_arguments, reason = "each filter of a list is a field of its query")]

pub use super::decide_api::*;
use crate::{codec::JsonArgs, error::AppError};
use domain::{
    ids::{CompanyId, DeviceTypeId, IntegrationId, RunId},
    import::{
        ImportOutcome, ImportResult, ImportSelection, SameChoice, StagedCounts, StagedDevice, StagedStatus,
    },
    mapping::{
        LocationChoice, MappingStatus, NodeClassMatchResult, NodeClassRow, OrganizationChoice,
        OrganizationRow, QuickMatchResult, RemoteLocationRow, StatusCounts,
    },
    page::Listing,
    run::Run,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `organizations/list`: organizations with their mapping; sorted by name, device_count, company or status.
#[server(prefix = "/api/v1", endpoint = "organizations/list", input = GetUrl, output = Json)]
pub async fn list_organizations(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    integration_id: IntegrationId,
    status: Option<MappingStatus>,
) -> Result<Listing<OrganizationRow>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant.organizations(integration_id, ListQuery { page, page_size, search, sort }, status).await?)
}

/// GET `organizations/counts`: how many organizations stand where.
#[server(prefix = "/api/v1", endpoint = "organizations/counts", input = GetUrl, output = Json)]
pub async fn count_organizations(
    integration_id: IntegrationId,
    search: Option<String>,
) -> Result<StatusCounts, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant.organization_counts(integration_id, search).await?)
}

/// POST `organizations/quick_match`: maps what is certain, proposes what is near.
#[server(prefix = "/api/v1", endpoint = "organizations/quick_match", input = JsonArgs, output = Json)]
pub async fn quick_match_organizations(
    integration_id: IntegrationId,
    #[server(default)] threshold: Option<f64>,
) -> Result<QuickMatchResult, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.quick_match_organizations(integration_id, threshold).await?)
}

/// POST `mappings/save_organization`: saves one decision and answers the row as it is now. What moves imported devices or
/// makes one company of two organizations is a conflict at field `confirm`, until `confirm` is true.
#[server(prefix = "/api/v1", endpoint = "mappings/save_organization", input = JsonArgs, output = Json)]
pub async fn save_organization(
    integration_id: IntegrationId,
    remote_id: String,
    choice: OrganizationChoice,
    #[server(default)] version: Option<i64>,
    #[server(default)] confirm: Option<bool>,
) -> Result<OrganizationRow, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    let confirm = confirm.unwrap_or_default();
    Ok(tenant.save_organization(integration_id, &remote_id, choice, version, confirm).await?)
}

/// GET `remote_locations/list`: remote locations with their mapping; `organization` is a remote id.
#[server(prefix = "/api/v1", endpoint = "remote_locations/list", input = GetUrl, output = Json)]
pub async fn list_remote_locations(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    integration_id: IntegrationId,
    status: Option<MappingStatus>,
    organization: Option<String>,
) -> Result<Listing<RemoteLocationRow>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant
        .remote_locations(integration_id, ListQuery { page, page_size, search, sort }, status, organization)
        .await?)
}

/// GET `remote_locations/counts`: how many remote locations stand where; `organization` is a remote id.
#[server(prefix = "/api/v1", endpoint = "remote_locations/counts", input = GetUrl, output = Json)]
pub async fn count_remote_locations(
    integration_id: IntegrationId,
    search: Option<String>,
    organization: Option<String>,
) -> Result<StatusCounts, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant.remote_location_counts(integration_id, search, organization).await?)
}

/// POST `remote_locations/quick_match`: maps what is certain inside each mapped company, proposes what is near.
#[server(prefix = "/api/v1", endpoint = "remote_locations/quick_match", input = JsonArgs, output = Json)]
pub async fn quick_match_locations(
    integration_id: IntegrationId,
    #[server(default)] threshold: Option<f64>,
) -> Result<QuickMatchResult, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.quick_match_locations(integration_id, threshold).await?)
}

/// POST `mappings/save_location`: saves one decision and answers the row as it is now.
#[server(prefix = "/api/v1", endpoint = "mappings/save_location", input = JsonArgs, output = Json)]
pub async fn save_location(
    integration_id: IntegrationId,
    remote_id: String,
    choice: LocationChoice,
    #[server(default)] version: Option<i64>,
) -> Result<RemoteLocationRow, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.save_location(integration_id, &remote_id, choice, version).await?)
}

/// GET `node_classes/list`: node classes with their device type.
#[server(prefix = "/api/v1", endpoint = "node_classes/list", input = GetUrl, output = Json)]
pub async fn list_node_classes(integration_id: IntegrationId) -> Result<Listing<NodeClassRow>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant.node_classes(integration_id).await?)
}

/// POST `node_classes/quick_match`: maps node classes to existing device types of the same meaning.
#[server(prefix = "/api/v1", endpoint = "node_classes/quick_match", input = JsonArgs, output = Json)]
pub async fn quick_match_node_classes(
    integration_id: IntegrationId,
) -> Result<NodeClassMatchResult, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.quick_match_node_classes(integration_id).await?)
}

/// POST `node_classes/quick_create`: creates device types for the node classes that are left.
#[server(prefix = "/api/v1", endpoint = "node_classes/quick_create", input = JsonArgs, output = Json)]
pub async fn quick_create_node_classes(
    integration_id: IntegrationId,
) -> Result<NodeClassMatchResult, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.quick_create_node_classes(integration_id).await?)
}

/// POST `mappings/save_node_class`: changes what is given and leaves the rest; `unmap: true` takes the device type away.
#[server(prefix = "/api/v1", endpoint = "mappings/save_node_class", input = JsonArgs, output = Json)]
pub async fn save_node_class(
    integration_id: IntegrationId,
    node_class: String,
    #[server(default)] device_type_id: Option<DeviceTypeId>,
    #[server(default)] auto_sync: Option<bool>,
    #[server(default)] ignore: Option<bool>,
    #[server(default)] unmap: Option<bool>,
    #[server(default)] version: Option<i64>,
) -> Result<NodeClassRow, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant
        .save_node_class(
            integration_id,
            &node_class,
            NodeClassChoice { device_type_id, auto_sync, ignore, unmap, version },
        )
        .await?)
}

/// GET `staged_devices/list`: staged devices; sorted by name, node_class, organization, company, status or attention.
#[server(prefix = "/api/v1", endpoint = "staged_devices/list", input = GetUrl, output = Json)]
pub async fn list_staged_devices(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    integration_id: IntegrationId,
    node_class: Option<String>,
    organization: Option<String>,
    company: Option<CompanyId>,
    status: Option<StagedStatus>,
) -> Result<Listing<StagedDevice>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant
        .staged_devices(
            integration_id,
            ListQuery { page, page_size, search: None, sort },
            StagedFilter { search, node_class, organization, company, status },
        )
        .await?)
}

/// GET `staged_devices/counts`: how many staged devices stand where.
#[server(prefix = "/api/v1", endpoint = "staged_devices/counts", input = GetUrl, output = Json)]
pub async fn count_staged_devices(
    integration_id: IntegrationId,
    search: Option<String>,
    node_class: Option<String>,
    organization: Option<String>,
    company: Option<CompanyId>,
) -> Result<StagedCounts, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant
        .staged_counts(
            integration_id,
            StagedFilter { search, node_class, organization, company, status: None },
        )
        .await?)
}

/// POST `staged_devices/resolve`: says whether a staged device is the inventory device that it looks like.
#[server(prefix = "/api/v1", endpoint = "staged_devices/resolve", input = JsonArgs, output = Json)]
pub async fn resolve_same(
    integration_id: IntegrationId,
    remote_id: String,
    choice: SameChoice,
) -> Result<StagedDevice, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.resolve_same(integration_id, &remote_id, choice).await?)
}

/// POST `imports/start`: starts an import, or answers the one that runs.
#[server(prefix = "/api/v1", endpoint = "imports/start", input = JsonArgs, output = Json)]
pub async fn start_import(integration_id: IntegrationId, select: ImportSelection) -> Result<Run, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.start_import(integration_id, select).await?)
}

/// GET `imports/results`: what an import did with each device.
#[server(prefix = "/api/v1", endpoint = "imports/results", input = GetUrl, output = Json)]
pub async fn list_import_results(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    run_id: RunId,
    outcome: Option<ImportOutcome>,
) -> Result<Listing<ImportResult>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.import_results(run_id, ListQuery { page, page_size, search, sort }, outcome).await?)
}
