//! The plan of a sync: what each row on the wire means, given what is held. Pure and deterministic.

use rustc_hash::FxHashMap;
use std::{collections::HashSet, fmt};

/// A vendor's id, small in memory: most are numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Number(i64),
    Text(Box<str>),
}

impl From<&str> for Key {
    /// Only the canonical form is a number, so that every text has one key and every key one text.
    fn from(text: &str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let canonical = !digits.is_empty()
            && digits.len() < 19
            && digits.bytes().all(|b| b.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'))
            && text != "-0";
        match text.parse() {
            Ok(number) if canonical => Self::Number(number),
            _ => Self::Text(text.into()),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.fmt(f),
            Self::Text(t) => f.write_str(t),
        }
    }
}

/// What is held of a remote row.
#[derive(Clone, Copy, Debug)]
struct Held {
    hash: i64,
    /// Hash of the heartbeat.
    beat: i64,
    missing: bool,
    /// Judged in this pull.
    seen: bool,
    /// Named in this pull, readable or not.
    known: bool,
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
    /// Seen earlier in this pull.
    Repeated,
}

impl Verdict {
    /// Whether the row must be written.
    pub fn writes(self) -> bool {
        matches!(self, Self::Added | Self::Changed | Self::Returned)
    }
}

/// A row as a ledger takes it up.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Key,
    pub hash: i64,
    /// Hash of the heartbeat; zero where there is none.
    pub beat: i64,
    /// Marked missing.
    pub missing: bool,
}

/// What is held of one entity, and which of it this pull has seen.
///
/// ```
/// use domain::sync::{Entry, Key, Ledger, Verdict};
/// let held = [("7", 111), ("8", 222)].map(|(id, hash)| Entry { key: id.into(), hash, beat: 0, missing: false });
/// let mut ledger = Ledger::new(held);
/// assert_eq!(ledger.judge("7".into(), 111), Verdict::Unchanged);
/// assert_eq!(ledger.judge("9".into(), 333), Verdict::Added);
/// assert_eq!(ledger.judge("9".into(), 333), Verdict::Repeated);
/// assert_eq!(ledger.unseen(), [Key::Number(8)]);
/// ```
#[derive(Debug, Default)]
pub struct Ledger {
    held: FxHashMap<Key, Held>,
    /// Rows that are not held and could not be read.
    named: HashSet<Key>,
    present: i64,
    distinct: i64,
}

impl Ledger {
    /// A ledger of held rows.
    pub fn new(rows: impl IntoIterator<Item = Entry>) -> Self {
        let held: FxHashMap<_, _> = rows
            .into_iter()
            .map(|Entry { key, hash, beat, missing }| {
                (key, Held { hash, beat, missing, seen: false, known: false })
            })
            .collect();
        let present = count(held.values().filter(|h| !h.missing).count());
        Self { held, named: HashSet::new(), present, distinct: 0 }
    }

    /// Takes up a pull that was interrupted after the rows up to `after`: all of them were seen but `unseen`.
    pub fn resume(&mut self, after: &Key, unseen: &HashSet<Key>, distinct: i64) {
        for (key, held) in &mut self.held {
            if key <= after && !unseen.contains(key) {
                (held.seen, held.known) = (true, true);
            }
        }
        self.distinct = distinct;
    }

    /// Judges one row of the wire and remembers that it was seen.
    pub fn judge(&mut self, key: Key, hash: i64) -> Verdict {
        let verdict = match self.held.entry(key) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(Held { hash, beat: 0, missing: false, seen: true, known: true });
                Verdict::Added
            }
            std::collections::hash_map::Entry::Occupied(mut place) => {
                let held = place.get_mut();
                let was = *held;
                (held.hash, held.missing, held.seen, held.known) = (hash, false, true, true);
                match was {
                    Held { seen: true, .. } => Verdict::Repeated,
                    Held { missing: true, .. } => Verdict::Returned,
                    Held { hash: before, .. } if before != hash => Verdict::Changed,
                    _ => Verdict::Unchanged,
                }
            }
        };
        self.distinct += i64::from(verdict != Verdict::Repeated);
        verdict
    }

    /// Whether the heartbeat of a row differs from the one that is held; remembers the new one.
    pub fn beats(&mut self, key: &Key, beat: i64) -> bool {
        match self.held.get_mut(key) {
            Some(held) => std::mem::replace(&mut held.beat, beat) != beat,
            None => true,
        }
    }

    /// Remembers that a row exists upstream although its content could not be read, so that it is not taken for missing.
    pub fn mark_known(&mut self, key: &Key) {
        match self.held.get_mut(key) {
            Some(held) => held.known = true,
            None => {
                self.named.insert(key.clone());
            }
        }
    }

    /// Distinct rows judged so far.
    pub fn distinct(&self) -> i64 {
        self.distinct
    }

    /// Rows held and not marked missing when the pull began.
    pub fn present(&self) -> i64 {
        self.present
    }

    /// Whether this pull has seen or at least named the row.
    pub fn has_seen(&self, key: &Key) -> bool {
        self.named.contains(key) || self.held.get(key).is_some_and(|h| h.known)
    }

    /// Rows that were present before and that this pull has not seen, sorted. Only a complete pull may mark them.
    pub fn unseen(&self) -> Vec<Key> {
        self.unseen_where(|_| true)
    }

    /// Those of [`Self::unseen`] that do not come after `last`, for a checkpoint there.
    pub fn unseen_until(&self, last: &Key) -> Vec<Key> {
        self.unseen_where(|key| key <= last)
    }

    fn unseen_where(&self, wanted: impl Fn(&Key) -> bool) -> Vec<Key> {
        let open = self.held.iter().filter(|(key, h)| !h.known && !h.missing && wanted(key));
        let mut keys: Vec<Key> = open.map(|(key, _)| key.clone()).collect();
        keys.sort_unstable();
        keys
    }

    /// Every `size`-th numeric key that is held, ascending, behind `after`: places where a list ordered by id can be read
    /// from at the same time.
    pub fn places(&self, size: usize, after: Option<&Key>) -> Vec<Key> {
        let mut keys: Vec<&Key> = self
            .held
            .iter()
            .filter(|(key, h)| !h.missing && matches!(key, Key::Number(_)) && after.is_none_or(|a| *key > a))
            .map(|(key, _)| key)
            .collect();
        keys.sort_unstable();
        let size = size.max(1);
        keys.into_iter().skip(size - 1).step_by(size).cloned().collect()
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, hash: i64, missing: bool) -> Entry {
        Entry { key: id.into(), hash, beat: 0, missing }
    }

    #[test]
    fn every_text_has_one_key_and_every_key_one_text() {
        for text in [
            "0",
            "7",
            "-3",
            "007",
            "+7",
            "-0",
            "",
            "-",
            "7 ",
            "9223372036854775807",
            "99999999999999999999",
            "ä",
        ] {
            assert_eq!(Key::from(text).to_string(), text);
        }
        assert_eq!(Key::from("12"), Key::Number(12));
        assert!(matches!(Key::from("012"), Key::Text(_)));
    }

    #[test]
    fn a_missing_row_that_comes_back_is_told_and_never_missing_again() {
        let mut ledger = Ledger::new([entry("1", 5, true), entry("2", 6, false)]);
        assert_eq!(ledger.present(), 1);
        assert_eq!(ledger.unseen(), [Key::Number(2)], "what is missing already is not missing anew");
        assert_eq!(ledger.judge("1".into(), 5), Verdict::Returned);
        assert_eq!(ledger.judge("2".into(), 7), Verdict::Changed);
        assert!(ledger.unseen().is_empty());
        assert_eq!(ledger.distinct(), 2);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_not_missing() {
        let mut ledger = Ledger::new([entry("1", 5, false)]);
        ledger.mark_known(&"1".into());
        assert!(ledger.unseen().is_empty());
    }

    #[test]
    fn a_heartbeat_is_told_once() {
        let mut ledger = Ledger::new([Entry { beat: 4, ..entry("1", 5, false) }]);
        assert!(!ledger.beats(&"1".into(), 4));
        assert!(ledger.beats(&"1".into(), 6));
        assert!(!ledger.beats(&"1".into(), 6));
    }

    #[test]
    fn an_interrupted_pull_goes_on_where_it_was() {
        let mut ledger = Ledger::new((1..=9).map(|n| entry(&n.to_string(), n, false)));
        for n in [1, 2, 4] {
            ledger.judge(Key::Number(n), n);
        }
        let unseen = ledger.unseen_until(&Key::Number(4));
        assert_eq!(unseen, [Key::Number(3)]);
        let mut later = Ledger::new((1..=9).map(|n| entry(&n.to_string(), n, false)));
        later.resume(&Key::Number(4), &unseen.into_iter().collect(), ledger.distinct());
        for n in 5..=8 {
            later.judge(Key::Number(n), n);
        }
        assert_eq!(later.unseen(), [Key::Number(3), Key::Number(9)]);
        assert_eq!(later.distinct(), 7);
    }

    #[test]
    fn places_are_whole_pages_apart() {
        let ledger = Ledger::new((1..=10).map(|n| entry(&(n * 10).to_string(), n, n == 1)));
        assert_eq!(ledger.places(3, None), [40, 70, 100].map(Key::Number));
        assert_eq!(ledger.places(3, Some(&Key::Number(40))), [70, 100].map(Key::Number));
        assert!(Ledger::default().places(3, None).is_empty());
    }
}
