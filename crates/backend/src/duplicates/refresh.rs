//! Finding pairs: one pass over the narrow columns of all devices that lists show.

use crate::{
    Error, Result, Tenant,
    bulk::{self, Kind, Quick, Target},
    clock::new_id,
    db::{self, Columns, Tx},
    error::chain,
    runs::RunContext,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    duplicates::{Identity, Likeness, Sieve, find},
    serial,
};
use rustc_hash::FxHashSet;
use sea_orm::{DatabaseConnection, FromQueryResult, Value};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    company_id: Uuid,
    name: String,
    hostname: Option<String>,
    serial: Option<String>,
    bios_serial: Option<String>,
    mac_addresses: String,
}

impl Quick for Row {
    fn read(row: &impl Columns) -> Option<Self> {
        let uuid = |column| Uuid::from_slice(row.bytes(column)?).ok();
        let text = |column| Some(row.text_or_null(column)?.map(str::to_owned));
        Some(Self {
            id: uuid(0)?,
            company_id: uuid(1)?,
            name: row.text(2)?.to_owned(),
            hostname: text(3)?,
            serial: text(4)?,
            bios_serial: text(5)?,
            mac_addresses: row.text(6)?.to_owned(),
        })
    }
}

/// A pair as the database keeps it.
#[derive(FromQueryResult)]
struct Kept {
    left_id: Uuid,
    right_id: Uuid,
    confidence: i64,
    reasons: String,
    state: String,
}

/// A pair as it is found.
struct Found {
    confidence: i64,
    reasons: String,
}

type Pair = (Uuid, Uuid);

/// After a run that may have changed devices. A failure is ours to mend: the run has done its work.
pub(crate) async fn after_run(ctx: &RunContext) {
    let c = ctx.counts();
    if c.added + c.changed + c.moved + c.missing + c.returned == 0 {
        return;
    }
    if let Err(error) = refresh(ctx.db(), ctx.tenant_id(), ctx.now()).await {
        tracing::warn!(run = %ctx.run_id(), error = %chain(&error), "duplicates were not looked for");
    }
}

impl<A: Access> Tenant<A> {
    /// Brings the pairs up to date, if a run or an edit has ended since they were last looked for.
    pub(super) async fn fresh_duplicates(&self) -> Result<()> {
        let count = "SELECT count(*) AS n FROM duplicate_checks k WHERE k.tenant_id = $1
            AND NOT EXISTS (SELECT 1 FROM runs u WHERE u.tenant_id = $1 AND u.finished_at >= k.checked_at)
            AND NOT EXISTS (SELECT 1 FROM device_edits e WHERE e.tenant_id = $1 AND e.at >= k.checked_at)";
        if sql::count(self.db(), count, vec![self.id().into()]).await? > 0 {
            return Ok(());
        }
        refresh(self.db(), self.id(), self.now()).await
    }
}

/// Compares all devices of a tenant that lists show, and writes what differs from the pairs that are kept. Only those that share
/// something with another are held in memory.
async fn refresh(db: &DatabaseConnection, tenant: Uuid, now: i64) -> Result<()> {
    let mut sieve = Sieve::default();
    bulk::each_row(db, &all(db), vec![tenant.into()], |row: Row| sieve.note(&identity(row))).await?;
    let mut found = found(find(&devices(db, tenant, &sieve.alike()).await?))?;
    let tx = db::begin(db).await?;
    let select =
        "SELECT left_id, right_id, confidence, reasons, state FROM duplicate_pairs WHERE tenant_id = $1";
    let kept: Vec<Kept> = sql::all(&tx, select, vec![tenant.into()]).await?;
    let mut gone = Vec::new();
    let mut changed = Vec::new();
    for pair in kept {
        let key = (pair.left_id, pair.right_id);
        match (found.remove(&key), pair.state.as_str()) {
            (None, "open") => gone.push(key),
            (Some(now), "open") if now.confidence != pair.confidence || now.reasons != pair.reasons => {
                changed.push((key, now));
            }
            _ => {}
        }
    }
    for key in gone {
        delete(&tx, tenant, key).await?;
    }
    for (key, pair) in changed {
        update(&tx, tenant, key, pair).await?;
    }
    insert(&tx, tenant, now, found).await?;
    let note = "INSERT INTO duplicate_checks (tenant_id, checked_at) VALUES ($1, $2)
        ON CONFLICT (tenant_id) DO UPDATE SET checked_at = excluded.checked_at";
    sql::execute(&tx, note, vec![tenant.into(), now.into()]).await?;
    tx.commit().await?;
    Ok(())
}

/// Devices that lists show, in the order of their rows: each index would lead to one here, one there.
fn all(db: &DatabaseConnection) -> String {
    sql::typed(db, &format!("{SHOWN} AND {{no_index}}tenant_id = $1"))
}

const SHOWN: &str = "SELECT id, company_id, name, hostname, serial, bios_serial, mac_addresses FROM devices
    WHERE archived_at IS NULL AND merged_into IS NULL";

/// Devices that are found one by one, instead of in another pass.
const FEW: usize = 5_000;
/// Devices of one statement.
const CHUNK: usize = 500;

/// These devices of a tenant.
async fn devices(db: &DatabaseConnection, tenant: Uuid, ids: &FxHashSet<Uuid>) -> Result<Vec<Identity>> {
    let mut devices = Vec::with_capacity(ids.len());
    if ids.len() > FEW {
        let take = |row: Row| devices.extend(ids.contains(&row.id).then(|| identity(row)));
        bulk::each_row(db, &all(db), vec![tenant.into()], take).await?;
        return Ok(devices);
    }
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for chunk in ids.chunks(CHUNK) {
        let mut p = Params::default();
        let (tenant, ids) = (p.push(tenant), p.list(chunk.iter().copied()));
        let select =
            sql::typed(db, &format!("{SHOWN} AND {{no_index}}tenant_id = {tenant} AND id IN ({ids})"));
        devices.extend(sql::all(db, &select, p.0).await?.into_iter().map(identity));
    }
    Ok(devices)
}

fn identity(row: Row) -> Identity {
    Identity {
        id: row.id,
        company: row.company_id,
        serial: serial::best(row.serial.as_deref(), row.bios_serial.as_deref()).map(str::to_owned),
        macs: serde_json::from_str(&row.mac_addresses).unwrap_or_default(),
        hostname: row.hostname.or(Some(row.name)),
    }
}

fn found(pairs: Vec<Likeness>) -> Result<HashMap<Pair, Found>> {
    let kept = |likeness: Likeness| {
        #[expect(clippy::cast_possible_truncation, reason = "from 0 to 1000")]
        let confidence = (likeness.confidence * 1000.0).round() as i64;
        let reasons = serde_json::to_string(&likeness.reasons).map_err(Error::internal)?;
        Ok(((likeness.left, likeness.right), Found { confidence, reasons }))
    };
    pairs.into_iter().map(kept).collect()
}

async fn delete(tx: &Tx, tenant: Uuid, (left, right): Pair) -> Result<()> {
    let delete = "DELETE FROM duplicate_pairs WHERE tenant_id = $1 AND left_id = $2 AND right_id = $3 AND state = 'open'";
    sql::execute(tx, delete, vec![tenant.into(), left.into(), right.into()]).await?;
    Ok(())
}

async fn update(tx: &Tx, tenant: Uuid, (left, right): Pair, pair: Found) -> Result<()> {
    let update = "UPDATE duplicate_pairs SET confidence = $4, reasons = $5
        WHERE tenant_id = $1 AND left_id = $2 AND right_id = $3 AND state = 'open'";
    let values = vec![tenant.into(), left.into(), right.into(), pair.confidence.into(), pair.reasons.into()];
    sql::execute(tx, update, values).await?;
    Ok(())
}

const COLUMNS: &[(&str, Kind)] = &[
    ("id", Kind::Uuid),
    ("tenant_id", Kind::Uuid),
    ("left_id", Kind::Uuid),
    ("right_id", Kind::Uuid),
    ("confidence", Kind::Int),
    ("reasons", Kind::Text),
    ("state", Kind::Text),
    ("found_at", Kind::Int),
];

async fn insert(tx: &Tx, tenant: Uuid, now: i64, pairs: HashMap<Pair, Found>) -> Result<()> {
    let row = |((left, right), pair): (Pair, Found)| -> Vec<Value> {
        vec![
            new_id().into(),
            tenant.into(),
            left.into(),
            right.into(),
            pair.confidence.into(),
            pair.reasons.into(),
            "open".into(),
            now.into(),
        ]
    };
    let after = "ON CONFLICT (left_id, right_id) DO NOTHING";
    let target = Target { table: "duplicate_pairs", columns: COLUMNS, after };
    bulk::insert(tx, target, pairs.into_iter().map(row).collect()).await
}
