//! Quick Match: which rows map by themselves, and which are only proposed.
//!
//! A mapping that nobody looked at must be beyond doubt: near enough, the only target as near, and no other row that
//! wants the same target as much. Everything else is a proposal with its reasons.

use super::{
    proposal::reasons_json,
    store::{Decision, Table, Writer, propose},
};
use crate::{Error, Result};
use domain::{
    error::UserError,
    mapping::{DEFAULT_THRESHOLD, MappedBy, MappingStatus},
    matching::Matcher,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Confidences this near are alike.
const ALIKE: f64 = 1e-9;

/// A row that nobody has decided on, with the proposal it has now.
#[derive(FromQueryResult)]
pub(super) struct Undecided {
    pub remote_id: String,
    pub name: String,
    /// Only targets of the same scope are looked at; the tenant's own id where there is just one.
    pub scope: Uuid,
    pub status: String,
    pub target: Option<Uuid>,
    pub confidence: Option<f64>,
    pub reasons: Option<String>,
}

/// What a row may be mapped to.
#[derive(FromQueryResult)]
pub(super) struct Target {
    pub id: Uuid,
    pub scope: Uuid,
    pub name: String,
    /// Mapped to another row already.
    pub taken: bool,
}

/// The nearest target of a row.
struct Candidate {
    target: usize,
    confidence: f64,
    reasons: Vec<String>,
    /// Another target is just as near.
    rival: bool,
}

/// The threshold to use, or why it cannot be.
pub(super) fn checked_threshold(threshold: Option<f64>) -> Result<f64, UserError> {
    let threshold = threshold.unwrap_or(DEFAULT_THRESHOLD);
    if (0.5..=1.0).contains(&threshold) {
        return Ok(threshold);
    }
    Err(UserError::invalid("threshold", "Choose a threshold from 0.5 to 1."))
}

/// Decides on all rows and writes what differs from what is there.
pub(super) async fn quick_match(
    tx: &impl ConnectionTrait,
    table: Table,
    writer: Writer,
    (rows, targets): (Vec<Undecided>, Vec<Target>),
    threshold: f64,
) -> Result<()> {
    let noun = table.noun;
    let decide = move || changed(&rows, &targets, threshold, noun);
    let decisions = tokio::task::spawn_blocking(decide).await.map_err(Error::internal)??;
    propose(tx, table, writer, &decisions).await
}

fn changed(rows: &[Undecided], targets: &[Target], threshold: f64, noun: &str) -> Result<Vec<Decision>> {
    let mut out = Vec::new();
    for (row, decision) in rows.iter().zip(decisions(rows, targets, threshold, noun)?) {
        let same = row.status == decision.status.as_str()
            && row.target == decision.target
            && row.confidence == decision.confidence
            && row.reasons == decision.reasons;
        if !same {
            out.push(decision);
        }
    }
    Ok(out)
}

fn decisions(rows: &[Undecided], targets: &[Target], threshold: f64, noun: &str) -> Result<Vec<Decision>> {
    let candidates = nearest(rows, targets);
    let wanted = wanted(&candidates, threshold);
    let decide = |(row, candidate): (&Undecided, Option<Candidate>)| {
        let Some(mut c) = candidate else {
            return Ok(decision(row, MappingStatus::Unmapped, None, None, None));
        };
        let target = &targets[c.target];
        let doubt = doubt(&c, target, wanted.get(&c.target), threshold, noun);
        let status = if c.confidence >= threshold && doubt.is_none() {
            MappingStatus::Mapped
        } else {
            MappingStatus::Pending
        };
        c.reasons.extend(doubt);
        Ok(decision(row, status, Some(target.id), Some(c.confidence), Some(reasons_json(&c.reasons)?)))
    };
    rows.iter().zip(candidates).map(decide).collect()
}

fn decision(
    row: &Undecided,
    status: MappingStatus,
    target: Option<Uuid>,
    confidence: Option<f64>,
    reasons: Option<String>,
) -> Decision {
    Decision {
        remote_id: row.remote_id.clone(),
        status,
        target,
        confidence,
        reasons,
        by: MappedBy::QuickMatch,
    }
}

/// Why a candidate that is near enough is not beyond doubt.
fn doubt(
    c: &Candidate,
    target: &Target,
    wanted: Option<&Wanted>,
    threshold: f64,
    noun: &str,
) -> Option<String> {
    if c.confidence < threshold {
        None
    } else if target.taken {
        Some(format!("Another {noun} is mapped to it already"))
    } else if c.rival {
        Some("Another one is just as near".to_owned())
    } else if wanted.is_some_and(|w| !w.belongs_to(c)) {
        Some(format!("Another {noun} matches it as well"))
    } else {
        None
    }
}

/// How many rows want a target, near enough to map.
#[derive(Default)]
struct Wanted {
    rows: u32,
    exact: u32,
}

impl Wanted {
    /// Whether the candidate is the only one, or the only one of exactly that name.
    fn belongs_to(&self, c: &Candidate) -> bool {
        self.rows == 1 || (is_exact(c) && self.exact == 1)
    }
}

fn is_exact(c: &Candidate) -> bool {
    c.confidence >= 1.0 - ALIKE
}

fn wanted(candidates: &[Option<Candidate>], threshold: f64) -> HashMap<usize, Wanted> {
    let mut wanted: HashMap<usize, Wanted> = HashMap::new();
    for c in candidates.iter().flatten().filter(|c| c.confidence >= threshold) {
        let w = wanted.entry(c.target).or_default();
        w.rows += 1;
        w.exact += u32::from(is_exact(c));
    }
    wanted
}

/// The nearest target of each row, inside its scope.
fn nearest(rows: &[Undecided], targets: &[Target]) -> Vec<Option<Candidate>> {
    let used: HashSet<Uuid> = rows.iter().map(|r| r.scope).collect();
    let mut groups: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for (i, target) in targets.iter().enumerate().filter(|(_, t)| used.contains(&t.scope)) {
        groups.entry(target.scope).or_default().push(i);
    }
    let matchers: HashMap<Uuid, (Matcher, Vec<usize>)> = groups
        .into_iter()
        .map(|(scope, members)| (scope, (Matcher::new(members.iter().map(|i| &targets[*i].name)), members)))
        .collect();
    rows.iter()
        .map(|row| matchers.get(&row.scope).and_then(|(m, members)| candidate(m, members, &row.name)))
        .collect()
}

fn candidate(matcher: &Matcher, members: &[usize], name: &str) -> Option<Candidate> {
    let mut top = matcher.top(name, 2).into_iter();
    let best = top.next()?;
    let rival = top.next().is_some_and(|second| best.confidence - second.confidence < ALIKE);
    let target = *members.get(best.index)?;
    Some(Candidate { target, confidence: best.confidence, reasons: best.reasons, rival })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Undecided {
        Undecided {
            remote_id: name.into(),
            name: name.into(),
            scope: Uuid::nil(),
            status: "unmapped".into(),
            target: None,
            confidence: None,
            reasons: None,
        }
    }

    fn target(id: u128, name: &str, taken: bool) -> Target {
        Target { id: Uuid::from_u128(id), scope: Uuid::nil(), name: name.into(), taken }
    }

    fn states(rows: &[Undecided], targets: &[Target]) -> Vec<(MappingStatus, Option<Uuid>)> {
        decisions(rows, targets, 0.95, "organization")
            .unwrap()
            .into_iter()
            .map(|d| (d.status, d.target))
            .collect()
    }

    #[test]
    fn a_target_is_mapped_once_and_never_twice() {
        let targets = [target(1, "Acme", false), target(2, "Blue", true)];
        let id = |n| Some(Uuid::from_u128(n));
        assert_eq!(states(&[row("ACME")], &targets), [(MappingStatus::Mapped, id(1))]);
        assert_eq!(states(&[row("Blue")], &targets), [(MappingStatus::Pending, id(2))]);
        assert_eq!(
            states(&[row("acme"), row(" Acme ")], &targets),
            [(MappingStatus::Pending, id(1)), (MappingStatus::Pending, id(1))]
        );
    }

    #[test]
    fn thresholds_are_checked() {
        for wrong in [0.49, 1.01, f64::NAN, -1.0] {
            assert_eq!(checked_threshold(Some(wrong)).unwrap_err().field.as_deref(), Some("threshold"));
        }
        assert_eq!(checked_threshold(None), Ok(DEFAULT_THRESHOLD));
    }
}
