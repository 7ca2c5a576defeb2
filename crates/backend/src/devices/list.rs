//! Devices as list rows.

use super::{
    filter::{Filter, filter},
    fragment::{BACKUP, FEED, LAST_CONTACT, LAST_USER, NAMES, OWNED, STATUS, addresses, backup, status},
};
use crate::{
    Result, Tenant,
    clock::time,
    mappings::listing::{self, Parts, Sort},
    sql,
    tenant::Access,
};
use domain::{
    company::{CompanyRef, DeviceTypeRef, LocationRef},
    device::{DeviceFilter, DeviceRow},
    page::{ListQuery, Listing},
    serial,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    hostname: Option<String>,
    company_id: Uuid,
    company: String,
    location_id: Option<Uuid>,
    location: Option<String>,
    type_id: Uuid,
    type_name: String,
    status: String,
    os_name: Option<String>,
    serial: Option<String>,
    bios_serial: Option<String>,
    ip_addresses: String,
    last_contact: Option<i64>,
    last_user: Option<String>,
    owner_name: Option<String>,
    backup: String,
    source: Option<String>,
    integration_id: Option<Uuid>,
}

const SORTS: [Sort; 7] = [
    ("name", "lower(d.name) {dir}"),
    ("company", "c.name_key {dir}, lower(d.name)"),
    ("type", "t.name_key {dir}, lower(d.name)"),
    (
        "status",
        "CASE {status} WHEN 'online' THEN 0 WHEN 'offline' THEN 1 WHEN 'missing' THEN 2 ELSE 3 END {dir}, lower(d.name)",
    ),
    ("os_name", "lower(d.os_name) {dir} NULLS LAST, lower(d.name)"),
    ("last_contact", "{last_contact} {dir} NULLS LAST, lower(d.name)"),
    ("serial", "d.serial {dir} NULLS LAST, lower(d.name)"),
];

impl<A: Access> Tenant<A> {
    /// The inventory; sorted by name, company, type, status, os_name, last_contact or serial. The search looks at all
    /// that names a device, at its addresses, its owner and its last user.
    pub async fn devices(&self, query: ListQuery, wanted: DeviceFilter) -> Result<Listing<DeviceRow>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &SORTS, "d.id")?;
        let order = order.replace("{status}", STATUS).replace("{last_contact}", LAST_CONTACT);
        let Filter { sql: filter, joins, params } = filter(self.id(), &query, &wanted)?;
        let columns = format!(
            "d.id, d.name, d.hostname, d.company_id, c.name AS company, d.location_id, l.name AS location,
             d.device_type_id AS type_id, t.name AS type_name, {STATUS} AS status, d.os_name, d.serial, d.bios_serial,
             d.ip_addresses, {LAST_CONTACT} AS last_contact, {LAST_USER} AS last_user, d.owner_name,
             {BACKUP} AS backup, i.name AS source, i.id AS integration_id"
        );
        let count = format!("SELECT count(*) AS n FROM devices d {joins} {filter}");
        let total = sql::count(self.db(), &count, params.0.clone()).await?;
        let from = format!("FROM devices d {NAMES} {FEED}");
        let parts = Parts { columns: &columns, from: &from, filter: &filter, order: &order };
        let rows: Vec<Row> =
            listing::page_by_key(self.db(), ("d.id", OWNED), parts, params.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }
}

fn view(row: Row) -> Result<DeviceRow> {
    Ok(DeviceRow {
        id: row.id.into(),
        name: row.name,
        hostname: row.hostname,
        company: CompanyRef { id: row.company_id.into(), name: row.company },
        location: row.location_id.zip(row.location).map(|(id, name)| LocationRef { id: id.into(), name }),
        device_type: DeviceTypeRef { id: row.type_id.into(), name: row.type_name },
        status: status(&row.status)?,
        os_name: row.os_name,
        serial: serial::best(row.serial.as_deref(), row.bios_serial.as_deref()).map(str::to_owned),
        ip: addresses(&row.ip_addresses)?.into_iter().next(),
        last_contact: row.last_contact.map(time),
        last_user: row.last_user,
        owner_name: row.owner_name,
        backup: backup(&row.backup)?,
        source: row.source,
        integration_id: row.integration_id.map(Into::into),
    })
}
