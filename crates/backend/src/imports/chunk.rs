//! One chunk of an import.

use super::{
    execute::counter,
    placed, refresh,
    serials::{Fitting, Serials},
    work::{Chunk, Staged},
};
use crate::{
    Error, Result,
    bulk::{self, Kind, Quick, Target},
    db::{Columns, Tx},
    devices::edit::{log, row::rows},
    runs::{
        RunContext,
        packs::{self, Packed},
    },
    sql::{self, Params},
    staging::fragment::{JOINS, MAY_FEED, ORGANIZATION, OWNED, PLACES, owner},
    sync::FACT_COLUMNS,
};
use domain::{
    import::{BlockedBy, ImportOutcome, StagedStatus},
    run::{Counts, FieldChange},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};
use std::{borrow::Cow, collections::HashMap, str::FromStr};
use uuid::Uuid;

const GONE: &str = "The device is no longer in staging. Run a device sync and look again.";
const THERE: &str = "The device is already in the inventory.";
const FOUND: &str = "The inventory had this device already; it was linked to it.";
const CHANGED: &str =
    "Its mapping changed during the import. Look at the device in staging and import it again.";

/// Linked devices of one statement.
const CHUNK: usize = 500;

/// What became of one device.
struct Outcome {
    remote_id: String,
    name: String,
    outcome: ImportOutcome,
    reason: Option<Cow<'static, str>>,
    device_id: Option<Uuid>,
}

/// Imports what is ready and writes a result for every row.
pub(super) async fn import(ctx: &RunContext, tx: &Tx, chunk: Chunk, serials: &mut Serials) -> Result<Counts> {
    let ready: Vec<&str> = chunk
        .rows
        .iter()
        .filter(|r| r.status == StagedStatus::Ready.as_str())
        .map(|r| r.remote_id.as_str())
        .collect();
    placed::forget(ctx, tx).await?;
    adopt(ctx, tx, &ready).await?;
    let fitting = serials.adopt(ctx, tx, &ready).await?;
    let ready_of = Ready { ids: &ready, span: span(&chunk.rows), whole: chunk.whole };
    let created = create(ctx, tx, ready_of).await?;
    // Only when not all were new has anybody else to be looked for.
    let found = match ready.iter().all(|id| created.contains_key(*id)) {
        true => Devices::new(),
        false => devices(ctx, tx, &ready).await?,
    };
    let linked = bring_up_to_date(ctx, tx, &created, &found).await?;
    let mut outcomes = Vec::with_capacity(chunk.rows.len() + chunk.unknown.len());
    for row in chunk.rows {
        outcomes.push(judge(row, &created, &found, &fitting)?);
    }
    outcomes.extend(chunk.unknown.into_iter().map(gone));
    write_results(ctx, tx, &outcomes).await?;
    write_linked(ctx, tx, &linked).await?;
    let mut counts = Counts::default();
    for o in &outcomes {
        *counter(&mut counts, o.outcome) += 1;
    }
    Ok(counts)
}

/// Lets rows tell the devices that they were linked to. Answers by remote id what that changed about them.
async fn bring_up_to_date(
    ctx: &RunContext,
    tx: &Tx,
    created: &Devices,
    found: &Devices,
) -> Result<Vec<(String, Vec<FieldChange>)>> {
    let linked: Vec<(&str, Uuid)> = found
        .iter()
        .filter(|(remote_id, _)| !created.contains_key(*remote_id))
        .map(|(remote_id, id)| (remote_id.as_str(), *id))
        .collect();
    let mut told = Vec::with_capacity(linked.len());
    for chunk in linked.chunks(CHUNK) {
        let (remotes, devices): (Vec<&str>, Vec<Uuid>) = chunk.iter().copied().unzip();
        let before = rows(tx, ctx.tenant_id(), &devices).await?;
        refresh::bring_up_to_date(tx, ctx.tenant_id(), ctx.integration_id(), ctx.now(), &remotes).await?;
        let after = rows(tx, ctx.tenant_id(), &devices).await?;
        for (before, after) in before.iter().zip(&after).filter(|(before, after)| before.id == after.id) {
            let remote_id = after.remote_id.clone().unwrap_or_default();
            told.push((remote_id, log::told(before, after)?));
        }
    }
    Ok(told)
}

/// Takes back devices that were kept when an earlier integration of this same account was deleted.
async fn adopt(ctx: &RunContext, tx: &Tx, ids: &[&str]) -> Result<()> {
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let update = format!(
        "UPDATE devices SET integration_id = $2, source_account = NULL
         WHERE tenant_id = $1 AND integration_id IS NULL AND remote_id {}
            AND source_account = (SELECT account_hash FROM integrations WHERE id = $2 AND tenant_id = $1)
            AND NOT EXISTS (SELECT 1 FROM devices AS fed WHERE fed.integration_id = $2 AND fed.remote_id = devices.remote_id)",
        sql::within(tx, &mut p, ids.iter().copied())
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}

type Devices = HashMap<String, Uuid>;

fn judge(row: Staged, created: &Devices, found: &Devices, fitting: &Fitting) -> Result<Outcome> {
    let Staged { remote_id, name, status, blocked_by, device_id } = row;
    let (outcome, reason, device_id) = match StagedStatus::from_str(&status).map_err(Error::internal)? {
        StagedStatus::Imported => (ImportOutcome::Skipped, Some(THERE.into()), device_id),
        StagedStatus::Blocked => {
            let by = blocked_by.as_deref().map(BlockedBy::from_str).transpose().map_err(Error::internal)?;
            (ImportOutcome::Failed, by.map(|by| by.sentence().into()), None)
        }
        StagedStatus::Ready => match (created.get(&remote_id), found.get(&remote_id)) {
            (Some(id), _) => {
                (ImportOutcome::Created, fitting.unsure.get(&remote_id).map(|s| unsure(s)), Some(*id))
            }
            (None, Some(id)) => {
                let reason = fitting.linked.get(&remote_id).map_or(FOUND.into(), |s| linked(s));
                (ImportOutcome::Linked, Some(reason), Some(*id))
            }
            (None, None) => (ImportOutcome::Failed, Some(CHANGED.into()), None),
        },
    };
    Ok(Outcome { remote_id, name, outcome, reason, device_id })
}

fn linked(serial: &str) -> Cow<'static, str> {
    format!("The inventory had a device with its serial number {serial}; it was linked to it.").into()
}

fn unsure(serial: &str) -> Cow<'static, str> {
    format!(
        "Other devices have its serial number {serial}, too, so it was linked to none. Look at Duplicates."
    )
    .into()
}

fn gone(remote_id: String) -> Outcome {
    let name = format!("Device {remote_id}");
    Outcome { remote_id, name, outcome: ImportOutcome::Failed, reason: Some(GONE.into()), device_id: None }
}

/// The devices of the inventory that are made from these rows.
async fn devices(ctx: &RunContext, tx: &Tx, ids: &[&str]) -> Result<Devices> {
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let select = format!(
        "SELECT remote_id, id FROM devices WHERE {{no_index}}tenant_id = $1 AND integration_id = $2 AND remote_id {}",
        sql::within(tx, &mut p, ids.iter().copied())
    );
    let rows: Vec<Made> = sql::all(tx, &sql::typed(tx, &select), p.0).await?;
    Ok(rows.into_iter().map(|r| (r.remote_id, r.id)).collect())
}

/// A device and the row of staging that it is made from.
#[derive(FromQueryResult)]
struct Made {
    remote_id: String,
    id: Uuid,
}

impl Quick for Made {
    fn read(row: &impl Columns) -> Option<Self> {
        Some(Self { remote_id: row.text(0)?.to_owned(), id: Uuid::from_slice(row.bytes(1)?).ok()? })
    }
}

/// The first and the last of rows that were selected in their order.
fn span(rows: &[Staged]) -> Option<(&str, &str)> {
    Some((rows.first()?.remote_id.as_str(), rows.last()?.remote_id.as_str()))
}

/// Rows of a chunk that can be imported.
struct Ready<'a> {
    ids: &'a [&'a str],
    /// They lie in it, so that PostgreSQL need not read all rows for some thousand.
    span: Option<(&'a str, &'a str)>,
    /// Whether the chunk is all that lies in it.
    whole: bool,
}

/// Copies rows of staging into the inventory, as far as they are still ready and not there; answers the new devices.
async fn create(ctx: &RunContext, tx: &Tx, ready: Ready<'_>) -> Result<Devices> {
    let Some((first, last)) = ready.span else { return Ok(Devices::new()) };
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let now = p.push(ctx.now());
    let within = format!("BETWEEN {} AND {}", p.push(first), p.push(last));
    // Nobody else writes to SQLite meanwhile: what is ready in the span is what was ready.
    let named = match tx.get_database_backend() {
        DbBackend::Sqlite if ready.whole => String::new(),
        _ => format!("AND r.remote_id {}", sql::within(tx, &mut p, ready.ids.iter().copied())),
    };
    let facts: Vec<String> = FACT_COLUMNS.iter().map(|(c, _)| format!("r.{c}")).collect();
    let computed = match tx.get_database_backend() {
        DbBackend::Sqlite => migrations::computed_on_sqlite("r.").to_vec(),
        _ => Vec::new(),
    };
    let (names, values): (String, String) =
        computed.iter().map(|(name, rule)| (format!("{name}, "), format!("{rule}, "))).unzip();
    let insert = format!(
        "INSERT INTO devices (id, tenant_id, company_id, location_id, device_type_id, integration_id, remote_id,
            organization_name, location_name, beat_no, last_user, {names} {}, source_hash, version, created_at, updated_at)
         SELECT r.id, r.tenant_id, c.id, CASE WHEN l.archived_at IS NULL THEN l.id END, t.id, r.integration_id,
            r.remote_id, {ORGANIZATION}, rl.name, s.no, s.last_user, {values} {}, r.hash, 1, {now}, {now}
         FROM remote_devices r {JOINS} {PLACES}
         LEFT JOIN remote_device_status s ON s.integration_id = r.integration_id AND s.remote_id = r.remote_id
            AND s.remote_id {within}
         {OWNED} AND r.remote_id {within} {named} AND {MAY_FEED}
         ON CONFLICT DO NOTHING RETURNING remote_id, id",
        FACT_COLUMNS.iter().map(|(c, _)| *c).collect::<Vec<_>>().join(", "),
        facts.join(", ")
    );
    let made: Vec<Made> = bulk::rows(tx, &insert, p.0).await?;
    Ok(made.into_iter().map(|m| (m.remote_id, m.id)).collect())
}

const RESULTS: &[(&str, Kind)] = &[
    ("run_id", Kind::Uuid),
    ("tenant_id", Kind::Uuid),
    ("remote_id", Kind::Text),
    ("name", Kind::Text),
    ("outcome", Kind::Text),
    ("reason", Kind::Text),
    ("device_id", Kind::Uuid),
];

async fn write_results(ctx: &RunContext, tx: &Tx, outcomes: &[Outcome]) -> Result<()> {
    let (run, tenant) = (ctx.run_id(), ctx.tenant_id());
    let row = |o: &Outcome| -> Result<Vec<Value>> {
        Ok(vec![
            run.into(),
            tenant.into(),
            o.remote_id.as_str().into(),
            o.name.as_str().into(),
            o.outcome.as_str().into(),
            o.reason.as_deref().into(),
            o.device_id.into(),
        ])
    };
    // A run comes to each device once, also when it goes on after an interruption (`Work`).
    let target = Target { table: "import_results", columns: RESULTS, after: "" };
    let (packed, others) = apart(outcomes);
    bulk::insert_new(tx, target, others.into_iter().map(row)).await?;
    let packed = packed.into_iter().map(|(o, id)| (&*o.remote_id, format!("{}{}", id.simple(), o.name)));
    packs::write(ctx, tx, Packed::Created, packed.collect()).await
}

/// Devices that were created without a word, when they are many, and all others.
fn apart(outcomes: &[Outcome]) -> (Vec<(&Outcome, Uuid)>, Vec<&Outcome>) {
    let created = |o: &Outcome| match (o.outcome, &o.reason) {
        (ImportOutcome::Created, None) => o.device_id,
        _ => None,
    };
    if !packs::worth(outcomes.iter().filter_map(created).count()) {
        return (Vec::new(), outcomes.iter().collect());
    }
    let (mut packed, mut others) = (Vec::with_capacity(outcomes.len()), Vec::new());
    for o in outcomes {
        match created(o) {
            Some(id) => packed.push((o, id)),
            None => others.push(o),
        }
    }
    (packed, others)
}

/// Notes with their results what became of devices that were linked.
async fn write_linked(ctx: &RunContext, tx: &Tx, linked: &[(String, Vec<FieldChange>)]) -> Result<()> {
    for chunk in linked.chunks(CHUNK) {
        let mut p = Params(vec![ctx.tenant_id().into(), ctx.run_id().into()]);
        let mut values = Vec::with_capacity(chunk.len());
        for (remote_id, fields) in chunk {
            let fields = serde_json::to_string(fields).map_err(Error::internal)?;
            values.push(format!("({}, {})", p.push(remote_id.as_str()), p.push(fields)));
        }
        let update = format!(
            "UPDATE import_results SET fields = v.column2 FROM (VALUES {}) AS v
             WHERE tenant_id = $1 AND run_id = $2 AND remote_id = v.column1",
            values.join(", ")
        );
        sql::execute(tx, &update, p.0).await?;
    }
    Ok(())
}
