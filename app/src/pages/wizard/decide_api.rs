//! Server functions for decisions about many mappings, for what Quick Match would do, and for taking decisions back.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    decision::{Decided, DecisionRow, MappingDecision, MappingSelection, MappingSubject},
    ids::{DecisionId, IntegrationId},
    mapping::{LocationChoice, OrganizationChoice, QuickMatchPreview},
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `organizations/quick_match_preview`: how many organizations Quick Match would map, for each threshold on offer.
#[server(prefix = "/api/v1", endpoint = "organizations/quick_match_preview", input = GetUrl, output = Json)]
pub async fn preview_organizations(integration_id: IntegrationId) -> Result<QuickMatchPreview, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant.preview_organizations(integration_id).await?)
}

/// GET `remote_locations/quick_match_preview`: how many locations Quick Match would map, for each threshold on offer.
#[server(prefix = "/api/v1", endpoint = "remote_locations/quick_match_preview", input = GetUrl, output = Json)]
pub async fn preview_locations(integration_id: IntegrationId) -> Result<QuickMatchPreview, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    Ok(tenant.preview_locations(integration_id).await?)
}

/// POST `organizations/decide`: one decision about several organizations; `confirm` as in `mappings/save_organization`.
#[server(prefix = "/api/v1", endpoint = "organizations/decide", input = JsonArgs, output = Json)]
pub async fn decide_organizations(
    integration_id: IntegrationId,
    select: MappingSelection,
    choice: OrganizationChoice,
    #[server(default)] confirm: Option<bool>,
) -> Result<Decided, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.decide_organizations(integration_id, select, choice, confirm.unwrap_or_default()).await?)
}

/// POST `remote_locations/decide`: one decision about several remote locations.
#[server(prefix = "/api/v1", endpoint = "remote_locations/decide", input = JsonArgs, output = Json)]
pub async fn decide_locations(
    integration_id: IntegrationId,
    select: MappingSelection,
    choice: LocationChoice,
) -> Result<Decided, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.decide_locations(integration_id, select, choice).await?)
}

/// POST `mappings/undo`: puts the mappings of a decision back; `confirm` as in `mappings/save_organization`.
#[server(prefix = "/api/v1", endpoint = "mappings/undo", input = JsonArgs, output = Json)]
pub async fn undo_decision(
    decision_id: DecisionId,
    #[server(default)] confirm: Option<bool>,
) -> Result<Decided, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Mappings).await?;
    Ok(tenant.undo_decision(decision_id, confirm.unwrap_or_default()).await?)
}

/// GET `mappings/decisions`: who decided what, newest first; with `remote_id` only decisions about that row.
#[server(prefix = "/api/v1", endpoint = "mappings/decisions", input = GetUrl, output = Json)]
pub async fn list_decisions(
    page: Option<u32>,
    page_size: Option<u32>,
    integration_id: IntegrationId,
    subject: Option<MappingSubject>,
    remote_id: Option<String>,
) -> Result<Listing<MappingDecision>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    let query = ListQuery { page, page_size, ..ListQuery::default() };
    Ok(tenant.mapping_decisions(integration_id, subject, remote_id, query).await?)
}

/// GET `mappings/decision_rows`: the mappings that a decision changed.
#[server(prefix = "/api/v1", endpoint = "mappings/decision_rows", input = GetUrl, output = Json)]
pub async fn list_decision_rows(
    page: Option<u32>,
    page_size: Option<u32>,
    decision_id: DecisionId,
) -> Result<Listing<DecisionRow>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Mappings).await?;
    let query = ListQuery { page, page_size, ..ListQuery::default() };
    Ok(tenant.decision_rows(decision_id, query).await?)
}
