//! Asking, with a watch.

use crate::{
    Outcome,
    queries::{Group, Kind, Words, kinds},
};
use backend::{Tenant, tenant::Admin};
use std::time::Instant;

/// How long one kind of question took, in milliseconds, sorted.
pub struct Figures {
    pub name: String,
    pub group: Group,
    pub times: Vec<f64>,
    /// Most rows that were found.
    pub found: i64,
    /// The round that took longest and what was asked in it, of a list.
    pub slowest: Option<(Kind, u32)>,
}

impl Figures {
    /// The time that this share of the rounds kept within.
    pub fn within(&self, share: f64) -> f64 {
        within(&self.times, share)
    }
}

/// The same of sorted times.
pub fn within(times: &[f64], share: f64) -> f64 {
    let at = (times.len() as f64 * share).ceil() as usize;
    times.get(at.saturating_sub(1)).copied().unwrap_or_default()
}

/// Asks every kind, round by round; a first round of each is not counted.
pub async fn lists(
    tenant: &Tenant<Admin>,
    words: &Words,
    rounds: u32,
    only: Option<&str>,
) -> Outcome<Vec<Figures>> {
    let mut all = Vec::new();
    for kind in kinds().into_iter().filter(|k| only.is_none_or(|o| k.name.contains(o))) {
        let (mut times, mut found, mut slowest) = (Vec::new(), 0, (0.0, 0));
        for round in 0..=rounds {
            let (query, filter) = kind.ask(words, round);
            let start = Instant::now();
            let listed = tenant.devices(query, filter).await?;
            let ms = start.elapsed().as_secs_f64() * 1e3;
            found = found.max(listed.total);
            if round == 0 {
                continue;
            }
            times.push(ms);
            if ms > slowest.0 {
                slowest = (ms, round);
            }
        }
        times.sort_by(f64::total_cmp);
        all.push(Figures {
            name: kind.name.clone(),
            group: kind.group,
            times,
            found,
            slowest: Some((kind, slowest.1)),
        });
    }
    Ok(all)
}

/// Lists, those that took longest first.
pub fn slowest(all: &[Figures]) -> Vec<&Figures> {
    let mut all: Vec<&Figures> = all.iter().filter(|f| f.slowest.is_some()).collect();
    all.sort_by(|a, b| b.within(0.99).total_cmp(&a.within(0.99)));
    all
}
