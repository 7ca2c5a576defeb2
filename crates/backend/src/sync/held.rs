//! What a run would do to rows: planned while it reads, applied at the end, or held for a decision.
//!
//! A row that moved or changed its type keeps its place in staging until the whole pull is known; a row that the pull did not
//! show keeps standing. At the end the breaker looks at the shares: what is plausible is applied in one transaction, what is
//! not becomes a question.

use super::entity::Entity;
use crate::{
    Result,
    bulk::{self, Kind, Target},
    db::{self, Tx},
    imports,
    runs::RunContext,
    sql::{self, Params},
};
use domain::run::{ChangeKind, Counts, FieldChange};
use sea_orm::{FromQueryResult, Value};
use uuid::Uuid;

/// Ids of one statement.
const CHUNK: usize = 10_000;

const COLUMNS: &[(&str, Kind)] = &[
    ("run_id", Kind::Uuid),
    ("tenant_id", Kind::Uuid),
    ("integration_id", Kind::Uuid),
    ("entity", Kind::Text),
    ("remote_id", Kind::Text),
    ("change", Kind::Text),
    ("name", Kind::Text),
    ("from_hash", Kind::Int),
    ("to_hash", Kind::Int),
    ("organization_id", Kind::Text),
    ("location_id", Kind::Text),
    ("node_class", Kind::Text),
    ("fields", Kind::Text),
];

/// A row that is to move.
pub struct Move {
    pub remote_id: String,
    pub name: String,
    pub change: ChangeKind,
    /// Hash of the row as staging keeps it, and as the vendor has it.
    pub from_hash: i64,
    pub to_hash: i64,
    pub organization_id: String,
    pub location_id: Option<String>,
    pub node_class: String,
    pub fields: Vec<FieldChange>,
}

/// Plans moves, in the transaction of the page that told them.
pub async fn plan_moves(ctx: &RunContext, tx: &Tx, moves: Vec<Move>) -> Result<()> {
    let row = |m: Move| -> Result<Vec<Value>> {
        let fields = serde_json::to_string(&m.fields).map_err(crate::Error::internal)?;
        Ok(vec![
            ctx.run_id().into(),
            ctx.tenant_id().into(),
            ctx.integration_id().into(),
            "device".into(),
            m.remote_id.into(),
            m.change.as_str().into(),
            m.name.into(),
            m.from_hash.into(),
            m.to_hash.into(),
            m.organization_id.into(),
            m.location_id.into(),
            m.node_class.into(),
            fields.into(),
        ])
    };
    let rows: Vec<Vec<Value>> = moves.into_iter().map(row).collect::<Result<_>>()?;
    let after = bulk::replace(COLUMNS, &["run_id", "entity", "remote_id"], &[]);
    bulk::insert(tx, Target { table: "held_changes", columns: COLUMNS, after: &after }, rows).await
}

/// Plans that rows are missing.
pub async fn plan_missing(
    ctx: &RunContext,
    entity: Entity,
    change: ChangeKind,
    ids: &[String],
) -> Result<()> {
    for chunk in ids.chunks(CHUNK) {
        let mut p = Params(vec![
            ctx.run_id().into(),
            ctx.tenant_id().into(),
            ctx.integration_id().into(),
            entity.name.into(),
            change.as_str().into(),
        ]);
        let named = sql::within(ctx.db(), &mut p, chunk.iter().map(String::as_str));
        let insert = format!(
            "INSERT INTO held_changes (run_id, tenant_id, integration_id, entity, remote_id, change, name, from_hash,
                to_hash, fields)
             SELECT CAST($1 AS {{uuid}}), r.tenant_id, r.integration_id, $4, r.remote_id, $5, r.name, r.hash, r.hash, '[]'
             FROM {} r WHERE r.tenant_id = $2 AND r.integration_id = $3 AND r.missing_since IS NULL
                AND r.remote_id {named}
             ON CONFLICT (run_id, entity, remote_id) DO UPDATE SET change = excluded.change",
            entity.table
        );
        db::write(ctx.db(), &sql::typed(ctx.db(), &insert), p.0).await?;
    }
    Ok(())
}

/// Forgets what earlier runs planned and did not come to apply or ask, and closes their open questions: this run looks at
/// the same rows anew.
pub async fn supersede(ctx: &RunContext, entity: Entity) -> Result<()> {
    let owned =
        || vec![ctx.tenant_id().into(), ctx.integration_id().into(), ctx.run_id().into(), entity.name.into()];
    let forget = "DELETE FROM held_changes WHERE tenant_id = $1 AND integration_id = $2 AND run_id <> $3 AND entity = $4
        AND question_id IS NULL";
    db::write(ctx.db(), forget, owned()).await?;
    let forget = "DELETE FROM held_changes WHERE tenant_id = $1 AND integration_id = $2 AND run_id <> $3 AND entity = $4
        AND question_id IN (SELECT id FROM run_questions WHERE integration_id = $2 AND state IN ('discarded', 'superseded'))";
    db::write(ctx.db(), forget, owned()).await?;
    let close = "UPDATE run_questions SET state = 'superseded'
        WHERE tenant_id = $1 AND integration_id = $2 AND run_id <> $3 AND entity = $4 AND state = 'open'";
    db::write(ctx.db(), close, owned()).await?;
    Ok(())
}

/// Forgets what this run planned to mark missing: its pull is not proven.
pub async fn forget_missing(ctx: &RunContext, entity: Entity) -> Result<()> {
    let forget = "DELETE FROM held_changes WHERE tenant_id = $1 AND run_id = $2 AND entity = $3
        AND question_id IS NULL AND change IN ('missing', 'decommissioned')";
    let values = vec![ctx.tenant_id().into(), ctx.run_id().into(), entity.name.into()];
    db::write(ctx.db(), forget, values).await?;
    Ok(())
}

/// Which planned rows: those of a run that no question holds, or those of a question.
#[derive(Clone, Copy)]
pub enum Which {
    Free,
    Of(Uuid),
}

impl Which {
    /// `h. …` of [`apply`]; pushes its parameters behind the first two.
    fn filter(self, ctx: &RunContext, p: &mut Params) -> String {
        match self {
            Self::Free => format!("h.run_id = {} AND h.question_id IS NULL", p.push(ctx.run_id())),
            Self::Of(question) => format!("h.question_id = {}", p.push(question)),
        }
    }
}

#[derive(FromQueryResult)]
struct Applied {
    change: String,
    n: i64,
}

/// Applies planned rows of an entity, records their changes and answers how many there were. A row that somebody has
/// changed since it was planned is left alone.
pub async fn apply(ctx: &RunContext, tx: &Tx, entity: Entity, which: Which) -> Result<Counts> {
    let counts = record(ctx, tx, entity, which).await?;
    mark(ctx, tx, entity, which).await?;
    if entity.beats {
        imports::forget_places(ctx, tx).await?;
        move_rows(ctx, tx, which).await?;
        note_content(ctx, tx, which).await?;
    }
    let mut p = Params(vec![ctx.tenant_id().into(), entity.name.into()]);
    let filter = which.filter(ctx, &mut p);
    // SQLite knows no alias in DELETE … but AS.
    let delete =
        format!("DELETE FROM held_changes AS h WHERE h.tenant_id = $1 AND h.entity = $2 AND {filter}");
    sql::execute(tx, &delete, p.0).await?;
    Ok(counts)
}

/// The rows that are still as they were planned: `r` of staging, `h` planned.
const STANDS: &str =
    "r.tenant_id = h.tenant_id AND r.integration_id = h.integration_id AND r.remote_id = h.remote_id
    AND r.missing_since IS NULL AND (h.change IN ('missing', 'decommissioned') OR r.hash = h.from_hash)";

async fn record(ctx: &RunContext, tx: &Tx, entity: Entity, which: Which) -> Result<Counts> {
    let mut p = Params(vec![ctx.tenant_id().into(), entity.name.into()]);
    let filter = which.filter(ctx, &mut p);
    let from = format!(
        "FROM held_changes h JOIN {} r ON {STANDS} WHERE h.tenant_id = $1 AND h.entity = $2 AND {filter}",
        entity.table
    );
    let count = format!("SELECT h.change AS change, count(*) AS n {from} GROUP BY h.change");
    let applied: Vec<Applied> = sql::all(tx, &count, p.0.clone()).await?;
    let run = p.push(ctx.run_id());
    let insert = format!(
        "INSERT INTO run_changes (run_id, tenant_id, entity, remote_id, name, change, fields)
         SELECT CAST({run} AS {{uuid}}), h.tenant_id, h.entity, h.remote_id, h.name, h.change, h.fields {from}
         ON CONFLICT (run_id, entity, remote_id, change) DO NOTHING"
    );
    sql::execute(tx, &sql::typed(tx, &insert), p.0).await?;
    let mut counts = Counts::default();
    for Applied { change, n } in applied {
        match change.as_str() {
            "missing" | "decommissioned" => counts.missing += n,
            _ => counts.moved += n,
        }
    }
    Ok(counts)
}

async fn mark(ctx: &RunContext, tx: &Tx, entity: Entity, which: Which) -> Result<()> {
    let mut p = Params(vec![ctx.tenant_id().into(), entity.name.into()]);
    let filter = which.filter(ctx, &mut p);
    let now = p.push(ctx.now());
    let approval = match entity.beats {
        true => {
            ", approval = CASE WHEN h.change = 'decommissioned' THEN 'DECOMMISSIONED' ELSE r.approval END"
        }
        false => "",
    };
    let update = format!(
        "UPDATE {} AS r SET missing_since = {now}, updated_at = {now}{approval} FROM held_changes h
         WHERE {STANDS} AND h.tenant_id = $1 AND h.entity = $2 AND {filter} AND h.change IN ('missing', 'decommissioned')",
        entity.table
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

async fn move_rows(ctx: &RunContext, tx: &Tx, which: Which) -> Result<()> {
    let mut p = Params(vec![ctx.tenant_id().into(), "device".into()]);
    let filter = which.filter(ctx, &mut p);
    let now = p.push(ctx.now());
    let update = format!(
        "UPDATE remote_devices AS r SET organization_id = h.organization_id, location_id = h.location_id,
            node_class = h.node_class, hash = h.to_hash, updated_at = {now} FROM held_changes h
         WHERE {STANDS} AND h.tenant_id = $1 AND h.entity = $2 AND {filter} AND h.change IN ('moved', 'type_changed')"
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

/// The narrow table knows hash and absence of each row.
async fn note_content(ctx: &RunContext, tx: &Tx, which: Which) -> Result<()> {
    let mut p = Params(vec![ctx.tenant_id().into(), "device".into()]);
    let filter = which.filter(ctx, &mut p);
    let update = format!(
        "UPDATE remote_device_status AS s SET content = r.hash, print = 0, missing = r.missing_since IS NOT NULL
         FROM held_changes h JOIN remote_devices r ON r.tenant_id = h.tenant_id AND r.integration_id = h.integration_id
            AND r.remote_id = h.remote_id
         WHERE s.integration_id = h.integration_id AND s.remote_id = h.remote_id AND h.tenant_id = $1 AND h.entity = $2
            AND {filter}"
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}
