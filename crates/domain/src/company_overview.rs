//! One company or location at a glance: its devices, how much of it is imported, and what happened to it.

use crate::{
    company::{CompanyRef, DeviceTypeRef, Location, LocationRef},
    device::DeviceStatus,
    device_edit::SkippedDevice,
    ids::{CompanyId, IntegrationId, RunId},
};
use chrono::{DateTime, Utc};

wire! {
    /// Devices of one status.
    pub struct StatusCount {
        pub status: DeviceStatus,
        pub count: i64,
    }

    /// Devices of one type.
    pub struct TypeCount {
        pub device_type: DeviceTypeRef,
        pub count: i64,
    }

    /// Devices of one location; `None` for those without one.
    pub struct LocationCount {
        pub location: Option<LocationRef>,
        pub count: i64,
    }

    /// Devices that lists show, by what people ask for, and those that they leave out.
    #[derive(Default)]
    pub struct DeviceCounts {
        pub total: i64,
        pub statuses: Vec<StatusCount>,
        pub types: Vec<TypeCount>,
        pub archived: i64,
        pub merged: i64,
    }

    /// One company at a glance.
    pub struct CompanyOverview {
        pub company_id: CompanyId,
        pub devices: DeviceCounts,
        pub locations: Vec<LocationCount>,
        /// Every integration of the portal, with what it has of this company.
        pub integrations: Vec<CompanyCoverage>,
        /// The company that this one was merged into.
        pub merged_into: Option<CompanyRef>,
        /// Whether that merge can be undone: it is kept what moved.
        pub can_unmerge: bool,
        /// Companies that were merged into this one and can be taken out again, the last one first.
        pub merged: Vec<MergedCompany>,
    }

    /// A company that was merged into another one, and can be taken out again.
    pub struct MergedCompany {
        pub company: CompanyRef,
        pub at: DateTime<Utc>,
        /// The user who did it.
        pub by: Option<String>,
    }

    /// What one integration has of a company.
    pub struct CompanyCoverage {
        pub integration_id: IntegrationId,
        pub integration: String,
        /// Organizations that are mapped to the company.
        pub organizations: Vec<CoveredOrganization>,
        /// Names of organizations for which Quick Match proposes it.
        pub proposed: Vec<String>,
        /// The last device sync that read everything.
        pub run_id: Option<RunId>,
        pub synced_at: Option<DateTime<Utc>>,
    }

    /// How much of a mapped organization is in the inventory.
    pub struct CoveredOrganization {
        pub remote_id: String,
        pub name: String,
        /// Devices that the vendor lists.
        pub devices: i64,
        pub imported: i64,
        /// Could be imported now.
        pub ready: i64,
        pub blocked: i64,
        /// Node classes without a device type that keep some of them out.
        pub unmapped_classes: Vec<String>,
    }

    /// One location at a glance.
    pub struct LocationOverview {
        pub location: Location,
        pub devices: DeviceCounts,
        /// The vendors' locations that are mapped to it.
        pub remote: Vec<MappedRemoteLocation>,
        /// What happened to it, newest first: the last 50 events.
        pub events: Vec<CompanyEvent>,
    }

    /// A vendor's location that is mapped to a PSA location.
    pub struct MappedRemoteLocation {
        pub integration_id: IntegrationId,
        pub integration: String,
        pub remote_id: String,
        pub name: String,
        pub organization: String,
        /// Devices that the vendor lists there.
        pub devices: i64,
        /// How many of them are in the inventory.
        pub imported: i64,
        /// The last device sync that read everything.
        pub run_id: Option<RunId>,
        pub synced_at: Option<DateTime<Utc>>,
    }

    /// Something that happened to a company or a location, newest first.
    pub struct CompanyEvent {
        pub kind: CompanyEventKind,
        /// A sentence.
        pub text: String,
        pub by: Option<String>,
        pub at: DateTime<Utc>,
        /// Of a decision about a mapping.
        pub integration_id: Option<IntegrationId>,
        /// The other company of a merge.
        pub other: Option<CompanyId>,
    }

    /// What a merge of companies moves, before or after it is done.
    #[derive(Eq)]
    pub struct CompanyMerge {
        /// The company that goes into the archive.
        pub company: CompanyRef,
        /// The company that stays.
        pub into: CompanyRef,
        pub devices: i64,
        /// Locations that go over.
        pub locations: i64,
        /// Names of locations that both have: their devices go to the one that stays.
        pub joined: Vec<String>,
        pub organizations: i64,
        /// Proposals of Quick Match.
        pub proposals: i64,
        /// Fields that the company that stays lacks and takes over.
        pub fields: Vec<String>,
        pub done: bool,
    }

    /// What undoing a merge of companies gives back, before or after it is done.
    pub struct CompanyUnmerge {
        /// The company that is taken out again.
        pub company: CompanyRef,
        /// The company that it was merged into.
        pub from: CompanyRef,
        /// Devices that go back.
        pub devices: i64,
        /// How many of them lose a location that they were given since: it stays with the other company.
        pub without_location: i64,
        /// Locations in use that it has then.
        pub locations: i64,
        /// Organizations that are mapped to it then.
        pub organizations: i64,
        /// Devices that the merge moved and that were put elsewhere since: they stay where they are.
        pub devices_left: i64,
        /// Why, for the first ones.
        pub reasons: Vec<SkippedDevice>,
        /// Names of organizations that the merge moved and whose mapping somebody decided on since: they stay, with their devices.
        pub organizations_left: Vec<String>,
        pub done: bool,
    }
}

words! {
    /// What happened to a company or a location.
    pub enum CompanyEventKind {
        /// A mapping of an organization or a location began or ended.
        Mapping = "mapping",
        Created = "created",
        /// Somebody changed what is typed about it, or about one of its locations, by hand or by a file.
        Changed = "changed",
        Archived = "archived",
        Restored = "restored",
        /// Another company was merged into it.
        Merged = "merged",
        /// It was merged into another company.
        MergedInto = "merged_into",
        /// A merge of the two companies was undone.
        Unmerged = "unmerged",
    }
}

impl CompanyEventKind {
    /// Words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mapping => "Mapping",
            Self::Created => "Created",
            Self::Changed => "Changed",
            Self::Archived => "Archived",
            Self::Restored => "Restored",
            Self::Merged | Self::MergedInto => "Merged",
            Self::Unmerged => "Merge undone",
        }
    }
}
