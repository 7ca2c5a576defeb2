//! Writing the mappings of organizations and of locations, which differ in their target only.

use crate::{
    Result, Tenant,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    error::UserError,
    ids::IntegrationId,
    mapping::{MappedBy, MappingStatus},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};
use uuid::Uuid;

/// Rows of one statement: seven parameters each, far below either engine's limit.
const CHUNK: usize = 500;

/// A table of mappings and its column with the target.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub name: &'static str,
    pub target: &'static str,
    /// What a row is called in a sentence.
    pub noun: &'static str,
}

pub(super) const ORGANIZATIONS: Table =
    Table { name: "organization_mappings", target: "company_id", noun: "organization" };
pub(super) const LOCATIONS: Table =
    Table { name: "location_mappings", target: "location_id", noun: "location" };

/// Whose mappings, who writes, and when.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    pub tenant: Uuid,
    pub integration: Uuid,
    pub user: Option<Uuid>,
    pub now: i64,
}

/// What a mapping becomes.
pub(super) struct Decision {
    pub remote_id: String,
    pub status: MappingStatus,
    pub target: Option<Uuid>,
    pub confidence: Option<f64>,
    /// JSON.
    pub reasons: Option<String>,
    pub by: MappedBy,
}

impl Decision {
    /// What a user decided.
    pub fn manual(remote_id: &str, status: MappingStatus, target: Option<Uuid>) -> Self {
        Self {
            remote_id: remote_id.to_owned(),
            status,
            target,
            confidence: None,
            reasons: None,
            by: MappedBy::Manual,
        }
    }

    /// Who made the mapping, and whether there is one to speak of.
    fn made(&self) -> Option<MappedBy> {
        matches!(self.status, MappingStatus::Mapped | MappingStatus::Ignored).then_some(self.by)
    }
}

impl Writer {
    pub fn new<A: Access>(tenant: &Tenant<A>, integration: IntegrationId) -> Self {
        let user = tenant.actor().map(|a| a.id.0);
        Self { tenant: tenant.id(), integration: integration.0, user, now: tenant.now() }
    }

    /// Parameters `$1` (tenant) and `$2` (integration).
    pub fn owner(&self) -> Params {
        Params(vec![self.tenant.into(), self.integration.into()])
    }
}

/// Saves a user's decision; a conflict when `version` is given and is not the row's.
pub(super) async fn save(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: Writer,
    decision: &Decision,
    version: Option<i64>,
) -> Result<()> {
    let Table { name, noun, .. } = table;
    let conflict = || {
        UserError::conflict(format!(
            "Somebody changed the mapping of this {noun} a moment ago. Reload to see it; nothing of yours was saved."
        ))
    };
    let current = version_of(tx, table, writer, &decision.remote_id).await?;
    if version.is_some_and(|v| v != current) {
        return Err(conflict().into());
    }
    // Where nothing is locked (a first decision on PostgreSQL) the version decides once more.
    let guard = version.map_or(String::new(), |v| format!("AND {name}.version = {v}"));
    if upsert(tx, table, writer, std::slice::from_ref(decision), &guard).await? == 0 {
        return Err(conflict().into());
    }
    Ok(())
}

/// The version of a mapping, locked until the transaction ends; 0 when nothing was decided yet.
async fn version_of(tx: &impl ConnectionTrait, table: Table, writer: Writer, remote_id: &str) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        version: i64,
    }
    let mut p = writer.owner();
    let select = format!(
        "SELECT version FROM {} WHERE tenant_id = $1 AND integration_id = $2 AND remote_id = {} {}",
        table.name,
        p.push(remote_id),
        locked(tx, "FOR UPDATE")
    );
    Ok(sql::one::<Row>(tx, &select, p.0).await?.map_or(0, |r| r.version))
}

/// Saves what Quick Match found. What somebody decided meanwhile stays.
pub(super) async fn propose(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: Writer,
    decisions: &[Decision],
) -> Result<()> {
    let undecided = format!("AND {}.status IN ('unmapped', 'pending')", table.name);
    for chunk in decisions.chunks(CHUNK) {
        upsert(tx, table, writer, chunk, &undecided).await?;
    }
    Ok(())
}

async fn upsert(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: Writer,
    decisions: &[Decision],
    guard: &str,
) -> Result<u64> {
    let Table { name, target, .. } = table;
    let mut p = writer.owner();
    let (user, now) = (p.push(writer.user), p.push(writer.now));
    let nobody = p.push(Value::BigInt(None));
    let rows: Vec<String> = decisions
        .iter()
        .map(|d| {
            let made = d.made();
            let at = if made.is_some() { &now } else { &nobody };
            format!(
                "($1, $2, {}, {}, {}, {}, {}, {}, {user}, {at}, 1)",
                p.push(d.remote_id.as_str()),
                p.push(d.status.as_str()),
                p.push(d.target),
                p.push(d.confidence),
                p.push(d.reasons.clone()),
                p.push(made.map(MappedBy::as_str)),
            )
        })
        .collect();
    let statement = format!(
        "INSERT INTO {name} (tenant_id, integration_id, remote_id, status, {target}, confidence, reasons, mapped_by,
            user_id, mapped_at, version) VALUES {}
         ON CONFLICT (integration_id, remote_id) DO UPDATE SET status = excluded.status, {target} = excluded.{target},
            confidence = excluded.confidence, reasons = excluded.reasons, mapped_by = excluded.mapped_by,
            user_id = excluded.user_id, mapped_at = excluded.mapped_at, version = {name}.version + 1
         WHERE {name}.tenant_id = excluded.tenant_id {guard}",
        rows.join(", ")
    );
    Ok(sql::execute(tx, &statement, p.0).await?)
}

/// A row lock on PostgreSQL; SQLite's write transaction holds the whole database.
pub(super) fn locked(db: &impl ConnectionTrait, clause: &'static str) -> &'static str {
    if db.get_database_backend() == DbBackend::Postgres { clause } else { "" }
}
