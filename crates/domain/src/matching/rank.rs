//! The likeliest target of one subject, and how sure that is.

use super::{
    Asked, Matcher, Proposal, Subject,
    names::Name,
    score::{Likeness, Verdict},
    signals::known,
};

/// Confidence from which Quick Match maps by itself: of 1,000 maps at most one is wrong.
pub const QUICK_MATCH: f64 = 0.98;
/// The most that one of two equally good targets gets.
pub const TIED: f64 = 0.5;
/// Targets that another is less than this many times likelier than are equally good.
const CLEAR: f64 = 1.5;
/// Targets that share nothing but a sign start from here.
const STRANGER: f64 = 0.02;
/// No sum of signs is surer than this.
const SUREST: f64 = 0.999;

/// The answer for one subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// The likeliest target, however unlikely it is.
    pub best: Option<Proposal>,
    pub runner_up: Option<Proposal>,
    /// Both are equally good: somebody has to look.
    pub tied: bool,
    /// Another subject wants the same target; set by [`Matcher::assign`].
    pub conflict: bool,
}

/// A target with its chance before others are looked at.
#[derive(Clone)]
pub(super) struct Claim {
    pub target: usize,
    pub chance: f64,
    kind: Likeness,
    reasons: Vec<String>,
}

impl Matcher {
    /// The likeliest targets of `subject`. `known` has targets that know some of its devices, with the share of its
    /// devices' good serial numbers that are known there, 0 to 1.
    pub fn rank(&self, subject: &Subject, known: &[(usize, f64)]) -> Ranking {
        settled(&self.claims(&Asked { subject, known, not: &[] }))
    }

    /// All targets with some chance, likeliest first.
    pub(super) fn claims(&self, of: &Asked) -> Vec<Claim> {
        let Asked { subject, known: shares, not } = of;
        let asked = self.asked(subject);
        let mut targets = self.candidates(&asked);
        targets.extend(shares.iter().map(|(target, _)| *target).filter(|t| *t < self.names.len()));
        targets.retain(|target| !not.contains(target));
        let mut claims: Vec<Claim> = targets
            .into_iter()
            .map(|target| {
                let share = shares.iter().filter(|(t, _)| *t == target).map(|(_, s)| *s).fold(0.0, f64::max);
                self.claim(&asked, target, share)
            })
            .filter(|claim| claim.chance > 0.0)
            .collect();
        let key = |c: &Claim| &self.names[c.target].key;
        claims.sort_by(|a, b| {
            b.chance.total_cmp(&a.chance).then_with(|| key(a).cmp(key(b))).then(a.target.cmp(&b.target))
        });
        claims
    }

    fn claim(&self, asked: &Name, target: usize, share: f64) -> Claim {
        let Verdict { mut chance, kind, reason } = self.verdict(asked, target);
        let mut reasons = if chance > 0.0 { vec![reason.to_owned()] } else { Vec::new() };
        let other = &self.names[target];
        let mut signs = asked.signals.compare(&other.signals);
        signs.extend(known(share));
        if asked.signals.domains.is_disjoint(&other.signals.domains) && spelled(asked, other, kind) {
            signs.push(super::signals::Sign { times: 8.0, reason: "The domain spells its name" });
        }
        for sign in signs {
            chance = times(chance.max(STRANGER), sign.times);
            reasons.push(sign.reason.to_owned());
        }
        Claim { target, chance, kind, reasons }
    }
}

/// Whether a domain spells the name of the other side. That of a target says nothing more where the names are the same.
fn spelled(asked: &Name, other: &Name, kind: Likeness) -> bool {
    asked.domain_spells(other) || (kind == Likeness::Near && other.domain_spells(asked))
}

/// The chance of what is `times` likelier than before.
fn times(chance: f64, times: f64) -> f64 {
    if chance >= SUREST {
        return chance;
    }
    let odds = chance / (1.0 - chance) * times;
    (odds / (1.0 + odds)).min(SUREST)
}

/// What is left of the chances when only one target can be right.
pub(super) fn settled(claims: &[Claim]) -> Ranking {
    let Some(first) = claims.first() else { return Ranking::default() };
    let rival = claims.get(1).filter(|second| rivals(first, second));
    let tied = rival.is_some_and(|second| odds(first.chance) < CLEAR * odds(second.chance));
    let sum: f64 = claims.iter().filter(|c| rivals(first, c)).map(|c| odds(c.chance)).sum();
    let mut best = proposal(first, first.chance, sum);
    let mut runner_up = claims.get(1).map(|second| proposal(second, second.chance, sum));
    if tied {
        for tied in [Some(&mut best), runner_up.as_mut()].into_iter().flatten() {
            tied.confidence = tied.confidence.min(TIED);
            tied.reasons.push("Two are equally close".into());
        }
    }
    Ranking { best: Some(best), runner_up, tied, conflict: false }
}

/// Whether `other` makes the best one less sure: nothing does that is much less the same name.
fn rivals(best: &Claim, other: &Claim) -> bool {
    match best.kind {
        Likeness::Same => other.kind == Likeness::Same || other.chance >= SUREST,
        Likeness::Near => true,
        _ => other.kind != Likeness::Near || other.chance >= 0.9,
    }
}

fn odds(chance: f64) -> f64 {
    let chance = chance.min(0.9999);
    chance / (1.0 - chance)
}

/// A claim with what is left of its chance beside all others.
fn proposal(claim: &Claim, alone: f64, all: f64) -> Proposal {
    let own = odds(alone);
    let others = (all - own).max(0.0);
    let confidence = if others <= 0.0 { alone } else { own / (1.0 + own + others) };
    let confidence = (confidence.min(alone) * 1e4).round() / 1e4;
    Proposal { index: claim.target, confidence, reasons: claim.reasons.clone() }
}
