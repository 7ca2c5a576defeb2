//! Quick Match: which rows map by themselves, and which are only proposed.
//!
//! A mapping that nobody looked at must be beyond doubt: sure enough, no other target as good, no other row that wants the
//! same one, none that is mapped to it already, nobody who said no, and no imported device that it would move. Everything
//! else is a proposal with its reasons and its runner-up.

use super::store::{State, Writer};
use crate::{Error, Result};
use domain::{
    error::UserError,
    mapping::{DEFAULT_THRESHOLD, MappedBy, MappingStatus, QuickMatchPreview, THRESHOLDS, ThresholdPreview},
    matching::{Asked, Matcher, Proposal, Ranking, Subject},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Less likely than this is not proposed.
const LEAST: f64 = 0.3;

/// A row that nobody has decided on.
pub(super) struct Undecided {
    pub remote_id: String,
    /// Only targets of the same scope are looked at; the tenant's own id where there is just one.
    pub scope: Uuid,
    pub subject: Subject,
    /// Targets that know a share of its devices.
    pub known: Vec<(Uuid, f64)>,
    /// Targets that somebody said no to.
    pub not: HashSet<Uuid>,
    /// Where its imported devices are.
    pub imported: HashSet<Uuid>,
}

/// What a row may be mapped to.
pub(super) struct Target {
    pub id: Uuid,
    pub scope: Uuid,
    pub subject: Subject,
    /// Mapped to another row already.
    pub taken: bool,
}

/// What Quick Match finds for a row.
pub(super) struct Finding {
    pub remote_id: String,
    proposal: Option<Found>,
}

struct Found {
    target: Uuid,
    confidence: f64,
    reasons: Vec<String>,
    runner_up: Option<(Uuid, f64)>,
    /// Somebody has to look, however sure it is.
    doubtful: bool,
}

/// The threshold to use, or why it cannot be.
pub(super) fn checked_threshold(threshold: Option<f64>) -> Result<f64, UserError> {
    let threshold = threshold.unwrap_or(DEFAULT_THRESHOLD);
    if (0.5..=1.0).contains(&threshold) {
        return Ok(threshold);
    }
    Err(UserError::invalid("threshold", "Choose a threshold from 0.5 to 1."))
}

/// Looks for the target of every row, on a thread of its own.
pub(super) async fn find(
    rows: Vec<Undecided>,
    targets: Vec<Target>,
    noun: &'static str,
) -> Result<Vec<Finding>> {
    let find = move || findings(rows, &targets, noun);
    tokio::task::spawn_blocking(find).await.map_err(Error::internal)
}

impl Finding {
    /// What the row's mapping becomes.
    pub fn state(&self, writer: &Writer, threshold: f64) -> State {
        let Some(found) = &self.proposal else {
            return State::decided(writer, MappingStatus::Unmapped, None, MappedBy::QuickMatch);
        };
        let status = if found.is_mapped(threshold) { MappingStatus::Mapped } else { MappingStatus::Pending };
        State {
            confidence: Some(found.confidence),
            reasons: found.reasons.clone(),
            runner_up: found.runner_up.map(|(id, _)| id),
            runner_up_confidence: found.runner_up.map(|(_, confidence)| confidence),
            ..State::decided(writer, status, Some(found.target), MappedBy::QuickMatch)
        }
    }
}

impl Found {
    fn is_mapped(&self, threshold: f64) -> bool {
        self.confidence >= threshold && !self.doubtful
    }
}

/// How many rows would be mapped from each threshold on.
pub(super) fn preview(findings: &[Finding]) -> QuickMatchPreview {
    let proposed: Vec<&Found> = findings.iter().filter_map(|f| f.proposal.as_ref()).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let thresholds = THRESHOLDS.iter().map(|&threshold| ThresholdPreview {
        threshold,
        mapped: count(proposed.iter().filter(|found| found.is_mapped(threshold)).count()),
    });
    QuickMatchPreview {
        thresholds: thresholds.collect(),
        proposed: count(proposed.len()),
        unmatched: count(findings.len() - proposed.len()),
    }
}

/// Rows and targets of one scope, by their positions.
#[derive(Default)]
struct Group {
    rows: Vec<usize>,
    targets: Vec<usize>,
}

fn findings(rows: Vec<Undecided>, targets: &[Target], noun: &str) -> Vec<Finding> {
    let mut groups: HashMap<Uuid, Group> = HashMap::new();
    for (i, row) in rows.iter().enumerate() {
        groups.entry(row.scope).or_default().rows.push(i);
    }
    for (i, target) in targets.iter().enumerate() {
        if let Some(group) = groups.get_mut(&target.scope) {
            group.targets.push(i);
        }
    }
    let mut found: Vec<Option<Found>> = rows.iter().map(|_| None).collect();
    for group in groups.values() {
        for (row, ranking) in group.rows.iter().zip(rankings(group, &rows, targets)) {
            found[*row] = judged(&rows[*row], ranking, &group.targets, targets, noun);
        }
    }
    rows.into_iter()
        .zip(found)
        .map(|(row, proposal)| Finding { remote_id: row.remote_id, proposal })
        .collect()
}

/// The rankings of a group's rows, each target preferably once.
fn rankings(group: &Group, rows: &[Undecided], targets: &[Target]) -> Vec<Ranking> {
    let matcher = Matcher::of(group.targets.iter().map(|i| targets[*i].subject.clone()));
    let places: HashMap<Uuid, usize> =
        group.targets.iter().enumerate().map(|(place, i)| (targets[*i].id, place)).collect();
    let place = |id: &Uuid| places.get(id).copied();
    let known: Vec<Vec<(usize, f64)>> = group
        .rows
        .iter()
        .map(|i| rows[*i].known.iter().filter_map(|(id, share)| Some((place(id)?, *share))).collect())
        .collect();
    let not: Vec<Vec<usize>> =
        group.rows.iter().map(|i| rows[*i].not.iter().filter_map(place).collect()).collect();
    let asked = group.rows.iter().zip(&known).zip(&not);
    matcher.assign(asked.map(|((i, known), not)| Asked { subject: &rows[*i].subject, known, not }))
}

/// What a ranking means for the row, with what speaks against mapping it unseen.
fn judged(
    row: &Undecided,
    ranking: Ranking,
    members: &[usize],
    targets: &[Target],
    noun: &str,
) -> Option<Found> {
    let target = |p: &Proposal| members.get(p.index).map(|i| &targets[*i]);
    let best = ranking.best.filter(|best| best.confidence >= LEAST)?;
    let wanted = target(&best)?;
    let mut reasons = best.reasons;
    let mut doubts = Vec::new();
    if wanted.taken {
        doubts.push(format!("Another {noun} is mapped to it already"));
    }
    if row.imported.iter().any(|company| *company != wanted.id) {
        doubts.push("It has imported devices in another company".to_owned());
    }
    let doubtful = ranking.tied || ranking.conflict || !doubts.is_empty();
    reasons.extend(doubts);
    let runner_up = ranking.runner_up.filter(|second| second.confidence >= 0.05);
    Some(Found {
        target: wanted.id,
        confidence: best.confidence,
        reasons,
        runner_up: runner_up.and_then(|second| Some((target(&second)?.id, second.confidence))),
        doubtful,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Undecided {
        Undecided {
            remote_id: name.into(),
            scope: Uuid::nil(),
            subject: Subject::named(name),
            known: Vec::new(),
            not: HashSet::new(),
            imported: HashSet::new(),
        }
    }

    fn target(id: u128, name: &str, taken: bool) -> Target {
        Target { id: Uuid::from_u128(id), scope: Uuid::nil(), subject: Subject::named(name), taken }
    }

    fn states(rows: Vec<Undecided>, targets: &[Target]) -> Vec<(MappingStatus, Option<Uuid>)> {
        let writer =
            Writer { tenant: Uuid::nil(), integration: Uuid::nil(), user: None, user_name: None, now: 0 };
        findings(rows, targets, "organization")
            .iter()
            .map(|finding| finding.state(&writer, DEFAULT_THRESHOLD))
            .map(|state| (state.status, state.target))
            .collect()
    }

    fn id(n: u128) -> Option<Uuid> {
        Some(Uuid::from_u128(n))
    }

    #[test]
    fn a_target_is_mapped_once_and_never_twice() {
        let targets = [target(1, "Acme", false), target(2, "Blue", true)];
        assert_eq!(states(vec![row("ACME")], &targets), [(MappingStatus::Mapped, id(1))]);
        assert_eq!(states(vec![row("Blue")], &targets), [(MappingStatus::Pending, id(2))]);
        assert_eq!(
            states(vec![row("acme"), row(" Acme ")], &targets),
            [(MappingStatus::Pending, id(1)), (MappingStatus::Pending, id(1))]
        );
    }

    #[test]
    fn what_somebody_said_no_to_is_not_proposed() {
        let targets = [target(1, "Acme", false), target(2, "Acme Roofing", false)];
        let refusing = |n| Undecided { not: id(n).into_iter().collect(), ..row("Acme") };
        assert_eq!(states(vec![refusing(2)], &targets), [(MappingStatus::Mapped, id(1))]);
        let other = states(vec![refusing(1)], &targets);
        assert!(other[0].0 != MappingStatus::Mapped && other[0].1 != id(1), "{other:?}");
    }

    #[test]
    fn imported_devices_are_not_moved_unseen() {
        let targets = [target(1, "Acme", false), target(2, "Blue", false)];
        let at = |n| Undecided { imported: id(n).into_iter().collect(), ..row("Acme") };
        assert_eq!(states(vec![at(1)], &targets), [(MappingStatus::Mapped, id(1))]);
        assert_eq!(states(vec![at(2)], &targets), [(MappingStatus::Pending, id(1))]);
    }

    #[test]
    fn devices_that_a_company_knows_decide_between_two() {
        let targets = [target(1, "Acme North", false), target(2, "Acme South", false)];
        let known = Undecided { known: vec![(Uuid::from_u128(2), 0.9)], ..row("Acme") };
        assert_eq!(states(vec![known], &targets)[0].1, id(2));
    }

    #[test]
    fn a_preview_counts_what_would_be_mapped() {
        let targets = [target(1, "Acme", false), target(2, "Blue", true), target(3, "Contoso Dental", false)];
        let rows = vec![row("ACME"), row("Blue"), row("Contoso Dentl"), row("Unheard Of")];
        let preview = preview(&findings(rows, &targets, "organization"));
        assert_eq!((preview.proposed, preview.unmatched), (3, 1));
        let mapped: Vec<i64> = preview.thresholds.iter().map(|t| t.mapped).collect();
        assert!(mapped[0] == 1 && mapped.is_sorted(), "{mapped:?}");
    }

    #[test]
    fn thresholds_are_checked() {
        for wrong in [0.49, 1.01, f64::NAN, -1.0] {
            assert_eq!(checked_threshold(Some(wrong)).unwrap_err().field.as_deref(), Some("threshold"));
        }
        assert_eq!(checked_threshold(None), Ok(DEFAULT_THRESHOLD));
    }
}
