//! The plan of a sync: what each row on the wire means, given what is held. Pure and deterministic.

use indexmap::{IndexMap, map};
use rustc_hash::FxBuildHasher;
use std::{collections::HashSet, fmt};

/// A vendor's id, small in memory: most are numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Number(i64),
    Text(Box<str>),
}

impl Default for Key {
    fn default() -> Self {
        Self::Number(0)
    }
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
    print: i64,
    beat: Beat,
    no: i64,
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
#[derive(Clone, Debug, Default)]
pub struct Entry {
    pub key: Key,
    pub hash: i64,
    /// Hash of what the vendor printed; zero where it is not known.
    pub print: i64,
    /// The heartbeat, where there is one.
    pub beat: Beat,
    /// The number by which the heartbeat is kept; zero where there is none.
    pub no: i64,
    /// Marked missing.
    pub missing: bool,
}

/// What moves with every check-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    pub offline: Option<bool>,
    /// Microseconds since 1970.
    pub last_contact: Option<i64>,
}

/// What a row means by its print alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glance {
    /// As it is held; its heartbeat under that number, if that differs.
    Same { beats: Option<i64> },
    /// Seen earlier in this pull.
    Repeated,
    /// Not to be told without reading it.
    Open,
}

/// What is held of one entity, and which of it this pull has seen.
///
/// ```
/// use domain::sync::{Entry, Key, Ledger, Verdict};
/// let held = [("7", 111), ("8", 222)].map(|(id, hash)| Entry { key: id.into(), hash, ..Entry::default() });
/// let mut ledger: Ledger = held.into_iter().collect();
/// assert_eq!(ledger.judge("7".into(), 111), Verdict::Unchanged);
/// assert_eq!(ledger.judge("9".into(), 333), Verdict::Added);
/// assert_eq!(ledger.judge("9".into(), 333), Verdict::Repeated);
/// assert_eq!(ledger.unseen(), [Key::Number(8)]);
/// ```
#[derive(Debug, Default)]
pub struct Ledger {
    /// In one piece: what is held of 100,000 rows is not moved about while it is read.
    held: IndexMap<Key, Held, FxBuildHasher>,
    /// Rows that are not held and could not be read.
    named: HashSet<Key>,
    present: i64,
    distinct: i64,
}

impl Ledger {
    /// Takes up a held row.
    pub fn hold(&mut self, Entry { key, hash, print, beat, no, missing }: Entry) {
        self.present += i64::from(!missing);
        self.held.insert(key, Held { hash, print, beat, no, missing, seen: false, known: false });
    }

    /// How many rows are held, or came during this pull.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// The least and the greatest number by which heartbeats are kept.
    pub fn numbers(&self) -> Option<(i64, i64)> {
        let numbers = || self.held.values().map(|held| held.no);
        numbers().min().zip(numbers().max())
    }

    /// The heartbeats of all rows, in the order of the numbers by which they are kept.
    pub fn beats_by_number(&mut self) -> impl Iterator<Item = (i64, &mut Beat)> {
        self.held.sort_unstable_by(|_, a, _, b| a.no.cmp(&b.no));
        self.held.values_mut().map(|held| (held.no, &mut held.beat))
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
            map::Entry::Vacant(place) => {
                let new = Held {
                    hash,
                    print: 0,
                    beat: Beat::default(),
                    no: 0,
                    missing: false,
                    seen: true,
                    known: true,
                };
                place.insert(new);
                Verdict::Added
            }
            map::Entry::Occupied(mut place) => {
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

    /// Looks at a row's print and heartbeat: a row that is as it is held is remembered as seen, with its heartbeat.
    pub fn glance(&mut self, key: &Key, print: i64, beat: Beat) -> Glance {
        let Some(held) = self.held.get_mut(key) else { return Glance::Open };
        if held.seen {
            return Glance::Repeated;
        }
        if print == 0 || held.print != print || held.missing {
            return Glance::Open;
        }
        (held.seen, held.known) = (true, true);
        self.distinct += 1;
        let differs = std::mem::replace(&mut held.beat, beat) != beat;
        Glance::Same { beats: differs.then_some(held.no) }
    }

    /// The number of a row's heartbeat, if it has one and the heartbeat differs from what is held.
    pub fn beats(&mut self, key: &Key, beat: Beat) -> Option<i64> {
        let held = self.held.get_mut(key)?;
        let differs = std::mem::replace(&mut held.beat, beat) != beat;
        Some(held.no).filter(|no| differs && *no != 0)
    }

    /// The number by which the heartbeat of a row is kept, if it has one.
    pub fn number(&self, key: &Key) -> Option<i64> {
        self.held.get(key).map(|held| held.no).filter(|no| *no != 0)
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

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
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

impl FromIterator<Entry> for Ledger {
    fn from_iter<I: IntoIterator<Item = Entry>>(rows: I) -> Self {
        let mut ledger = Self::default();
        rows.into_iter().for_each(|row| ledger.hold(row));
        ledger
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, hash: i64, missing: bool) -> Entry {
        Entry { key: id.into(), hash, missing, ..Entry::default() }
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
        let mut ledger = Ledger::from_iter([entry("1", 5, true), entry("2", 6, false)]);
        assert_eq!(ledger.present(), 1);
        assert_eq!(ledger.unseen(), [Key::Number(2)], "what is missing already is not missing anew");
        assert_eq!(ledger.judge("1".into(), 5), Verdict::Returned);
        assert_eq!(ledger.judge("2".into(), 7), Verdict::Changed);
        assert!(ledger.unseen().is_empty());
        assert_eq!(ledger.distinct(), 2);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_not_missing() {
        let mut ledger = Ledger::from_iter([entry("1", 5, false)]);
        ledger.mark_known(&"1".into());
        assert!(ledger.unseen().is_empty());
    }

    #[test]
    fn a_glance_tells_what_is_as_it_is_held() {
        let beat = |last_contact| Beat { offline: Some(false), last_contact: Some(last_contact) };
        let held = |id: &str, missing| Entry { print: 9, beat: beat(4), no: 70, ..entry(id, 5, missing) };
        let mut ledger =
            Ledger::from_iter([held("1", false), held("2", false), held("3", true), held("4", false)]);
        assert_eq!(ledger.glance(&"1".into(), 9, beat(4)), Glance::Same { beats: None });
        assert_eq!(ledger.glance(&"1".into(), 9, beat(6)), Glance::Repeated);
        assert_eq!(ledger.glance(&"2".into(), 9, beat(6)), Glance::Same { beats: Some(70) });
        assert_eq!(ledger.glance(&"3".into(), 9, beat(4)), Glance::Open, "it is back");
        assert_eq!(ledger.glance(&"4".into(), 8, beat(4)), Glance::Open);
        assert_eq!(ledger.glance(&"4".into(), 0, beat(4)), Glance::Open);
        assert_eq!(ledger.glance(&"5".into(), 9, beat(4)), Glance::Open, "it is new");
        assert_eq!((ledger.distinct(), ledger.unseen()), (2, vec![Key::Number(4)]));
        assert_eq!((ledger.number(&"4".into()), ledger.number(&"5".into())), (Some(70), None));
        assert_eq!([beat(4), beat(6), beat(6)].map(|b| ledger.beats(&"4".into(), b)), [None, Some(70), None]);
    }

    #[test]
    fn a_print_that_is_not_known_never_matches() {
        let mut ledger = Ledger::from_iter([entry("1", 5, false)]);
        assert_eq!(ledger.glance(&"1".into(), 0, Beat::default()), Glance::Open);
    }

    #[test]
    fn an_interrupted_pull_goes_on_where_it_was() {
        let mut ledger = Ledger::from_iter((1..=9).map(|n| entry(&n.to_string(), n, false)));
        for n in [1, 2, 4] {
            ledger.judge(Key::Number(n), n);
        }
        let unseen = ledger.unseen_until(&Key::Number(4));
        assert_eq!(unseen, [Key::Number(3)]);
        let mut later = Ledger::from_iter((1..=9).map(|n| entry(&n.to_string(), n, false)));
        later.resume(&Key::Number(4), &unseen.into_iter().collect(), ledger.distinct());
        for n in 5..=8 {
            later.judge(Key::Number(n), n);
        }
        assert_eq!(later.unseen(), [Key::Number(3), Key::Number(9)]);
        assert_eq!(later.distinct(), 7);
    }

    #[test]
    fn places_are_whole_pages_apart() {
        let ledger = Ledger::from_iter((1..=10).map(|n| entry(&(n * 10).to_string(), n, n == 1)));
        assert_eq!(ledger.places(3, None), [40, 70, 100].map(Key::Number));
        assert_eq!(ledger.places(3, Some(&Key::Number(40))), [70, 100].map(Key::Number));
        assert!(Ledger::default().places(3, None).is_empty());
    }
}
