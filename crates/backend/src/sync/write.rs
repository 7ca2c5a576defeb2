//! Writing devices of staging: a batch of pages in few statements.

use super::{
    apply::{change, differs},
    beats,
    device_row::{DeviceRecord, FACT_COLUMNS, NO_CLASS, fact_values},
    hash,
    held::{self, Move},
};
use crate::{
    Error, Result,
    bulk::{self, Kind, Target},
    clock::{micros, new_id},
    db::Tx,
    imports,
    runs::{
        RunContext,
        packs::{self, Packed},
        record,
    },
    sql::{self, Params},
};
use domain::{
    device::DeviceFacts,
    remote::RemoteDevice,
    run::{ChangeKind, FieldChange},
    sync::{Beat, Verdict},
};
use sea_orm::{FromQueryResult, Value};
use std::collections::HashMap;

const HEAD: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Uuid),
    ("integration_id", Kind::Uuid),
    ("remote_id", Kind::Text),
    ("id", Kind::Uuid),
    ("organization_id", Kind::Text),
    ("location_id", Kind::Text),
];
const TAIL: &[(&str, Kind)] = &[
    ("hash", Kind::Int),
    ("missing_since", Kind::Int),
    ("created_at", Kind::Int),
    ("updated_at", Kind::Int),
];
const KEY: &[&str] = &["integration_id", "remote_id"];
/// Set when the row is made, never again.
const KEEP: &[&str] = &["tenant_id", "id", "created_at"];
const STATUS: &[(&str, Kind)] = &[
    ("integration_id", Kind::Uuid),
    ("remote_id", Kind::Text),
    ("no", Kind::Int),
    ("last_user", Kind::Text),
    ("content", Kind::Int),
    ("print", Kind::Int),
    ("missing", Kind::Bool),
];

/// A device with what it is compared by.
pub struct Row {
    pub device: RemoteDevice,
    /// Of its content, as staging keeps it.
    pub hash: i64,
    /// Of what was printed of it and what other sources tell; zero where that is not known.
    pub print: i64,
    /// The number of its heartbeat, unless it is new.
    pub no: Option<i64>,
}

impl Row {
    pub fn new(device: RemoteDevice, print: i64, no: Option<i64>) -> Self {
        Self { hash: hash::device(&device), device, print, no }
    }
}

/// Rows to be written in one transaction.
#[derive(Default)]
pub struct Batch {
    rows: Vec<(Verdict, Row)>,
    /// Of rows that are as they were, in another print.
    prints: Vec<Row>,
    beats: Vec<(i64, Beat)>,
}

/// A row of the narrow table, but for the integration.
struct Status {
    remote_id: String,
    no: i64,
    last_user: Option<String>,
    content: i64,
    print: i64,
}

/// Rows whose content differed: whether people would see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub changed: i64,
    pub unchanged: i64,
}

impl Batch {
    /// Takes up a row whose content is written.
    pub fn row(&mut self, verdict: Verdict, row: Row) {
        self.rows.push((verdict, row));
    }

    /// Takes up a row whose content is as it was, for its heartbeat and its print.
    pub fn print(&mut self, row: Row) {
        self.prints.push(row);
    }

    /// Takes up a heartbeat.
    pub fn beat(&mut self, no: i64, beat: Beat) {
        self.beats.push((no, beat));
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.prints.is_empty() && self.beats.is_empty()
    }

    /// Writes everything, with its change records, and is empty again.
    pub async fn write(&mut self, ctx: &RunContext, tx: &Tx) -> Result<Seen> {
        if !self.rows.is_empty() {
            imports::forget_places(ctx, tx).await?;
        }
        let new = self.is_new();
        let packed = new && packs::worth(self.rows.len());
        if packed {
            let names = self.rows.iter().map(|(_, row)| (&*row.device.remote_id, &row.device.facts.name));
            packs::write(ctx, tx, Packed::Added, names.collect()).await?;
        }
        self.number(ctx, tx).await?;
        let mut before = before(ctx, tx, &self.rows).await?;
        let (mut seen, mut changes, mut moves) = (Seen::default(), Vec::new(), Vec::new());
        for (verdict, row) in &mut self.rows {
            if *verdict == Verdict::Added {
                if packed {
                    continue;
                }
                let (id, name) = (&row.device.remote_id, &row.device.facts.name);
                changes.push(change("device", *verdict, id, name, vec![]));
            } else if let Some(old) = before.remove(&row.device.remote_id) {
                let moved = pin(row, &old);
                let fields = fields(old, &row.device)?;
                match (*verdict, fields.is_empty()) {
                    // What moves counts when it is applied.
                    (Verdict::Changed, true) => seen.unchanged += i64::from(moved.is_none()),
                    _ => {
                        seen.changed += i64::from(*verdict == Verdict::Changed);
                        let (id, name) = (&row.device.remote_id, &row.device.facts.name);
                        changes.push(change("device", *verdict, id, name, fields));
                    }
                }
                moves.extend(moved);
            }
        }
        record(tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
        drop(changes);
        self.write_status(ctx, tx, new).await?;
        beats::write(ctx, tx, self.beats.drain(..), new).await?;
        self.prints.clear();
        let columns = [HEAD, FACT_COLUMNS, TAIL].concat();
        let after = bulk::replace(&columns, KEY, KEEP);
        let target = Target { table: "remote_devices", columns: &columns, after: &after };
        let now = ctx.now();
        let rows = self.rows.drain(..).map(|(_, row)| tuple(ctx, row, now));
        bulk::insert_as(new, tx, target, rows).await?;
        held::plan_moves(ctx, tx, moves).await?;
        Ok(seen)
    }

    /// Whether nothing of all this is held yet.
    fn is_new(&self) -> bool {
        self.prints.is_empty() && self.beats.is_empty() && self.rows.iter().all(|(v, _)| *v == Verdict::Added)
    }

    /// Gives new rows a number.
    async fn number(&mut self, ctx: &RunContext, tx: &Tx) -> Result<()> {
        let rows = self.rows.iter_mut().map(|(_, row)| row).chain(&mut self.prints);
        let new: Vec<&mut Row> = rows.filter(|row| row.no.is_none()).collect();
        let numbers = beats::numbers(ctx, tx, new.len()).await?;
        for (row, no) in new.into_iter().zip(numbers) {
            row.no = Some(no);
        }
        Ok(())
    }

    /// Hands rows to the narrow tables.
    async fn write_status(&mut self, ctx: &RunContext, tx: &Tx, new: bool) -> Result<()> {
        let integration = ctx.integration_id();
        let row = |s: Status| -> Result<Vec<Value>> {
            Ok(vec![
                integration.into(),
                s.remote_id.into(),
                s.no.into(),
                s.last_user.into(),
                s.content.into(),
                s.print.into(),
                false.into(),
            ])
        };
        let mut all = Vec::with_capacity(self.rows.len() + self.prints.len());
        for row in self.rows.iter_mut().map(|(_, row)| row).chain(&mut self.prints) {
            let no = row.no.unwrap_or_default();
            self.beats.push((no, beat(&row.device)));
            let (remote_id, last_user) = (row.device.remote_id.clone(), row.device.last_user.take());
            all.push(Status { remote_id, no, last_user, content: row.hash, print: row.print });
        }
        // A user that is not told again is not forgotten.
        let after = format!(
            "{}, last_user = COALESCE(excluded.last_user, remote_device_status.last_user)",
            bulk::replace(STATUS, KEY, &["last_user"])
        );
        let target = Target { table: "remote_device_status", columns: STATUS, after: &after };
        bulk::insert_as(new, tx, target, all.into_iter().map(row)).await
    }
}

fn beat(device: &RemoteDevice) -> Beat {
    Beat { offline: device.offline, last_contact: device.last_contact.map(micros) }
}

fn tuple(ctx: &RunContext, row: Row, now: i64) -> Result<Vec<Value>> {
    let Row { device, hash, .. } = row;
    let mut values: Vec<Value> = Vec::with_capacity(HEAD.len() + FACT_COLUMNS.len() + TAIL.len());
    values.extend::<[Value; 6]>([
        ctx.tenant_id().into(),
        ctx.integration_id().into(),
        device.remote_id.into(),
        new_id().into(),
        device.organization_id.unwrap_or_default().into(),
        device.location_id.into(),
    ]);
    fact_values(&mut values, device.facts, device.url)?;
    values.extend::<[Value; 4]>([hash.into(), None::<i64>.into(), now.into(), now.into()]);
    Ok(values)
}

#[derive(FromQueryResult)]
struct Before {
    remote_id: String,
    organization_id: String,
    location_id: Option<String>,
    #[sea_orm(nested)]
    record: DeviceRecord,
}

/// What staging has of the rows that are not new.
async fn before(ctx: &RunContext, tx: &Tx, rows: &[(Verdict, Row)]) -> Result<HashMap<String, Before>> {
    let mut before = HashMap::new();
    let ids: Vec<&str> =
        rows.iter().filter(|(v, _)| *v != Verdict::Added).map(|(_, r)| r.device.remote_id.as_str()).collect();
    for chunk in ids.chunks(2000) {
        let mut p = Params::default();
        let (integration, tenant) = (p.push(ctx.integration_id()), p.push(ctx.tenant_id()));
        let named = sql::within(tx, &mut p, chunk.iter().copied());
        let facts: Vec<&str> = FACT_COLUMNS.iter().map(|(column, _)| *column).collect();
        let select = format!(
            "SELECT remote_id, organization_id, location_id, {} FROM remote_devices
             WHERE integration_id = {integration} AND tenant_id = {tenant} AND remote_id {named}",
            facts.join(", ")
        );
        let rows: Vec<Before> = sql::all(tx, &select, p.0).await?;
        before.extend(rows.into_iter().map(|b| (b.remote_id.clone(), b)));
    }
    Ok(before)
}

/// A row that moved or changed its type keeps its place for now; the move is planned.
fn pin(row: &mut Row, before: &Before) -> Option<Move> {
    let (device, to_hash) = (&mut row.device, row.hash);
    let organization = device.organization_id.clone().unwrap_or_default();
    let class = device.facts.node_class.clone().unwrap_or_else(|| NO_CLASS.into());
    let old_class = before.record.node_class.clone().unwrap_or_else(|| NO_CLASS.into());
    let fields: Vec<FieldChange> = [
        differs("organization", Some(&before.organization_id), Some(&organization)),
        differs("location", before.location_id.as_deref(), device.location_id.as_deref()),
        differs("node_class", Some(&old_class), Some(&class)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let moves = fields.iter().any(|f| f.field != "node_class");
    if fields.is_empty() {
        return None;
    }
    let location_id = std::mem::replace(&mut device.location_id, before.location_id.clone());
    device.organization_id = Some(before.organization_id.clone()).filter(|id| !id.is_empty());
    device.facts.node_class = before.record.node_class.clone();
    row.hash = hash::device(device);
    // What is kept is not what was printed: the next sync looks again.
    row.print = 0;
    Some(Move {
        remote_id: device.remote_id.clone(),
        name: device.facts.name.clone(),
        change: if moves { ChangeKind::Moved } else { ChangeKind::TypeChanged },
        from_hash: row.hash,
        to_hash,
        organization_id: organization,
        location_id,
        node_class: class,
        fields,
    })
}

/// The fields that differ, before and after.
fn fields(before: Before, after: &RemoteDevice) -> Result<Vec<FieldChange>> {
    let (old, new) = (as_map(&before.record.facts()?)?, as_map(&after.facts)?);
    let mut fields = Vec::new();
    // The node class is a move of its own.
    for (field, value) in new.iter().filter(|(field, _)| *field != "node_class") {
        let (before, after) = (old.get(field).and_then(text), text(value));
        fields.extend(differs(field, before.as_deref(), after.as_deref()));
    }
    Ok(fields)
}

fn as_map(facts: &DeviceFacts) -> Result<serde_json::Map<String, serde_json::Value>> {
    match serde_json::to_value(facts).map_err(Error::internal)? {
        serde_json::Value::Object(map) => Ok(map),
        _ => Ok(serde_json::Map::new()),
    }
}

/// A value for people: lists joined, nothing for null and empty lists.
fn text(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value as V;
    match value {
        V::Null => None,
        V::String(s) => Some(s.clone()),
        V::Array(items) if items.is_empty() => None,
        V::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}
