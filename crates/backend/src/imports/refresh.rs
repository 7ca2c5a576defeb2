//! The inventory after a sync: changed rows of staging into their devices, and every device where its mappings say.
//!
//! What is as it should be costs no write: differing rows are looked for first, and only they are written.

use super::placed;
use crate::{
    Error, Result,
    db::{self, Tx},
    devices,
    runs::{NewChange, RunContext, record, record_over},
    sql,
    staging::fragment::{FEEDS, JOINS, ORGANIZATION, OWNED, PLACES, owner},
    sync::FACT_COLUMNS,
};
use domain::{
    device_edit::DeviceField,
    run::{ChangeKind, Counts, FieldChange, RunKind},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::{collections::HashMap, str::FromStr};
use uuid::Uuid;

/// Devices of one transaction.
const CHUNK: usize = 5000;

/// The company follows a mapped organization; without one in use the device stays.
const COMPANY: &str = "CASE WHEN c.id IS NOT NULL AND c.archived_at IS NULL THEN c.id ELSE d.company_id END";

/// So does the location, inside that company; one that was archived is kept, but not newly taken.
const TOLD_LOCATION: &str = "CASE WHEN c.id IS NULL OR c.archived_at IS NOT NULL THEN d.location_id
    WHEN l.archived_at IS NULL OR l.id = d.location_id THEN l.id END";

/// The type follows its node class, unless that is unmapped or ignored.
const TOLD_TYPE: &str = "CASE WHEN t.id IS NOT NULL AND NOT nm.ignored THEN t.id ELSE d.device_type_id END";

/// Where a device is to be. What a person has set stays; the location, as long as the device stays in its company.
fn location() -> String {
    let own = owns(DeviceField::Location);
    format!("CASE WHEN {own} AND {COMPANY} = d.company_id THEN d.location_id ELSE {TOLD_LOCATION} END")
}

/// Its type.
fn device_type() -> String {
    format!("CASE WHEN {} THEN d.device_type_id ELSE {TOLD_TYPE} END", owns(DeviceField::DeviceType))
}

/// Whether a person has set that field of `d`.
fn owns(field: DeviceField) -> String {
    format!("(d.owned & {}) <> 0", field.bit())
}

/// A device that differs from what it should be.
#[derive(FromQueryResult)]
struct Differing {
    remote_id: String,
    name: String,
    company: Option<String>,
    new_company: Option<String>,
    location: Option<String>,
    new_location: Option<String>,
    device_type: Option<String>,
    new_device_type: Option<String>,
    moves: bool,
}

impl Differing {
    /// What mappings change about it: its company, location and type, where they are not as before.
    fn fields(&self) -> Vec<FieldChange> {
        let company = self.moves.then_some(("company", &self.company, &self.new_company));
        let others = [
            ("psa_location", &self.location, &self.new_location),
            ("device_type", &self.device_type, &self.new_device_type),
        ];
        company
            .into_iter()
            .chain(others.into_iter().filter(|(_, before, after)| before != after))
            .map(|(field, before, after)| FieldChange {
                field: field.into(),
                before: before.clone(),
                after: after.clone(),
            })
            .collect()
    }
}

/// Brings the imported devices of an integration up to date, and records where they go by their mappings.
pub(crate) async fn refresh(ctx: &RunContext) -> Result<()> {
    let hash = placed::hash(ctx).await?;
    if placed::holds(ctx, hash).await? {
        return Ok(());
    }
    let remaps = ctx.kind()? == RunKind::Remap;
    let (mut after, mut done) = (String::new(), 0);
    let any = feeds_any(ctx).await?;
    while any && !ctx.cancelled() {
        let tx = db::begin(ctx.db()).await?;
        placed::lock(&tx, ctx.integration_id()).await?;
        let rows = differing(ctx, &tx, &after).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.remote_id);
        done += i64::try_from(rows.len()).unwrap_or_default();
        let counts = match remaps {
            true => record_remapped(ctx, &tx, &rows).await?,
            false => record_places(ctx, &tx, &rows).await?,
        };
        ctx.save(&tx, counts, done).await?;
        let ids: Vec<&str> = rows.iter().map(|r| r.remote_id.as_str()).collect();
        bring_up_to_date(&tx, ctx.tenant_id(), ctx.integration_id(), ctx.now(), &ids).await?;
        tx.commit().await?;
    }
    match ctx.cancelled() {
        true => Ok(()),
        false => placed::note(ctx, hash).await,
    }
}

/// Whether the inventory has a device of this integration: if not, there is no need to look at every row.
async fn feeds_any(ctx: &RunContext) -> Result<bool> {
    let count = "SELECT count(*) AS n FROM (SELECT 1 FROM devices WHERE integration_id = $1 LIMIT 1) AS fed";
    Ok(sql::count(ctx.db(), count, vec![ctx.integration_id().into()]).await? > 0)
}

async fn differing(ctx: &RunContext, tx: &impl ConnectionTrait, after: &str) -> Result<Vec<Differing>> {
    let mut p = owner(ctx.tenant_id(), ctx.integration_id());
    let (location, device_type) = (location(), device_type());
    let select = format!(
        "SELECT r.remote_id, r.name, dc.name AS company, c.name AS new_company, {COMPANY} <> d.company_id AS moves,
            dl.name AS location, dt.name AS device_type,
            CASE WHEN {location} IS NOT DISTINCT FROM d.location_id THEN dl.name ELSE l.name END AS new_location,
            CASE WHEN {device_type} = d.device_type_id THEN dt.name ELSE t.name END AS new_device_type
         FROM remote_devices r {FEEDS} {JOINS} {PLACES}
         LEFT JOIN companies dc ON dc.id = d.company_id
         LEFT JOIN locations dl ON dl.id = d.location_id
         LEFT JOIN device_types dt ON dt.id = d.device_type_id
         {OWNED} AND r.remote_id > {} AND (
            d.source_hash IS NULL OR d.source_hash <> r.hash
            OR {COMPANY} <> d.company_id OR {device_type} <> d.device_type_id OR {location} IS DISTINCT FROM d.location_id
            OR {ORGANIZATION} IS DISTINCT FROM d.organization_name OR rl.name IS DISTINCT FROM d.location_name)
         ORDER BY r.remote_id LIMIT {CHUNK}",
        p.push(after)
    );
    Ok(sql::all(tx, &select, p.0).await?)
}

/// Whether an imported device of one of these rows is elsewhere, or of another type, than its mappings say; `column` is that
/// of `remote_devices` which names them.
pub(crate) async fn any_elsewhere(
    tx: &impl ConnectionTrait,
    (tenant, integration): (Uuid, Uuid),
    column: &str,
    ids: &[&str],
) -> Result<bool> {
    let mut p = owner(tenant, integration);
    let (location, device_type) = (location(), device_type());
    let count = format!(
        "SELECT count(*) AS n FROM (SELECT 1 FROM remote_devices r
         {FEEDS} {JOINS} {PLACES}
         {OWNED} AND r.{column} {} AND ({COMPANY} <> d.company_id
            OR {device_type} <> d.device_type_id OR {location} IS DISTINCT FROM d.location_id) LIMIT 1) AS elsewhere",
        sql::within(tx, &mut p, ids.iter().copied())
    );
    Ok(sql::count(tx, &count, p.0).await? > 0)
}

/// Writes what changed mappings change about devices, and counts it.
async fn record_remapped(ctx: &RunContext, tx: &Tx, rows: &[Differing]) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut changes = Vec::new();
    for row in rows {
        let fields = row.fields();
        let change = match (row.moves, fields.is_empty()) {
            (true, _) => ChangeKind::Moved,
            (false, false) => ChangeKind::Changed,
            (false, true) => continue,
        };
        *(if row.moves { &mut counts.moved } else { &mut counts.changed }) += 1;
        changes.push(NewChange {
            entity: "device",
            remote_id: row.remote_id.clone(),
            name: row.name.clone(),
            change,
            fields,
        });
    }
    record(tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    Ok(counts)
}

/// Writes what mappings make of changed rows into the changes of the run: the company, location and type that devices get. What the
/// vendor changed about the same device stands there already, and is completed; one that goes to another company moves. Answers
/// the devices that nothing stood there about.
async fn record_places(ctx: &RunContext, tx: &Tx, rows: &[Differing]) -> Result<Counts> {
    let mut counts = Counts::default();
    let told: Vec<(&Differing, Vec<FieldChange>)> =
        rows.iter().map(|row| (row, row.fields())).filter(|(_, fields)| !fields.is_empty()).collect();
    if told.is_empty() {
        return Ok(counts);
    }
    let mut recorded = recorded(ctx, tx, told.iter().map(|(row, _)| row.remote_id.as_str())).await?;
    let mut changes = Vec::with_capacity(told.len());
    for (row, places) in told {
        let before = recorded.remove(&row.remote_id).unwrap_or_default();
        let kinds = if row.moves { &COMPLETED[..1] } else { &COMPLETED[..] };
        let kind = kinds.iter().find(|kind| before.contains_key(kind)).unwrap_or(match row.moves {
            true => &ChangeKind::Moved,
            false => &ChangeKind::Changed,
        });
        if before.is_empty() {
            *(if row.moves { &mut counts.moved } else { &mut counts.changed }) += 1;
        }
        let mut fields = before.get(kind).cloned().unwrap_or_default();
        fields.retain(|field| places.iter().all(|place| place.field != field.field));
        changes.push(NewChange {
            entity: "device",
            remote_id: row.remote_id.clone(),
            name: row.name.clone(),
            change: *kind,
            fields: [places, fields].concat(),
        });
    }
    record_over(tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    Ok(counts)
}

/// The changes that are completed by what mappings make of them, the first of them that a device has.
const COMPLETED: [ChangeKind; 3] = [ChangeKind::Moved, ChangeKind::TypeChanged, ChangeKind::Changed];

/// Such changes of these devices that the run has written so far.
async fn recorded<'a>(
    ctx: &RunContext,
    tx: &Tx,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, HashMap<ChangeKind, Vec<FieldChange>>>> {
    #[derive(FromQueryResult)]
    struct Recorded {
        remote_id: String,
        change: String,
        fields: String,
    }
    let mut p = owner(ctx.tenant_id(), ctx.run_id());
    let select = format!(
        "SELECT remote_id, change, fields FROM run_changes WHERE tenant_id = $1 AND run_id = $2 AND entity = 'device'
            AND remote_id {}",
        sql::within(tx, &mut p, ids)
    );
    let mut recorded: HashMap<String, HashMap<_, _>> = HashMap::new();
    for row in sql::all::<Recorded>(tx, &select, p.0).await? {
        let change = ChangeKind::from_str(&row.change).map_err(Error::internal)?;
        let fields = serde_json::from_str(&row.fields).map_err(Error::internal)?;
        recorded.entry(row.remote_id).or_default().insert(change, fields);
    }
    Ok(recorded)
}

/// Copies rows of staging into the devices that they feed, and puts these where their mappings say; what a person has set
/// stays.
pub(crate) async fn bring_up_to_date(
    tx: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
    now: i64,
    ids: &[&str],
) -> Result<()> {
    let mut p = owner(tenant, integration);
    let now = p.push(now);
    let facts: Vec<String> = FACT_COLUMNS.iter().map(|(c, _)| fact(c)).collect();
    let (location, device_type) = (location(), device_type());
    let update = format!(
        "UPDATE devices AS d SET {}, source_hash = r.hash, company_id = {COMPANY}, location_id = {location},
            owned = CASE WHEN {COMPANY} = d.company_id THEN d.owned ELSE d.owned & {} END,
            device_type_id = {device_type}, organization_name = {ORGANIZATION}, location_name = rl.name,
            version = d.version + 1, updated_at = {now}
         FROM remote_devices r {JOINS} {PLACES}
         {OWNED} AND r.remote_id {} AND d.integration_id = r.integration_id AND d.remote_id = r.remote_id",
        facts.join(", "),
        !DeviceField::Location.bit(),
        sql::within(tx, &mut p, ids.iter().copied())
    );
    sql::execute(tx, &update, p.0).await?;
    devices::write_own_search_keys(tx, tenant, integration, ids).await
}

/// A column of the vendor's facts, unless a person has set it.
fn fact(column: &str) -> String {
    let field = DeviceField::ALL.iter().find(|field| field.as_str() == column);
    match field.map(|field| field.bit()) {
        Some(bit) => {
            format!("{column} = CASE WHEN (d.owned & {bit}) <> 0 THEN d.{column} ELSE r.{column} END")
        }
        None => format!("{column} = r.{column}"),
    }
}

/// A device as its row of staging and its mappings have it, whatever a person has set.
pub(crate) async fn told(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
    remote_id: &str,
) -> Result<Option<devices::EditRow>> {
    let mut p = owner(tenant, integration);
    let select = format!(
        "SELECT d.id, d.owned, d.archived_at, d.integration_id, d.remote_id, r.name, r.hostname, d.company_id,
            dc.name AS company, {TOLD_LOCATION} AS location_id, pl.name AS location, {TOLD_TYPE} AS device_type_id,
            pt.name AS device_type, r.owner_name, r.owner_email, d.asset_tag, d.notes, r.manufacturer, r.model, r.serial,
            r.os_name, r.os_version, r.domain, r.ip_addresses, r.mac_addresses, r.warranty_start, r.warranty_end,
            r.dns_name, r.bios_serial, r.public_ip
         FROM remote_devices r {FEEDS} {JOINS} {PLACES}
         LEFT JOIN companies dc ON dc.id = d.company_id
         LEFT JOIN locations pl ON pl.id = {TOLD_LOCATION}
         LEFT JOIN device_types pt ON pt.id = {TOLD_TYPE}
         {OWNED} AND r.remote_id = {}",
        p.push(remote_id)
    );
    Ok(sql::one(db, &select, p.0).await?)
}
