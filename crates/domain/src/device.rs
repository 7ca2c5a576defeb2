//! The inventory.

use crate::{
    company::{CompanyRef, DeviceTypeRef, LocationRef},
    device_list::{ArchivedFilter, LocationFilter, SerialFilter, SupportFilter, WarrantyFilter},
    ids::{DeviceId, EditId, IntegrationId},
    os::OsFamily,
};
use chrono::{DateTime, Utc};

words! {
    /// How a device of the inventory stands.
    pub enum DeviceStatus {
        /// Seen online at the last complete device sync.
        Online = "online",
        /// Known to the RMM, offline at the last complete device sync.
        Offline = "offline",
        /// Absent from the last complete device sync.
        Missing = "missing",
        /// Not fed by any integration (added by hand, or kept when its integration was deleted).
        Detached = "detached",
    }

    /// Whether a device has backup data.
    pub enum BackupState {
        /// Bytes are stored, or a job has succeeded.
        Protected = "protected",
        /// The vendor's backup holds nothing of this device.
        None = "none",
        /// No backup data has been read.
        Unknown = "unknown",
    }
}

wire! {
    /// A device of the inventory as a list row.
    pub struct DeviceRow {
        pub id: DeviceId,
        pub name: String,
        pub hostname: Option<String>,
        pub company: CompanyRef,
        pub location: Option<LocationRef>,
        pub device_type: DeviceTypeRef,
        pub status: DeviceStatus,
        pub os_name: Option<String>,
        pub os_version: Option<String>,
        pub serial: Option<String>,
        pub asset_tag: Option<String>,
        pub manufacturer: Option<String>,
        pub model: Option<String>,
        pub ip: Option<String>,
        pub mac: Option<String>,
        pub last_contact: Option<DateTime<Utc>>,
        pub last_user: Option<String>,
        pub owner_name: Option<String>,
        pub backup: BackupState,
        pub warranty_end: Option<DateTime<Utc>>,
        pub source: Option<String>,
        pub integration_id: Option<IntegrationId>,
        pub created_at: DateTime<Utc>,
        pub archived: bool,
    }

    /// An integration that devices come from.
    pub struct SourceRef {
        pub id: IntegrationId,
        pub name: String,
    }

    /// A device as the vendor itself told it when it was asked.
    pub struct RawDevice {
        pub integration: String,
        pub remote_id: String,
        /// The vendor's fields as JSON text, indented.
        pub json: String,
        /// What these fields say of the device's hardware.
        pub hardware: LiveHardware,
        pub asked_at: DateTime<Utc>,
    }

    /// What a device is made of, as its vendor told it when it was asked; nothing of it is kept. Sizes are bytes.
    #[derive(Default)]
    pub struct LiveHardware {
        pub manufacturer: Option<String>,
        pub model: Option<String>,
        pub serial: Option<String>,
        pub bios_serial: Option<String>,
        pub virtual_machine: Option<bool>,
        pub memory_bytes: Option<i64>,
        /// Those that are alike together.
        pub processors: Vec<LiveProcessor>,
        pub volumes: Vec<LiveVolume>,
    }

    /// Processors of one kind.
    pub struct LiveProcessor {
        pub name: Option<String>,
        pub count: i64,
        /// Of all of them together.
        pub cores: Option<i64>,
        /// Cores as the operating system counts them, of all of them together.
        pub threads: Option<i64>,
        /// The highest speed.
        pub hertz: Option<i64>,
    }

    /// A disk, or a part of one, as the operating system shows it.
    pub struct LiveVolume {
        /// Such as `C:` or `/home`.
        pub name: Option<String>,
        pub label: Option<String>,
        /// Such as `Local Disk`.
        pub kind: Option<String>,
        pub file_system: Option<String>,
        pub capacity_bytes: Option<i64>,
        pub free_bytes: Option<i64>,
    }

    /// Everything held of a device, with where it came from.
    pub struct DeviceDetail {
        pub id: DeviceId,
        pub company: CompanyRef,
        pub location: Option<LocationRef>,
        pub device_type: DeviceTypeRef,
        pub status: DeviceStatus,
        pub version: i64,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
        pub source: Option<DeviceSource>,
        pub facts: DeviceFacts,
        pub backup: BackupState,
        pub last_contact: Option<DateTime<Utc>>,
        pub last_user: Option<String>,
        /// Why the device is not where its organization in NinjaOne would put it.
        pub waiting: Option<String>,
        /// Sources that could not be read lately: what they told of this device is of that date.
        pub stale: Vec<crate::run::SourceState>,
        /// Fields that a person has set: the sync leaves them alone.
        pub owned: Vec<crate::device_edit::OwnedField>,
        pub asset_tag: Option<String>,
        pub notes: Option<String>,
        /// Since when it is out of lists and reports.
        pub archived_at: Option<DateTime<Utc>>,
        /// The device that this one was found to be the same as.
        pub merged_into: Option<DeviceRef>,
        /// In the answer to an edit of this device: what takes it back. None where nothing was changed, or it was only read.
        pub edit: Option<EditId>,
    }

    /// A device named by id, for links.
    pub struct DeviceRef {
        pub id: DeviceId,
        pub name: String,
    }

    /// Which integration feeds a device, and the vendor's own names for it.
    pub struct DeviceSource {
        pub integration_id: IntegrationId,
        pub integration: String,
        pub vendor: String,
        pub remote_id: String,
        pub organization: Option<String>,
        pub location: Option<String>,
        pub node_class: Option<String>,
        /// The device's page in the vendor's console.
        pub url: Option<String>,
        pub missing_since: Option<DateTime<Utc>>,
        /// Whether the vendor says that it was decommissioned.
        pub decommissioned: bool,
        /// When the last complete device sync that this row stands on ended.
        pub synced_at: Option<DateTime<Utc>>,
    }

    /// The stable facts of a device as the vendor tells them. Sizes are bytes.
    #[derive(Default)]
    pub struct DeviceFacts {
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
        pub ip_addresses: Vec<String>,
        pub mac_addresses: Vec<String>,
        pub public_ip: Option<String>,
        pub last_boot: Option<DateTime<Utc>>,
        pub owner_uid: Option<String>,
        pub owner_name: Option<String>,
        pub owner_email: Option<String>,
        pub warranty_start: Option<DateTime<Utc>>,
        pub warranty_end: Option<DateTime<Utc>>,
        pub backup_cloud_bytes: Option<i64>,
        pub backup_local_bytes: Option<i64>,
        pub backup_total_bytes: Option<i64>,
        pub backup_last_success: Option<DateTime<Utc>>,
        pub backup_last_failure: Option<DateTime<Utc>>,
        pub created: Option<DateTime<Utc>>,
    }
}

impl LiveHardware {
    /// Whether nothing is told of what only the vendor knows: processors, memory and disks.
    pub fn is_empty(&self) -> bool {
        self.processors.is_empty() && self.memory_bytes.is_none() && self.volumes.is_empty()
    }
}

/// Which devices of the inventory a list shows; all parts must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DeviceFilter {
    pub company: Option<crate::ids::CompanyId>,
    pub location: Option<LocationFilter>,
    pub device_type: Option<crate::ids::DeviceTypeId>,
    pub status: Option<DeviceStatus>,
    /// An integration's id, or `manual` for devices without one.
    pub source: Option<String>,
    pub backup: Option<BackupState>,
    /// Part of the owner's name or e-mail, or `none` for devices without an owner.
    pub owner: Option<String>,
    pub os: Option<OsFamily>,
    /// How long the operating system's release is supported.
    pub os_support: Option<SupportFilter>,
    /// `never`, or a number of days: the last contact is longer ago.
    pub last_contact: Option<String>,
    pub warranty: Option<WarrantyFilter>,
    pub serial: Option<SerialFilter>,
    pub archived: Option<ArchivedFilter>,
}
