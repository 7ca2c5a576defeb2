//! Runs: one execution of a sync or an import, from queued to its final state.

use crate::{
    ids::{IntegrationId, QuestionId, RunId},
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
        /// What an earlier run held back and a user decided to apply.
        Apply = "apply",
        /// Imported devices to where changed mappings say.
        Remap = "remap",
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
        /// Roles, owners, backup usage and logged-on users, all at once.
        Details = "details",
        Devices = "devices",
        /// Asks NinjaOne again for each device that its list left out.
        Verifying = "verifying",
        Missing = "missing",
        Moving = "moving",
        Applying = "applying",
        Importing = "importing",
        Done = "done",
    }

    /// Who started a run.
    pub enum StartedBy {
        User = "user",
        Schedule = "schedule",
        AutoImport = "auto_import",
        /// The next attempt after a run that failed or was incomplete.
        Retry = "retry",
    }

    /// What became of a row.
    pub enum ChangeKind {
        Added = "added",
        Changed = "changed",
        /// It belongs to another organization, location or company.
        Moved = "moved",
        /// Its node class is another one.
        TypeChanged = "type_changed",
        /// A complete pull did not show it.
        Missing = "missing",
        /// Missing, and NinjaOne says that it was decommissioned.
        Decommissioned = "decommissioned",
        /// Missing before, there again.
        Returned = "returned",
        /// A new row with the serial number of a missing device: perhaps the same machine, enrolled again.
        Reenrolled = "reenrolled",
    }

    /// Where a part of a run stands that was held back.
    pub enum QuestionState {
        /// Waits for a decision.
        Open = "open",
        /// Applied, as somebody decided.
        Applied = "applied",
        /// Left alone, as somebody decided.
        Discarded = "discarded",
        /// A later run has seen the rows anew.
        Superseded = "superseded",
    }

    /// Which share was implausible.
    pub enum Scope {
        /// Of everything that the integration holds.
        Fleet = "fleet",
        /// Of one company's, or of one organization's that is not mapped.
        Company = "company",
    }

    /// What to do with what a run held back.
    pub enum Decision {
        Apply = "apply",
        Discard = "discard",
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
            Self::Apply => "Held changes",
            Self::Remap => "Re-mapping",
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
            Self::Details => "Reading roles, owners, backup usage and logged-on users",
            Self::Devices => "Reading devices",
            Self::Verifying => "Asking again for devices that the list left out",
            Self::Missing => "Marking missing rows",
            Self::Moving => "Moving devices",
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
        /// Requests that had to be repeated.
        pub retries: i64,
        /// Rows a second, of late.
        pub rate: Option<i64>,
        /// Seconds until the present phase ends, by the rate and the total.
        pub eta_seconds: Option<i64>,
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
        pub pause_requested: bool,
        /// The present attempt: above 1 after a pause, a restart or a crash. It may skip numbers.
        pub attempt: i64,
        /// When the next attempt starts by itself, after a run that did not complete.
        pub next_attempt_at: Option<DateTime<Utc>>,
        /// The run that this one tries again.
        pub retry_of: Option<RunId>,
        /// The latest run that tries this one again, or has: none that failed or was cancelled.
        pub retried_by: Option<RunId>,
        /// Parts held back that wait for a decision.
        pub open_questions: i64,
        /// Rows that could not be read or applied, each with its reason in `runs/errors`.
        pub errors: i64,
    }

    /// What became of the rows of a run. For an import, `added` are created and `changed` are linked devices.
    #[derive(Default, Copy)]
    pub struct Counts {
        pub added: i64,
        pub changed: i64,
        pub unchanged: i64,
        /// To another organization, location or type.
        pub moved: i64,
        /// Missing or decommissioned.
        pub missing: i64,
        pub returned: i64,
        pub failed: i64,
    }

    /// Proof of a complete pull of one entity: what was read, how it ended, and whether that is plausible.
    pub struct Evidence {
        pub entity: String,
        /// Requests that answered with a page of it.
        pub requests: i64,
        /// Rows on the wire.
        pub rows: i64,
        pub distinct: i64,
        /// Rows that came more than once.
        pub duplicates: i64,
        /// Rows that could not be read.
        pub unreadable: i64,
        /// How many rows the last runs and the organizations' counts make plausible.
        pub expected: Option<i64>,
        /// "empty page", "last cursor", or the reason why the end was not reached.
        pub ended: String,
        /// Whether the end was reached and nothing speaks against the numbers.
        pub complete: bool,
        /// What was compared and what came of it, in words.
        pub words: String,
    }

    /// One row that a run added, changed, moved or found missing.
    pub struct Change {
        pub entity: String,
        pub remote_id: String,
        pub name: String,
        pub change: ChangeKind,
        pub fields: Vec<FieldChange>,
    }

    /// How many changes of one kind a run made.
    pub struct ChangeCount {
        pub entity: String,
        pub change: ChangeKind,
        pub count: i64,
    }

    /// A row that a run could not read or apply.
    pub struct RunError {
        pub entity: String,
        /// The vendor's id, where at least that could be read.
        pub remote_id: Option<String>,
        pub name: Option<String>,
        pub reason: String,
    }

    /// A part of a run that was held back because it is implausible: so many rows at once.
    pub struct Question {
        pub id: QuestionId,
        pub run_id: RunId,
        pub integration_id: IntegrationId,
        pub entity: String,
        /// Missing, moved or type_changed.
        pub change: ChangeKind,
        pub scope: Scope,
        /// The company or organization, for that scope.
        pub scope_name: Option<String>,
        /// Rows held back.
        pub affected: i64,
        /// Rows that the share is taken of.
        pub of: i64,
        pub state: QuestionState,
        pub decided_by: Option<String>,
        pub decided_at: Option<DateTime<Utc>>,
        /// The run that applies it.
        pub applied_by: Option<RunId>,
        pub created_at: DateTime<Utc>,
    }

    /// One source of an integration: when it was last read whole, and why not since.
    pub struct SourceState {
        /// roles, owners, backup usage, logged-on users, custom fields, devices, organizations, locations.
        pub source: String,
        pub read_at: Option<DateTime<Utc>>,
        /// When reading it failed, if that is the latest news: what is held is stale.
        pub failed_at: Option<DateTime<Utc>>,
        pub problem: Option<String>,
    }

    /// A field before and after.
    pub struct FieldChange {
        pub field: String,
        pub before: Option<String>,
        pub after: Option<String>,
    }
}

impl ChangeKind {
    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Moved => "Moved",
            Self::TypeChanged => "Type changed",
            Self::Missing => "Missing",
            Self::Decommissioned => "Decommissioned",
            Self::Returned => "Returned",
            Self::Reenrolled => "Enrolled again",
        }
    }
}

impl Question {
    /// What was held back and of how many, as a sentence.
    pub fn sentence(&self) -> String {
        let (n, of, entity) = (self.affected, self.of, &self.entity);
        let whose = match (&self.scope, &self.scope_name) {
            (Scope::Company, Some(name)) => format!(" of {name}"),
            _ => String::new(),
        };
        match self.change {
            ChangeKind::Moved => format!(
                "{n} of {of} {entity}s{whose} would move to another organization or location at once."
            ),
            ChangeKind::TypeChanged => {
                format!("{n} of {of} {entity}s{whose} would change their type at once.")
            }
            _ => format!(
                "{n} of {of} {entity}s{whose} {} not in NinjaOne's answer and would be marked missing at once.",
                if n == 1 { "was" } else { "were" }
            ),
        }
    }
}

impl SourceState {
    /// Whether reading it failed after it was last read whole.
    pub fn is_stale(&self) -> bool {
        self.failed_at.is_some_and(|failed| self.read_at.is_none_or(|read| failed > read))
    }
}

impl Run {
    /// Whether it is incomplete only because a part was held back. Its questions tell which, and what became of it.
    pub fn is_held_back(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.code == Problem::IMPLAUSIBLE)
    }

    /// Share of the present phase, 0 to 100, where the total is known.
    pub fn percent(&self) -> Option<u8> {
        match self.total {
            Some(total) if total > 0 => u8::try_from((self.done.clamp(0, total)) * 100 / total).ok(),
            _ => None,
        }
    }
}
