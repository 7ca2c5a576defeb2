//! How fast the vendor is asked: never above the set rate, and not before it said.

use crate::rig::{Engine, Rig};
use domain::run::{RunKind, RunState};
use simulator::{Fault, FaultKind, FleetSpec, RetryAfter};
use std::time::Duration;
use tokio::time::Instant;

/// Requests that may go out at once after a quiet time.
const BURST: f64 = 2.0;
/// A request may arrive this much earlier than it left the one before: the way is not always equally long.
const JITTER: Duration = Duration::from_millis(60);

async fn rig(rate: f64) -> Rig {
    let in_flight = if rate > 500.0 { 1 } else { 4 };
    let fleet = FleetSpec { devices: 90, ..FleetSpec::default() };
    let mut rig = Rig::open_with(Engine::Sqlite, fleet, |config| {
        config.limits.requests_per_second = rate;
        config.limits.page_size = 5;
        config.limits.in_flight = in_flight;
        config.limits.longest_pause = Duration::from_secs(10);
        config.limits.longest_wait = Duration::from_secs(10);
        config.limits.throttled_attempts = 20;
    })
    .await;
    rig.connect().await;
    rig.vendor.reset_log();
    rig
}

/// When requests arrived, token requests left out.
fn arrivals(rig: &Rig) -> Vec<Instant> {
    rig.vendor.requests().iter().filter(|r| !r.path.ends_with("/token")).map(|r| r.at).collect()
}

/// Asserts that no stretch of time had more requests than the rate allows.
fn never_above(rate: f64, arrivals: &[Instant]) {
    for (first, from) in arrivals.iter().enumerate() {
        for (last, to) in arrivals.iter().enumerate().skip(first) {
            let span = (*to - *from + JITTER).as_secs_f64();
            let (seen, allowed) = ((last - first + 1) as f64, BURST + span * rate);
            assert!(seen <= allowed + 1.0, "{seen} requests in {span:.3} s, {allowed:.1} are allowed");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_never_faster_than_set() {
    let rig = rig(25.0).await;
    let run = rig.sync(RunKind::All).await;
    assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
    let arrivals = arrivals(&rig);
    assert!(arrivals.len() > 30, "{} requests are too few to tell", arrivals.len());
    never_above(25.0, &arrivals);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_of_one_account_share_its_rate() {
    let rig = rig(25.0).await;
    let runs = tokio::join!(rig.sync(RunKind::Organizations), rig.sync(RunKind::Devices));
    assert_eq!((runs.0.state, runs.1.state), (RunState::Completed, RunState::Completed));
    never_above(25.0, &arrivals(&rig));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retry_after_is_kept() {
    let rig = rig(1_000.0).await;
    for retry_after in [RetryAfter::Seconds(2), RetryAfter::Date(3)] {
        rig.vendor.reset_log();
        let kind = FaultKind::TooManyRequests { retry_after: Some(retry_after) };
        rig.vendor.inject(Fault::once("/v2/devices-detailed", kind).after(3));
        let run = rig.sync(RunKind::Devices).await;
        assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
        let log = rig.vendor.requests();
        let refused = log.iter().position(|r| r.status == 429).expect("a refusal");
        // Those that were under way when the vendor refused one are not held.
        let mut pauses = log[refused + 1..].iter().map(|r| (r.at - log[refused].at).as_secs_f64());
        let pause = pauses.find(|pause| *pause > 0.2).expect("a request after the pause");
        let asked = match retry_after {
            RetryAfter::Seconds(s) | RetryAfter::Date(s) => s as f64,
        };
        // Dates have whole seconds only; the upper end leaves room for a busy machine.
        assert!(pause >= asked * 0.9 && pause <= asked * 1.1 + 1.0, "{retry_after:?}: {pause:.2} s");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slower_vendor_is_followed() {
    let rig = rig(100.0).await;
    rig.vendor.set_behaviour(|b| b.requests_per_second = Some(20.0));
    let run = rig.sync(RunKind::All).await;
    assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
    let log = rig.vendor.requests();
    let refused = log.iter().filter(|r| r.status == 429).count();
    assert!(refused * 5 <= log.len(), "{refused} of {} requests were refused", log.len());
}
