//! What comes of the checks of one device.

use super::{Check, Checks, RuleSet, Score, os::Release};
use crate::{Time, device::BackupState};
use chrono::{Datelike, Duration, NaiveDate};

/// What the checks look at.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Whether an integration feeds the device.
    pub fed: bool,
    /// Whether the last complete sync did not find it.
    pub missing: bool,
    pub online: bool,
    pub last_contact: Option<Time>,
    /// When a device sync of its integration last read everything.
    pub synced: Option<Time>,
    /// `None` while no backup data was read.
    pub backup: Option<BackupState>,
    pub last_backup: Option<Time>,
    /// `None` when the operating system is not told or not in the table.
    pub os: Option<&'static Release>,
    pub warranty_end: Option<Time>,
    pub has_owner: bool,
    pub has_serial: bool,
    pub is_virtual: bool,
}

/// The outcome of the checks that are on, before exceptions. A check that does not apply is in none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    pub failing: Checks,
    pub unknown: Checks,
    pub passed: Checks,
}

/// What one check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fails,
    Passes,
    Unknown,
    /// The check is not about such a device.
    Outside,
}

use Verdict::{Fails, Outside, Passes, Unknown};

/// Fails if so, else passes.
fn fails(so: bool) -> Verdict {
    if so { Fails } else { Passes }
}

/// Checks a device.
pub fn assess(facts: &Facts, rules: &RuleSet, now: Time) -> Assessment {
    let mut all = Assessment::default();
    for rule in rules.all().iter().filter(|rule| rule.on) {
        let days = Duration::days(rule.days.unwrap_or_default());
        let into = match verdict(rule.check, facts, days, now) {
            Fails => &mut all.failing,
            Passes => &mut all.passed,
            Unknown => &mut all.unknown,
            Outside => continue,
        };
        *into = into.and(rule.check);
    }
    all
}

fn verdict(check: Check, facts: &Facts, days: Duration, now: Time) -> Verdict {
    match check {
        Check::Offline => offline(facts, days, now),
        Check::NoBackup => match facts.backup {
            Some(BackupState::Protected) => Passes,
            Some(BackupState::None) => Fails,
            Some(BackupState::Unknown) | None => Unknown,
        },
        Check::StaleBackup => match (facts.backup, facts.last_backup) {
            (Some(BackupState::Protected), Some(at)) => fails(at < now - days),
            (Some(BackupState::None), _) => Outside,
            _ => Unknown,
        },
        Check::OsEnded => last_day(facts).map_or(Unknown, |last| fails(has_ended(last, now))),
        Check::OsEnding => last_day(facts).map_or(Unknown, |last| ending(last, days, now)),
        Check::WarrantyEnded | Check::WarrantyEnding if facts.is_virtual => Outside,
        Check::WarrantyEnded => day(facts.warranty_end).map_or(Unknown, |end| fails(has_ended(end, now))),
        Check::WarrantyEnding => day(facts.warranty_end).map_or(Unknown, |end| ending(end, days, now)),
        Check::NoOwner => fails(!facts.has_owner),
        Check::NoSerial if facts.is_virtual => Outside,
        Check::NoSerial => fails(!facts.has_serial),
        Check::Missing if !facts.fed => Outside,
        Check::Missing => fails(facts.missing),
        Check::NotInRmm => fails(!facts.fed),
        Check::Stale if !facts.fed => Outside,
        Check::Stale => facts.synced.map_or(Unknown, |at| fails(at < now - days)),
    }
}

/// A device that is missing, or that nothing feeds, is told of by those checks.
fn offline(facts: &Facts, days: Duration, now: Time) -> Verdict {
    match facts.last_contact {
        _ if !facts.fed || facts.missing => Outside,
        _ if facts.online => Passes,
        Some(at) => fails(at < now - days),
        None => Unknown,
    }
}

fn day(time: Option<Time>) -> Option<NaiveDate> {
    time.map(|time| time.date_naive())
}

/// The last day of support of its operating system, where one is named.
fn last_day(facts: &Facts) -> Option<NaiveDate> {
    facts.os.and_then(|os| os.ends)
}

fn has_ended(last: NaiveDate, now: Time) -> bool {
    now.date_naive() > last
}

fn ending(last: NaiveDate, days: Duration, now: Time) -> Verdict {
    if has_ended(last, now) { Outside } else { fails(now.date_naive() + days >= last) }
}

impl Assessment {
    /// What counts: an exception counts as passed, what is not known not at all.
    pub fn score(self, scored: Checks, excepted: Checks) -> Score {
        let passed = self.passed.either(self.failing.both(excepted)).both(scored).count();
        Score { passed, judged: self.passed.either(self.failing).both(scored).count() }
    }
}

/// What was found about a device that fails a check, as a sentence.
pub fn finding(check: Check, facts: &Facts) -> String {
    let at = |time: Option<Time>| day(time).map(date);
    match check {
        Check::Offline => at(facts.last_contact).map(|day| format!("Last contact on {day}.")),
        Check::StaleBackup => at(facts.last_backup).map(|day| format!("Last successful backup on {day}.")),
        Check::OsEnded | Check::OsEnding => facts.os.and_then(|os| {
            let verb = if check == Check::OsEnded { "ended" } else { "ends" };
            Some(format!("Support of {} {verb} on {}.", os.name, date(os.ends?)))
        }),
        Check::WarrantyEnded => at(facts.warranty_end).map(|day| format!("Warranty ended on {day}.")),
        Check::WarrantyEnding => at(facts.warranty_end).map(|day| format!("Warranty ends on {day}.")),
        Check::Stale => at(facts.synced).map(|day| format!("Last complete device sync on {day}.")),
        Check::Missing => {
            at(facts.last_contact).map(|day| format!("Missing in the RMM, last contact on {day}."))
        }
        _ => None,
    }
    .unwrap_or_else(|| format!("{}.", check.name()))
}

/// A day as people write it.
///
/// ```
/// let day = chrono::NaiveDate::from_ymd_opt(2025, 10, 14).unwrap();
/// assert_eq!(domain::compliance::date(day), "14 Oct 2025");
/// ```
pub fn date(day: NaiveDate) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    format!("{} {} {}", day.day(), MONTHS[day.month0() as usize], day.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compliance::{Rule, os};

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn now() -> Time {
        at("2026-05-01T08:00:00Z")
    }

    /// A device that passes everything.
    fn good() -> Facts {
        Facts {
            fed: true,
            online: true,
            last_contact: Some(now()),
            synced: Some(now()),
            backup: Some(BackupState::Protected),
            last_backup: Some(now()),
            os: os::release("windows-server-2022"),
            warranty_end: Some(at("2028-01-01T00:00:00Z")),
            has_owner: true,
            has_serial: true,
            ..Facts::default()
        }
    }

    fn told(facts: &Facts) -> (Vec<Check>, Vec<Check>, i64) {
        let all = assess(facts, &RuleSet::default(), now());
        (all.failing.iter().collect(), all.unknown.iter().collect(), all.passed.count())
    }

    #[test]
    fn a_good_device_passes_everything() {
        assert_eq!(told(&good()), (vec![], vec![], 12));
    }

    #[test]
    fn each_check_fails_by_itself() {
        let cases: [(Check, Facts); 10] = [
            (Check::Stale, Facts { synced: Some(at("2026-04-28T07:59:59Z")), ..good() }),
            (
                Check::Offline,
                Facts { online: false, last_contact: Some(at("2026-03-31T00:00:00Z")), ..good() },
            ),
            (Check::StaleBackup, Facts { last_backup: Some(at("2026-04-24T07:59:59Z")), ..good() }),
            (Check::OsEnding, Facts { os: os::release("windows-11-24h2/pro"), ..good() }),
            (Check::WarrantyEnding, Facts { warranty_end: Some(at("2026-06-30T00:00:00Z")), ..good() }),
            (Check::NoOwner, Facts { has_owner: false, ..good() }),
            (Check::NoSerial, Facts { has_serial: false, ..good() }),
            (Check::OsEnded, Facts { os: os::release("windows-10-22h2"), ..good() }),
            (Check::WarrantyEnded, Facts { warranty_end: Some(at("2026-04-30T23:00:00Z")), ..good() }),
            (Check::NoBackup, Facts { backup: Some(BackupState::None), last_backup: None, ..good() }),
        ];
        for (check, facts) in cases {
            assert_eq!(told(&facts).0, [check]);
        }
    }

    #[test]
    fn the_last_day_still_counts() {
        let facts = Facts { warranty_end: Some(at("2026-05-01T00:00:00Z")), ..good() };
        assert_eq!(told(&facts).0, [Check::WarrantyEnding]);
        let facts = Facts { online: false, last_contact: Some(at("2026-04-01T08:00:00Z")), ..good() };
        assert_eq!(told(&facts).0, [], "thirty days are not more than thirty days");
    }

    #[test]
    fn what_is_not_known_is_neither_passed_nor_failed() {
        let facts =
            Facts { backup: None, last_backup: None, os: None, warranty_end: None, synced: None, ..good() };
        let (failing, unknown, passed) = told(&facts);
        use Check::*;
        assert_eq!((failing, passed), (vec![], 5));
        assert_eq!(unknown, [NoBackup, StaleBackup, OsEnded, OsEnding, WarrantyEnded, WarrantyEnding, Stale]);
    }

    #[test]
    fn a_system_without_a_last_day_is_not_known() {
        let os = os::releases().iter().find(|release| release.ends.is_none());
        assert!(os.is_some());
        let (failing, unknown, _) = told(&Facts { os, ..good() });
        assert_eq!((failing, unknown), (vec![], vec![Check::OsEnded, Check::OsEnding]));
    }

    #[test]
    fn a_device_outside_the_rmm_is_told_of_once() {
        let gone =
            Facts { missing: true, online: false, last_contact: Some(at("2020-01-01T00:00:00Z")), ..good() };
        assert_eq!(told(&gone).0, [Check::Missing]);
        let by_hand = Facts { fed: false, online: false, last_contact: None, ..good() };
        assert_eq!(told(&by_hand), (vec![Check::NotInRmm], vec![], 8));
        let machine = Facts { is_virtual: true, has_serial: false, warranty_end: None, ..good() };
        assert_eq!(told(&machine), (vec![], vec![], 9));
    }

    #[test]
    fn a_check_that_is_off_says_nothing() {
        let off = Rule { on: false, ..Rule::of(Check::NoOwner) };
        let rules = RuleSet::checked(vec![off]).unwrap();
        let all = assess(&Facts { has_owner: false, ..good() }, &rules, now());
        assert_eq!((all.failing, all.passed.count()), (Checks::default(), 11));
    }

    #[test]
    fn an_exception_counts_as_passed_and_the_unknown_not_at_all() {
        let facts = Facts { backup: None, last_backup: None, os: os::release("windows-10-22h2"), ..good() };
        let rules = RuleSet::default();
        let all = assess(&facts, &rules, now());
        let nothing = Checks::default();
        // Scored: offline, os_ended, warranty_ended, missing, not_in_rmm; the backups are not known.
        assert_eq!(all.score(rules.scored(), nothing), Score { passed: 4, judged: 5 });
        assert_eq!(all.score(rules.scored(), nothing.and(Check::OsEnded)), Score { passed: 5, judged: 5 });
        assert_eq!(all.score(rules.scored(), nothing.and(Check::NoOwner)), Score { passed: 4, judged: 5 });
    }

    #[test]
    fn findings_are_sentences() {
        let facts = Facts { os: os::release("windows-10-22h2"), ..good() };
        assert_eq!(finding(Check::OsEnded, &facts), "Support of Windows 10 22H2 ended on 14 Oct 2025.");
        assert_eq!(finding(Check::NoOwner, &facts), "No owner.");
    }
}
