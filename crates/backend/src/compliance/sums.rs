//! The figures of some companies together, for those who are limited to them. The database adds them up: what is read is as
//! large for a thousand companies as for one.

use super::tally::{DayRow, FLEET};
use crate::{Error, Result, Tenant, sql, tenant::Access};
use sea_orm::{DbBackend, FromQueryResult, Value};
use serde_json::json;
use std::collections::HashMap;

/// Which of the counts in the bodies are added up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    All,
    /// The devices that fail each check.
    Failing,
}

/// One number of the bodies of a day.
#[derive(FromQueryResult)]
struct Count {
    day: i64,
    /// Such as `checks` or `types`.
    part: String,
    name: String,
    /// Of a check, which outcome it is, from 1.
    place: i64,
    n: i64,
}

/// The parts of a body, their names, and the numbers of each name.
const POSTGRES: &str = "CROSS JOIN LATERAL jsonb_each(CAST(s.body AS jsonb)) part
    CROSS JOIN LATERAL jsonb_each(part.value) entry
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(entry.value) WHEN 'array' THEN entry.value
        ELSE jsonb_build_array(entry.value) END) WITH ORDINALITY AS number (value, place)";
const SQLITE: &str = "CROSS JOIN json_each(s.body) part CROSS JOIN json_each(part.value) entry
    CROSS JOIN json_each(entry.value) number";

impl<A: Access> Tenant<A> {
    /// The sums of the companies that the tenant is limited to, of each day after `after` up to `until` that has figures.
    pub(super) async fn sums(&self, after: i64, until: i64, counts: Counts) -> Result<Vec<DayRow>> {
        let select = format!(
            "SELECT s.day, CAST($1 AS {{uuid}}) AS company_id, '' AS body, CAST(sum(s.devices) AS bigint) AS devices,
                CAST(sum(s.online) AS bigint) AS online, CAST(sum(s.passed) AS bigint) AS passed,
                CAST(sum(s.judged) AS bigint) AS judged
            FROM compliance_days s WHERE {} GROUP BY s.day ORDER BY s.day",
            self.days_within()
        );
        let values: Vec<Value> = vec![FLEET.into(), self.id().into(), after.into(), until.into()];
        let mut rows: Vec<DayRow> = sql::all(self.db(), &sql::typed(self.db(), &select), values).await?;
        let mut bodies = self.bodies(after, until, counts).await?;
        for row in &mut rows {
            let body = bodies.remove(&row.day).unwrap_or_else(nothing);
            row.body = serde_json::to_string(&body).map_err(Error::internal)?;
        }
        Ok(rows)
    }

    /// The bodies of such days.
    async fn bodies(
        &self,
        after: i64,
        until: i64,
        counts: Counts,
    ) -> Result<HashMap<i64, serde_json::Value>> {
        let (numbers, place) = match self.db().get_database_backend() {
            DbBackend::Postgres => (POSTGRES, "number.place"),
            _ => (SQLITE, "COALESCE(number.key, 0) + 1"),
        };
        let which = match counts {
            Counts::All => String::new(),
            Counts::Failing => format!(" AND part.key = 'checks' AND {place} = 1"),
        };
        let select = format!(
            "SELECT s.day, part.key AS part, entry.key AS name, {place} AS place,
                CAST(sum(CAST(number.value AS bigint)) AS bigint) AS n
            FROM compliance_days s {numbers}
            WHERE {}{which} GROUP BY s.day, part.key, entry.key, {place}",
            self.days_within()
        );
        let values = vec![FLEET.into(), self.id().into(), after.into(), until.into()];
        let mut bodies = HashMap::new();
        for Count { day, part, name, place, n } in sql::all(self.db(), &select, values).await? {
            let entry = &mut bodies.entry(day).or_insert_with(nothing)[part.as_str()][name.as_str()];
            match part.as_str() {
                "checks" => {
                    if entry.is_null() {
                        *entry = json!([0, 0, 0, 0]);
                    }
                    entry[usize::try_from(place - 1).map_err(Error::internal)?] = n.into();
                }
                _ => *entry = n.into(),
            }
        }
        Ok(bodies)
    }

    /// Rows of those companies and days; `$1` is the whole fleet.
    fn days_within(&self) -> String {
        let within = self.within("s.company_id");
        format!("s.company_id <> $1 AND s.tenant_id = $2 AND s.day > $3 AND s.day <= $4{within}")
    }
}

/// A body that counts nothing.
fn nothing() -> serde_json::Value {
    json!({ "checks": {}, "types": {}, "systems": {}, "ages": {} })
}
