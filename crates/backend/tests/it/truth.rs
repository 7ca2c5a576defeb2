//! What the vendor has and what staging holds of it, as tables that can be compared field by field.
//!
//! The expected values are worked out here from the vendor's own JSON, not by the code under test.

use domain::serial;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;
use simulator::Control;
use std::collections::BTreeMap;

/// Columns of a row, as texts; a null is absent.
pub type Row = BTreeMap<&'static str, String>;
/// Rows by remote id.
pub type Table = BTreeMap<String, Row>;

/// What the vendor's lists show at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    pub organizations: Table,
    pub locations: Table,
    pub devices: Table,
    /// What moves with every check-in.
    pub beats: Table,
    /// How many devices each organization has.
    pub counts: Table,
}

/// A row of staging.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRow {
    pub fields: Row,
    /// What optional sources told: owner, role, warranty, backups.
    pub extras: Row,
    /// What moves without being a change.
    pub beat: Row,
    pub missing: bool,
}

/// Rows of one table of staging, by remote id.
pub type HeldTable = BTreeMap<String, HeldRow>;

/// All that staging holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    pub organizations: HeldTable,
    pub locations: HeldTable,
    pub devices: HeldTable,
}

const ORGANIZATION: &[&str] = &["name"];
const COUNT: &[&str] = &["device_count"];
const LOCATION: &[&str] = &["organization_id", "name"];
const DEVICE: &[&str] = &[
    "organization_id",
    "location_id",
    "node_class",
    "name",
    "hostname",
    "dns_name",
    "netbios_name",
    "approval",
    "os_name",
    "os_version",
    "os_build",
    "os_architecture",
    "manufacturer",
    "model",
    "serial",
    "bios_serial",
    "chassis",
    "virtual_machine",
    "domain",
    "ip_addresses",
    "mac_addresses",
    "public_ip",
    "last_boot",
    "owner_uid",
    "created",
];
const EXTRAS: &[&str] = &[
    "role",
    "owner_name",
    "owner_email",
    "warranty_start",
    "warranty_end",
    "backup_cloud_bytes",
    "backup_local_bytes",
    "backup_total_bytes",
    "backup_last_success",
    "backup_last_failure",
    "last_user",
];
const BEAT: &[&str] = &["offline", "last_contact"];

impl Truth {
    /// What the lists show now.
    pub fn of(vendor: &Control) -> Self {
        let mut truth = Self::default();
        for id in vendor.approved_device_ids() {
            let Some(json) = vendor.device(id) else { continue };
            truth.devices.insert(id.to_string(), device(id, &json));
            truth.beats.insert(id.to_string(), beat(&json));
        }
        for (id, name) in vendor.organizations() {
            let count = vendor.devices_of_organization(id).len().to_string();
            truth.organizations.insert(id.to_string(), [("name", name)].into());
            truth.counts.insert(id.to_string(), [("device_count", count)].into());
            for (location, name) in vendor.locations(id) {
                let row = [("organization_id", id.to_string()), ("name", name)].into();
                truth.locations.insert(location.to_string(), row);
            }
        }
        truth
    }
}

/// The columns of a device, from its long row.
fn device(id: i64, json: &Value) -> Row {
    let mut row = Row::new();
    let mut set = |column, value: Option<String>| drop(value.map(|value| row.insert(column, value)));
    let at = |path: &str| text(json.pointer(path)?);
    let first = |paths: &[&str]| paths.iter().find_map(|path| at(path));
    for (column, path) in [
        ("organization_id", "/organizationId"),
        ("location_id", "/locationId"),
        ("node_class", "/nodeClass"),
        ("hostname", "/systemName"),
        ("dns_name", "/dnsName"),
        ("netbios_name", "/netbiosName"),
        ("approval", "/approvalStatus"),
        ("os_architecture", "/os/architecture"),
        ("bios_serial", "/system/biosSerialNumber"),
        ("virtual_machine", "/system/virtualMachine"),
        ("domain", "/system/domain"),
        ("public_ip", "/publicIP"),
        ("owner_uid", "/assignedOwnerUid"),
    ] {
        set(column, at(path));
    }
    let name = first(&["/displayName", "/systemName", "/dnsName", "/netbiosName"]);
    set("name", name.or_else(|| Some(format!("Device {id}"))));
    set("os_name", first(&["/os/name", "/releaseName"]));
    set("os_version", first(&["/os/releaseId", "/version"]));
    set("os_build", first(&["/os/buildNumber", "/buildNumber"]));
    set("manufacturer", first(&["/system/manufacturer", "/vendor"]));
    set("model", first(&["/system/model", "/model"]));
    set("chassis", at("/system/chassisType").filter(|chassis| chassis != "UNKNOWN"));
    let (own, bios, tag) = (at("/system/serialNumber"), at("/system/biosSerialNumber"), at("/serviceTag"));
    let best = serial::best(own.as_deref(), bios.as_deref()).or_else(|| serial::best(tag.as_deref(), None));
    set("serial", best.map(str::to_owned));
    set("ip_addresses", Some(list(distinct(texts(json, "/ipAddresses")))));
    set("mac_addresses", Some(list(serial::distinct_macs(texts(json, "/macAddresses")))));
    let boot = json.pointer("/os/lastBootTime").or_else(|| json.pointer("/lastBootTime"));
    set("last_boot", boot.and_then(micros));
    set("created", json.pointer("/created").and_then(micros));
    row
}

fn beat(json: &Value) -> Row {
    let offline = json.pointer("/offline").and_then(text).map(|value| ("offline", value));
    let contact = json.pointer("/lastContact").and_then(micros).map(|value| ("last_contact", value));
    offline.into_iter().chain(contact).collect()
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn texts(json: &Value, path: &str) -> Vec<String> {
    json.pointer(path).and_then(Value::as_array).into_iter().flatten().filter_map(text).collect()
}

fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut seen = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

fn list(texts: impl IntoIterator<Item = impl Into<String>>) -> String {
    Value::from(texts.into_iter().map(Into::into).collect::<Vec<String>>()).to_string()
}

/// Epoch seconds with a fraction, as whole microseconds; zero means never.
fn micros(value: &Value) -> Option<String> {
    let seconds = value.as_f64()?;
    let micros = (seconds.trunc() * 1e6) as i64 + (seconds.fract() * 1e6).round() as i64;
    (micros > 0).then(|| micros.to_string())
}

impl Held {
    /// What a database holds.
    pub async fn read(db: &DatabaseConnection) -> Self {
        let devices = "remote_devices t LEFT JOIN remote_device_status s
            ON s.integration_id = t.integration_id AND s.remote_id = t.remote_id LEFT JOIN remote_device_beats b ON b.no = s.no";
        Self {
            organizations: table(db, "organizations t", ORGANIZATION, &["clues"], COUNT).await,
            locations: table(db, "remote_locations t", LOCATION, &[], &[]).await,
            devices: table(db, devices, DEVICE, EXTRAS, BEAT).await,
        }
    }
}

async fn table(
    db: &DatabaseConnection,
    from: &str,
    fields: &[&'static str],
    extras: &[&'static str],
    beat: &[&'static str],
) -> HeldTable {
    let columns: Vec<&'static str> = [fields, extras, beat].concat();
    let select: String = columns.iter().map(|c| format!(", CAST({c} AS text) AS {c}")).collect();
    let missing = "CASE WHEN t.missing_since IS NULL THEN 'no' ELSE 'yes' END AS gone";
    let sql = format!("SELECT t.remote_id AS id, {missing}{select} FROM {from}");
    let rows = rows(db, &sql).await;
    let count = rows.len();
    let held: HeldTable = rows
        .iter()
        .map(|row| {
            let get = |column: &str| row.try_get::<Option<String>>("", column).expect(column);
            let part = |names: &[&'static str]| -> Row {
                names.iter().filter_map(|name| Some((*name, as_boolean(name, get(name)?)))).collect()
            };
            let (fields, extras, beat) = (part(fields), part(extras), part(beat));
            let held = HeldRow { fields, extras, beat, missing: get("gone").as_deref() == Some("yes") };
            (get("id").expect("an id"), held)
        })
        .collect();
    assert_eq!(held.len(), count, "{from}: a remote id that is held twice");
    held
}

/// SQLite has no booleans.
fn as_boolean(column: &str, value: String) -> String {
    match (column, value.as_str()) {
        ("virtual_machine" | "offline", "0") => "false".into(),
        ("virtual_machine" | "offline", "1") => "true".into(),
        _ => value,
    }
}

/// The rows of a statement.
pub async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<sea_orm::QueryResult> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect(sql)
}

/// The number that a statement answers as `n`.
pub async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    rows(db, sql).await.remove(0).try_get("", "n").expect(sql)
}
