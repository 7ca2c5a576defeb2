//! Pairs as a list.

use crate::{
    Error, Result, Tenant,
    clock::time,
    mappings::listing::{self, Parts, Sort},
    named::Kind,
    sql::{self, Params},
    sync::beats,
    tenant::Access,
};
use domain::{
    company::CompanyRef,
    device::DeviceStatus,
    duplicates::{DuplicateCounts, DuplicateDevice, DuplicatePair, DuplicateState},
    error::UserError,
    ids::{CompanyId, DuplicateId},
    page::{ListQuery, Listing},
    serial,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::str::FromStr;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    company_id: Uuid,
    company: String,
    confidence: i64,
    reasons: String,
    state: String,
    hidden_id: Option<Uuid>,
    user_name: Option<String>,
    decided_at: Option<i64>,
    l_id: Uuid,
    l_name: String,
    l_serial: Option<String>,
    l_bios: Option<String>,
    l_type: String,
    l_status: String,
    l_source: Option<String>,
    l_contact: Option<i64>,
    r_id: Uuid,
    r_name: String,
    r_serial: Option<String>,
    r_bios: Option<String>,
    r_type: String,
    r_status: String,
    r_source: Option<String>,
    r_contact: Option<i64>,
}

const SORTS: [Sort; 3] = [
    ("confidence", "p.confidence {dir}, lower(ld.name)"),
    ("company", "c.name_key {dir}, p.confidence DESC, lower(ld.name)"),
    ("name", "lower(ld.name) {dir}"),
];

/// What is shown of one device of a pair: `side` stands before its aliases.
fn shown(side: &str) -> String {
    "s_d.id AS s_id, s_d.name AS s_name, s_d.serial AS s_serial, s_d.bios_serial AS s_bios, s_t.name AS s_type,
        CASE WHEN s_m.remote_id IS NULL THEN 'detached' WHEN s_m.missing_since IS NOT NULL THEN 'missing'
            WHEN s_b.offline = FALSE THEN 'online' ELSE 'offline' END AS s_status,
        s_i.name AS s_source, COALESCE(s_b.last_contact, s_d.last_contact) AS s_contact"
        .replace("s_d.", &format!("{side}d."))
        .replace("s_t.", &format!("{side}t."))
        .replace("s_m.", &format!("{side}m."))
        .replace("s_b.", &format!("{side}b."))
        .replace("s_i.", &format!("{side}i."))
        .replace("AS s_", &format!("AS {side}_"))
}

/// The tables behind it; the device itself is joined by its column of the pair.
fn joined(db: &impl ConnectionTrait, side: &str, column: &str) -> String {
    format!(
        "JOIN devices {side}d ON {side}d.id = p.{column}
         LEFT JOIN device_types {side}t ON {side}t.id = {side}d.device_type_id
         LEFT JOIN integrations {side}i ON {side}i.id = {side}d.integration_id
         LEFT JOIN remote_devices {side}m ON {side}m.integration_id = {side}d.integration_id
            AND {side}m.remote_id = {side}d.remote_id
         LEFT JOIN remote_device_status {side}s ON {side}s.integration_id = {side}d.integration_id
            AND {side}s.remote_id = {side}d.remote_id
         {}",
        beats::join(db, &format!("{side}s.no"), &format!("{side}b"), "")
    )
}

fn columns() -> String {
    format!(
        "p.id, c.id AS company_id, c.name AS company, p.confidence, p.reasons, p.state, p.hidden_id, p.user_name,
         p.decided_at, {}, {}",
        shown("l"),
        shown("r")
    )
}

fn from(db: &impl ConnectionTrait) -> String {
    format!(
        "FROM duplicate_pairs p {} {} JOIN companies c ON c.id = ld.company_id",
        joined(db, "l", "left_id"),
        joined(db, "r", "right_id")
    )
}

impl<A: Access> Tenant<A> {
    /// Pairs of devices that look like one machine; sorted by confidence (surest first), company or name. The search looks
    /// at names, serial numbers and the company.
    pub async fn duplicates(
        &self,
        query: ListQuery,
        state: Option<DuplicateState>,
        company: Option<CompanyId>,
    ) -> Result<Listing<DuplicatePair>> {
        let window = query.window()?;
        let surest = ListQuery { sort: Some("-confidence".into()), ..ListQuery::default() };
        let by = if query.sort.as_deref().is_some_and(|s| !s.trim().is_empty()) { &query } else { &surest };
        let order = listing::order_by(by, &SORTS, "p.id")?;
        self.check_named(self.db(), "company", (Kind::Company, company.map(|id| id.0))).await?;
        self.look_for_duplicates().await;
        let mut p = Params(vec![self.id().into(), state.unwrap_or(DuplicateState::Open).as_str().into()]);
        let mut filter = "WHERE p.tenant_id = $1 AND p.state = $2".to_owned();
        if let Some(company) = company {
            filter.push_str(&format!(" AND ld.company_id = {}", p.push(company.0)));
        }
        let looked = ["ld.search_key", "rd.search_key", "c.name_key"];
        listing::search(&mut filter, &mut p, query.text()?, &looked);
        let (columns, from) = (columns(), from(self.db()));
        let parts = Parts { columns: &columns, from: &from, filter: &filter, order: &order };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }

    /// How many pairs wait, and how many were decided.
    pub async fn duplicate_counts(&self) -> Result<DuplicateCounts> {
        #[derive(FromQueryResult)]
        struct Counted {
            state: String,
            n: i64,
        }
        self.look_for_duplicates().await;
        let select = "SELECT state, count(*) AS n FROM duplicate_pairs WHERE tenant_id = $1 GROUP BY state";
        let mut counts = DuplicateCounts::default();
        for row in sql::all::<Counted>(self.db(), select, vec![self.id().into()]).await? {
            match DuplicateState::from_str(&row.state).map_err(Error::internal)? {
                DuplicateState::Open => counts.open = row.n,
                DuplicateState::NotSame => counts.not_same = row.n,
                DuplicateState::Merged => counts.merged = row.n,
            }
        }
        Ok(counts)
    }

    /// One pair.
    pub(super) async fn duplicate(&self, id: DuplicateId) -> Result<DuplicatePair> {
        let select = format!("SELECT {} {} WHERE p.tenant_id = $1 AND p.id = $2", columns(), from(self.db()));
        let row: Option<Row> = sql::one(self.db(), &select, vec![self.id().into(), id.0.into()]).await?;
        view(row.ok_or_else(|| UserError::not_found("pair of devices"))?)
    }

    /// What is kept is shown, also when nobody could look anew.
    async fn look_for_duplicates(&self) {
        if let Err(error) = self.fresh_duplicates().await {
            tracing::warn!(error = %crate::error::chain(&error), "duplicates were not looked for");
        }
    }
}

fn view(row: Row) -> Result<DuplicatePair> {
    let status = |word: &str| DeviceStatus::from_str(word).map_err(Error::internal);
    let best =
        |a: &Option<String>, b: &Option<String>| serial::best(a.as_deref(), b.as_deref()).map(str::to_owned);
    #[expect(clippy::cast_precision_loss, reason = "from 0 to 1000")]
    let confidence = row.confidence as f64 / 1000.0;
    Ok(DuplicatePair {
        id: row.id.into(),
        company: CompanyRef { id: row.company_id.into(), name: row.company },
        left: DuplicateDevice {
            id: row.l_id.into(),
            name: row.l_name,
            serial: best(&row.l_serial, &row.l_bios),
            device_type: row.l_type,
            status: status(&row.l_status)?,
            source: row.l_source,
            last_contact: row.l_contact.map(time),
        },
        right: DuplicateDevice {
            id: row.r_id.into(),
            name: row.r_name,
            serial: best(&row.r_serial, &row.r_bios),
            device_type: row.r_type,
            status: status(&row.r_status)?,
            source: row.r_source,
            last_contact: row.r_contact.map(time),
        },
        confidence,
        reasons: serde_json::from_str(&row.reasons).map_err(Error::internal)?,
        state: DuplicateState::from_str(&row.state).map_err(Error::internal)?,
        hidden: row.hidden_id.map(Into::into),
        decided_by: row.user_name,
        decided_at: row.decided_at.map(time),
    })
}
