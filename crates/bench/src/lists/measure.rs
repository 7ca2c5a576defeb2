//! Asking, with a watch.

use crate::{
    Outcome,
    queries::{Group, Kind, Words, kinds},
};
use backend::{Tenant, tenant::Admin};
use rustix::time::{ClockId, clock_gettime};
use std::time::Instant;

/// How long one kind of question took, in milliseconds, sorted.
pub struct Figures {
    pub name: String,
    pub group: Group,
    pub times: Vec<f64>,
    /// Processor time of this process, in the median.
    pub cpu: f64,
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

/// Wall and processor milliseconds of questions of one kind.
#[derive(Default)]
pub struct Times {
    wall: Vec<f64>,
    cpu: Vec<f64>,
}

impl Times {
    /// Waits for an answer, and answers how long that took.
    pub async fn of<T>(&mut self, answer: impl Future<Output = Outcome<T>>) -> Outcome<(T, f64)> {
        let (start, busy) = (Instant::now(), cpu());
        let answer = answer.await?;
        let ms = start.elapsed().as_secs_f64() * 1e3;
        self.wall.push(ms);
        self.cpu.push(cpu() - busy);
        Ok((answer, ms))
    }

    /// The figures of all but the first.
    pub fn figures(mut self, name: String, group: Group, found: i64) -> Figures {
        self.wall.remove(0);
        self.cpu.remove(0);
        self.wall.sort_by(f64::total_cmp);
        self.cpu.sort_by(f64::total_cmp);
        Figures { name, group, times: self.wall, cpu: within(&self.cpu, 0.5), found, slowest: None }
    }
}

/// Processor milliseconds of this process.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
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
        let (mut times, mut found, mut slowest) = (Times::default(), 0, (0.0, 0));
        for round in 0..=rounds {
            let (query, filter) = kind.ask(words, round);
            let (listed, ms) = times.of(async { Ok(tenant.devices(query, filter).await?) }).await?;
            found = found.max(listed.total);
            if round > 0 && ms > slowest.0 {
                slowest = (ms, round);
            }
        }
        let figures = times.figures(kind.name.clone(), kind.group, found);
        all.push(Figures { slowest: Some((kind, slowest.1)), ..figures });
    }
    Ok(all)
}

/// Lists, those that took longest first.
pub fn slowest(all: &[Figures]) -> Vec<&Figures> {
    let mut all: Vec<&Figures> = all.iter().filter(|f| f.slowest.is_some()).collect();
    all.sort_by(|a, b| b.within(0.99).total_cmp(&a.within(0.99)));
    all
}
