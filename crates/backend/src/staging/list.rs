//! Staged devices as the import page shows them.

use super::fragment::{BLOCKED_BY, JOINS, ORGANIZATION, PLACES, STATUS, owner, selected};
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
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }

    /// How many staged devices stand where, under the filters but the status.
    pub async fn staged_counts(
        &self,
        integration: IntegrationId,
        filter: StagedFilter,
    ) -> Result<StagedCounts> {
        #[derive(FromQueryResult)]
        struct Count {
            status: String,
            n: i64,
        }
        self.integration_exists(integration).await?;
        let mut p = owner(self.id(), integration.0);
        let filter = selected(&StagedFilter { status: None, ..filter }, &mut p)?;
        let select = format!(
            "SELECT {STATUS} AS status, count(*) AS n FROM remote_devices r {JOINS} {filter} GROUP BY 1"
        );
        let mut counts = StagedCounts::default();
        for row in sql::all::<Count>(self.db(), &select, p.0).await? {
            counts.all += row.n;
            match StagedStatus::from_str(&row.status).map_err(Error::internal)? {
                StagedStatus::Ready => counts.ready = row.n,
                StagedStatus::Imported => counts.imported = row.n,
                StagedStatus::Blocked => counts.blocked = row.n,
            }
        }
        Ok(counts)
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
