//! What decisions changed, kept so that it can be read and taken back.

use super::change::Change;
use crate::{
    Error, Result,
    clock::new_id,
    mappings::store::{Table, Writer},
    sql::{self, Params},
};
use domain::{decision::DecisionKind, ids::DecisionId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Rows of one statement: seven parameters each.
const CHUNK: usize = 500;

/// Keeps a decision of `count` rows; what it changed is added with [`note`].
pub(super) async fn open(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    kind: DecisionKind,
    count: usize,
) -> Result<DecisionId> {
    let id = new_id();
    let values = vec![
        id.into(),
        writer.tenant.into(),
        writer.integration.into(),
        table.subject.as_str().into(),
        kind.as_str().into(),
        i64::try_from(count).unwrap_or(i64::MAX).into(),
        writer.user.into(),
        writer.user_name.clone().into(),
        writer.now.into(),
    ];
    let insert =
        "INSERT INTO mapping_decisions (id, tenant_id, integration_id, subject, kind, row_count, user_id,
            user_name, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sql::execute(tx, insert, values).await?;
    Ok(id.into())
}

/// Adds what a decision changed in one table.
pub(super) async fn note(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    decision: DecisionId,
    changes: &[&Change],
) -> Result<()> {
    for chunk in changes.chunks(CHUNK) {
        let mut p = Params::default();
        let decision = p.push(Uuid::from(decision));
        let (tenant, integration) = (p.push(writer.tenant), p.push(writer.integration));
        let subject = p.push(table.subject.as_str());
        let mut rows = Vec::with_capacity(chunk.len());
        for c in chunk {
            rows.push(format!(
                "({decision}, {tenant}, {integration}, {subject}, {}, FALSE)",
                [
                    p.push(c.remote_id.as_str()),
                    p.push(serde_json::to_string(&c.before).map_err(Error::internal)?),
                    p.push(serde_json::to_string(&c.after).map_err(Error::internal)?),
                    p.push(c.after.version),
                    p.push(c.created),
                    p.push(c.rejected),
                    p.push(c.restored),
                ]
                .join(", ")
            ));
        }
        let insert = format!(
            "INSERT INTO mapping_decision_rows (decision_id, tenant_id, integration_id, subject, remote_id, before, after,
                version, created, rejected, restored, undone) VALUES {}",
            rows.join(", ")
        );
        sql::execute(tx, &insert, p.0).await?;
    }
    Ok(())
}
