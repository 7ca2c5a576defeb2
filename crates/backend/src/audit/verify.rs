//! Walking a chain from its beginning to its end.

use super::event::{COLUMNS, EventRow, hex};
use crate::{Portal, Result, Tenant, clock::time, sql, tenant::Access};
use domain::audit::{AuditAction, AuditCheck};
use sea_orm::{DatabaseConnection, FromQueryResult};
use serde::Deserialize;
use uuid::Uuid;

/// Events of one page.
const PAGE: i64 = 1000;

/// The end of a chain, where it begins, and the lowest and highest number that is there.
#[derive(FromQueryResult)]
struct Head {
    seq: i64,
    hash: Vec<u8>,
    pruned_seq: i64,
    pruned_hash: Vec<u8>,
    first: Option<i64>,
    last: Option<i64>,
}

impl<A: Access> Tenant<A> {
    /// Whether the chain is whole, or the first event that does not fit.
    pub async fn verify_audit(&self) -> Result<AuditCheck> {
        verify(self.db(), self.id()).await
    }
}

/// The same for every tenant, by their names; for operators (`msportal audit verify`).
pub async fn verify_all(portal: &Portal) -> Result<Vec<(String, AuditCheck)>> {
    #[derive(FromQueryResult)]
    struct Named {
        id: Uuid,
        name: String,
    }
    let mut checks = Vec::new();
    let tenants: Vec<Named> =
        sql::all(portal.db(), "SELECT id, name FROM tenants ORDER BY name, id", vec![]).await?;
    for tenant in tenants {
        checks.push((tenant.name, verify(portal.db(), tenant.id).await?));
    }
    Ok(checks)
}

async fn verify(db: &DatabaseConnection, tenant: Uuid) -> Result<AuditCheck> {
    loop {
        let Some(head) = head(db, tenant).await? else { return without_head(db, tenant).await };
        let check = walk(db, tenant, &head).await?;
        // Retention may have deleted what was about to be read.
        let is_pruned = |now: Option<Head>| now.is_some_and(|now| now.pruned_seq != head.pruned_seq);
        if check.intact || !is_pruned(self::head(db, tenant).await?) {
            return Ok(check);
        }
    }
}

async fn head(db: &DatabaseConnection, tenant: Uuid) -> Result<Option<Head>> {
    let select = "SELECT seq, hash, pruned_seq, pruned_hash,
            (SELECT min(e.seq) FROM audit_events e WHERE e.tenant_id = audit_heads.tenant_id) AS first,
            (SELECT max(e.seq) FROM audit_events e WHERE e.tenant_id = audit_heads.tenant_id) AS last
        FROM audit_heads WHERE tenant_id = $1";
    Ok(sql::one(db, select, vec![tenant.into()]).await?)
}

/// Nothing was ever logged, or the note of where the chain ends was removed.
async fn without_head(db: &DatabaseConnection, tenant: Uuid) -> Result<AuditCheck> {
    let count = "SELECT count(*) AS n FROM audit_events WHERE tenant_id = $1";
    let check = Walk::new(0, Vec::new()).check;
    Ok(match sql::count(db, count, vec![tenant.into()]).await? {
        0 => check,
        _ => wrong(check, 1, "There are events, but the note of where they end is gone."),
    })
}

/// How far a chain was found whole.
struct Walk {
    seq: i64,
    hash: Vec<u8>,
    /// The newest event of retention that was met.
    pruning: Option<Pruning>,
    check: AuditCheck,
}

/// What an event of retention says of the beginning of the log.
#[derive(Deserialize)]
struct Pruning {
    /// The number of the last event that went; events of earlier versions do not say it.
    through: Option<i64>,
}

async fn walk(db: &DatabaseConnection, tenant: Uuid, head: &Head) -> Result<AuditCheck> {
    let mut walk = Walk::new(head.pruned_seq, head.pruned_hash.clone());
    if let Some(early) = head.first.filter(|first| *first <= head.pruned_seq) {
        return Ok(wrong(walk.check, early, "It stands before the beginning of the log."));
    }
    let select = format!(
        "SELECT {COLUMNS} FROM audit_events WHERE tenant_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT {PAGE}"
    );
    loop {
        let values = vec![tenant.into(), walk.seq.into(), head.seq.into()];
        let rows: Vec<EventRow> = sql::all(db, &select, values).await?;
        let Some(last) = rows.last().map(|row| row.seq) else { break };
        for row in rows {
            if let Some((seq, problem)) = walk.step(tenant, row) {
                return Ok(wrong(walk.check, seq, problem));
            }
        }
        if last == head.seq {
            break;
        }
    }
    Ok(walk.end(head))
}

impl Walk {
    fn new(seq: i64, hash: Vec<u8>) -> Self {
        let check = AuditCheck {
            intact: true,
            events: 0,
            pruned: seq,
            from: None,
            to: None,
            last_hash: hex(&hash),
            wrong: None,
            problem: None,
        };
        Self { seq, hash, pruning: None, check }
    }

    /// Takes the next event; else its number and what is wrong.
    fn step(&mut self, tenant: Uuid, row: EventRow) -> Option<(i64, &'static str)> {
        let next = self.seq + 1;
        if row.seq != next {
            return Some((next, "It is missing."));
        }
        if row.digest(tenant, &self.hash) != row.hash || row.searched() != row.search_key {
            return Some((next, "It was changed, or put in, or the one before it was."));
        }
        if row.action == AuditAction::AuditPruned.as_str() {
            self.pruning = serde_json::from_str(&row.details).ok();
        }
        let at = time(row.at);
        self.check.events += 1;
        self.check.from = self.check.from.or(Some(at));
        self.check.to = Some(at);
        self.check.last_hash = hex(&row.hash);
        (self.seq, self.hash) = (row.seq, row.hash);
        None
    }

    /// What there is must be all, and end as the head says.
    fn end(self, head: &Head) -> AuditCheck {
        if self.seq < head.seq {
            return wrong(self.check, self.seq + 1, "It is missing: the log goes on behind it.");
        }
        if let Some(late) = head.last.filter(|last| *last > head.seq) {
            return wrong(self.check, late, "It stands behind the end of the log.");
        }
        if self.hash != head.hash {
            return wrong(self.check, self.seq, "The log ends with another hash than was noted.");
        }
        let begins = self.pruning.map(|said| said.through.unwrap_or(head.pruned_seq));
        if head.pruned_seq != begins.unwrap_or_default() {
            let problem = "It is missing: the log begins behind it, and retention has not noted that.";
            return wrong(self.check, head.pruned_seq, problem);
        }
        self.check
    }
}

fn wrong(check: AuditCheck, seq: i64, problem: &str) -> AuditCheck {
    AuditCheck { intact: false, wrong: Some(seq), problem: Some(problem.to_owned()), ..check }
}
