//! Two names, word by word.

use super::{lexicon::Kind, near, terms::Term};

/// What two names have in common and what not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fit {
    /// The smaller and the greater share of what a name says that is found in the other, 0 to 1.
    pub least: f64,
    pub most: f64,
    /// The heaviest word that only one name has: in the name that has the lighter one, and in the other.
    pub left: f64,
    pub left_most: f64,
    /// The heaviest word of both.
    pub shared: f64,
    /// The first words of both are the same.
    pub head: bool,
    /// That word is rare, and spelled the same.
    pub named: bool,
    /// Words of both that say something.
    pub words: usize,
    /// As `left` and `left_most`, but of the names themselves, without what qualifies them.
    pub left_both: f64,
    pub left_core: f64,
    /// Numbers, ordinals or compass points differ.
    pub numbers: Differ,
    pub compass: Differ,
    /// Both name a place, and not the same one.
    pub places: bool,
    /// A word had to be read as misspelled.
    pub slips: bool,
    /// A word is an abbreviation or a translation of one of the other.
    pub rewritten: bool,
    /// One name is the initials of the other.
    pub initials: bool,
}

/// A word that says at least this much names one target alone.
const RARE: f64 = 0.95;

/// How the words of one kind differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Differ {
    #[default]
    Not,
    /// One name has more of them, or only one has any.
    Missing,
    /// Only words that qualify a name are missing.
    Aside,
    Other,
}

/// One or more words of one name that are words of the other.
struct Pair {
    likeness: f64,
    a: (usize, usize),
    b: (usize, usize),
}

pub(super) fn fit(a: &[Term], b: &[Term]) -> Fit {
    let pairs = pairs(a, b);
    let mut in_a = vec![0.0; a.len()];
    let mut in_b = vec![0.0; b.len()];
    let mut fit = Fit::default();
    for pair in &pairs {
        for (found, range) in [(&mut in_a, pair.a), (&mut in_b, pair.b)] {
            found[range.0..range.1].iter_mut().for_each(|f| *f = pair.likeness);
        }
        let weight =
            |terms: &[Term], r: (usize, usize)| terms[r.0..r.1].iter().map(|t| t.weight).fold(0.0, f64::max);
        fit.shared = fit.shared.max(weight(a, pair.a).min(weight(b, pair.b)) * pair.likeness);
        let says = |terms: &[Term], r: (usize, usize)| {
            terms[r.0..r.1].iter().filter(|t| t.kind != Kind::Link).count()
        };
        fit.words += says(a, pair.a).min(says(b, pair.b));
        let head = pair.a.0 == first(a) && pair.b.0 == first(b);
        fit.head |= head;
        fit.named |= head && pair.likeness > 0.95 && weight(a, pair.a).min(weight(b, pair.b)) >= RARE;
        fit.slips |= pair.likeness < 0.95;
        let (x, y) = (&a[pair.a.0], &b[pair.b.0]);
        fit.rewritten |= x.text != y.text && x.plain == y.plain;
    }
    let (x, y) = (coverage(a, &in_a), coverage(b, &in_b));
    (fit.least, fit.most) = (x.min(y), x.max(y));
    let (x, y) = (left(a, &in_a, true), left(b, &in_b, true));
    (fit.left, fit.left_most) = (x.min(y), x.max(y));
    let (x, y) = (left(a, &in_a, false), left(b, &in_b, false));
    (fit.left_both, fit.left_core) = (x.min(y), x.max(y));
    fit.numbers = differ(a, b, (&in_a, &in_b), Kind::Number);
    fit.compass = differ(a, b, (&in_a, &in_b), Kind::Compass);
    let lost = |terms: &[Term], found: &[f64]| {
        terms.iter().zip(found).any(|(t, f)| *f == 0.0 && t.kind == Kind::Place)
    };
    let both_aside = aside(a, &in_a) && aside(b, &in_b);
    fit.places = (lost(a, &in_a) && lost(b, &in_b)) || both_aside;
    if fit.most < 0.5 && (initials(a, b) || initials(b, a)) {
        fit.initials = true;
    }
    fit
}

/// The first word that names: "the", "royal" and initials do not count where there is another.
fn first(terms: &[Term]) -> usize {
    let named = terms.iter().position(|t| t.kind == Kind::Name && t.text.len() > 2 && !t.after);
    named.or_else(|| terms.iter().position(|t| t.kind != Kind::Link)).unwrap_or(0)
}

fn coverage(terms: &[Term], found: &[f64]) -> f64 {
    let all: f64 = terms.iter().map(|t| t.weight).sum();
    let of: f64 = terms.iter().zip(found).map(|(t, f)| t.weight * f).sum();
    if all > 0.0 { of / all } else { 0.0 }
}

fn left(terms: &[Term], found: &[f64], after: bool) -> f64 {
    let lost = terms.iter().zip(found).filter(|(t, f)| **f == 0.0 && (after || !t.after));
    lost.map(|(t, _)| t.weight).fold(0.0, f64::max)
}

/// Whether a word that qualifies the name, and says something, is only here.
fn aside(terms: &[Term], found: &[f64]) -> bool {
    terms.iter().zip(found).any(|(t, f)| *f == 0.0 && t.after && matches!(t.kind, Kind::Name | Kind::Place))
}

fn differ(a: &[Term], b: &[Term], found: (&[f64], &[f64]), kind: Kind) -> Differ {
    let lost = |terms: &[Term], found: &[f64]| {
        let lost = terms.iter().zip(found).filter(|(t, f)| **f == 0.0 && t.kind == kind);
        lost.map(|(t, _)| t.after).fold(None, |all: Option<bool>, after| Some(all.unwrap_or(true) && after))
    };
    match (lost(a, found.0), lost(b, found.1)) {
        (None, None) => Differ::Not,
        (Some(_), Some(_)) => Differ::Other,
        (Some(true), None) | (None, Some(true)) => Differ::Aside,
        _ => Differ::Missing,
    }
}

/// One word that is the first letters of all words of the other name.
fn initials(a: &[Term], b: &[Term]) -> bool {
    let mut names = a.iter().filter(|t| !t.after);
    let (Some(word), None) = (names.next(), names.next()) else { return false };
    let length = word.text.chars().count();
    if !(3..=6).contains(&length) || word.kind != Kind::Name {
        return false;
    }
    let letters = |links: bool| -> String {
        let said = b.iter().filter(|t| !t.after && (links || t.kind != Kind::Link));
        said.filter_map(|t| t.text.chars().next()).collect()
    };
    letters(false) == word.text || letters(true) == word.text
}

/// Pairs alike words, best first, no word twice.
fn pairs(a: &[Term], b: &[Term]) -> Vec<Pair> {
    let mut all: Vec<Pair> = Vec::new();
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            let likeness = near::likeness(x, y);
            if likeness > 0.0 {
                all.push(Pair { likeness, a: (i, i + 1), b: (j, j + 1) });
            }
        }
    }
    run_together(a, b, |likeness, a, b| all.push(Pair { likeness, a, b }));
    run_together(b, a, |likeness, b, a| all.push(Pair { likeness, a, b }));
    let says = |p: &Pair| {
        let sum = |t: &[Term], r: (usize, usize)| t[r.0..r.1].iter().map(|t| t.weight).sum::<f64>();
        sum(a, p.a) + sum(b, p.b)
    };
    all.sort_by(|x, y| {
        let apart = |p: &Pair| p.a.0.abs_diff(p.b.0);
        y.likeness
            .total_cmp(&x.likeness)
            .then(says(y).total_cmp(&says(x)))
            .then(apart(x).cmp(&apart(y)))
            .then((x.a.0 + x.b.0).cmp(&(y.a.0 + y.b.0)))
    });
    let mut chosen: Vec<Pair> = Vec::new();
    for pair in all {
        let clear = |x: (usize, usize), y: (usize, usize)| x.1 <= y.0 || y.1 <= x.0;
        if chosen.iter().all(|c| clear(c.a, pair.a) && clear(c.b, pair.b)) {
            chosen.push(pair);
        }
    }
    chosen
}

/// "Blue Yonder" and "BlueYonder": two or three words of `a` that are one of `b`.
fn run_together(a: &[Term], b: &[Term], mut found: impl FnMut(f64, (usize, usize), (usize, usize))) {
    for (j, word) in b.iter().enumerate().filter(|(_, w)| w.text.len() >= 4) {
        for i in 0..a.len() {
            if !word.text.starts_with(&a[i].text) && !like_start(&word.text, &a[i].text) {
                continue;
            }
            let mut joined = a[i].text.clone();
            for (end, next) in a.iter().enumerate().skip(i + 1).take(2) {
                joined.push_str(&next.text);
                if joined.len() > word.text.len() + 3 {
                    break;
                }
                let likeness = if joined == word.text { 0.98 } else { near::slip(&joined, &word.text) };
                if likeness > 0.0 {
                    found(likeness, (i, end + 1), (j, j + 1));
                }
            }
        }
    }
}

fn like_start(word: &str, start: &str) -> bool {
    start.len() >= 4 && word.len() > start.len() && word.as_bytes()[..3] == start.as_bytes()[..3]
}
