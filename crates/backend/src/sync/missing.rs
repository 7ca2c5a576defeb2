//! What a complete pull did not show: marked with a time, never deleted; held back when implausible.

use super::pull::Tally;
use crate::{
    Error, Result, db,
    runs::{NewChange, RunContext, record},
    sql::{self, Params},
};
use domain::{
    run::{Counts, Phase},
    sync::{Ledger, Written, is_implausible},
    vendor::Problem,
};
use sea_orm::FromQueryResult;

const CHUNK: usize = 500;

/// Which staging table, and its name in changes and sentences.
#[derive(Clone, Copy)]
pub struct Entity {
    pub table: &'static str,
    pub name: &'static str,
    pub plural: &'static str,
}

pub const ORGANIZATIONS: Entity =
    Entity { table: "organizations", name: "organization", plural: "organizations" };
pub const LOCATIONS: Entity = Entity { table: "remote_locations", name: "location", plural: "locations" };
pub const DEVICES: Entity = Entity { table: "remote_devices", name: "device", plural: "devices" };

#[derive(FromQueryResult)]
struct Held {
    remote_id: String,
    hash: i64,
    missing: bool,
}

/// What is held of an entity.
pub async fn ledger(ctx: &RunContext, entity: Entity) -> Result<Ledger> {
    let select = format!(
        "SELECT remote_id, hash, missing_since IS NOT NULL AS missing FROM {} WHERE integration_id = $1 AND tenant_id = $2",
        entity.table
    );
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let rows: Vec<Held> = sql::all(ctx.db(), &select, values).await?;
    let mut ledger = Ledger::new(rows.into_iter().map(|r| (r.remote_id, r.hash, r.missing)));
    if ctx.resumed() {
        resume(ctx, entity, &mut ledger).await?;
    }
    Ok(ledger)
}

#[derive(FromQueryResult)]
struct Recorded {
    remote_id: String,
    change: String,
}

/// Takes up what an interrupted attempt of this run recorded, so that the run counts each row once, as what it was.
async fn resume(ctx: &RunContext, entity: Entity, ledger: &mut Ledger) -> Result<()> {
    // A move without the organization was made by the inventory, not by the vendor's row.
    let select =
        "SELECT remote_id, change FROM run_changes WHERE run_id = $1 AND tenant_id = $2 AND entity = $3
         AND (change <> 'moved' OR fields LIKE '%\"organization\"%')";
    let values = vec![ctx.run_id().into(), ctx.tenant_id().into(), entity.name.into()];
    let recorded: Vec<Recorded> = sql::all(ctx.db(), select, values).await?;
    let missing = recorded.iter().filter(|r| r.change == "missing").count();
    let missing = i64::try_from(missing).unwrap_or(i64::MAX);
    ctx.save(ctx.db(), Counts { missing, ..Counts::default() }, 0).await?;
    ledger.resume(recorded.into_iter().filter_map(|r| match r.change.as_str() {
        "missing" => None,
        "added" => Some((r.remote_id, Written::Added)),
        _ => Some((r.remote_id, Written::Changed)),
    }));
    Ok(())
}

/// Closes a pull: proves it complete, then marks what it did not show.
pub async fn close(ctx: &RunContext, entity: Entity, ledger: &Ledger, tally: &Tally) -> Result<()> {
    ctx.prove(tally.evidence(entity.plural, ledger.distinct()));
    if tally.ended.is_none() {
        return Err(incomplete(entity));
    }
    let unseen: Vec<String> = ledger.unseen().into_iter().map(str::to_owned).collect();
    if unseen.is_empty() {
        return Ok(());
    }
    if tally.unnamed > 0 {
        return Err(unnamed(entity, tally.unnamed));
    }
    if is_implausible(unseen.len(), ledger.present()) {
        return Err(held_back(entity, unseen.len(), ledger.present()));
    }
    ctx.phase(Phase::Missing, i64::try_from(unseen.len()).ok());
    for chunk in unseen.chunks(CHUNK) {
        mark(ctx, entity, chunk).await?;
    }
    Ok(())
}

fn incomplete(entity: Entity) -> Error {
    problem(
        "incomplete",
        format!(
            "The list of {} did not come to its end, so nothing was marked missing. Sync again.",
            entity.plural
        ),
        vec![],
    )
}

fn unnamed(entity: Entity, rows: i64) -> Error {
    problem(
        "unreadable",
        format!(
            "{rows} rows of {} could not be read, so nothing was marked missing. Sync again.",
            entity.plural
        ),
        vec![],
    )
}

fn held_back(entity: Entity, vanishing: usize, present: usize) -> Error {
    problem(
        "implausible",
        format!(
            "{vanishing} of {present} {} were not in NinjaOne's answer. That is implausible at once, so none was marked missing.",
            entity.plural
        ),
        vec![
            "Check that the API application may still see every organization.".into(),
            "If they are gone indeed, remove them in NinjaOne in smaller steps, or delete and connect the integration again.".into(),
        ],
    )
}

fn problem(code: &str, message: String, hints: Vec<String>) -> Error {
    Error::Problem(Box::new(Problem { code: code.into(), message, hints, field: None }))
}

#[derive(FromQueryResult)]
struct Name {
    remote_id: String,
    name: String,
}

async fn mark(ctx: &RunContext, entity: Entity, ids: &[String]) -> Result<()> {
    let tx = db::begin(ctx.db()).await?;
    let n = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    ctx.save(&tx, Counts { missing: n, ..Counts::default() }, n).await?;
    let mut p = Params::default();
    let (integration, tenant, now) =
        (p.push(ctx.integration_id()), p.push(ctx.tenant_id()), p.push(ctx.now()));
    let list = p.list(ids.iter().map(String::as_str));
    let update = format!(
        "UPDATE {} SET missing_since = {now}, updated_at = {now}
         WHERE integration_id = {integration} AND tenant_id = {tenant} AND missing_since IS NULL AND remote_id IN ({list})
         RETURNING remote_id, name",
        entity.table
    );
    let marked: Vec<Name> = sql::all(&tx, &update, p.0).await?;
    let changes: Vec<NewChange> = marked.into_iter().map(|row| missing(entity, row)).collect();
    record(&tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    tx.commit().await?;
    Ok(())
}

fn missing(entity: Entity, row: Name) -> NewChange {
    NewChange {
        entity: entity.name,
        remote_id: row.remote_id,
        name: row.name,
        change: "missing",
        fields: vec![],
    }
}
