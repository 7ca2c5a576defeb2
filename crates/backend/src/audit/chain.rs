//! The end of a tenant's chain, and one more event there.

use super::{
    Subject, Who,
    event::{BEGINNING, COLUMNS, EventRow},
};
use crate::{Error, Result, db::Tx, sql};
use domain::audit::AuditAction;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// The place of a new event, and the hash before it.
#[derive(FromQueryResult)]
struct Place {
    seq: i64,
    hash: Vec<u8>,
}

/// Adds an event in `tx`. From here to its end, everybody else who adds one for the tenant waits: the chain never forks,
/// however many servers write.
pub(crate) async fn append(
    tx: &Tx,
    tenant: Uuid,
    at: i64,
    who: &Who,
    what: (AuditAction, Subject, serde_json::Value),
) -> Result<()> {
    let place = next(tx, tenant).await?;
    let event = EventRow::new((tenant, place.seq, at), who, what, &place.hash);
    let head = "UPDATE audit_heads SET hash = $1 WHERE tenant_id = $2";
    sql::execute(tx, head, vec![event.hash.clone().into(), tenant.into()]).await?;
    let insert = format!(
        "INSERT INTO audit_events ({COLUMNS}, tenant_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let mut values = event.values();
    values.push(tenant.into());
    sql::execute(tx, &insert, values).await?;
    Ok(())
}

/// Takes the next number, and with it the row of the head; the first event makes that row.
async fn next(tx: &Tx, tenant: Uuid) -> Result<Place> {
    if let Some(place) = take(tx, tenant).await? {
        return Ok(place);
    }
    let first =
        "INSERT INTO audit_heads (tenant_id, seq, hash, pruned_seq, pruned_hash) VALUES ($1, 0, $2, 0, $3)
        ON CONFLICT (tenant_id) DO NOTHING";
    let nothing = || BEGINNING.to_vec();
    sql::execute(tx, first, vec![tenant.into(), nothing().into(), nothing().into()]).await?;
    take(tx, tenant).await?.ok_or_else(|| Error::internal("the audit log has no head"))
}

async fn take(tx: &Tx, tenant: Uuid) -> Result<Option<Place>, DbErr> {
    let take = "UPDATE audit_heads SET seq = seq + 1 WHERE tenant_id = $1 RETURNING seq, hash";
    sql::one(tx, take, vec![tenant.into()]).await
}
