//! Mappings: organizations to companies, remote locations to PSA locations, node classes to device types.

mod sides;

pub use sides::{LocationChoice, MappingChoice, MappingRow, OrganizationChoice};

use crate::{
    company::{CompanyRef, DeviceTypeRef, LocationRef},
    ids::DecisionId,
};
use chrono::{DateTime, Utc};

words! {
    /// Where the mapping of a row stands.
    pub enum MappingStatus {
        /// Linked to a company or location.
        Mapped = "mapped",
        /// Quick Match proposes one; nobody has decided.
        Pending = "pending",
        /// Nothing is known.
        Unmapped = "unmapped",
        /// The user said that this row is not wanted.
        Ignored = "ignored",
    }

    /// Who made a mapping.
    pub enum MappedBy {
        Manual = "manual",
        QuickMatch = "quick_match",
    }
}

wire! {
    /// An organization with its mapping.
    pub struct OrganizationRow {
        pub remote_id: String,
        pub name: String,
        pub description: Option<String>,
        pub device_count: i64,
        pub location_count: i64,
        pub status: MappingStatus,
        pub company: Option<CompanyRef>,
        pub suggestion: Option<CompanySuggestion>,
        pub mapped_by: Option<MappedBy>,
        /// The user who mapped or ignored it, or who ran Quick Match.
        pub mapped_by_name: Option<String>,
        pub mapped_at: Option<DateTime<Utc>>,
        pub missing_since: Option<DateTime<Utc>>,
        /// Grows with every decision; send it back to be told of a lost race.
        pub version: i64,
        /// In the answer to a decision: how to take it back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub undo: Option<DecisionId>,
    }

    /// A proposed company: confidence 0 to 1 (a probability), and why.
    pub struct CompanySuggestion {
        pub company: CompanyRef,
        pub confidence: f64,
        pub reasons: Vec<String>,
        pub runner_up: Option<CompanyRunnerUp>,
    }

    /// The second best company.
    pub struct CompanyRunnerUp {
        pub company: CompanyRef,
        pub confidence: f64,
    }

    /// A remote location with its mapping.
    pub struct RemoteLocationRow {
        pub remote_id: String,
        pub name: String,
        pub address: Option<String>,
        pub organization: String,
        pub organization_remote_id: String,
        pub device_count: i64,
        /// The company of the mapped organization; without one, the location cannot be mapped yet.
        pub company: Option<CompanyRef>,
        pub status: MappingStatus,
        pub location: Option<LocationRef>,
        pub suggestion: Option<LocationSuggestion>,
        pub mapped_by: Option<MappedBy>,
        pub mapped_by_name: Option<String>,
        pub mapped_at: Option<DateTime<Utc>>,
        pub missing_since: Option<DateTime<Utc>>,
        pub version: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub undo: Option<DecisionId>,
    }

    /// A proposed location: confidence 0 to 1 (a probability), and why.
    pub struct LocationSuggestion {
        pub location: LocationRef,
        pub confidence: f64,
        pub reasons: Vec<String>,
        pub runner_up: Option<LocationRunnerUp>,
    }

    /// The second best location.
    pub struct LocationRunnerUp {
        pub location: LocationRef,
        pub confidence: f64,
    }

    /// A node class with its mapping.
    pub struct NodeClassRow {
        pub node_class: String,
        pub device_count: i64,
        /// Devices of mapped organizations that could be imported now.
        pub ready_count: i64,
        pub imported_count: i64,
        pub device_type: Option<DeviceTypeRef>,
        pub auto_sync: bool,
        pub ignored: bool,
        pub version: i64,
    }

    /// How many rows stand where.
    #[derive(Default, Copy, Eq)]
    pub struct StatusCounts {
        pub all: i64,
        pub mapped: i64,
        pub pending: i64,
        pub unmapped: i64,
        pub ignored: i64,
    }

    /// How all rows of the integration stand after Quick Match, how many it mapped, and how to take that back.
    #[derive(Default, Copy, Eq)]
    pub struct QuickMatchResult {
        pub mapped: i64,
        pub pending: i64,
        pub unmapped: i64,
        /// Mapped by this Quick Match.
        pub newly_mapped: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub undo: Option<DecisionId>,
    }

    /// How many rows Quick Match would map from a confidence on.
    #[derive(Copy)]
    pub struct ThresholdPreview {
        pub threshold: f64,
        pub mapped: i64,
    }

    /// What Quick Match would do, for each threshold that can be chosen.
    pub struct QuickMatchPreview {
        pub thresholds: Vec<ThresholdPreview>,
        /// Rows with a proposal of any confidence.
        pub proposed: i64,
        /// Rows without any.
        pub unmatched: i64,
    }

    /// What Quick Match or Quick Create did for node classes.
    #[derive(Default, Copy, Eq)]
    pub struct NodeClassMatchResult {
        pub mapped: i64,
        pub created: i64,
    }
}

/// Confidence from which Quick Match maps by itself, unless another one is asked for.
pub const DEFAULT_THRESHOLD: f64 = crate::matching::QUICK_MATCH;
/// Thresholds that a user is offered, strictest first.
pub const THRESHOLDS: &[f64] = &[0.995, 0.99, DEFAULT_THRESHOLD, 0.95, 0.9, 0.8];

/// What to change about a node class; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeClassChoice {
    pub device_type_id: Option<crate::ids::DeviceTypeId>,
    pub auto_sync: Option<bool>,
    pub ignore: Option<bool>,
    /// Takes the device type away.
    pub unmap: Option<bool>,
    /// What it counted when it was read: it is changed only if nobody has changed it since.
    pub version: Option<i64>,
}
