//! Staged devices and their import into the inventory.

use crate::{
    company::{CompanyRef, DeviceTypeRef},
    ids::{CompanyId, DeviceId},
};
use chrono::{DateTime, Utc};

words! {
    /// Where a staged device stands.
    pub enum StagedStatus {
        /// Mapped organization, mapped type: can be imported now.
        Ready = "ready",
        /// Already in the inventory.
        Imported = "imported",
        /// Something is missing first; `blocked_by` says what.
        Blocked = "blocked",
    }

    /// What keeps a staged device from being imported.
    pub enum BlockedBy {
        OrganizationUnmapped = "organization_unmapped",
        OrganizationIgnored = "organization_ignored",
        CompanyArchived = "company_archived",
        TypeUnmapped = "type_unmapped",
        TypeIgnored = "type_ignored",
        Missing = "missing",
        /// It looks like an inventory device that was enrolled again; somebody has to say whether it is.
        Reenrolled = "reenrolled",
    }

    /// Whether a staged device is the inventory device it looks like.
    pub enum SameChoice {
        /// The same machine: the inventory device goes on with the new row.
        Same = "same",
        /// Another machine: it is imported as a device of its own.
        New = "new",
    }

    /// What became of one device of an import.
    pub enum ImportOutcome {
        Created = "created",
        Linked = "linked",
        Skipped = "skipped",
        Failed = "failed",
    }
}

impl BlockedBy {
    /// Why, and what to do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OrganizationUnmapped => {
                "The organization is not mapped to a company. Map it under Map organizations."
            }
            Self::OrganizationIgnored => {
                "The organization is ignored. Map it to a company to import its devices."
            }
            Self::CompanyArchived => {
                "The mapped company is archived. Restore it or map the organization to another one."
            }
            Self::TypeUnmapped => "The device type is not mapped. Choose a device type for this node class.",
            Self::TypeIgnored => "This node class is ignored. Choose a device type to import its devices.",
            Self::Missing => "The device was not in the last complete sync.",
            Self::Reenrolled => {
                "It has the serial number of a device that NinjaOne no longer has. Say whether it is the same one."
            }
        }
    }
}

wire! {
    /// A staged device: what the vendor sent, and whether it can be imported.
    pub struct StagedDevice {
        pub remote_id: String,
        pub name: String,
        pub hostname: Option<String>,
        pub serial: Option<String>,
        pub node_class: String,
        pub organization: String,
        pub organization_remote_id: String,
        pub location: Option<String>,
        pub company: Option<CompanyRef>,
        pub device_type: Option<DeviceTypeRef>,
        pub status: StagedStatus,
        pub blocked_by: Option<BlockedBy>,
        pub device_id: Option<DeviceId>,
        pub last_contact: Option<DateTime<Utc>>,
        /// The inventory device that it looks like.
        pub same_as: Option<SameAs>,
        /// Why an imported device is not where its organization would put it.
        pub waiting: Option<String>,
    }

    /// An inventory device with the same good serial number whose own row NinjaOne no longer has.
    pub struct SameAs {
        pub device_id: DeviceId,
        pub name: String,
        pub serial: String,
        /// The old id in NinjaOne.
        pub remote_id: String,
    }

    /// How many staged devices stand where, under the same filters but the status.
    #[derive(Default, Copy, Eq)]
    pub struct StagedCounts {
        pub all: i64,
        pub ready: i64,
        pub imported: i64,
        pub blocked: i64,
    }

    /// Which staged devices a filter selects; all parts must hold.
    #[derive(Default, Eq)]
    pub struct StagedFilter {
        #[serde(default)]
        pub search: Option<String>,
        #[serde(default)]
        pub node_class: Option<String>,
        /// The organization's remote id.
        #[serde(default)]
        pub organization: Option<String>,
        #[serde(default)]
        pub company: Option<CompanyId>,
        #[serde(default)]
        pub status: Option<StagedStatus>,
    }

    /// What an import did with one device.
    pub struct ImportResult {
        pub remote_id: String,
        pub name: String,
        pub outcome: ImportOutcome,
        pub reason: Option<String>,
        pub device_id: Option<DeviceId>,
    }
}

/// Which devices to import: `{"remote_ids": []}`, `{"node_class": c}`, `{"filter": {...}}` or `"all"`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportSelection {
    RemoteIds(Vec<String>),
    NodeClass(String),
    Filter(StagedFilter),
    All,
}

/// Most devices that may be named one by one; more are selected by a filter.
pub const MAX_NAMED_DEVICES: usize = 10_000;
