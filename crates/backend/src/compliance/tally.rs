//! The figures of a company, or of the whole fleet.

use super::day_of;
use crate::{
    Error, Result,
    bulk::{self, Kind, Target},
    db::Tx,
    sql,
};
use domain::compliance::{Age, Assessment, Check, CheckNumber, Checks, Score};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Whose figures those of the whole fleet are.
pub(super) const FLEET: Uuid = Uuid::nil();

/// Devices of one kind, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    /// Failing, excepted, unknown, passed.
    pub checks: BTreeMap<Check, [i64; 4]>,
    pub types: BTreeMap<Uuid, i64>,
    pub systems: BTreeMap<String, i64>,
    pub ages: BTreeMap<Age, i64>,
}

impl Body {
    pub fn failing(&self) -> Vec<CheckNumber> {
        let failing = self.checks.iter().map(|(check, [failing, ..])| (*check, *failing));
        failing.filter(|(_, n)| *n > 0).map(|(check, devices)| CheckNumber { check, devices }).collect()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub devices: i64,
    pub online: i64,
    pub score: Score,
    pub body: Body,
}

/// A device as it is counted.
pub(super) struct Counted<'a> {
    pub device_type: Uuid,
    pub os: &'a str,
    pub born: Option<i64>,
    pub online: bool,
    pub found: Assessment,
    pub excepted: Checks,
    pub score: Score,
}

impl Tally {
    pub fn count(&mut self, device: &Counted, now: i64) {
        self.devices += 1;
        self.online += i64::from(device.online);
        self.score = self.score.plus(device.score);
        let (found, excepted) = (device.found, device.found.failing.both(device.excepted));
        let outcomes = [found.failing.without(excepted), excepted, found.unknown, found.passed];
        for (at, checks) in outcomes.into_iter().enumerate() {
            for check in checks.iter() {
                self.body.checks.entry(check).or_default()[at] += 1;
            }
        }
        *self.body.types.entry(device.device_type).or_default() += 1;
        match self.body.systems.get_mut(device.os) {
            Some(n) => *n += 1,
            None => _ = self.body.systems.insert(device.os.to_owned(), 1),
        }
        let age = device.born.map_or(Age::Unknown, |born| Age::of_days(day_of(now) - born));
        *self.body.ages.entry(age).or_default() += 1;
    }
}

/// A row of `compliance_days`.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct DayRow {
    pub company_id: Uuid,
    pub day: i64,
    pub devices: i64,
    pub online: i64,
    pub passed: i64,
    pub judged: i64,
    pub body: String,
}

/// Every column that a [`DayRow`] reads.
pub(super) const SELECT: &str =
    "SELECT s.company_id, s.day, s.devices, s.online, s.passed, s.judged, s.body FROM compliance_days s";

impl DayRow {
    pub fn score(&self) -> Score {
        Score { passed: self.passed, judged: self.judged }
    }

    pub fn body(&self) -> Result<Body> {
        serde_json::from_str(&self.body).map_err(Error::internal)
    }
}

const COLUMNS: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Uuid),
    ("company_id", Kind::Uuid),
    ("day", Kind::Int),
    ("devices", Kind::Int),
    ("online", Kind::Int),
    ("passed", Kind::Int),
    ("judged", Kind::Int),
    ("body", Kind::Text),
];
const KEY: [&str; 3] = ["tenant_id", "company_id", "day"];

/// Makes the figures of a day these: rows that are the same are left alone, companies without devices have none.
pub(super) async fn write(tx: &Tx, tenant: Uuid, day: i64, tallies: HashMap<Uuid, Tally>) -> Result<()> {
    let mut rows = Vec::new();
    let held = held(tx, tenant, day).await?;
    let gone: Vec<Uuid> = held.keys().filter(|company| !tallies.contains_key(company)).copied().collect();
    for (company, tally) in tallies {
        let body = serde_json::to_string(&tally.body).map_err(Error::internal)?;
        let Tally { devices, online, score: Score { passed, judged }, .. } = tally;
        let row = DayRow { company_id: company, day, devices, online, passed, judged, body };
        if held.get(&company).is_none_or(|old| values(tenant, old) != values(tenant, &row)) {
            rows.push(values(tenant, &row));
        }
    }
    let after = bulk::replace(COLUMNS, &KEY, &[]);
    bulk::insert(tx, Target { table: "compliance_days", columns: COLUMNS, after: &after }, rows).await?;
    for part in gone.chunks(1000) {
        let mut p = sql::Params(vec![tenant.into(), day.into()]);
        let list = p.list(part.iter().copied());
        let delete = format!(
            "DELETE FROM compliance_days WHERE tenant_id = $1 AND day = $2 AND company_id IN ({list})"
        );
        sql::execute(tx, &delete, p.0).await?;
    }
    Ok(())
}

async fn held(tx: &impl ConnectionTrait, tenant: Uuid, day: i64) -> Result<HashMap<Uuid, DayRow>> {
    let select = format!("{SELECT} WHERE s.tenant_id = $1 AND s.day = $2");
    let rows: Vec<DayRow> = sql::all(tx, &select, vec![tenant.into(), day.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.company_id, row)).collect())
}

fn values(tenant: Uuid, row: &DayRow) -> Vec<Value> {
    vec![
        tenant.into(),
        row.company_id.into(),
        row.day.into(),
        row.devices.into(),
        row.online.into(),
        row.passed.into(),
        row.judged.into(),
        row.body.as_str().into(),
    ]
}
