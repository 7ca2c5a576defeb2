//! Runs: one execution of a sync or an import, from queued to its final state.

use crate::{
    ids::{IntegrationId, RunId},
    vendor::Problem,
};
use chrono::{DateTime, Utc};

words! {
    /// What a run does.
    pub enum RunKind {
        /// Organizations and their locations, with device counts.
        Organizations = "organizations",
        /// Devices and everything joined to them.
        Devices = "devices",
        /// Organizations, then devices.
        All = "all",
        /// Staged devices into the inventory.
        Import = "import",
    }

    /// Where a run stands. Only `Completed` says that everything was read.
    pub enum RunState {
        Queued = "queued",
        Running = "running",
        Paused = "paused",
        Completed = "completed",
        /// Everything needed was read; an optional source or some rows failed.
        CompletedWithErrors = "completed_with_errors",
        /// The pull could not be proven complete: nothing was marked missing.
        Incomplete = "incomplete",
        Failed = "failed",
        Cancelled = "cancelled",
    }

    /// The part of its work a run is at.
    pub enum Phase {
        Waiting = "waiting",
        Connecting = "connecting",
        Organizations = "organizations",
        Locations = "locations",
        CountingDevices = "counting_devices",
        Roles = "roles",
        Users = "users",
        Devices = "devices",
        LoggedOnUsers = "logged_on_users",
        Backup = "backup",
        Missing = "missing",
        Applying = "applying",
        Importing = "importing",
        Done = "done",
    }

    /// Who started a run.
    pub enum StartedBy {
        User = "user",
        Schedule = "schedule",
        AutoImport = "auto_import",
    }
}

impl RunState {
    /// Whether the run still holds its place: no second run of its kind may start.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Paused)
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Running => "Running",
            Self::Paused => "Paused",
            Self::Completed => "Completed",
            Self::CompletedWithErrors => "Completed with errors",
            Self::Incomplete => "Incomplete",
            Self::Failed => "Failed",
            Self::Cancelled => "Cancelled",
        }
    }
}

impl RunKind {
    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Organizations => "Organization sync",
            Self::Devices => "Device sync",
            Self::All => "Full sync",
            Self::Import => "Device import",
        }
    }
}

impl Phase {
    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting to start",
            Self::Connecting => "Connecting",
            Self::Organizations => "Reading organizations",
            Self::Locations => "Reading locations",
            Self::CountingDevices => "Counting devices",
            Self::Roles => "Reading device roles",
            Self::Users => "Reading owners",
            Self::Devices => "Reading devices",
            Self::LoggedOnUsers => "Reading logged-on users",
            Self::Backup => "Reading backup usage",
            Self::Missing => "Looking for missing rows",
            Self::Applying => "Updating the inventory",
            Self::Importing => "Importing devices",
            Self::Done => "Done",
        }
    }
}

wire! {
    /// A run as everybody sees it: list, page and event stream alike.
    pub struct Run {
        pub id: RunId,
        pub integration_id: IntegrationId,
        pub kind: RunKind,
        pub state: RunState,
        pub phase: Phase,
        /// Rows handled in the present phase.
        pub done: i64,
        /// Rows to handle in the present phase, where known.
        pub total: Option<i64>,
        pub counts: Counts,
        pub requests: i64,
        pub started_by: StartedBy,
        /// Name of the user who started it.
        pub user: Option<String>,
        pub created_at: DateTime<Utc>,
        pub started_at: Option<DateTime<Utc>>,
        pub finished_at: Option<DateTime<Utc>>,
        /// What the run waits for right now, such as "Throttled by NinjaOne, continuing in 12 s."
        pub notice: Option<String>,
        pub problem: Option<Problem>,
        /// Optional sources that failed, each a sentence.
        pub warnings: Vec<String>,
        /// Per entity, what proves that everything was read.
        pub evidence: Vec<Evidence>,
        pub cancel_requested: bool,
    }

    /// What became of the rows of a run. For an import, `added` are created and `changed` are linked devices.
    #[derive(Default, Copy)]
    pub struct Counts {
        pub added: i64,
        pub changed: i64,
        pub unchanged: i64,
        pub missing: i64,
        pub failed: i64,
    }

    /// Proof of a complete pull of one entity: how many rows and distinct ids on how many pages, and how it ended.
    pub struct Evidence {
        pub entity: String,
        pub rows: i64,
        pub distinct: i64,
        pub pages: i64,
        /// "empty page", "last cursor", or the reason why the end was not reached.
        pub ended: String,
        pub complete: bool,
    }

    /// One row that a run added, changed, moved or found missing.
    pub struct Change {
        pub entity: String,
        pub remote_id: String,
        pub name: String,
        /// added, changed, moved, missing, returned.
        pub change: String,
        pub fields: Vec<FieldChange>,
    }

    /// A field before and after.
    pub struct FieldChange {
        pub field: String,
        pub before: Option<String>,
        pub after: Option<String>,
    }
}

impl Run {
    /// Share of the present phase, 0 to 100, where the total is known.
    pub fn percent(&self) -> Option<u8> {
        match self.total {
            Some(total) if total > 0 => u8::try_from((self.done.clamp(0, total)) * 100 / total).ok(),
            _ => None,
        }
    }
}
