//! The plan of a sync: what each row on the wire means, given what is held. Pure and deterministic.

use std::collections::HashMap;

/// What is held of a remote row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    hash: i64,
    missing: bool,
    /// Judged in this pull.
    seen: bool,
    /// Named in this pull, readable or not.
    known: bool,
    /// Written by an earlier attempt of the same run.
    before: Option<Written>,
}

/// What an attempt of a run did with a row before it was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Added,
    Changed,
}

/// What a row on the wire means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not held yet.
    Added,
    /// Held with another content.
    Changed,
    /// Held as missing; it is back.
    Returned,
    /// Held with the same content: costs no write.
    Unchanged,
    /// Written by an earlier attempt of the same run, and the same since: costs no write, and counts as what it was.
    Before(Written),
    /// Seen earlier in this pull.
    Repeated,
}

impl Verdict {
    /// Whether the row must be written.
    pub fn writes(self) -> bool {
        matches!(self, Self::Added | Self::Changed | Self::Returned)
    }
}

/// What is held of one entity, and which of it this pull has seen.
///
/// ```
/// use domain::sync::{Ledger, Verdict};
/// let mut ledger = Ledger::new([("7".to_owned(), 111, false), ("8".to_owned(), 222, false)]);
/// assert_eq!(ledger.judge("7", 111), Verdict::Unchanged);
/// assert_eq!(ledger.judge("9", 333), Verdict::Added);
/// assert_eq!(ledger.judge("9", 333), Verdict::Repeated);
/// assert_eq!(ledger.unseen(), ["8"]);
/// ```
#[derive(Debug, Default)]
pub struct Ledger {
    held: HashMap<String, Held>,
    present: usize,
    distinct: i64,
}

impl Ledger {
    /// A ledger of held rows: remote id, content hash, and whether it is marked missing.
    pub fn new(rows: impl IntoIterator<Item = (String, i64, bool)>) -> Self {
        let held: HashMap<_, _> = rows
            .into_iter()
            .map(|(id, hash, missing)| (id, Held { hash, missing, seen: false, known: false, before: None }))
            .collect();
        let present = held.values().filter(|h| !h.missing).count();
        Self { held, present, distinct: 0 }
    }

    /// Remembers what an earlier attempt of the same run wrote, so that its rows are counted as what they were.
    pub fn resume(&mut self, rows: impl IntoIterator<Item = (String, Written)>) {
        for (id, written) in rows {
            if let Some(held) = self.held.get_mut(&id) {
                held.before = Some(written);
            }
        }
    }

    /// Judges one row of the wire and remembers that it was seen.
    pub fn judge(&mut self, remote_id: &str, hash: i64) -> Verdict {
        let now = Held { hash, missing: false, seen: true, known: true, before: None };
        let verdict = match self.held.get_mut(remote_id) {
            None => {
                self.held.insert(remote_id.to_owned(), now);
                Verdict::Added
            }
            Some(held) => {
                let was = std::mem::replace(held, now);
                match was {
                    Held { seen: true, .. } => Verdict::Repeated,
                    Held { missing: true, .. } => Verdict::Returned,
                    Held { hash: before, .. } if before != hash => Verdict::Changed,
                    Held { before: Some(written), .. } => Verdict::Before(written),
                    _ => Verdict::Unchanged,
                }
            }
        };
        self.distinct += i64::from(verdict != Verdict::Repeated);
        verdict
    }

    /// Remembers that a row exists upstream although its content could not be read, so that it is not taken for missing.
    pub fn mark_known(&mut self, remote_id: &str) {
        if let Some(held) = self.held.get_mut(remote_id) {
            held.known = true;
        }
    }

    /// Distinct rows judged so far.
    pub fn distinct(&self) -> i64 {
        self.distinct
    }

    /// Rows held and not marked missing when the pull began.
    pub fn present(&self) -> usize {
        self.present
    }

    /// Remote ids that were present before and that this pull has not seen, sorted. Only a complete pull may mark them.
    pub fn unseen(&self) -> Vec<&str> {
        let mut ids: Vec<&str> =
            self.held.iter().filter(|(_, h)| !h.known && !h.missing).map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        ids
    }
}

/// Fewest rows that the breaker minds.
pub const BREAKER_ROWS: usize = 10;
/// Share of the rows, in percent, that the breaker minds.
pub const BREAKER_PERCENT: usize = 20;

/// Whether so many of the present rows vanishing at once is implausible: more than 20 % and at least 10.
///
/// ```
/// assert!(domain::sync::is_implausible(30, 100));
/// assert!(!domain::sync::is_implausible(9, 10));
/// assert!(!domain::sync::is_implausible(15, 100));
/// ```
pub fn is_implausible(vanishing: usize, present: usize) -> bool {
    vanishing >= BREAKER_ROWS && vanishing * 100 > present * BREAKER_PERCENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_row_that_comes_back_is_told_and_never_missing_again() {
        let mut ledger = Ledger::new([("1".into(), 5, true), ("2".into(), 6, false)]);
        assert_eq!(ledger.present(), 1);
        assert_eq!(ledger.unseen(), ["2"], "what is missing already is not missing anew");
        assert_eq!(ledger.judge("1", 5), Verdict::Returned);
        assert_eq!(ledger.judge("2", 7), Verdict::Changed);
        assert!(ledger.unseen().is_empty());
        assert_eq!(ledger.distinct(), 2);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_not_missing() {
        let mut ledger = Ledger::new([("1".into(), 5, false)]);
        ledger.mark_known("1");
        assert!(ledger.unseen().is_empty());
    }

    #[test]
    fn a_row_of_an_interrupted_attempt_counts_as_what_it_was() {
        let held = [("1", 5), ("2", 6), ("3", 7)].map(|(id, hash)| (id.to_owned(), hash, false));
        let mut ledger = Ledger::new(held);
        ledger.resume([("1".to_owned(), Written::Added), ("2".to_owned(), Written::Changed)]);
        assert_eq!(ledger.judge("1", 5), Verdict::Before(Written::Added));
        assert_eq!(ledger.judge("1", 5), Verdict::Repeated);
        assert_eq!(ledger.judge("2", 9), Verdict::Changed);
        assert_eq!(ledger.judge("3", 7), Verdict::Unchanged);
        assert!(!Verdict::Before(Written::Added).writes());
    }
}
