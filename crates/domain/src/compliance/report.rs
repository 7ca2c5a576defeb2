//! What reports answer.

use super::{Age, Check, ComplianceException, Outcome, Score};
use crate::{
    company::{CompanyRef, DeviceTypeRef},
    ids::{CompanyId, DeviceId, DeviceTypeId, IntegrationId, RunId},
    run::RunState,
};
use chrono::{DateTime, Utc};

wire! {
    /// How many devices came out of a check how. A device that it is not about is in none of the numbers.
    #[derive(Copy, Eq)]
    pub struct CheckCount {
        pub check: Check,
        pub days: Option<i64>,
        pub scored: bool,
        pub failing: i64,
        pub excepted: i64,
        pub unknown: i64,
        pub passed: i64,
    }

    /// How many devices fail a check.
    #[derive(Copy, Eq)]
    pub struct CheckNumber {
        pub check: Check,
        pub devices: i64,
    }

    /// Devices of one kind.
    pub struct FleetPart {
        /// What the list of its devices is filtered by.
        pub key: String,
        pub name: String,
        pub devices: i64,
        /// Of an operating system: its last day of support.
        pub ends: Option<DateTime<Utc>>,
        /// Whether that day is over.
        pub ended: bool,
    }

    /// The complete run of an integration that a report stands on.
    pub struct StandsOn {
        pub integration_id: IntegrationId,
        pub integration: String,
        /// Null while no device sync was complete.
        pub run_id: Option<RunId>,
        pub ended_at: Option<DateTime<Utc>>,
        /// How a later device sync ended that did not read everything.
        pub later: Option<RunState>,
    }

    /// The fleet, or a company's part of it, under all checks.
    pub struct ReportSummary {
        /// The MSP's name.
        pub tenant: String,
        /// Null for the whole fleet.
        pub company: Option<CompanyRef>,
        pub devices: i64,
        pub online: i64,
        pub companies: i64,
        pub score: Score,
        /// The score about a week ago.
        pub before: Option<Score>,
        /// Checks that are on.
        pub checks: Vec<CheckCount>,
        pub types: Vec<FleetPart>,
        pub systems: Vec<FleetPart>,
        pub ages: Vec<FleetPart>,
        pub stands_on: Vec<StandsOn>,
        /// When devices were last checked.
        pub checked_at: DateTime<Utc>,
    }

    /// How a company stands.
    pub struct CompanyScore {
        pub company: CompanyRef,
        pub devices: i64,
        pub online: i64,
        pub score: Score,
        /// About a week ago.
        pub before: Option<Score>,
        /// Checks that at least one device fails.
        pub failing: Vec<CheckNumber>,
    }

    /// A device in a report.
    pub struct DeviceFinding {
        pub id: DeviceId,
        pub name: String,
        pub company: CompanyRef,
        pub device_type: DeviceTypeRef,
        pub os: Option<String>,
        pub last_contact: Option<DateTime<Utc>>,
        /// Checks that it fails without an exception.
        pub failing: Vec<Check>,
        /// Checks that it fails with one.
        pub excepted: Vec<Check>,
        /// What was found, in words.
        pub found: String,
        /// The exception's reason, in a list of excepted devices.
        pub reason: Option<String>,
    }

    /// How one device stands.
    pub struct DeviceStanding {
        /// Checks that it fails without an exception, with what was found.
        pub failing: Vec<CheckFound>,
        /// Checks that it fails with one, with the reason.
        pub excepted: Vec<CheckFound>,
        /// Checks of which nothing is known.
        pub unknown: Vec<Check>,
        /// Whether it is looked at: no device that is archived or merged is, and none of an archived company.
        pub judged: bool,
    }

    /// A check that a device fails.
    pub struct CheckFound {
        pub check: Check,
        /// The check under its rule, such as "Offline for more than 30 days".
        pub label: String,
        /// What was found, in words; of an exception, its reason.
        pub found: String,
    }

    /// The devices that fail one check.
    pub struct Findings {
        pub check: Check,
        pub days: Option<i64>,
        pub total: i64,
        /// The first of them.
        pub devices: Vec<DeviceFinding>,
    }

    /// How things stood at the end of a day.
    pub struct TrendPoint {
        pub day: DateTime<Utc>,
        pub devices: i64,
        pub online: i64,
        pub score: Score,
        pub failing: Vec<CheckNumber>,
    }

    /// Everything about one company, to be read or printed.
    pub struct CompanyReport {
        pub summary: ReportSummary,
        /// Whether the company is archived: then its devices are in no report.
        pub archived: bool,
        pub findings: Vec<Findings>,
        /// Exceptions in force.
        pub exceptions: Vec<ComplianceException>,
        pub trend: Vec<TrendPoint>,
    }

    /// What the home page tells of the fleet.
    pub struct FleetPulse {
        pub devices: i64,
        pub online: i64,
        pub score: Score,
        /// About a week ago.
        pub before: Option<TrendPoint>,
        /// Companies whose score fell most since then.
        pub drops: Vec<CompanyScore>,
        /// Organizations that came in the last seven days and are mapped to no company.
        pub new_organizations: i64,
        /// Pairs of devices that may be the same and wait for a decision.
        pub duplicates: i64,
        pub trend: Vec<TrendPoint>,
        pub checked_at: Option<DateTime<Utc>>,
    }
}

/// The key of devices that do not tell their operating system.
pub const OS_NOT_TOLD: &str = "unknown";

/// Which devices a report lists; all parts must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    pub check: Option<Check>,
    /// With a check: how it came out; failing when left out.
    pub outcome: Option<Outcome>,
    pub company: Option<CompanyId>,
    pub device_type: Option<DeviceTypeId>,
    /// The key of an operating system, as in [`FleetPart`], or [`OS_NOT_TOLD`].
    pub os: Option<String>,
    pub age: Option<Age>,
    pub online: Option<bool>,
}
