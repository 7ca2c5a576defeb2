//! A device as staging and inventory keep it: one list of columns for both.

use crate::{
    Error, Result,
    bulk::Kind,
    clock::{micros, time},
};
use domain::{device::DeviceFacts, serial};
use sea_orm::{FromQueryResult, Value};

/// The columns that `remote_devices` and `devices` share, apart from names of their own.
pub(crate) const FACT_COLUMNS: &[(&str, Kind)] = &[
    ("search_key", Kind::Text),
    ("name", Kind::Text),
    ("hostname", Kind::Text),
    ("dns_name", Kind::Text),
    ("netbios_name", Kind::Text),
    ("node_class", Kind::Text),
    ("role", Kind::Text),
    ("approval", Kind::Text),
    ("os_name", Kind::Text),
    ("os_version", Kind::Text),
    ("os_build", Kind::Text),
    ("os_architecture", Kind::Text),
    ("manufacturer", Kind::Text),
    ("model", Kind::Text),
    ("serial", Kind::Text),
    ("bios_serial", Kind::Text),
    ("chassis", Kind::Text),
    ("virtual_machine", Kind::Bool),
    ("domain", Kind::Text),
    ("ip_addresses", Kind::Text),
    ("mac_addresses", Kind::Text),
    ("public_ip", Kind::Text),
    ("last_boot", Kind::Int),
    ("owner_uid", Kind::Text),
    ("owner_name", Kind::Text),
    ("owner_email", Kind::Text),
    ("warranty_start", Kind::Int),
    ("warranty_end", Kind::Int),
    ("backup_cloud_bytes", Kind::Int),
    ("backup_local_bytes", Kind::Int),
    ("backup_total_bytes", Kind::Int),
    ("backup_last_success", Kind::Int),
    ("backup_last_failure", Kind::Int),
    ("created", Kind::Int),
    ("url", Kind::Text),
];

/// The node class of a device that tells none.
pub(crate) const NO_CLASS: &str = "UNKNOWN";

/// The fact columns as read from either table.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DeviceRecord {
    pub name: String,
    pub hostname: Option<String>,
    pub dns_name: Option<String>,
    pub netbios_name: Option<String>,
    pub node_class: Option<String>,
    pub role: Option<String>,
    pub approval: Option<String>,
    pub os_name: Option<String>,
    pub os_version: Option<String>,
    pub os_build: Option<String>,
    pub os_architecture: Option<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub serial: Option<String>,
    pub bios_serial: Option<String>,
    pub chassis: Option<String>,
    pub virtual_machine: Option<bool>,
    pub domain: Option<String>,
    pub ip_addresses: String,
    pub mac_addresses: String,
    pub public_ip: Option<String>,
    pub last_boot: Option<i64>,
    pub owner_uid: Option<String>,
    pub owner_name: Option<String>,
    pub owner_email: Option<String>,
    pub warranty_start: Option<i64>,
    pub warranty_end: Option<i64>,
    pub backup_cloud_bytes: Option<i64>,
    pub backup_local_bytes: Option<i64>,
    pub backup_total_bytes: Option<i64>,
    pub backup_last_success: Option<i64>,
    pub backup_last_failure: Option<i64>,
    pub created: Option<i64>,
}

impl DeviceRecord {
    /// The facts for the wire.
    pub fn facts(self) -> Result<DeviceFacts> {
        Ok(DeviceFacts {
            name: self.name,
            hostname: self.hostname,
            dns_name: self.dns_name,
            netbios_name: self.netbios_name,
            node_class: self.node_class,
            role: self.role,
            approval: self.approval,
            os_name: self.os_name,
            os_version: self.os_version,
            os_build: self.os_build,
            os_architecture: self.os_architecture,
            manufacturer: self.manufacturer,
            model: self.model,
            serial: self.serial,
            bios_serial: self.bios_serial,
            chassis: self.chassis,
            virtual_machine: self.virtual_machine,
            domain: self.domain,
            ip_addresses: serde_json::from_str(&self.ip_addresses).map_err(Error::internal)?,
            mac_addresses: serde_json::from_str(&self.mac_addresses).map_err(Error::internal)?,
            public_ip: self.public_ip,
            last_boot: self.last_boot.map(time),
            owner_uid: self.owner_uid,
            owner_name: self.owner_name,
            owner_email: self.owner_email,
            warranty_start: self.warranty_start.map(time),
            warranty_end: self.warranty_end.map(time),
            backup_cloud_bytes: self.backup_cloud_bytes,
            backup_local_bytes: self.backup_local_bytes,
            backup_total_bytes: self.backup_total_bytes,
            backup_last_success: self.backup_last_success.map(time),
            backup_last_failure: self.backup_last_failure.map(time),
            created: self.created.map(time),
        })
    }
}

/// Adds the values of [`FACT_COLUMNS`], in their order.
pub(crate) fn fact_values(values: &mut Vec<Value>, f: DeviceFacts, url: Option<String>) -> Result<()> {
    let text = |list: &[String]| serde_json::to_string(list).map_err(Error::internal);
    let (ips, macs) = (text(&f.ip_addresses)?, text(&f.mac_addresses)?);
    values.extend::<[Value; 35]>([
        search_key(&f).into(),
        f.name.into(),
        f.hostname.into(),
        f.dns_name.into(),
        f.netbios_name.into(),
        f.node_class.unwrap_or_else(|| NO_CLASS.into()).into(),
        f.role.into(),
        f.approval.into(),
        f.os_name.into(),
        f.os_version.into(),
        f.os_build.into(),
        f.os_architecture.into(),
        f.manufacturer.into(),
        f.model.into(),
        f.serial.into(),
        f.bios_serial.into(),
        f.chassis.into(),
        f.virtual_machine.into(),
        f.domain.into(),
        ips.into(),
        macs.into(),
        f.public_ip.into(),
        f.last_boot.map(micros).into(),
        f.owner_uid.into(),
        f.owner_name.into(),
        f.owner_email.into(),
        f.warranty_start.map(micros).into(),
        f.warranty_end.map(micros).into(),
        f.backup_cloud_bytes.into(),
        f.backup_local_bytes.into(),
        f.backup_total_bytes.into(),
        f.backup_last_success.map(micros).into(),
        f.backup_last_failure.map(micros).into(),
        f.created.map(micros).into(),
        url.into(),
    ]);
    Ok(())
}

/// Everything a search looks at, in lower case.
pub(crate) fn search_key(f: &DeviceFacts) -> String {
    let one = [&f.hostname, &f.dns_name, &f.serial, &f.public_ip, &f.owner_name, &f.owner_email];
    let bios = f.bios_serial.as_deref().filter(|s| serial::is_good(s) && f.serial.as_deref() != Some(s));
    let mut parts: Vec<&str> = vec![&f.name];
    parts.extend(one.into_iter().flatten().map(String::as_str));
    parts.extend(bios);
    parts.extend(f.ip_addresses.iter().chain(&f.mac_addresses).map(String::as_str));
    let mut seen: Vec<&str> = Vec::new();
    for part in parts {
        if !seen.contains(&part) {
            seen.push(part);
        }
    }
    seen.join("\n").to_lowercase()
}
