//! Compliance: which devices are not as they should be, by which rules, and how much of a fleet is.
//!
//! A check of a device passes, fails, or is *unknown* because nobody told what it would have to look at; a check that is
//! not about such a device (the warranty of a virtual machine) says nothing. The score is the share of pairs of a device
//! and a check that counts which were passed, out of those that passed or failed. An exception counts as passed and is
//! shown. What is unknown counts neither way: a fleet does not get better by hiding data, and not worse by lacking it.

mod assess;
mod check;
mod exception;
pub mod os;
mod report;
mod rules;
mod score;

pub use assess::{Assessment, Facts, assess, date, finding};
pub use check::{Age, Check, Checks, Outcome};
pub use exception::{ComplianceException, Subject, SubjectInput, Terms, TermsInput, holds};
pub use report::{
    CheckCount, CheckFound, CheckNumber, CompanyReport, CompanyScore, DeviceFinding, DeviceStanding,
    Findings, FleetPart, FleetPulse, OS_NOT_TOLD, ReportFilter, ReportSummary, StandsOn, TrendPoint,
};
pub use rules::{ComplianceRules, MOST_DAYS, Rule, RuleSet};
pub use score::Score;
