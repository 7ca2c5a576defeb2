//! How fast requests may go out: a steady pace that halves when the vendor throttles and recovers slowly.

use std::{sync::Mutex, time::Duration};
use tokio::time::{Instant, sleep_until};

/// The slowest pace, as a share of the configured one.
const SLOWEST: f64 = 1.0 / 16.0;
/// Share of the configured pace that each good answer gives back.
const RECOVERY: f64 = 1.0 / 50.0;
/// Requests that may go out at once after a quiet time.
const BURST: f64 = 2.0;
/// Throttled answers within this time count as one: they were all under way when the vendor had enough.
const ONE_EVENT: Duration = Duration::from_secs(1);

/// Shared by all requests of one client.
pub struct Pace {
    /// Requests a second, as configured.
    full: f64,
    state: Mutex<State>,
}

struct State {
    rate: f64,
    /// When the bucket is full again (generic cell rate algorithm).
    full_at: Instant,
    /// No request goes out before this.
    held_until: Instant,
    slowed_at: Option<Instant>,
}

impl Pace {
    /// A pace of that many requests a second; nonsense such as zero means one a minute at least.
    pub fn new(per_second: f64) -> Self {
        let full = if per_second.is_finite() { per_second.clamp(1.0 / 60.0, 10_000.0) } else { 10_000.0 };
        let now = Instant::now();
        let state = State { rate: full, full_at: now, held_until: now, slowed_at: None };
        Self { full, state: Mutex::new(state) }
    }

    /// Waits for this request's turn.
    pub async fn turn(&self) {
        sleep_until(self.reserve()).await;
        // A hold that began while this request waited applies to it too.
        loop {
            let held_until = self.lock().held_until;
            if held_until <= Instant::now() {
                return;
            }
            sleep_until(held_until).await;
        }
    }

    /// Nothing goes out for that long.
    pub fn hold(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        state.held_until = state.held_until.max(until);
    }

    /// The vendor throttles: half the pace from now on.
    pub fn slow_down(&self) {
        let now = Instant::now();
        let mut state = self.lock();
        if state.slowed_at.is_none_or(|at| now.duration_since(at) > ONE_EVENT) {
            state.rate = (state.rate / 2.0).max(self.full * SLOWEST);
            state.slowed_at = Some(now);
        }
    }

    /// A good answer: a little faster, up to the configured pace.
    pub fn ease(&self) {
        let mut state = self.lock();
        state.rate = (state.rate + self.full * RECOVERY).min(self.full);
    }

    fn reserve(&self) -> Instant {
        let now = Instant::now();
        let mut state = self.lock();
        let interval = Duration::from_secs_f64(1.0 / state.rate);
        let turn = state.full_at.checked_sub(interval.mul_f64(BURST - 1.0)).unwrap_or(now).max(now);
        state.full_at = state.full_at.max(now) + interval;
        turn
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn rate(&self) -> f64 {
        self.lock().rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn time_for(pace: &Pace, requests: u32) -> f64 {
        let start = Instant::now();
        for _ in 0..requests {
            pace.turn().await;
        }
        start.elapsed().as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn never_faster_than_set() {
        let pace = Pace::new(10.0);
        let spent = time_for(&pace, 102).await;
        assert!((9.9..10.2).contains(&spent), "{spent}");
        tokio::time::sleep(Duration::from_secs(60)).await;
        let spent = time_for(&pace, 12).await;
        assert!((0.99..1.1).contains(&spent), "a quiet minute buys a burst of two: {spent}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_stops_those_who_wait_already() {
        let pace = std::sync::Arc::new(Pace::new(1.0));
        time_for(&pace, 2).await;
        let start = Instant::now();
        let waiting = tokio::spawn({
            let pace = pace.clone();
            async move { pace.turn().await }
        });
        tokio::task::yield_now().await;
        pace.hold(Duration::from_secs(30));
        waiting.await.unwrap();
        assert!(start.elapsed() >= Duration::from_secs(30));
    }

    #[tokio::test(start_paused = true)]
    async fn halves_and_recovers() {
        let pace = Pace::new(8.0);
        pace.slow_down();
        pace.slow_down();
        assert_eq!(pace.rate(), 4.0, "one storm halves once");
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_secs(2)).await;
            pace.slow_down();
        }
        assert_eq!(pace.rate(), 0.5);
        for _ in 0..49 {
            pace.ease();
        }
        assert!(pace.rate() > 8.0 * 0.99 && pace.rate() <= 8.0);
    }

    #[test]
    fn odd_settings_do_not_panic() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
            Pace::new(rate).reserve();
        }
    }
}
