//! Mappings of organizations and of locations, which differ in their target only: read, and written back.

use crate::{
    Error, Result, Tenant,
    companies::history::Who,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    decision::MappingSubject,
    ids::IntegrationId,
    mapping::{MappedBy, MappingStatus},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

/// Rows of one statement: eleven parameters each, far below either engine's limit.
const CHUNK: usize = 500;

/// A table of mappings and its column with the target.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub name: &'static str,
    pub target: &'static str,
    /// Where the targets are.
    pub targets: &'static str,
    pub subject: MappingSubject,
    /// What a row is called in a sentence.
    pub noun: &'static str,
}

pub(super) const ORGANIZATIONS: Table = Table {
    name: "organization_mappings",
    target: "company_id",
    targets: "companies",
    subject: MappingSubject::Organization,
    noun: "organization",
};
pub(super) const LOCATIONS: Table = Table {
    name: "location_mappings",
    target: "location_id",
    targets: "locations",
    subject: MappingSubject::Location,
    noun: "location",
};

impl Table {
    pub fn of(subject: MappingSubject) -> Self {
        match subject {
            MappingSubject::Organization => ORGANIZATIONS,
            MappingSubject::Location => LOCATIONS,
        }
    }
}

/// Whose mappings, who writes, and when.
#[derive(Clone)]
pub(super) struct Writer {
    pub tenant: Uuid,
    pub integration: Uuid,
    pub user: Option<Uuid>,
    pub user_name: Option<String>,
    pub now: i64,
}

impl Writer {
    pub fn new<A: Access>(tenant: &Tenant<A>, integration: IntegrationId) -> Self {
        let actor = tenant.actor();
        Self {
            tenant: tenant.id(),
            integration: integration.0,
            user: actor.map(|a| a.id.0),
            user_name: actor.map(|a| a.name.clone()),
            now: tenant.now(),
        }
    }

    /// Parameters `$1` (tenant) and `$2` (integration).
    pub fn owner(&self) -> Params {
        Params(vec![self.tenant.into(), self.integration.into()])
    }

    /// Who it is, for the history of companies.
    pub fn who(&self) -> Who {
        let Self { tenant, user, now, .. } = *self;
        Who { tenant, user, user_name: self.user_name.clone(), now }
    }
}

/// A mapping as it is kept; what nobody has decided on is the default.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct State {
    pub status: MappingStatus,
    pub target: Option<Uuid>,
    pub confidence: Option<f64>,
    #[serde(default)]
    pub reasons: Vec<String>,
    pub runner_up: Option<Uuid>,
    pub runner_up_confidence: Option<f64>,
    pub mapped_by: Option<MappedBy>,
    pub user: Option<Uuid>,
    pub mapped_at: Option<i64>,
    #[serde(default)]
    pub version: i64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            status: MappingStatus::Unmapped,
            target: None,
            confidence: None,
            reasons: Vec::new(),
            runner_up: None,
            runner_up_confidence: None,
            mapped_by: None,
            user: None,
            mapped_at: None,
            version: 0,
        }
    }
}

impl State {
    /// What a user or Quick Match decided; there is somebody to name for what is mapped or ignored.
    pub fn decided(writer: &Writer, status: MappingStatus, target: Option<Uuid>, by: MappedBy) -> Self {
        let made = matches!(status, MappingStatus::Mapped | MappingStatus::Ignored);
        Self {
            status,
            target,
            mapped_by: made.then_some(by),
            user: writer.user,
            mapped_at: made.then_some(writer.now),
            ..Self::default()
        }
    }

    /// The company or location that it is mapped to.
    pub fn mapped_to(&self) -> Option<Uuid> {
        self.target.filter(|_| self.status == MappingStatus::Mapped)
    }

    /// Whether both say the same, whoever said it.
    pub fn says(&self, other: &Self) -> bool {
        self.status == other.status && self.target == other.target && self.mapped_by == other.mapped_by
    }
}

/// Makes other decisions about this integration's mappings wait until the transaction ends. SQLite's write transaction
/// holds the whole database.
pub(crate) async fn lock(tx: &impl ConnectionTrait, integration: Uuid) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended('mappings ' || CAST($1 AS text), 0))";
        sql::execute(tx, lock, vec![integration.into()]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    status: String,
    target: Option<Uuid>,
    confidence: Option<f64>,
    reasons: Option<String>,
    runner_up: Option<Uuid>,
    runner_up_confidence: Option<f64>,
    mapped_by: Option<String>,
    user_id: Option<Uuid>,
    mapped_at: Option<i64>,
    version: i64,
}

/// The mappings of these rows as they are; a row without one is not in the answer.
pub(super) async fn states<'a>(
    db: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, State>> {
    let Table { name, target, .. } = table;
    let mut p = writer.owner();
    let select = format!(
        "SELECT remote_id, status, {target} AS target, confidence, reasons, runner_up, runner_up_confidence, mapped_by,
            user_id, mapped_at, version
         FROM {name} WHERE tenant_id = $1 AND integration_id = $2 AND remote_id {}",
        sql::within(db, &mut p, ids)
    );
    let rows: Vec<Row> = sql::all(db, &select, p.0).await?;
    rows.into_iter().map(|row| Ok((row.remote_id.clone(), state(row)?))).collect()
}

fn state(row: Row) -> Result<State> {
    let (mapped_by, _) = super::proposal::made(row.mapped_by.as_deref(), None)?;
    Ok(State {
        status: MappingStatus::from_str(&row.status).map_err(Error::internal)?,
        target: row.target,
        confidence: row.confidence,
        reasons: super::proposal::reasons(row.reasons.as_deref())?,
        runner_up: row.runner_up,
        runner_up_confidence: row.runner_up_confidence,
        mapped_by,
        user: row.user_id,
        mapped_at: row.mapped_at,
        version: row.version,
    })
}

/// Writes mappings as they are given, version included. Whoever calls it holds the [`lock`] and has read them since.
pub(super) async fn write(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    rows: &[(&str, &State)],
) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        write_chunk(tx, table, writer, chunk).await?;
    }
    Ok(())
}

async fn write_chunk(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: &Writer,
    rows: &[(&str, &State)],
) -> Result<()> {
    let Table { name, target, .. } = table;
    let mut p = writer.owner();
    let mut values = Vec::with_capacity(rows.len());
    for (remote_id, s) in rows {
        let reasons =
            if s.confidence.is_some() { Some(super::proposal::reasons_json(&s.reasons)?) } else { None };
        values.push(format!(
            "($1, $2, {})",
            [
                p.push(*remote_id),
                p.push(s.status.as_str()),
                p.push(s.target),
                p.push(s.confidence),
                p.push(reasons),
                p.push(s.runner_up),
                p.push(s.runner_up_confidence),
                p.push(s.mapped_by.map(MappedBy::as_str)),
                p.push(s.user),
                p.push(Value::BigInt(s.mapped_at)),
                p.push(s.version),
            ]
            .join(", ")
        ));
    }
    let upsert = format!(
        "INSERT INTO {name} (tenant_id, integration_id, remote_id, status, {target}, confidence, reasons, runner_up,
            runner_up_confidence, mapped_by, user_id, mapped_at, version) VALUES {}
         ON CONFLICT (integration_id, remote_id) DO UPDATE SET status = excluded.status, {target} = excluded.{target},
            confidence = excluded.confidence, reasons = excluded.reasons, runner_up = excluded.runner_up,
            runner_up_confidence = excluded.runner_up_confidence, mapped_by = excluded.mapped_by,
            user_id = excluded.user_id, mapped_at = excluded.mapped_at, version = excluded.version
         WHERE {name}.tenant_id = excluded.tenant_id",
        values.join(", ")
    );
    sql::execute(tx, &upsert, p.0).await?;
    Ok(())
}
