//! A matcher over names and what else is known.

use super::{
    fit::fit,
    index::Index,
    normal::Normal,
    score::{Likeness, Verdict, near, same},
    signals::Signals,
    subject::Subject,
    terms::{Term, Uses},
};
use crate::company::name_key;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A target that a name may mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Which of the targets that the matcher was made of.
    pub index: usize,
    /// 0 to 1.
    pub confidence: f64,
    /// Why, as short sentences without a full stop.
    pub reasons: Vec<String>,
}

/// Finds the nearest of many targets; made once, asked often. What it takes grows with the names asked, not with the
/// product of both sides: only names that share a rare word, a misspelled word or their letters are compared.
pub struct Matcher {
    pub(super) names: Vec<Name>,
    uses: Uses,
    index: Index,
    /// Targets by their domains, phones and references.
    signs: FxHashMap<String, Vec<usize>>,
}

/// A name, its other names, and what else is known, ready to be compared.
pub(super) struct Name {
    pub key: String,
    normal: Normal,
    terms: Vec<Term>,
    also: Vec<(Normal, Vec<Term>)>,
    pub signals: Signals,
}

impl Name {
    fn of(subject: &Subject, normal: Normal, uses: &Uses) -> Self {
        let also = normal.also.iter().map(|n| (n.clone(), uses.terms(n))).collect();
        let terms = uses.terms(&normal);
        Self { key: name_key(&subject.name), normal, terms, also, signals: Signals::of(subject) }
    }

    fn variants(&self) -> impl Iterator<Item = (&Normal, &[Term])> {
        let also = self.also.iter().map(|(normal, terms)| (normal, terms.as_slice()));
        std::iter::once((&self.normal, self.terms.as_slice())).chain(also)
    }

    /// Whether a domain of this one spells the name of the other.
    pub fn domain_spells(&self, other: &Self) -> bool {
        self.signals.spells(&other.normal.joined())
    }
}

impl Matcher {
    /// A matcher over `names`; a [`Proposal`] answers with the position in them.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self::of(names.into_iter().map(|name| Subject::named(name.as_ref())))
    }

    /// A matcher over targets of which more than the name may be known.
    pub fn of(targets: impl IntoIterator<Item = Subject>) -> Self {
        let targets: Vec<Subject> = targets.into_iter().collect();
        let normals: Vec<Normal> = targets.iter().map(|t| Normal::of(&t.name)).collect();
        let uses = Uses::new(normals.iter());
        let names: Vec<Name> =
            targets.iter().zip(normals).map(|(target, normal)| Name::of(target, normal, &uses)).collect();
        let mut matcher = Self { names, uses, index: Index::default(), signs: FxHashMap::default() };
        matcher.fill();
        matcher
    }

    fn fill(&mut self) {
        for (target, name) in self.names.iter().enumerate() {
            for (normal, terms) in name.variants() {
                self.index.add(target, normal, terms);
            }
            for sign in signs(&name.signals) {
                self.signs.entry(sign).or_default().push(target);
            }
        }
    }

    pub(super) fn asked(&self, subject: &Subject) -> Name {
        Name::of(subject, Normal::of(&subject.name), &self.uses)
    }

    /// Targets worth comparing, by names or by what else is known.
    pub(super) fn candidates(&self, asked: &Name) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for (normal, terms) in asked.variants() {
            found.extend(self.index.candidates(normal, terms));
        }
        let spelled = signs(&asked.signals);
        found.extend(
            spelled.filter_map(|sign| self.signs.get(&sign)).flat_map(|t| t.iter().take(20).copied()),
        );
        found
    }

    /// How the names compare; the best of all their other names.
    pub(super) fn verdict(&self, asked: &Name, target: usize) -> Verdict {
        let target = &self.names[target];
        if asked.key == target.key && !asked.normal.words.is_empty() {
            return Likeness::Same.verdict();
        }
        let mut best: Option<Verdict> = None;
        for (i, (a, x)) in asked.variants().enumerate() {
            for (j, (b, y)) in target.variants().enumerate() {
                let mut verdict = compare(a, x, b, y);
                if i + j > 0 {
                    verdict = formerly(verdict);
                }
                if best.as_ref().is_none_or(|b| verdict.chance > b.chance) {
                    best = Some(verdict);
                }
            }
        }
        best.unwrap_or_else(|| Likeness::Near.verdict())
    }
}

fn compare(a: &Normal, x: &[Term], b: &Normal, y: &[Term]) -> Verdict {
    if a.words.is_empty() || b.words.is_empty() {
        return Likeness::Near.verdict();
    }
    same(a, b).map_or_else(|| near(&fit(x, y)), Likeness::verdict)
}

/// Another name of either side: names change hands, so it is never as sure.
fn formerly(verdict: Verdict) -> Verdict {
    let reason = if verdict.kind == Likeness::Near { verdict.reason } else { "Same as its other name" };
    Verdict { chance: verdict.chance * 0.93, kind: Likeness::Near, reason }
}

/// What targets are found by besides their names.
fn signs(signals: &Signals) -> impl Iterator<Item = String> {
    let domains = signals.domains.iter().map(|d| format!("@{d}"));
    let phones = signals.phones.iter().map(|p| format!("+{p}"));
    domains.chain(phones).chain(signals.spoken_of().map(|r| format!("#{r}")))
}
