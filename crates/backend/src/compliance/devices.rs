//! The devices behind a number of a report.

use super::{
    day_of,
    facts::{self, FactsRow, Known},
    pass::{self, By},
    rules, state,
};
use crate::{
    Result, Tenant,
    clock::time,
    devices::fragment::feed,
    devices::pass::{Paged, ids},
    mappings::listing::{self, Sort},
    named::Kind,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    company::{CompanyRef, DeviceTypeRef},
    compliance::{Age, Check, Checks, DeviceFinding, OS_NOT_TOLD, Outcome, ReportFilter, RuleSet, finding},
    page::{ListQuery, Listing, Window},
};
use futures::try_join;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    pub name: String,
    company_id: Uuid,
    company: String,
    type_id: Uuid,
    type_name: String,
    os: String,
    failing: i64,
    excepted: i64,
    last_seen: Option<i64>,
    #[sea_orm(nested)]
    facts: FactsRow,
}

#[derive(FromQueryResult)]
struct Key {
    device_id: Uuid,
}

const SORTS: [Sort; 5] = [
    ("name", "f.name_key {dir}"),
    ("company", "c.name_key {dir}, f.name_key"),
    ("type", "t.name_key {dir}, f.name_key"),
    ("os", "f.os {dir}, f.name_key"),
    // What is online is in contact now.
    ("last_contact", "COALESCE(f.seen, 9223372036854775807) {dir}, f.name_key"),
];

/// The tenant's rows; `$1` is the tenant.
pub(super) const OWNED: &str = "WHERE {no_index}f.tenant_id = $1";

pub(super) fn columns() -> String {
    format!(
        "d.id, d.name, c.id AS company_id, c.name AS company, t.id AS type_id,
         t.name AS type_name, f.os, f.failing, f.excepted, COALESCE(b.last_contact, d.last_contact) AS last_seen, {}",
        facts::columns()
    )
}

const COMPANIES: &str = "LEFT JOIN companies c ON c.id = f.company_id";
const TYPES: &str = "LEFT JOIN device_types t ON t.id = f.device_type_id";
const DEVICES: &str = "JOIN devices d ON d.id = f.device_id";

/// What the rows of a list are read from.
pub(super) fn from(db: &impl ConnectionTrait) -> String {
    format!("FROM device_facts f {DEVICES} {COMPANIES} {TYPES} {}", feed(db))
}

/// What decides which rows are on a page: no more is joined than its order looks at.
fn keys_from(order: &str) -> String {
    let uses = |alias: &str, join: &'static str| if order.contains(alias) { join } else { "" };
    let (companies, types) = (uses("c.name_key", COMPANIES), uses("t.name_key", TYPES));
    format!("FROM device_facts f {companies} {types}")
}

/// Not of an archived company. There are few of those: they are looked up once.
const IN_USE: &str = " AND f.company_id NOT IN (
    SELECT shut.id FROM companies shut WHERE shut.tenant_id = $1 AND shut.archived_at IS NOT NULL)";

/// The condition of a list, with what has to be pushed for it. `today` is a day since 1970, `within` limits it to some companies
/// (`Tenant::within`, of `f.company_id`).
pub(super) fn condition(
    p: &mut Params,
    filter: &ReportFilter,
    text: Option<&str>,
    (today, within): (i64, &str),
) -> String {
    // One company's rows are found by their index; the whole fleet's are all there are.
    let mut condition = match filter.company {
        Some(company) => format!("WHERE f.tenant_id = $1 AND f.company_id = {}", p.push(company.0)),
        None => OWNED.to_owned(),
    };
    condition.push_str(within);
    condition.push_str(IN_USE);
    condition.push_str(&outcome(filter));
    if let Some(kind) = filter.device_type {
        condition.push_str(&format!(" AND f.device_type_id = {}", p.push(kind.0)));
    }
    if let Some(os) = &filter.os {
        let os = if os == OS_NOT_TOLD { "" } else { os.as_str() };
        condition.push_str(&format!(" AND f.os = {}", p.push(os)));
    }
    match filter.age.map(Age::days) {
        Some(Some((from, before))) => {
            let (latest, earliest) = (today.saturating_sub(from), today.saturating_sub(before));
            condition.push_str(&format!(
                " AND f.born <= {} AND f.born > {}",
                p.push(latest),
                p.push(earliest)
            ));
        }
        Some(None) => condition.push_str(" AND f.born IS NULL"),
        None => {}
    }
    if let Some(online) = filter.online {
        condition.push_str(&format!(" AND f.online = {}", p.push(online)));
    }
    if let Some(text) = text {
        let text = p.push(text.to_lowercase());
        condition.push_str(&format!(
            " AND ({{find}}(f.name_key, {text}) > 0 OR f.company_id IN (SELECT n.id FROM companies n
                WHERE n.tenant_id = $1 AND {{find}}(n.name_key, {text}) > 0))"
        ));
    }
    condition
}

fn outcome(filter: &ReportFilter) -> String {
    let column = match filter.outcome.unwrap_or(Outcome::Failing) {
        Outcome::Failing => "failing",
        Outcome::Excepted => "excepted",
        Outcome::Unknown => "unknown",
        Outcome::Passed => "passed",
    };
    match filter.check {
        Some(check) => {
            let bit = Checks::default().and(check).0;
            format!(" AND (f.{column} & {bit}) <> 0")
        }
        None if filter.outcome.is_some() => format!(" AND f.{column} <> 0"),
        None => String::new(),
    }
}

/// What all rows of a list share.
pub(super) struct Words {
    rules: RuleSet,
    filter: ReportFilter,
    reasons: HashMap<Uuid, String>,
    known: Known,
}

impl Words {
    pub async fn of<A: Access>(tenant: &Tenant<A>, filter: &ReportFilter) -> Result<Self> {
        let reasons = match (filter.check, filter.outcome) {
            (Some(check), Some(Outcome::Excepted)) => tenant.reasons(check).await?,
            _ => HashMap::new(),
        };
        let rules = rules::current(tenant).await?;
        Ok(Self { rules, filter: filter.clone(), reasons, known: Known::of(tenant).await? })
    }

    pub fn view(&mut self, row: Row) -> Result<DeviceFinding> {
        let (failing, excepted) = (Checks(row.failing), Checks(row.excepted));
        let found = self.found(&row.facts, failing)?;
        let reason = self.reasons.get(&row.id).or_else(|| self.reasons.get(&row.company_id));
        Ok(DeviceFinding {
            id: row.id.into(),
            name: row.name,
            company: CompanyRef { id: row.company_id.into(), name: row.company },
            device_type: DeviceTypeRef { id: row.type_id.into(), name: row.type_name },
            os: Some(row.os.as_str()).filter(|os| !os.is_empty()).map(facts::os_name),
            last_contact: row.last_seen.map(time),
            failing: failing.iter().collect(),
            excepted: excepted.iter().collect(),
            found,
            reason: reason.cloned(),
        })
    }

    fn found(&mut self, row: &FactsRow, failing: Checks) -> Result<String> {
        Ok(match (self.filter.check, self.filter.outcome) {
            (Some(check), Some(Outcome::Unknown)) => check.unknown().unwrap_or_default().to_owned(),
            (Some(_), Some(Outcome::Passed)) => "Passed.".to_owned(),
            (Some(check), _) => finding(check, &row.facts(&mut self.known)?),
            (None, _) => self.labels(failing),
        })
    }

    /// The words of checks.
    pub fn labels(&self, checks: Checks) -> String {
        let label = |check: Check| self.rules.get(check).label();
        checks.iter().map(label).collect::<Vec<_>>().join("; ")
    }
}

impl<A: Access> Tenant<A> {
    /// Devices under a report's filter; sorted by name, company, type, os or last_contact.
    pub async fn report_devices(
        &self,
        query: ListQuery,
        filter: ReportFilter,
    ) -> Result<Listing<DeviceFinding>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &SORTS, "f.device_id")?;
        self.check_report(&filter).await?;
        state::fresh(self).await?;
        let mut p = Params(vec![self.id().into()]);
        let within = self.within("f.company_id");
        let condition = condition(&mut p, &filter, query.text()?, (day_of(self.now()), &within));
        let condition = sql::typed(self.db(), &condition);
        let Paged { ids, total } = match self.db().get_database_backend() {
            DbBackend::Sqlite => {
                let (field, direction) = query.order(&SORTS.map(|(name, _)| name))?;
                pass::pass(self.db(), self.id(), (&condition, &p.0), By::of(field, direction), window).await?
            }
            _ => self.report_page(&condition, p.0, &order, window).await?,
        };
        let rows = self.report_rows(&ids, &order).await?;
        let mut words = Words::of(self, &filter).await?;
        let items = rows.into_iter().map(|row| words.view(row)).collect::<Result<_>>()?;
        Ok(Listing::new(items, total, window))
    }

    /// The ids of all devices of such a list, in its order, and the order itself.
    pub(super) async fn report_keys(
        &self,
        query: &ListQuery,
        filter: &ReportFilter,
    ) -> Result<(Vec<Uuid>, String)> {
        let order = listing::order_by(query, &SORTS, "f.device_id")?;
        self.check_report(filter).await?;
        let mut p = Params(vec![self.id().into()]);
        let within = self.within("f.company_id");
        let condition = condition(&mut p, filter, query.text()?, (day_of(self.now()), &within));
        state::fresh(self).await?;
        let select = format!("SELECT f.device_id {} {condition} {order}", keys_from(&order));
        let select = sql::typed(self.db(), &select);
        let ids = match self.db().get_database_backend() {
            DbBackend::Sqlite => ids(self.db(), &select, &p.0).await?,
            _ => {
                let keys: Vec<Key> = sql::all(self.db(), &select, p.0).await?;
                keys.into_iter().map(|key| key.device_id).collect()
            }
        };
        Ok((ids, order))
    }

    async fn check_report(&self, filter: &ReportFilter) -> Result<()> {
        let (company, kind) = (filter.company.map(|id| id.0), filter.device_type.map(|id| id.0));
        self.check_named(self.db(), "company", (Kind::Company, company)).await?;
        self.check_named(self.db(), "device_type", (Kind::DeviceType, kind)).await
    }

    async fn report_page(
        &self,
        condition: &str,
        values: Vec<Value>,
        order: &str,
        window: Window,
    ) -> Result<Paged> {
        let total = format!("SELECT count(*) AS n FROM device_facts f {condition}");
        let (size, offset, from) = (window.size, window.offset(), keys_from(order));
        let keys = format!("SELECT f.device_id {from} {condition} {order} LIMIT {size} OFFSET {offset}");
        let total = sql::count(self.db(), &total, values.clone());
        let (total, keys) = try_join!(total, sql::all::<Key>(self.db(), &keys, values.clone()))?;
        Ok(Paged { ids: keys.into_iter().map(|key| key.device_id).collect(), total })
    }

    /// The rows of these ids.
    pub(super) async fn report_rows(&self, ids: &[Uuid], order: &str) -> Result<Vec<Row>> {
        let mut p = Params(vec![self.id().into()]);
        let list = p.list(ids.iter().copied());
        let (columns, from, owned) = (columns(), from(self.db()), sql::typed(self.db(), OWNED));
        let within = self.within("f.company_id");
        let select = format!("SELECT {columns} {from} {owned} AND f.device_id IN ({list}){within} {order}");
        Ok(sql::all(self.db(), &select, p.0).await?)
    }
}
