//! Bringing the facts up to date: every device is looked at, only rows that differ are written.

use super::{
    exceptions::{self, InForce},
    facts::{self, FactsRow, Known, LIVE, SHUT},
    rules, state,
    tally::{self, Counted, FLEET, Tally},
};
use crate::{
    Portal, Result, Tenant,
    bulk::{self, Kind, Target},
    clock::time,
    db::{self, Tx},
    devices::fragment::feed,
    sql::{self, Params},
    tenant::Admin,
};
use domain::{
    compliance::{RuleSet, assess},
    ids::TenantId,
};
use sea_orm::{FromQueryResult, Value};
use std::{collections::HashMap, hash::Hasher};
use uuid::Uuid;
use xxhash_rust::xxh3::Xxh3;

/// Devices of one page.
const PAGE: usize = 5000;

/// A device with what is held of it.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    company_id: Uuid,
    location_id: Option<Uuid>,
    device_type_id: Uuid,
    name: String,
    live: bool,
    shut: bool,
    held: Option<i64>,
    #[sea_orm(nested)]
    facts: FactsRow,
}

const COLUMNS: &[(&str, Kind)] = &[
    ("device_id", Kind::Uuid),
    ("tenant_id", Kind::Uuid),
    ("company_id", Kind::Uuid),
    ("location_id", Kind::Uuid),
    ("device_type_id", Kind::Uuid),
    ("name_key", Kind::Text),
    ("os", Kind::Text),
    ("born", Kind::Int),
    ("seen", Kind::Int),
    ("online", Kind::Bool),
    ("failing", Kind::Int),
    ("excepted", Kind::Int),
    ("unknown", Kind::Int),
    ("passed", Kind::Int),
    ("hash", Kind::Int),
];

/// What the whole pass shares.
struct Pass {
    rules: RuleSet,
    exceptions: InForce,
    known: Known,
    tallies: HashMap<Uuid, Tally>,
    now: i64,
}

/// Checks every device of a tenant. `stamp` is what was there to stand on before the first was read.
pub(super) async fn refresh(tenant: &Tenant<Admin>, stamp: &str) -> Result<()> {
    let now = tenant.now();
    let mut pass = Pass {
        rules: rules::current(tenant).await?,
        exceptions: exceptions::in_force(tenant).await?,
        known: Known::of(tenant).await?,
        tallies: HashMap::from([(FLEET, Tally::default())]),
        now,
    };
    let (mut after, mut written) = (Uuid::nil(), 0);
    loop {
        let rows = page(tenant, after).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        written += write(tenant, &mut pass, rows).await?;
    }
    let day = super::day_of(now);
    let tx = db::begin(tenant.db()).await?;
    tally::write(&tx, tenant.id(), day, pass.tallies).await?;
    let note = "UPDATE compliance_state SET stamp = $2, day = $3, checked_at = $4 WHERE tenant_id = $1";
    sql::execute(&tx, note, vec![tenant.id().into(), stamp.into(), day.into(), now.into()]).await?;
    tx.commit().await?;
    tracing::debug!(tenant = %tenant.id(), written, "devices checked");
    Ok(())
}

async fn page(tenant: &Tenant<Admin>, after: Uuid) -> Result<Vec<Row>> {
    let select = format!(
        "SELECT d.id, d.company_id, d.location_id, d.device_type_id, d.name,
            {LIVE} AS live, {SHUT} AS shut, f.hash AS held, {}
         FROM devices d {} LEFT JOIN device_facts f ON f.device_id = d.id
         WHERE {{no_index}}d.tenant_id = $1 AND d.id > $2 ORDER BY d.id LIMIT {PAGE}",
        facts::columns(),
        feed(tenant.db())
    );
    let values = vec![tenant.id().into(), after.into()];
    Ok(sql::all(tenant.db(), &sql::typed(tenant.db(), &select), values).await?)
}

/// Writes what differs of a page; answers how many rows that were.
async fn write(tenant: &Tenant<Admin>, pass: &mut Pass, rows: Vec<Row>) -> Result<usize> {
    let (mut changed, mut gone) = (Vec::new(), Vec::new());
    for row in rows {
        if !row.live {
            gone.extend(row.held.map(|_| row.id));
            continue;
        }
        let (held, values) = (row.held, pass.look(tenant.id(), row)?);
        let hash = hash(&values);
        if held != Some(hash) {
            changed.push([values, vec![hash.into()]].concat());
        }
    }
    let written = changed.len() + gone.len();
    if written > 0 {
        let tx = db::begin(tenant.db()).await?;
        let after = bulk::replace(COLUMNS, &["device_id"], &[]);
        bulk::insert(&tx, Target { table: "device_facts", columns: COLUMNS, after: &after }, changed).await?;
        forget(&tx, gone).await?;
        tx.commit().await?;
    }
    Ok(written)
}

async fn forget(tx: &Tx, gone: Vec<Uuid>) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let mut p = Params::default();
    let delete = format!("DELETE FROM device_facts WHERE device_id IN ({})", p.list(gone));
    sql::execute(tx, &delete, p.0).await?;
    Ok(())
}

impl Pass {
    /// Checks a device, counts it unless its company is archived, and answers its row without the hash.
    fn look(&mut self, tenant: Uuid, row: Row) -> Result<Vec<Value>> {
        let facts = row.facts.facts(&mut self.known)?;
        let found = assess(&facts, &self.rules, time(self.now));
        let excepted = self.exceptions.of(row.id, row.company_id).both(found.failing);
        let (os, born) = (row.facts.os_key(facts.os), row.facts.born());
        let counted = Counted {
            device_type: row.device_type_id,
            os: &os,
            born,
            online: facts.online,
            found,
            excepted,
            score: found.score(self.rules.scored(), excepted),
        };
        for whose in [FLEET, row.company_id].into_iter().filter(|_| !row.shut) {
            self.tallies.entry(whose).or_default().count(&counted, self.now);
        }
        Ok(vec![
            row.id.into(),
            tenant.into(),
            row.company_id.into(),
            row.location_id.into(),
            row.device_type_id.into(),
            row.name.to_lowercase().into(),
            os.into(),
            born.into(),
            row.facts.seen().into(),
            facts.online.into(),
            found.failing.without(excepted).0.into(),
            excepted.0.into(),
            found.unknown.0.into(),
            found.passed.0.into(),
        ])
    }
}

/// Of all values of a row.
fn hash(values: &[Value]) -> i64 {
    let mut hasher = Xxh3::new();
    for value in values {
        match value {
            Value::Uuid(id) => hasher.write(id.unwrap_or_default().as_bytes()),
            Value::String(text) => hasher.write(text.as_deref().unwrap_or_default().as_bytes()),
            Value::BigInt(n) => hasher.write_i64(n.unwrap_or(i64::MIN)),
            Value::Bool(b) => hasher.write_u8(u8::from(*b == Some(true))),
            other => hasher.write(other.to_string().as_bytes()),
        }
        hasher.write_u8(0xff);
    }
    hasher.finish().cast_signed()
}

/// Brings the facts of every tenant up to date: each has figures for the day, whether anybody looks or not.
pub async fn all(portal: &Portal) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let tenants: Vec<Row> = sql::all(portal.db(), "SELECT id FROM tenants ORDER BY id", vec![]).await?;
    for Row { id } in tenants {
        if portal.stopping().is_cancelled() {
            break;
        }
        if let Err(error) = state::fresh(&portal.worker(TenantId(id))).await {
            tracing::error!(tenant = %id, error = %crate::error::chain(&error), "devices not checked");
        }
    }
    Ok(())
}
