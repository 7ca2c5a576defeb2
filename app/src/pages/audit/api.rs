//! Server functions of the audit log.
#![allow(clippy::too_many_arguments, reason = "each filter of a list is a field of its query")]

use crate::error::AppError;
use domain::{
    audit::{AuditAction, AuditCheck, AuditEvent, AuditKind},
    ids::UserId,
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `audit/list`: the events under a filter, newest first. `from` and `to` are the first and the last day.
#[server(prefix = "/api/v1", endpoint = "audit/list", input = GetUrl, output = Json)]
pub async fn list_audit(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    action: Option<AuditAction>,
    user_id: Option<UserId>,
    subject_kind: Option<AuditKind>,
    from: Option<String>,
    to: Option<String>,
) -> Result<Listing<AuditEvent>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Settings).await?;
    let query = ListQuery { page, page_size, search, sort: None };
    let wanted = AuditFilter { action, user_id, kind: subject_kind, from, to };
    Ok(tenant.audit_events(query, wanted).await?)
}

/// GET `audit/verify`: whether the chain is whole, or the first event that does not fit.
#[server(prefix = "/api/v1", endpoint = "audit/verify", input = GetUrl, output = Json)]
pub async fn verify_audit() -> Result<AuditCheck, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Settings).await?;
    Ok(tenant.verify_audit().await?)
}
