//! How fast a run goes: rows a second over the last while.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// How far back the rate looks.
const WINDOW: Duration = Duration::from_secs(10);

/// Rows done, lately.
#[derive(Clone, Debug, Default)]
pub(super) struct Speed(VecDeque<(Instant, i64)>);

impl Speed {
    /// Notes how many rows are done and answers the rate; `None` until a second has been seen.
    pub fn rate(&mut self, done: i64) -> Option<i64> {
        self.at(Instant::now(), done)
    }

    fn at(&mut self, now: Instant, done: i64) -> Option<i64> {
        self.0.push_back((now, done));
        while self.0.len() > 2 && now.duration_since(self.0[1].0) >= WINDOW {
            self.0.pop_front();
        }
        let (then, before) = *self.0.front()?;
        let seconds = now.duration_since(then).as_secs_f64();
        let rows = done - before;
        (seconds >= 1.0 && rows > 0).then_some((rows as f64 / seconds) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_of_the_last_seconds() {
        let (start, mut speed) = (Instant::now(), Speed::default());
        let at = |s: u64| start + Duration::from_secs(s);
        assert_eq!(speed.at(start, 0), None);
        assert_eq!(speed.at(at(2), 1000), Some(500));
        for s in 3..40 {
            speed.at(at(s), 1000 + i64::try_from(s).unwrap() * 100);
        }
        assert_eq!(speed.at(at(40), 5000), Some(100));
        assert_eq!(speed.at(at(60), 5000), None, "nothing moved");
    }
}
