//! How likely two names are names of one company.

use super::{
    fit::{Differ, Fit},
    normal::Normal,
};

/// How two names compare.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    /// How likely they mean the same, as far as names tell, 0 to 1.
    pub chance: f64,
    pub kind: Likeness,
    pub reason: &'static str,
}

/// What two names have in common, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Apart from case and spaces.
    Same,
    /// The same words and legal form.
    Words,
    /// The same words; one has no legal form.
    NoForm,
    /// The same words, another legal form.
    OtherForm,
    /// The same words in another order.
    Order,
    /// The same letters, other spaces.
    Joined,
    Near,
}

impl Likeness {
    /// The chance of a pair of names that are alike in this way.
    const fn chance(self) -> f64 {
        match self {
            Self::Same => 1.0,
            Self::Words => 0.998,
            Self::NoForm => 0.995,
            Self::OtherForm => 0.975,
            Self::Order => 0.97,
            Self::Joined => 0.96,
            Self::Near => 0.0,
        }
    }

    const fn reason(self) -> &'static str {
        match self {
            Self::Same => "Same name",
            Self::Words => "Same name apart from accents, punctuation or \"The\"",
            Self::NoForm => "Same name apart from the legal form",
            Self::OtherForm => "Same name, but another legal form",
            Self::Order => "Same words in another order",
            Self::Joined | Self::Near => "Spelled almost the same",
        }
    }

    pub fn verdict(self) -> Verdict {
        Verdict { chance: self.chance(), kind: self, reason: self.reason() }
    }
}

/// How two names are the same, if they are.
pub(super) fn same(a: &Normal, b: &Normal) -> Option<Likeness> {
    if a.words.is_empty() || b.words.is_empty() {
        return None;
    }
    if a.words == b.words {
        return Some(if a.forms == b.forms {
            Likeness::Words
        } else if a.other_form(b) {
            Likeness::OtherForm
        } else {
            Likeness::NoForm
        });
    }
    if a.words.len() == b.words.len() && a.sorted() == b.sorted() {
        return Some(Likeness::Order);
    }
    (a.joined() == b.joined()).then_some(Likeness::Joined)
}

/// The chance for a score: straight between these points, which were fitted on labelled names.
const CURVE: &[(f64, f64)] =
    &[(0.0, 0.0), (0.3, 0.05), (0.5, 0.3), (0.6, 0.65), (0.7, 0.86), (0.8, 0.94), (0.9, 0.975), (1.0, 0.99)];

/// The most for names that are only near: less than any threshold for what maps by itself should be.
const NEAR: f64 = 0.97;
/// A word that only one name has counts when it says more than this.
const SAYS: f64 = 0.2;
/// Two names that each have a word of their own, of this weight, are rarely one company.
const DISTINCT: f64 = 0.6;
/// The least for names that start with the same rare word, whatever follows.
const NAMED: f64 = 0.65;

/// Judges two names that are not the same.
pub(super) fn near(fit: &Fit) -> Verdict {
    let mut chance = curve(score(fit));
    if fit.initials {
        chance = chance.max(0.8);
    }
    if fit.named {
        chance = chance.max(NAMED);
    }
    let chance = chance.min(most(fit));
    Verdict { chance, kind: Likeness::Near, reason: reason(fit) }
}

/// What two names have in common against what only one has.
pub(super) fn score(fit: &Fit) -> f64 {
    let found = 0.5 * fit.least + 0.5 * fit.most;
    let left = 0.15 * fit.left;
    let head = if fit.head { 0.0 } else { 0.2 };
    let base = found - left - head;
    base.clamp(0.0, 1.0)
}

/// The most that names may get that differ in what tells names apart.
fn most(fit: &Fit) -> f64 {
    let mut most = NEAR;
    let differs = [fit.numbers, fit.compass];
    if differs.contains(&Differ::Other) {
        most = most.min(0.02);
    }
    if differs.contains(&Differ::Missing) {
        most = most.min(0.45);
    }
    if differs.contains(&Differ::Aside) {
        most = most.min(0.97);
    }
    if fit.left_core > SAYS {
        most = most.min(0.9);
    }
    if fit.left_both > SAYS {
        most = most.min(if fit.left_both > DISTINCT { 0.35 } else { 0.7 });
    }
    if fit.words < 2 && fit.left_core > SAYS {
        most = most.min(if fit.slips { 0.25 } else { 0.74 });
    }
    if fit.places {
        most = most.min(0.3);
    }
    most
}

fn reason(fit: &Fit) -> &'static str {
    if fit.numbers == Differ::Other || fit.compass == Differ::Other {
        "A number or direction differs"
    } else if fit.places {
        "Another place"
    } else if fit.initials {
        "One name is the initials of the other"
    } else if fit.left > 0.0 {
        "They share some words, but each has words of its own"
    } else if fit.left_most > 0.0 {
        "One name has all words of the other"
    } else if fit.rewritten && !fit.slips {
        "Same words, shortened or translated"
    } else {
        "Spelled almost the same"
    }
}

fn curve(score: f64) -> f64 {
    let above = CURVE.iter().position(|(x, _)| score <= *x).unwrap_or(CURVE.len() - 1).max(1);
    let ((x0, y0), (x1, y1)) = (CURVE[above - 1], CURVE[above]);
    y0 + (y1 - y0) * ((score - x0) / (x1 - x0)).clamp(0.0, 1.0)
}
