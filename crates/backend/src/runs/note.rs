//! What becomes of runs, in the audit log.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db::Tx,
    tenant::Access,
};
use domain::{audit::AuditAction, ids::RunId};
use serde_json::Value;
use uuid::Uuid;

/// Adds what the acting user, or the portal, did with a run of an integration.
pub(super) async fn note_run<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    action: AuditAction,
    (run, integration): (RunId, Uuid),
    details: Value,
) -> Result<()> {
    let name = audit::name_of(tx, tenant.id(), "integrations", integration).await?;
    audit::note(tenant, tx, action, Subject::run(run, &name), details).await
}
