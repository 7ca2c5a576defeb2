//! Many subjects at once, each target preferably once.

use super::{
    Asked, Matcher, Ranking,
    rank::{Claim, TIED, settled},
};
use rustc_hash::FxHashMap;

/// Claims less likely than this take nothing from others.
const CLAIM: f64 = 0.5;
/// A next target that is less likely in itself is not worth turning to.
const LIKELY: f64 = 0.8;

impl Matcher {
    /// Ranks all `subjects`. Where several
    /// want one target the likeliest has it; the others, and equally likely ones, are marked as in conflict and never
    /// sure, and turn to their next target when that is free and likely.
    pub fn assign<'a>(&self, subjects: impl IntoIterator<Item = Asked<'a>>) -> Vec<Ranking> {
        let claims: Vec<Vec<Claim>> = subjects.into_iter().map(|asked| self.claims(&asked)).collect();
        let mut rankings: Vec<Ranking> = claims.iter().map(|c| settled(c)).collect();
        let mut wanted: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (subject, ranking) in rankings.iter().enumerate() {
            if let Some(best) = ranking.best.as_ref().filter(|b| b.confidence >= CLAIM) {
                wanted.entry(best.index).or_default().push(subject);
            }
        }
        for group in wanted.values().filter(|group| group.len() > 1) {
            let winner = winner(group, &claims);
            for subject in group.iter().filter(|s| Some(**s) != winner) {
                let free = |target: usize| !wanted.contains_key(&target);
                yield_to_others(&mut rankings[*subject], &claims[*subject], free);
            }
        }
        rankings
    }
}

/// Who of those that want one target has it: the likeliest, unless another is as likely.
fn winner(group: &[usize], claims: &[Vec<Claim>]) -> Option<usize> {
    let chance = |subject: usize| claims[subject].first().map_or(0.0, |c| c.chance);
    let best = group.iter().copied().max_by(|a, b| chance(*a).total_cmp(&chance(*b)))?;
    let alone = group.iter().all(|s| *s == best || chance(best) - chance(*s) > 0.001);
    alone.then_some(best)
}

fn yield_to_others(ranking: &mut Ranking, claims: &[Claim], free: impl Fn(usize) -> bool) {
    ranking.conflict = true;
    let next = claims.get(1).filter(|next| next.chance >= LIKELY && free(next.target));
    if next.is_some() {
        // Without the one that another has.
        let first = std::mem::take(&mut ranking.best);
        ranking.best = settled(&claims[1..]).best;
        ranking.runner_up = first;
    }
    let Some(best) = ranking.best.as_mut() else { return };
    best.confidence = best.confidence.min(TIED);
    best.reasons.push("Another one wants the same match".into());
}
