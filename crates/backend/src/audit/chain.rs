//! The end of a tenant's chain, and one more event there.

use super::{
    Subject, Who,
    event::{BEGINNING, COLUMNS, EventRow},
};
use crate::{
    Error, Result,
    db::Tx,
    sql::{self, Params},
};
use domain::audit::AuditAction;
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// Events of one statement: fourteen parameters each.
const CHUNK: usize = 500;

/// What was done, to what, and details.
pub(crate) type What = (AuditAction, Subject, serde_json::Value);

/// The place of the last of the new events, and the hash before them.
#[derive(FromQueryResult)]
struct Place {
    seq: i64,
    hash: Vec<u8>,
}

/// Adds an event in `tx`. From here to its end, everybody else who adds one for the tenant waits: the chain never forks,
/// however many servers write.
pub(crate) async fn append(tx: &Tx, tenant: Uuid, at: i64, who: &Who, what: What) -> Result<()> {
    append_each(tx, tenant, at, who, vec![what]).await
}

/// The same of several events, in this order: some statements, however many they are.
pub(super) async fn append_each(tx: &Tx, tenant: Uuid, at: i64, who: &Who, all: Vec<What>) -> Result<()> {
    let count = i64::try_from(all.len()).map_err(Error::internal)?;
    if count == 0 {
        return Ok(());
    }
    let Place { seq, mut hash } = next(tx, tenant, count).await?;
    let mut rows = Vec::with_capacity(all.len());
    for (seq, what) in (seq - count + 1..).zip(all) {
        let row = EventRow::new((tenant, seq, at), who, what, &hash);
        hash.clone_from(&row.hash);
        rows.push(row);
    }
    let head = "UPDATE audit_heads SET hash = $1 WHERE tenant_id = $2";
    sql::execute(tx, head, vec![hash.into(), tenant.into()]).await?;
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        insert(tx, tenant, rows).await?;
        rows = rest;
    }
    Ok(())
}

async fn insert(tx: &Tx, tenant: Uuid, rows: Vec<EventRow>) -> Result<()> {
    let (mut p, mut marks) = (Params::default(), Vec::with_capacity(rows.len()));
    for row in rows {
        let mut own: Vec<String> = row.values().into_iter().map(|value| p.push(value)).collect();
        own.push(p.push(tenant));
        marks.push(format!("({})", own.join(", ")));
    }
    let insert = format!("INSERT INTO audit_events ({COLUMNS}, tenant_id) VALUES {}", marks.join(", "));
    sql::execute(tx, &insert, p.0).await?;
    Ok(())
}

/// Takes the next numbers, and with them the row of the head; the first event makes that row.
async fn next(tx: &Tx, tenant: Uuid, count: i64) -> Result<Place> {
    if let Some(place) = take(tx, tenant, count).await? {
        return Ok(place);
    }
    let first =
        "INSERT INTO audit_heads (tenant_id, seq, hash, pruned_seq, pruned_hash) VALUES ($1, 0, $2, 0, $3)
        ON CONFLICT (tenant_id) DO NOTHING";
    let nothing = || BEGINNING.to_vec();
    sql::execute(tx, first, vec![tenant.into(), nothing().into(), nothing().into()]).await?;
    take(tx, tenant, count).await?.ok_or_else(|| Error::internal("the audit log has no head"))
}

async fn take(tx: &Tx, tenant: Uuid, count: i64) -> Result<Option<Place>, DbErr> {
    let take = "UPDATE audit_heads SET seq = seq + $1 WHERE tenant_id = $2 RETURNING seq, hash";
    sql::one(tx, take, vec![count.into(), tenant.into()]).await
}
