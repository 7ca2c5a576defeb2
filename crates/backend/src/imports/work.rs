//! What an import has to look at, chunk by chunk: memory does not grow with the fleet.

use crate::{
    Error, Result,
    bulk::{self, Quick},
    db::{Columns, Tx},
    runs::{RunContext, Selection},
    sql::{self, Params},
    staging::fragment::{BLOCKED_BY, FED, IS_READY, JOINS, OWNED, STATUS, Selected, owner, selected},
};
use domain::{
    ids::RunId,
    import::{ImportSelection, StagedFilter},
};
use sea_orm::FromQueryResult;
use std::collections::HashSet;
use uuid::Uuid;

/// Staged rows of one transaction.
const CHUNK: usize = 10_000;

/// A staged row and where it stands.
#[derive(FromQueryResult)]
pub(super) struct Staged {
    pub remote_id: String,
    pub name: String,
    pub status: String,
    pub blocked_by: Option<String>,
    pub device_id: Option<Uuid>,
}

impl Quick for Staged {
    fn read(row: &impl Columns) -> Option<Self> {
        Some(Self {
            remote_id: row.text(0)?.to_owned(),
            name: row.text(1)?.to_owned(),
            status: row.text(2)?.to_owned(),
            blocked_by: row.text_or_null(3)?.map(str::to_owned),
            device_id: row.bytes(4).and_then(|id| Uuid::from_slice(id).ok()),
        })
    }
}

/// One chunk: rows of staging, and named devices that staging does not hold.
pub(super) struct Chunk {
    pub rows: Vec<Staged>,
    pub unknown: Vec<String>,
    /// Whether staging has no other row between the first and the last.
    pub whole: bool,
}

/// What is left to do. A run that was interrupted goes on behind the results it has written.
pub(super) enum Work {
    Named(Vec<String>),
    Matching {
        filter: StagedFilter,
        auto: bool,
        after: String,
        /// Whether it has written results before it was interrupted.
        again: bool,
    },
}

impl Work {
    /// What `selection` asks for, apart from what the run has done already.
    pub async fn of(ctx: &RunContext, selection: &Selection) -> Result<Self> {
        let written = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM import_results WHERE run_id = $1
            UNION ALL SELECT 1 FROM run_packs WHERE run_id = $1 AND change = 'created' LIMIT 1) AS w";
        let again = sql::count(ctx.db(), written, vec![ctx.run_id().into()]).await? > 0;
        let matching = |filter, auto| Self::Matching { filter, auto, after: String::new(), again };
        Ok(match selection {
            Selection::Auto => matching(StagedFilter::default(), true),
            Selection::Chosen(ImportSelection::All) => matching(StagedFilter::default(), false),
            Selection::Chosen(ImportSelection::Filter(filter)) => matching(filter.clone(), false),
            Selection::Chosen(ImportSelection::NodeClass(class)) => {
                matching(StagedFilter { node_class: Some(class.clone()), ..StagedFilter::default() }, false)
            }
            Selection::Chosen(ImportSelection::RemoteIds(ids)) => Self::Named(undone(ctx, ids).await?),
            Selection::FailedOf(run) => Self::Named(undone(ctx, &failed(ctx, *run).await?).await?),
            Selection::Held(_) => return Err(Error::internal("an import of held changes")),
        })
    }

    /// How many rows are left.
    pub async fn left(&self, ctx: &RunContext) -> Result<i64> {
        if let Self::Named(ids) = self {
            return Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX));
        }
        let mut p = owner(ctx.tenant_id(), ctx.integration_id());
        let Selected { sql, stands } = self.filter(ctx, &mut p)?;
        // SQLite looks up, for each row, also what a count does not ask for.
        let joined = if stands { [FED, JOINS].concat() } else { String::new() };
        let count = format!("SELECT count(*) AS n FROM remote_devices r {joined} {sql}");
        Ok(sql::count(ctx.db(), &count, p.0).await?)
    }

    /// Takes the next chunk; `None` when all is done.
    pub async fn next(&mut self, ctx: &RunContext, tx: &Tx) -> Result<Option<Chunk>> {
        let mut p = owner(ctx.tenant_id(), ctx.integration_id());
        let filter = self.filter(ctx, &mut p)?.sql;
        // What a row feeds is looked for behind the chunk before, too: PostgreSQL would sort all devices else.
        let fed = match self {
            Self::Matching { after, .. } => format!("{FED} AND fed.remote_id > {}", p.push(after.as_str())),
            Self::Named(_) => FED.to_owned(),
        };
        let select = format!(
            "SELECT r.remote_id, r.name, {STATUS} AS status, {BLOCKED_BY} AS blocked_by, fed.id AS device_id
             FROM remote_devices r {fed} {JOINS} {filter} ORDER BY r.remote_id LIMIT {CHUNK}"
        );
        let rows: Vec<Staged> = bulk::rows(tx, &select, p.0).await?;
        let unknown = match self {
            Self::Named(ids) => {
                let taken: Vec<String> = ids.drain(..ids.len().min(CHUNK)).collect();
                let held: HashSet<&str> = rows.iter().map(|r| r.remote_id.as_str()).collect();
                taken.into_iter().filter(|id| !held.contains(id.as_str())).collect()
            }
            Self::Matching { after, .. } => {
                if let Some(last) = rows.last() {
                    after.clone_from(&last.remote_id);
                }
                Vec::new()
            }
        };
        let whole = matches!(self, Self::Matching { filter, auto: false, again: false, .. } if *filter == StagedFilter::default());
        let chunk = Chunk { rows, unknown, whole };
        Ok((!chunk.rows.is_empty() || !chunk.unknown.is_empty()).then_some(chunk))
    }

    /// The rows that come next.
    fn filter(&self, ctx: &RunContext, p: &mut Params) -> Result<Selected> {
        match self {
            Self::Named(ids) => {
                let named = sql::within(ctx.db(), p, ids.iter().take(CHUNK).map(String::as_str));
                Ok(Selected { sql: format!("{OWNED} AND r.remote_id {named}"), stands: false })
            }
            Self::Matching { filter, auto, after, again } => {
                let mut rows = selected(filter, p)?;
                if *auto {
                    rows.sql.push_str(&format!(" AND {IS_READY} AND nm.auto_sync"));
                    rows.stands = true;
                }
                let (after, run) = (p.push(after.as_str()), p.push(ctx.run_id()));
                rows.sql.push_str(&format!(
                    " AND r.remote_id > {after} AND NOT EXISTS (
                        SELECT 1 FROM import_results i WHERE i.run_id = {run} AND i.remote_id > {after} AND i.remote_id = r.remote_id)"
                ));
                if *again {
                    rows.sql.push_str(&format!(
                        " AND r.remote_id NOT IN (
                            SELECT i.remote_id FROM import_results_told i WHERE i.run_id = {run} AND i.outcome = 'created')"
                    ));
                }
                Ok(rows)
            }
        }
    }
}

/// A device by its id at the vendor.
#[derive(FromQueryResult)]
struct Named {
    remote_id: String,
}

/// The devices that failed in an earlier import.
async fn failed(ctx: &RunContext, run: RunId) -> Result<Vec<String>> {
    let select =
        "SELECT remote_id FROM import_results WHERE run_id = $1 AND tenant_id = $2 AND outcome = 'failed'
        ORDER BY remote_id";
    let failed: Vec<Named> = sql::all(ctx.db(), select, vec![run.0.into(), ctx.tenant_id().into()]).await?;
    Ok(failed.into_iter().map(|row| row.remote_id).collect())
}

/// The named ids, each once, without those that this run has a result for.
async fn undone(ctx: &RunContext, ids: &[String]) -> Result<Vec<String>> {
    let select = "SELECT remote_id FROM import_results_told WHERE run_id = $1 AND tenant_id = $2";
    let done: Vec<Named> =
        sql::all(ctx.db(), select, vec![ctx.run_id().into(), ctx.tenant_id().into()]).await?;
    let mut seen: HashSet<String> = done.into_iter().map(|d| d.remote_id).collect();
    Ok(ids.iter().filter(|id| seen.insert((*id).clone())).cloned().collect())
}
