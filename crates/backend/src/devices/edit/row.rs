//! A device as edits see it: every field that a person can set, exactly and in words.

use crate::{
    Error, Result, Tenant,
    clock::{micros, time},
    db::Tx,
    sql::{self, Params},
    sync,
    tenant::Access,
};
use domain::device_edit::{DeviceField, date};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use uuid::Uuid;

/// The fields that can be set, and what names the device and its place.
#[derive(Clone, FromQueryResult)]
pub(crate) struct EditRow {
    pub id: Uuid,
    pub owned: i64,
    pub archived_at: Option<i64>,
    pub integration_id: Option<Uuid>,
    pub remote_id: Option<String>,
    pub name: String,
    hostname: Option<String>,
    pub company_id: Uuid,
    company: Option<String>,
    location_id: Option<Uuid>,
    location: Option<String>,
    device_type_id: Uuid,
    device_type: Option<String>,
    owner_name: Option<String>,
    owner_email: Option<String>,
    asset_tag: Option<String>,
    notes: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    serial: Option<String>,
    os_name: Option<String>,
    os_version: Option<String>,
    domain: Option<String>,
    ip_addresses: String,
    mac_addresses: String,
    warranty_start: Option<i64>,
    warranty_end: Option<i64>,
    dns_name: Option<String>,
    bios_serial: Option<String>,
    public_ip: Option<String>,
}

/// Devices of the tenant by id, in the order of their ids; those that are gone are left out.
pub(crate) async fn rows(tx: &impl ConnectionTrait, tenant: Uuid, ids: &[Uuid]) -> Result<Vec<EditRow>> {
    select(tx, tenant, ids, "").await
}

/// Those of them that are of a company that the tenant is limited to by now.
pub(super) async fn rows_within<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    ids: &[Uuid],
) -> Result<Vec<EditRow>> {
    select(tx, tenant.id(), ids, &tenant.within("d.company_id")).await
}

/// `within`: ` AND …`, or empty.
async fn select(tx: &impl ConnectionTrait, tenant: Uuid, ids: &[Uuid], within: &str) -> Result<Vec<EditRow>> {
    let mut p = Params(vec![tenant.into()]);
    let select = format!(
        "SELECT d.id, d.owned, d.archived_at, d.integration_id, d.remote_id, d.name, d.hostname, d.company_id,
            c.name AS company, d.location_id, l.name AS location, d.device_type_id, t.name AS device_type, d.owner_name,
            d.owner_email, d.asset_tag, d.notes, d.manufacturer, d.model, d.serial, d.os_name, d.os_version, d.domain,
            d.ip_addresses, d.mac_addresses, d.warranty_start, d.warranty_end, d.dns_name, d.bios_serial, d.public_ip
         FROM devices d LEFT JOIN companies c ON c.id = d.company_id LEFT JOIN locations l ON l.id = d.location_id
         LEFT JOIN device_types t ON t.id = d.device_type_id
         WHERE d.tenant_id = $1 AND d.id IN ({}) AND d.merged_into IS NULL{within} ORDER BY d.id",
        p.list(ids.iter().copied())
    );
    Ok(sql::all(tx, &select, p.0).await?)
}

impl EditRow {
    /// Whether not all of it is the sync's.
    pub fn is_own(&self) -> bool {
        self.owned != 0 || self.asset_tag.is_some() || self.integration_id.is_none()
    }

    /// The exact value, as [`column`] takes it back.
    pub fn raw(&self, field: DeviceField) -> Option<String> {
        use DeviceField::{Company, DeviceType, Location, WarrantyEnd, WarrantyStart};
        match field {
            Company => Some(self.company_id.to_string()),
            Location => self.location_id.map(|id| id.to_string()),
            DeviceType => Some(self.device_type_id.to_string()),
            WarrantyStart => self.warranty_start.map(|t| t.to_string()),
            WarrantyEnd => self.warranty_end.map(|t| t.to_string()),
            _ => self.words(field),
        }
    }

    /// The value for people.
    pub fn words(&self, field: DeviceField) -> Option<String> {
        match field {
            DeviceField::Name => Some(self.name.clone()),
            DeviceField::Hostname => self.hostname.clone(),
            DeviceField::Company => self.company.clone(),
            DeviceField::Location => self.location.clone(),
            DeviceField::DeviceType => self.device_type.clone(),
            DeviceField::OwnerName => self.owner_name.clone(),
            DeviceField::OwnerEmail => self.owner_email.clone(),
            DeviceField::AssetTag => self.asset_tag.clone(),
            DeviceField::Notes => self.notes.clone(),
            DeviceField::Manufacturer => self.manufacturer.clone(),
            DeviceField::Model => self.model.clone(),
            DeviceField::Serial => self.serial.clone(),
            DeviceField::OsName => self.os_name.clone(),
            DeviceField::OsVersion => self.os_version.clone(),
            DeviceField::Domain => self.domain.clone(),
            DeviceField::IpAddresses => list(&self.ip_addresses),
            DeviceField::MacAddresses => list(&self.mac_addresses),
            DeviceField::WarrantyStart => self.warranty_start.map(day),
            DeviceField::WarrantyEnd => self.warranty_end.map(day),
        }
    }

    /// What a search for the device looks at, as a sync would write it, and its asset tag.
    fn search_key(&self) -> String {
        let list = |json: &str| serde_json::from_str::<Vec<String>>(json).unwrap_or_default();
        let mut facts = domain::device::DeviceFacts {
            name: self.name.clone(),
            hostname: self.hostname.clone(),
            dns_name: self.dns_name.clone(),
            serial: self.serial.clone(),
            bios_serial: self.bios_serial.clone(),
            public_ip: self.public_ip.clone(),
            owner_name: self.owner_name.clone(),
            owner_email: self.owner_email.clone(),
            ip_addresses: list(&self.ip_addresses),
            mac_addresses: list(&self.mac_addresses),
            ..Default::default()
        };
        facts.ip_addresses.extend(self.asset_tag.clone());
        sync::search_key(&facts)
    }
}

/// Writes anew what a search looks at, for devices whose fields are not only the sync's.
pub(in crate::devices) async fn write_search_keys(tx: &impl ConnectionTrait, rows: &[EditRow]) -> Result<()> {
    for chunk in rows.chunks(500) {
        let mut p = Params::default();
        let values: Vec<String> = chunk
            .iter()
            .map(|row| format!("(CAST({} AS {{uuid}}), {})", p.push(row.id), p.push(row.search_key())))
            .collect();
        let update = format!(
            "UPDATE devices SET search_key = v.column2 FROM (VALUES {}) AS v
             WHERE devices.id = v.column1 AND devices.search_key <> v.column2",
            values.join(", ")
        );
        sql::execute(tx, &sql::typed(tx, &update), p.0).await?;
    }
    Ok(())
}

/// The same for devices fed by these rows, as far as they are not all the sync's.
pub(crate) async fn write_own_search_keys(
    tx: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
    remote_ids: &[&str],
) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let mut p = Params(vec![tenant.into(), integration.into()]);
    let select = format!(
        "SELECT d.id FROM devices d WHERE {{no_index}}d.tenant_id = $1 AND d.integration_id = $2 AND d.remote_id {}
            AND (d.owned <> 0 OR d.asset_tag IS NOT NULL)",
        sql::within(tx, &mut p, remote_ids.iter().copied())
    );
    let own: Vec<Id> = sql::all(tx, &sql::typed(tx, &select), p.0).await?;
    let own: Vec<Uuid> = own.into_iter().map(|row| row.id).collect();
    for chunk in own.chunks(500) {
        write_search_keys(tx, &rows(tx, tenant, chunk).await?).await?;
    }
    Ok(())
}

/// The column of a field, and the value for it: of a checked [`FieldValue`](domain::device_edit::FieldValue), or of
/// [`EditRow::raw`].
pub(in crate::devices) fn column(field: DeviceField, value: Option<&str>) -> Result<(&'static str, Value)> {
    let text = || Value::from(value);
    Ok(match field {
        DeviceField::Company => ("company_id", id(value)?),
        DeviceField::Location => ("location_id", id(value)?),
        DeviceField::DeviceType => ("device_type_id", id(value)?),
        DeviceField::IpAddresses => ("ip_addresses", json(value)?),
        DeviceField::MacAddresses => ("mac_addresses", json(value)?),
        DeviceField::WarrantyStart => ("warranty_start", moment(value)?),
        DeviceField::WarrantyEnd => ("warranty_end", moment(value)?),
        other => (other.as_str(), text()),
    })
}

fn id(value: Option<&str>) -> Result<Value> {
    Ok(value.map(str::parse::<Uuid>).transpose().map_err(Error::internal)?.into())
}

fn json(value: Option<&str>) -> Result<Value> {
    let list: Vec<&str> = value.unwrap_or_default().split(", ").filter(|part| !part.is_empty()).collect();
    Ok(serde_json::to_string(&list).map_err(Error::internal)?.into())
}

/// A date, or microseconds as they are kept.
fn moment(value: Option<&str>) -> Result<Value> {
    let Some(text) = value else { return Ok(None::<i64>.into()) };
    let micros = match date(text) {
        Some(date) => micros(date.and_time(chrono::NaiveTime::MIN).and_utc()),
        None => text.parse().map_err(Error::internal)?,
    };
    Ok(micros.into())
}

fn list(json: &str) -> Option<String> {
    let list: Vec<String> = serde_json::from_str(json).unwrap_or_default();
    (!list.is_empty()).then(|| list.join(", "))
}

fn day(micros: i64) -> String {
    time(micros).format("%Y-%m-%d").to_string()
}
