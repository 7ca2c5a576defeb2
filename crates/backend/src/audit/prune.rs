//! Retention: events that are older than set are deleted from the beginning of each chain. The head keeps the number and the
//! hash of the last one that went, where the chain begins from then on.

use super::{Subject, Who, append, event::hex};
use crate::{
    Portal, Result,
    clock::time,
    db::{self, Tx},
    sql,
};
use domain::audit::{AuditAction, AuditKind};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

/// Events of one transaction, so that nobody waits long.
const CHUNK: i64 = 5_000;

#[derive(FromQueryResult)]
struct Head {
    tenant_id: Uuid,
    seq: i64,
    hash: Vec<u8>,
    pruned_seq: i64,
}

#[derive(FromQueryResult)]
struct Range {
    seq: i64,
    pruned_seq: i64,
}

#[derive(FromQueryResult)]
struct Hash {
    hash: Vec<u8>,
}

/// Deletes the events before a moment, in microseconds since 1970; answers how many went.
pub(crate) async fn prune(portal: &Portal, before: i64) -> Result<u64> {
    let mut all = 0;
    let heads = "SELECT tenant_id, seq, hash, pruned_seq FROM audit_heads ORDER BY tenant_id";
    for head in sql::all::<Head>(portal.db(), heads, vec![]).await? {
        // Who keeps the program's log elsewhere can compare: a chain that was made anew ends with another hash.
        let (tenant, seq, hash, pruned) = (head.tenant_id, head.seq, hex(&head.hash), head.pruned_seq);
        tracing::info!(%tenant, seq, %hash, pruned, "end of the audit log");
        all += prune_one(portal, head.tenant_id, before).await?;
    }
    Ok(all)
}

async fn prune_one(portal: &Portal, tenant: Uuid, before: i64) -> Result<u64> {
    let mut all = 0;
    while !portal.stopping().is_cancelled() {
        let tx = db::begin(portal.db()).await?;
        let gone = prune_some(&tx, tenant, before).await?;
        if let Some(gone) = &gone {
            tell(portal, &tx, tenant, gone, before).await?;
        }
        tx.commit().await?;
        match gone {
            Some(gone) => all += gone.events,
            None => break,
        }
    }
    Ok(all)
}

/// What was deleted.
struct Gone {
    events: u64,
    /// The number of the last one.
    through: i64,
}

/// Deletes some; `None` when no event is old enough.
async fn prune_some(tx: &Tx, tenant: Uuid, before: i64) -> Result<Option<Gone>> {
    // Takes the row: nobody adds an event meanwhile.
    let take = "UPDATE audit_heads SET seq = seq WHERE tenant_id = $1 RETURNING seq, pruned_seq";
    let Some(Range { seq, pruned_seq }) = sql::one(tx, take, vec![tenant.into()]).await? else {
        return Ok(None);
    };
    let kept = "SELECT COALESCE((SELECT seq FROM audit_events WHERE tenant_id = $1 AND at >= $2 ORDER BY seq LIMIT 1), 0) AS n";
    let end = match sql::count(tx, kept, vec![tenant.into(), before.into()]).await? {
        0 => seq,
        kept => kept - 1,
    };
    let end = end.min(pruned_seq + CHUNK);
    let select = "SELECT hash FROM audit_events WHERE tenant_id = $1 AND seq = $2";
    let last: Option<Hash> = sql::one(tx, select, vec![tenant.into(), end.into()]).await?;
    let Some(last) = last.filter(|_| end > pruned_seq) else { return Ok(None) };
    let head = "UPDATE audit_heads SET pruned_seq = $1, pruned_hash = $2 WHERE tenant_id = $3";
    sql::execute(tx, head, vec![end.into(), last.hash.into(), tenant.into()]).await?;
    let delete = "DELETE FROM audit_events WHERE tenant_id = $1 AND seq <= $2";
    let events = sql::execute(tx, delete, vec![tenant.into(), end.into()]).await?;
    Ok(Some(Gone { events, through: end }))
}

/// The event of it, in the same transaction: a log that begins later than its newest one says was cut by somebody else.
async fn tell(portal: &Portal, tx: &Tx, tenant: Uuid, gone: &Gone, before: i64) -> Result<()> {
    let subject = Subject::named(AuditKind::Audit, "Audit log");
    let details = json!({ "events": gone.events, "through": gone.through, "before": time(before) });
    let what = (AuditAction::AuditPruned, subject, details);
    append(tx, tenant, portal.now_micros(), &Who::named("MSPortal"), what).await
}
