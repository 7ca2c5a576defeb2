//! Decisions about mappings, in the audit log.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db::Tx,
    tenant::Access,
};
use domain::{audit::AuditAction, ids::IntegrationId};
use serde_json::{Value, json};
use uuid::Uuid;

/// A decision about one mapping, by the vendor's id and name of what is mapped.
pub(super) async fn note_one<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    integration: Uuid,
    (remote_id, name): (&str, &str),
    mut details: Value,
) -> Result<()> {
    let account = audit::name_of(tx, tenant.id(), "integrations", integration).await?;
    details["integration"] = json!(account);
    audit::note(tenant, tx, AuditAction::MappingSaved, Subject::mapping(remote_id, name), details).await
}

/// What was done with many mappings of an integration at once.
pub(super) async fn note_many<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    integration: Uuid,
    action: AuditAction,
    details: Value,
) -> Result<()> {
    let account = audit::name_of(tx, tenant.id(), "integrations", integration).await?;
    let subject = Subject::integration(IntegrationId(integration), &account);
    audit::note(tenant, tx, action, subject, details).await
}
