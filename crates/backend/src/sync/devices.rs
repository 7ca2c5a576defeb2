//! The devices of an account, with everything that is joined to them.

use super::{
    apply::{change, differs, upsert},
    count,
    device_row::{DeviceRecord, FACT_COLUMNS, fact_values},
    enrich::{self, Extras},
    hash,
    missing::{DEVICES, close, ledger},
    pull::Pull,
};
use crate::{
    Error, Result,
    clock::{micros, new_id},
    db, imports,
    runs::{NewChange, RunContext, record},
    sql::{self, Params},
};
use domain::{
    device::DeviceFacts,
    remote::RemoteDevice,
    run::{Counts, FieldChange, Phase},
    sync::{Ledger, Verdict},
};
use rmm::{Page, RmmClient};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::{collections::HashMap, sync::Arc};

/// Pages saved in one transaction.
const BATCH: usize = 4;
const HEAD: &[&str] = &["tenant_id", "integration_id", "remote_id", "id", "organization_id", "location_id"];
const TAIL: &[&str] = &["hash", "missing_since", "created_at", "updated_at"];
/// Set when the row is made, never again.
const KEEP: &[&str] = &["id", "created_at"];

/// What a sync of devices keeps in memory: what is held, and what is joined.
struct State {
    ledger: Ledger,
    /// Hash of the heartbeat that is held, by remote id.
    beats: HashMap<String, i64>,
    extras: Extras,
    /// Devices by organization.
    counts: HashMap<String, i64>,
}

/// A row to be written.
struct Write {
    verdict: Verdict,
    hash: i64,
    device: RemoteDevice,
}

/// Pulls all devices into staging, then brings the inventory up to date.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    let extras = enrich::read(ctx, client).await?;
    let (ledger, beats) = (ledger(ctx, DEVICES).await?, heartbeats(ctx).await?);
    let expected = i64::try_from(ledger.present()).ok().filter(|n| *n > 0);
    ctx.phase(Phase::Devices, expected);
    let mut state = State { ledger, beats, extras, counts: HashMap::new() };
    let mut pull = Pull::start(client, |c, at| Box::pin(async move { c.devices(&at).await }));
    let mut batch = Vec::new();
    let end = loop {
        match pull.next().await {
            Ok(Some(page)) => batch.push(page),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
        ctx.progress(pull.tally().rows);
        if batch.len() >= BATCH {
            save(ctx, &mut state, std::mem::take(&mut batch), pull.tally().rows).await?;
        }
    };
    // Whole pages that were read are kept, also when the next one failed.
    save(ctx, &mut state, batch, pull.tally().rows).await?;
    if end.is_err() {
        ctx.prove(pull.tally().evidence(DEVICES.plural, state.ledger.distinct()));
    }
    end?;
    close(ctx, DEVICES, &state.ledger, pull.tally()).await?;
    count::save(ctx, &state.counts).await?;
    ctx.phase(Phase::Applying, None);
    imports::refresh(ctx).await
}

#[derive(FromQueryResult)]
struct Beat {
    remote_id: String,
    offline: Option<bool>,
    last_contact: Option<i64>,
    last_user: Option<String>,
}

async fn heartbeats(ctx: &RunContext) -> Result<HashMap<String, i64>> {
    let select = "SELECT remote_id, offline, last_contact, last_user FROM remote_device_status WHERE integration_id = $1";
    let rows: Vec<Beat> = sql::all(ctx.db(), select, vec![ctx.integration_id().into()]).await?;
    let beat = |b: Beat| Ok((b.remote_id, hash::content(&(b.offline, b.last_contact, b.last_user))?));
    rows.into_iter().map(beat).collect()
}

/// Plans and writes some pages in one transaction.
async fn save(ctx: &RunContext, state: &mut State, pages: Vec<Page<RemoteDevice>>, done: i64) -> Result<()> {
    let mut delta = Counts::default();
    let (mut write, mut beats) = (Vec::new(), Vec::new());
    for page in pages {
        delta.failed += i64::try_from(page.unreadable).unwrap_or(i64::MAX);
        for id in &page.ids {
            state.ledger.mark_known(id);
        }
        for device in page.rows {
            plan(state, device, &mut delta, &mut write, &mut beats)?;
        }
    }
    let tx = db::begin(ctx.db()).await?;
    ctx.save(&tx, delta, done).await?;
    let changes = changes(ctx, &tx, &write).await?;
    let now = ctx.now();
    let rows = write.into_iter().map(|w| values(ctx, w, now)).collect::<Result<_>>()?;
    upsert(&tx, "remote_devices", &[HEAD, FACT_COLUMNS, TAIL].concat(), KEEP, rows).await?;
    write_beats(ctx, &tx, beats).await?;
    record(&tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    tx.commit().await?;
    Ok(())
}

/// Decides what a row costs: nothing, a heartbeat, or the whole row.
fn plan(
    state: &mut State,
    mut device: RemoteDevice,
    delta: &mut Counts,
    write: &mut Vec<Write>,
    beats: &mut Vec<Beat>,
) -> Result<()> {
    state.extras.join(&mut device);
    let place = (&device.organization_id, &device.location_id, &device.url);
    let hash = hash::content(&(place, &device.facts))?;
    let verdict = state.ledger.judge(&device.remote_id, hash);
    super::count_verdict(delta, verdict);
    if verdict == Verdict::Repeated {
        return Ok(());
    }
    *state.counts.entry(device.organization_id.clone().unwrap_or_default()).or_default() += 1;
    let beat = Beat {
        remote_id: device.remote_id.clone(),
        offline: device.offline,
        last_contact: device.last_contact.map(micros),
        last_user: device.last_user.clone(),
    };
    let beat_hash = hash::content(&(beat.offline, beat.last_contact, &beat.last_user))?;
    if state.beats.insert(beat.remote_id.clone(), beat_hash) != Some(beat_hash) {
        beats.push(beat);
    }
    if verdict.writes() {
        write.push(Write { verdict, hash, device });
    }
    Ok(())
}

fn values(ctx: &RunContext, write: Write, now: i64) -> Result<Vec<Value>> {
    let device = write.device;
    let mut values: Vec<Value> = vec![
        ctx.tenant_id().into(),
        ctx.integration_id().into(),
        device.remote_id.into(),
        new_id().into(),
        device.organization_id.unwrap_or_default().into(),
        device.location_id.into(),
    ];
    values.extend(fact_values(&device.facts, device.url.as_deref())?);
    values.extend::<[Value; 4]>([write.hash.into(), None::<i64>.into(), now.into(), now.into()]);
    Ok(values)
}

async fn write_beats(ctx: &RunContext, tx: &impl ConnectionTrait, beats: Vec<Beat>) -> Result<()> {
    let columns = ["integration_id", "remote_id", "offline", "last_contact", "last_user"];
    let row = |b: Beat| -> Vec<Value> {
        let id = ctx.integration_id();
        vec![id.into(), b.remote_id.into(), b.offline.into(), b.last_contact.into(), b.last_user.into()]
    };
    upsert(tx, "remote_device_status", &columns, &[], beats.into_iter().map(row).collect()).await
}

#[derive(FromQueryResult)]
struct Before {
    remote_id: String,
    organization_id: String,
    location_id: Option<String>,
    #[sea_orm(nested)]
    record: DeviceRecord,
}

async fn changes(ctx: &RunContext, tx: &impl ConnectionTrait, write: &[Write]) -> Result<Vec<NewChange>> {
    let mut before = HashMap::new();
    let ids: Vec<&str> =
        write.iter().filter(|w| w.verdict != Verdict::Added).map(|w| w.device.remote_id.as_str()).collect();
    for chunk in ids.chunks(1000) {
        let mut p = Params::default();
        let (integration, tenant) = (p.push(ctx.integration_id()), p.push(ctx.tenant_id()));
        let list = p.list(chunk.iter().copied());
        let select = format!(
            "SELECT remote_id, organization_id, location_id, {} FROM remote_devices
             WHERE integration_id = {integration} AND tenant_id = {tenant} AND remote_id IN ({list})",
            FACT_COLUMNS.join(", ")
        );
        let rows: Vec<Before> = sql::all(tx, &select, p.0).await?;
        before.extend(rows.into_iter().map(|b| (b.remote_id.clone(), b)));
    }
    write.iter().map(|w| describe(w, before.remove(&w.device.remote_id))).collect()
}

fn describe(write: &Write, before: Option<Before>) -> Result<NewChange> {
    let device = &write.device;
    let fields = before.map(|b| fields(b, device)).transpose()?.unwrap_or_default();
    Ok(change("device", write.verdict, &device.remote_id, &device.facts.name, fields))
}

/// The fields that differ, before and after.
fn fields(before: Before, after: &RemoteDevice) -> Result<Vec<FieldChange>> {
    let organization = after.organization_id.as_deref().unwrap_or_default();
    let mut fields: Vec<FieldChange> = [
        differs("organization", Some(&before.organization_id), Some(organization)),
        differs("location", before.location_id.as_deref(), after.location_id.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (old, new) = (as_map(&before.record.facts()?)?, as_map(&after.facts)?);
    for (field, value) in &new {
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
