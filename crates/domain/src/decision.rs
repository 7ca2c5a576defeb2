//! Decisions about mappings, one or many at once: what became of them, and how they are taken back.

use crate::{
    ids::{DecisionId, RunId},
    mapping::MappingStatus,
};
use chrono::{DateTime, Utc};

words! {
    /// What a mapping is about.
    pub enum MappingSubject {
        /// Organizations to companies.
        Organization = "organization",
        /// Remote locations to PSA locations.
        Location = "location",
    }

    /// What a decision did.
    pub enum DecisionKind {
        Link = "link",
        Accept = "accept",
        Create = "create",
        Ignore = "ignore",
        Unmap = "unmap",
        QuickMatch = "quick_match",
    }
}

wire! {
    /// What became of a decision about several rows.
    pub struct Decided {
        /// Rows that are otherwise than before.
        pub changed: i64,
        /// Rows that were left as they are, with the reason; at most [`MAX_SKIPPED`] of them.
        pub skipped: Vec<SkippedRow>,
        /// How many were left as they are.
        pub skipped_count: i64,
        /// How to take it back.
        pub undo: Option<DecisionId>,
        /// The run that puts imported devices where the mappings say now.
        pub run: Option<RunId>,
    }

    /// A row that a decision left as it is.
    pub struct SkippedRow {
        pub remote_id: String,
        pub name: String,
        pub reason: String,
    }

    /// One action that changed mappings.
    pub struct MappingDecision {
        pub id: DecisionId,
        pub subject: MappingSubject,
        pub kind: DecisionKind,
        pub rows: i64,
        pub user_name: Option<String>,
        pub decided_at: DateTime<Utc>,
        pub undone_at: Option<DateTime<Utc>>,
        pub undone_by: Option<String>,
    }

    /// One mapping that a decision changed.
    pub struct DecisionRow {
        pub subject: MappingSubject,
        pub remote_id: String,
        pub name: String,
        pub before: MappingStatus,
        pub before_target: Option<String>,
        pub after: MappingStatus,
        pub after_target: Option<String>,
        /// Of Quick Match: 0 to 1.
        pub confidence: Option<f64>,
        pub reasons: Vec<String>,
        /// Taken back.
        pub undone: bool,
    }
}

/// Most rows that an answer names as left alone.
pub const MAX_SKIPPED: usize = 50;
/// Most rows that a decision may name one by one; a filter takes any number.
pub const MAX_REMOTE_IDS: usize = 2_000;

/// Which rows a decision is about: `{"remote_ids": [..]}` or `{"filter": {..}}` for all that a list shows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MappingSelection {
    RemoteIds(Vec<String>),
    Filter(MappingFilter),
}

/// What narrows a list of mappings; what is `None` does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct MappingFilter {
    pub search: Option<String>,
    pub status: Option<MappingStatus>,
    /// Of locations: the remote id of their organization.
    pub organization: Option<String>,
}

impl DecisionKind {
    /// What was done, for a history.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Link => "Mapped",
            Self::Accept => "Accepted proposals",
            Self::Create => "Created and mapped",
            Self::Ignore => "Ignored",
            Self::Unmap => "Unmapped",
            Self::QuickMatch => "Quick Match",
        }
    }
}
