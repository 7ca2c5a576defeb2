//! Staged devices as the import page shows them.

use super::{
    counts,
    fragment::{BLOCKED_BY, FED, JOINS, ORGANIZATION, OWNED, PLACES, STATUS, named, owner, selected},
    waiting,
};
use crate::{
    Error, Result, Tenant,
    clock::time,
    mappings::listing::{self, Parts, Sort},
    named::Kind,
    sql,
    sync::beats,
    tenant::Access,
};
use domain::{
    company::{CompanyRef, DeviceTypeRef},
    error::UserError,
    ids::IntegrationId,
    import::{BlockedBy, SameAs, StagedCounts, StagedDevice, StagedFilter, StagedStatus},
    page::{ListQuery, Listing},
    serial,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::str::FromStr;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    name: String,
    hostname: Option<String>,
    serial: Option<String>,
    node_class: String,
    organization: String,
    organization_id: String,
    location: Option<String>,
    company_id: Option<Uuid>,
    company_name: Option<String>,
    type_id: Option<Uuid>,
    type_name: Option<String>,
    status: String,
    blocked_by: Option<String>,
    device_id: Option<Uuid>,
    last_contact: Option<i64>,
    same_id: Option<Uuid>,
    same_name: Option<String>,
    same_serial: Option<String>,
    same_bios_serial: Option<String>,
    same_remote_id: Option<String>,
    waits: Option<String>,
    stays_under: Option<String>,
}

/// The company of the device that a row feeds, and the device that it looks like.
const DEVICES: &str = "
    LEFT JOIN companies dc ON dc.id = fed.company_id
    LEFT JOIN devices sd ON sd.id = r.same_as AND sd.tenant_id = r.tenant_id AND fed.remote_id IS NULL";

const SORTS: [Sort; 6] = [
    ("name", "lower(r.name) {dir}"),
    ("node_class", "r.node_class {dir}, lower(r.name)"),
    ("organization", "o.name_key {dir} NULLS LAST, lower(r.name)"),
    ("company", "c.name_key {dir} NULLS LAST, lower(r.name)"),
    ("status", "CASE {status} WHEN 'ready' THEN 0 WHEN 'blocked' THEN 1 ELSE 2 END {dir}, lower(r.name)"),
    (
        "attention",
        "CASE WHEN sd.id IS NOT NULL THEN 0 WHEN {waits} IS NOT NULL THEN 1 ELSE 2 END {dir}, lower(r.name)",
    ),
];

impl<A: Access> Tenant<A> {
    /// Staged devices. The search looks at all that names a device, and at its organization.
    pub async fn staged_devices(
        &self,
        integration: IntegrationId,
        query: ListQuery,
        filter: StagedFilter,
    ) -> Result<Listing<StagedDevice>> {
        let window = query.window()?;
        let waits = waiting::why("fed", "c");
        let order = listing::order_by(&query, &SORTS, "r.remote_id")?;
        let order = order.replace("{status}", STATUS).replace("{waits}", &waits);
        self.integration_exists(integration).await?;
        self.check_staged(&filter).await?;
        let total = self.staged_total(integration, &filter).await?;
        let mut p = owner(self.id(), integration.0);
        let filter = selected(&filter, &mut p)?.sql;
        let (columns, from) = shown(self.db(), &waits);
        let parts = Parts { columns: &columns, from: &from, filter: &filter, order: &order };
        let rows: Vec<Row> =
            listing::page_by_key(self.db(), ("r.remote_id", OWNED), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }

    /// One staged device.
    pub(super) async fn staged_device(
        &self,
        integration: IntegrationId,
        remote_id: &str,
    ) -> Result<StagedDevice> {
        let (columns, from) = shown(self.db(), &waiting::why("fed", "c"));
        let mut p = owner(self.id(), integration.0);
        let select = format!("SELECT {columns} {from} {OWNED} AND r.remote_id = {}", p.push(remote_id));
        let row: Option<Row> = sql::one(self.db(), &select, p.0).await?;
        view(row.ok_or_else(|| UserError::not_found("staged device"))?)
    }

    /// Whether what a filter names is there.
    pub(crate) async fn check_staged(&self, filter: &StagedFilter) -> Result<()> {
        self.check_named(self.db(), "company", (Kind::Company, filter.company.map(|id| id.0))).await
    }

    async fn staged_total(&self, integration: IntegrationId, filter: &StagedFilter) -> Result<i64> {
        let mut p = owner(self.id(), integration.0);
        let named = named(filter, &mut p)?;
        let Some(status) = filter.status else {
            let count = format!("SELECT count(*) AS n FROM remote_devices r {named}");
            return Ok(sql::count(self.db(), &count, p.0).await?);
        };
        let counts = counts::staged(self.db(), &named, p.0).await?;
        Ok(match status {
            StagedStatus::Ready => counts.ready,
            StagedStatus::Imported => counts.imported,
            StagedStatus::Blocked => counts.blocked,
        })
    }

    /// How many staged devices stand where, under the filters but the status.
    pub async fn staged_counts(
        &self,
        integration: IntegrationId,
        filter: StagedFilter,
    ) -> Result<StagedCounts> {
        self.integration_exists(integration).await?;
        self.check_staged(&filter).await?;
        let mut p = owner(self.id(), integration.0);
        let filter = named(&filter, &mut p)?;
        counts::staged(self.db(), &filter, p.0).await
    }
}

/// Columns and tables of a [`Row`].
fn shown(db: &impl ConnectionTrait, waits: &str) -> (String, String) {
    let columns = format!(
        "r.remote_id, r.name, r.hostname, r.serial, r.node_class, {ORGANIZATION} AS organization,
         r.organization_id, rl.name AS location, c.id AS company_id, c.name AS company_name, t.id AS type_id,
         t.name AS type_name, {STATUS} AS status, {BLOCKED_BY} AS blocked_by, fed.id AS device_id, b.last_contact,
         sd.id AS same_id, sd.name AS same_name, sd.serial AS same_serial, sd.bios_serial AS same_bios_serial,
         sd.remote_id AS same_remote_id, {waits} AS waits, dc.name AS stays_under"
    );
    let from = format!(
        "FROM remote_devices r {FED} {JOINS} {PLACES} {DEVICES}
         LEFT JOIN remote_device_status s ON s.integration_id = r.integration_id AND s.remote_id = r.remote_id
         {}",
        beats::join(db, "s.no", "b", "")
    );
    (columns, from)
}

fn view(row: Row) -> Result<StagedDevice> {
    let status = StagedStatus::from_str(&row.status).map_err(Error::internal)?;
    let blocked_by = row.blocked_by.clone().filter(|_| status == StagedStatus::Blocked);
    let same_as = same_as(&row);
    let waiting = row.waits.as_deref().zip(row.stays_under.as_deref());
    let waiting = waiting.map(|(why, company)| waiting::sentence(why, &row.organization, company));
    Ok(StagedDevice {
        remote_id: row.remote_id,
        name: row.name,
        hostname: row.hostname,
        serial: row.serial,
        node_class: row.node_class,
        organization: row.organization,
        organization_remote_id: row.organization_id,
        location: row.location,
        company: row.company_id.zip(row.company_name).map(|(id, name)| CompanyRef { id: id.into(), name }),
        device_type: row.type_id.zip(row.type_name).map(|(id, name)| DeviceTypeRef { id: id.into(), name }),
        status,
        blocked_by: blocked_by.as_deref().map(BlockedBy::from_str).transpose().map_err(Error::internal)?,
        device_id: row.device_id.map(Into::into),
        last_contact: row.last_contact.map(time),
        same_as,
        waiting,
    })
}

/// The inventory device that the row looks like.
fn same_as(row: &Row) -> Option<SameAs> {
    let serial = serial::best(row.same_serial.as_deref(), row.same_bios_serial.as_deref());
    Some(SameAs {
        device_id: row.same_id?.into(),
        name: row.same_name.clone()?,
        serial: serial.unwrap_or_default().to_owned(),
        remote_id: row.same_remote_id.clone().unwrap_or_default(),
    })
}
