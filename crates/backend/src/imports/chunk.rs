//! One chunk of an import.

use super::{
    execute::counter,
    work::{Chunk, Staged},
};
use crate::{
    Error, Result,
    runs::RunContext,
    sql::{self, Params},
    staging::fragment::{IS_READY, JOINS, ORGANIZATION, OWNED, PLACES, owner},
    sync::FACT_COLUMNS,
};
use domain::{
    import::{BlockedBy, ImportOutcome, StagedStatus},
    run::Counts,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

const GONE: &str = "The device is no longer in staging. Run a device sync and look again.";
const THERE: &str = "The device is already in the inventory.";
const FOUND: &str = "The inventory had this device already; it was linked to it.";
const CHANGED: &str =
    "Its mapping changed during the import. Look at the device in staging and import it again.";

/// What became of one device.
struct Outcome {
    remote_id: String,
    name: String,
    outcome: ImportOutcome,
    reason: Option<&'static str>,
    device_id: Option<Uuid>,
}

/// Imports what is ready and writes a result for every row.
pub(super) async fn import(ctx: &RunContext, tx: &impl ConnectionTrait, chunk: Chunk) -> Result<Counts> {
    let ready: Vec<&str> = chunk
        .rows
        .iter()
        .filter(|r| r.status == StagedStatus::Ready.as_str())
        .map(|r| r.remote_id.as_str())
        .collect();
    adopt(ctx, tx, &ready).await?;
    let before = devices(ctx, tx, &ready).await?;
    create(ctx, tx, &ready).await?;
    let after = devices(ctx, tx, &ready).await?;
    link(ctx, tx, &ready).await?;
    let mut outcomes = Vec::with_capacity(chunk.rows.len() + chunk.unknown.len());
    for row in chunk.rows {
        outcomes.push(judge(row, &before, &after)?);
    }
    outcomes.extend(chunk.unknown.into_iter().map(gone));
    write_results(ctx, tx, &outcomes).await?;
    let mut counts = Counts::default();
    for o in &outcomes {
        *counter(&mut counts, o.outcome) += 1;
    }
    Ok(counts)
}

/// Takes back devices that were kept when an earlier integration of this same account was deleted.
async fn adopt(ctx: &RunContext, tx: &impl ConnectionTrait, ids: &[&str]) -> Result<()> {
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let update = format!(
        "UPDATE devices SET integration_id = $2, source_account = NULL
         WHERE tenant_id = $1 AND integration_id IS NULL AND remote_id IN ({})
            AND source_account = (SELECT account_hash FROM integrations WHERE id = $2 AND tenant_id = $1)
            AND NOT EXISTS (SELECT 1 FROM devices AS fed WHERE fed.integration_id = $2 AND fed.remote_id = devices.remote_id)",
        p.list(ids.iter().copied())
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

type Devices = HashMap<String, Uuid>;

fn judge(row: Staged, before: &Devices, after: &Devices) -> Result<Outcome> {
    let Staged { remote_id, name, status, blocked_by, device_id } = row;
    let (outcome, reason, device_id) = match StagedStatus::from_str(&status).map_err(Error::internal)? {
        StagedStatus::Imported => (ImportOutcome::Skipped, Some(THERE), device_id),
        StagedStatus::Blocked => {
            let by = blocked_by.as_deref().map(BlockedBy::from_str).transpose().map_err(Error::internal)?;
            (ImportOutcome::Failed, by.map(BlockedBy::sentence), None)
        }
        StagedStatus::Ready => match (after.get(&remote_id), before.contains_key(&remote_id)) {
            (Some(id), false) => (ImportOutcome::Created, None, Some(*id)),
            (Some(id), true) => (ImportOutcome::Linked, Some(FOUND), Some(*id)),
            (None, _) => (ImportOutcome::Failed, Some(CHANGED), None),
        },
    };
    Ok(Outcome { remote_id, name, outcome, reason, device_id })
}

fn gone(remote_id: String) -> Outcome {
    let name = format!("Device {remote_id}");
    Outcome { remote_id, name, outcome: ImportOutcome::Failed, reason: Some(GONE), device_id: None }
}

/// The devices of the inventory that are made from these rows.
async fn devices(ctx: &RunContext, tx: &impl ConnectionTrait, ids: &[&str]) -> Result<Devices> {
    #[derive(FromQueryResult)]
    struct Row {
        remote_id: String,
        id: Uuid,
    }
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let select = format!(
        "SELECT remote_id, id FROM devices WHERE tenant_id = $1 AND integration_id = $2 AND remote_id IN ({})",
        p.list(ids.iter().copied())
    );
    let rows: Vec<Row> = sql::all(tx, &select, p.0).await?;
    Ok(rows.into_iter().map(|r| (r.remote_id, r.id)).collect())
}

/// Copies rows of staging into the inventory, as far as they are still ready and not there.
async fn create(ctx: &RunContext, tx: &impl ConnectionTrait, ids: &[&str]) -> Result<()> {
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let now = p.push(ctx.now());
    let facts: Vec<String> = FACT_COLUMNS.iter().map(|c| format!("r.{c}")).collect();
    let insert = format!(
        "INSERT INTO devices (id, tenant_id, company_id, location_id, device_type_id, integration_id, remote_id,
            organization_name, location_name, {}, source_hash, version, created_at, updated_at)
         SELECT r.id, r.tenant_id, c.id, CASE WHEN l.archived_at IS NULL THEN l.id END, t.id, r.integration_id,
            r.remote_id, {ORGANIZATION}, rl.name, {}, r.hash, 1, {now}, {now}
         FROM remote_devices r {JOINS} {PLACES} {OWNED} AND r.remote_id IN ({}) AND {IS_READY}
         ON CONFLICT DO NOTHING",
        FACT_COLUMNS.join(", "),
        facts.join(", "),
        p.list(ids.iter().copied())
    );
    sql::execute(tx, &insert, p.0).await?;
    Ok(())
}

/// Notes on the rows of staging which devices they feed.
async fn link(ctx: &RunContext, tx: &impl ConnectionTrait, ids: &[&str]) -> Result<()> {
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let update = format!(
        "UPDATE remote_devices AS r SET device_id = d.id FROM devices d
         WHERE r.tenant_id = $1 AND r.integration_id = $2 AND r.remote_id IN ({}) AND r.device_id IS NULL
            AND d.tenant_id = $1 AND d.integration_id = $2 AND d.remote_id = r.remote_id",
        p.list(ids.iter().copied())
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

async fn write_results(ctx: &RunContext, tx: &impl ConnectionTrait, outcomes: &[Outcome]) -> Result<()> {
    let mut p = Params::default();
    let rows: Vec<String> = outcomes
        .iter()
        .map(|o| {
            // Each row names the run again: placeholders that stand in order are the fast ones.
            format!(
                "({}, {}, {}, {}, {}, {}, {})",
                p.push(ctx.run_id()),
                p.push(ctx.tenant_id()),
                p.push(o.remote_id.as_str()),
                p.push(o.name.as_str()),
                p.push(o.outcome.as_str()),
                p.push(o.reason),
                p.push(o.device_id)
            )
        })
        .collect();
    let insert = format!(
        "INSERT INTO import_results (run_id, tenant_id, remote_id, name, outcome, reason, device_id) VALUES {}
         ON CONFLICT (run_id, remote_id) DO NOTHING",
        rows.join(", ")
    );
    sql::execute(tx, &insert, p.0).await?;
    Ok(())
}
