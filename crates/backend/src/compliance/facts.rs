//! A device as the checks look at it.

use crate::{
    Result, Tenant,
    clock::time,
    devices::fragment::{BACKUP, LAST_CONTACT, backup},
    sql,
    tenant::Access,
};
use domain::{
    compliance::{
        Facts,
        os::{self, Release},
    },
    device::BackupState,
    serial,
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;
use uuid::Uuid;

/// Longest name of an operating system that is not in the table, in characters.
const MOST_NAME: usize = 60;

/// What the checks want to know of a device `d`.
#[derive(FromQueryResult)]
pub(super) struct FactsRow {
    fed: bool,
    missing: bool,
    offline: Option<bool>,
    last_contact: Option<i64>,
    source: Option<Uuid>,
    backup: String,
    backup_last_success: Option<i64>,
    os_name: Option<String>,
    os_version: Option<String>,
    os_build: Option<String>,
    warranty_start: Option<i64>,
    warranty_end: Option<i64>,
    created: Option<i64>,
    has_owner: bool,
    serial: Option<String>,
    bios_serial: Option<String>,
    virtual_machine: Option<bool>,
}

/// Whether a device `d` is in use.
pub(super) const LIVE: &str = "(d.archived_at IS NULL AND d.merged_into IS NULL)";

/// Whether its company is archived: lists of devices know it as any other one, reports leave it out.
pub(super) const SHUT: &str =
    "EXISTS (SELECT 1 FROM companies shut WHERE shut.id = d.company_id AND shut.archived_at IS NOT NULL)";

/// Every column that a [`FactsRow`] reads, and the joins for them.
pub(super) fn columns() -> String {
    format!(
        "r.remote_id IS NOT NULL AS fed, r.missing_since IS NOT NULL AS missing, b.offline AS offline,
         {LAST_CONTACT} AS last_contact, d.integration_id AS source, {BACKUP} AS backup, d.backup_last_success,
         d.os_name, d.os_version, d.os_build, d.warranty_start, d.warranty_end, d.created, d.has_owner,
         d.serial, d.bios_serial, d.virtual_machine"
    )
}

impl FactsRow {
    /// The facts; its operating system is looked up once for all devices that have it.
    pub fn facts(&self, known: &mut Known) -> Result<Facts> {
        let saved = backup(&self.backup)?;
        Ok(Facts {
            fed: self.fed,
            missing: self.missing,
            online: self.is_online(),
            last_contact: self.last_contact.map(time),
            synced: self.source.and_then(|id| known.synced.get(&id)).map(|at| time(*at)),
            backup: (saved != BackupState::Unknown).then_some(saved),
            last_backup: self.backup_last_success.map(time),
            os: known.system(self),
            warranty_end: self.warranty_end.map(time),
            has_owner: self.has_owner,
            has_serial: serial::best(self.serial.as_deref(), self.bios_serial.as_deref()).is_some(),
            is_virtual: self.virtual_machine == Some(true),
        })
    }

    pub fn is_online(&self) -> bool {
        self.fed && !self.missing && self.offline == Some(false)
    }

    /// When a device that is not online was seen last; 0 when it never was.
    pub fn seen(&self) -> Option<i64> {
        (!self.is_online()).then(|| self.last_contact.unwrap_or_default())
    }

    /// Since when it has been in use: since its warranty began, or else since the vendor first knew it.
    pub fn born(&self) -> Option<i64> {
        self.warranty_start.or(self.created).map(super::day_of)
    }

    /// By what its operating system is kept.
    pub fn os_key(&self, release: Option<&Release>) -> String {
        let own = || self.os_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        match (release, own()) {
            (Some(release), _) => release.key.clone(),
            (None, Some(name)) => format!("~{}", name.chars().take(MOST_NAME).collect::<String>()),
            (None, None) => String::new(),
        }
    }
}

/// What devices share.
pub(super) struct Known {
    /// Releases by what devices say of their operating system.
    systems: HashMap<[Option<String>; 3], Option<&'static Release>>,
    /// When a device sync of each integration last read everything.
    synced: HashMap<Uuid, i64>,
}

impl Known {
    pub async fn of<A: Access>(tenant: &Tenant<A>) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            at: i64,
        }
        let select = "SELECT v.integration_id AS id, max(v.finished_at) AS at FROM runs v
            WHERE v.tenant_id = $1 AND v.kind IN ('devices', 'all') AND v.state IN ('completed', 'completed_with_errors')
            GROUP BY v.integration_id";
        let rows: Vec<Row> = sql::all(tenant.db(), select, vec![tenant.id().into()]).await?;
        let synced = rows.into_iter().map(|row| (row.id, row.at)).collect();
        Ok(Self { systems: HashMap::new(), synced })
    }

    fn system(&mut self, row: &FactsRow) -> Option<&'static Release> {
        let told = [row.os_name.clone(), row.os_version.clone(), row.os_build.clone()];
        let find = |[name, version, build]: &[Option<String>; 3]| {
            os::identify(name.as_deref()?, version.as_deref(), build.as_deref())
        };
        *self.systems.entry(told).or_insert_with_key(find)
    }
}

/// What people call the operating system of that key.
pub(super) fn os_name(key: &str) -> String {
    match (os::release(key), key.strip_prefix('~')) {
        (Some(release), _) => release.name.to_owned(),
        (None, Some(own)) => own.to_owned(),
        (None, None) => "Not known".to_owned(),
    }
}
