//! Staged devices as the import page shows them.

use super::{
    counts,
    fragment::{BLOCKED_BY, JOINS, ORGANIZATION, OWNED, PLACES, STATUS, named, owner, selected},
};
use crate::{
    Error, Result, Tenant,
    clock::time,
    mappings::listing::{self, Parts, Sort},
    sql,
    tenant::Access,
};
use domain::{
    company::{CompanyRef, DeviceTypeRef},
    ids::IntegrationId,
    import::{BlockedBy, StagedCounts, StagedDevice, StagedFilter, StagedStatus},
    page::{ListQuery, Listing},
};
use sea_orm::FromQueryResult;
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
}

const SORTS: [Sort; 5] = [
    ("name", "lower(r.name) {dir}"),
    ("node_class", "r.node_class {dir}, lower(r.name)"),
    ("organization", "o.name_key {dir} NULLS LAST, lower(r.name)"),
    ("company", "c.name_key {dir} NULLS LAST, lower(r.name)"),
    ("status", "CASE {status} WHEN 'ready' THEN 0 WHEN 'blocked' THEN 1 ELSE 2 END {dir}, lower(r.name)"),
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
        let order = listing::order_by(&query, &SORTS, "r.remote_id")?.replace("{status}", STATUS);
        self.integration_exists(integration).await?;
        let total = self.staged_total(integration, &filter).await?;
        let mut p = owner(self.id(), integration.0);
        let filter = selected(&filter, &mut p)?;
        let columns = format!(
            "r.remote_id, r.name, r.hostname, r.serial, r.node_class, {ORGANIZATION} AS organization,
             r.organization_id, rl.name AS location, c.id AS company_id, c.name AS company_name, t.id AS type_id,
             t.name AS type_name, {STATUS} AS status, {BLOCKED_BY} AS blocked_by, r.device_id, s.last_contact"
        );
        let from = format!(
            "FROM remote_devices r {JOINS} {PLACES}
             LEFT JOIN remote_device_status s ON s.integration_id = r.integration_id AND s.remote_id = r.remote_id"
        );
        let parts = Parts { columns: &columns, from: &from, filter: &filter, order: &order };
        let rows: Vec<Row> =
            listing::page_by_key(self.db(), ("r.remote_id", OWNED), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
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
        let mut p = owner(self.id(), integration.0);
        let filter = named(&filter, &mut p)?;
        counts::staged(self.db(), &filter, p.0).await
    }
}

fn view(row: Row) -> Result<StagedDevice> {
    let status = StagedStatus::from_str(&row.status).map_err(Error::internal)?;
    let blocked_by = row.blocked_by.filter(|_| status == StagedStatus::Blocked);
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
    })
}
