//! Rows as NinjaOne sends them. Every field is optional, null counts as absent, unknown keys are ignored.
//!
//! One `borrow` per struct is enough: it ties the struct to the body. The published schema leaves `os`, `system` and the flat fields of VM hosts out of the device; real rows hold them.

use super::value::{Id, Moment, Text, Texts};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

#[derive(Deserialize)]
pub struct Organization<'a> {
    pub id: Option<Id>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub description: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location<'a> {
    pub id: Option<Id>,
    pub organization_id: Option<Id>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub address: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRef {
    pub id: Option<Id>,
    pub organization_id: Option<Id>,
    pub location_id: Option<Id>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device<'a> {
    pub id: Option<Id>,
    pub organization_id: Option<Id>,
    pub location_id: Option<Id>,
    pub node_role_id: Option<Id>,
    #[serde(borrow)]
    pub node_class: Option<Text<'a>>,
    pub approval_status: Option<Text<'a>>,
    pub offline: Option<bool>,
    pub display_name: Option<Text<'a>>,
    pub system_name: Option<Text<'a>>,
    pub dns_name: Option<Text<'a>>,
    pub netbios_name: Option<Text<'a>>,
    pub created: Option<Moment>,
    pub last_contact: Option<Moment>,
    pub assigned_owner_uid: Option<Text<'a>>,
    pub last_logged_in_user: Option<Text<'a>>,
    pub ip_addresses: Option<Texts<'a>>,
    pub mac_addresses: Option<Texts<'a>>,
    #[serde(rename = "publicIP")]
    pub public_ip: Option<Text<'a>>,
    #[serde(default, deserialize_with = "or_default")]
    pub os: Os<'a>,
    #[serde(default, deserialize_with = "or_default")]
    pub system: System<'a>,
    #[serde(default, deserialize_with = "or_default")]
    pub references: References,
    // VM hosts have no `os` and `system` but these.
    pub vendor: Option<Text<'a>>,
    pub model: Option<Text<'a>>,
    pub service_tag: Option<Text<'a>>,
    pub release_name: Option<Text<'a>>,
    pub version: Option<Text<'a>>,
    pub build_number: Option<Text<'a>>,
    pub last_boot_time: Option<Moment>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Os<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub architecture: Option<Text<'a>>,
    pub build_number: Option<Text<'a>>,
    pub release_id: Option<Text<'a>>,
    pub last_boot_time: Option<Moment>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct System<'a> {
    #[serde(borrow)]
    pub manufacturer: Option<Text<'a>>,
    pub model: Option<Text<'a>>,
    pub serial_number: Option<Text<'a>>,
    pub bios_serial_number: Option<Text<'a>>,
    pub chassis_type: Option<Text<'a>>,
    pub virtual_machine: Option<bool>,
    pub domain: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct References {
    /// Only with `expand=warranty`.
    #[serde(default, deserialize_with = "or_default")]
    pub warranty: Warranty,
    /// Only in the backup report.
    #[serde(default, deserialize_with = "or_default")]
    pub backup_usage: BackupUsage,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Warranty {
    pub start_date: Option<Moment>,
    pub end_date: Option<Moment>,
}

/// Sizes in bytes; the times only with `includeLastBackupJobTimes=true`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupUsage {
    pub revisions_total_size: Option<i64>,
    pub cloud_total_size: Option<i64>,
    pub local_total_size: Option<i64>,
    pub last_successful_backup_job: Option<Moment>,
    pub last_failed_backup_job: Option<Moment>,
}

#[derive(Deserialize)]
pub struct Backup {
    pub id: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    pub references: References,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Logon<'a> {
    pub device_id: Option<Id>,
    #[serde(borrow)]
    pub user_name: Option<Text<'a>>,
    pub logon_time: Option<Moment>,
}

/// The custom fields of a device, location or organization: whatever JSON the fields' types have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopedFields<'a> {
    #[serde(borrow)]
    pub scope: Option<Text<'a>>,
    pub entity_id: Option<Id>,
    #[serde(default, deserialize_with = "or_default")]
    pub fields: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User<'a> {
    pub id: Option<Id>,
    #[serde(borrow)]
    pub uid: Option<Text<'a>>,
    pub first_name: Option<Text<'a>>,
    pub last_name: Option<Text<'a>>,
    pub email: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Role<'a> {
    pub id: Option<Id>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub chassis_type: Option<Text<'a>>,
}

/// Null counts as absent here too.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(d: D) -> Result<T, D::Error> {
    Option::deserialize(d).map(Option::unwrap_or_default)
}
