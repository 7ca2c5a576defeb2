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
    rig_of(90, rate).await
}

async fn rig_of(devices: u32, rate: f64) -> Rig {
    let in_flight = if rate > 500.0 { 1 } else { 4 };
    let fleet = FleetSpec { devices, ..FleetSpec::default() };
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

fn refusal(retry_after: RetryAfter) -> FaultKind {
    FaultKind::TooManyRequests { retry_after: Some(retry_after) }
}

// The next three count from when a refusal left the vendor, and only what comes too early fails them: a slow machine cannot.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_before_retry_after_is_over() {
    let rig = rig(1_000.0).await;
    // Dates have whole seconds only: this one is at least three ahead.
    for retry_after in [RetryAfter::Seconds(3), RetryAfter::Date(4)] {
        rig.vendor.reset_log();
        // The short list is read when nothing else is: no other request is under way.
        rig.vendor.inject(Fault::once("/v2/devices", refusal(retry_after)).after(2));
        let run = rig.sync(RunKind::Organizations).await;
        assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
        let log = rig.vendor.requests();
        let at = log.iter().position(|r| r.status == 429).expect("a refusal");
        let (refused, next) = (&log[at], &log[at + 1]);
        assert_eq!((&next.path, &next.query), (&refused.path, &refused.query), "it is asked again");
        let pause = next.at - refused.at;
        assert!(pause >= Duration::from_secs(3), "{retry_after:?}: {pause:?}");
    }
}

/// Requests that are under way when one is refused, and those that follow them before anybody has heard of that.
const UNDER_WAY: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_run_is_told_to_wait_all_of_its_account_wait() {
    let rig = rig_of(600, 1_000.0).await;
    rig.vendor.set_behaviour(|b| b.latency = Duration::from_millis(10));
    // One of its first requests: the other run has more than a hundred before it.
    rig.vendor.inject(Fault::once("/v2/roles", refusal(RetryAfter::Seconds(4))));
    let runs = tokio::join!(rig.sync(RunKind::Organizations), rig.sync(RunKind::Devices));
    assert_eq!((runs.0.state, runs.1.state), (RunState::Completed, RunState::Completed));
    let log = rig.vendor.requests();
    let refused = log.iter().position(|r| r.status == 429).expect("a refusal");
    let over = log[refused].at + Duration::from_secs(4);
    let meanwhile = log[refused + 1..].iter().filter(|r| r.at < over).count();
    assert!(meanwhile <= UNDER_WAY, "{meanwhile} of {} requests came all the same", log.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_refused_asks_more_slowly_than_before() {
    let rig = rig(32.0).await;
    rig.vendor.inject(Fault::once("/v2/devices", refusal(RetryAfter::Seconds(1))).after(2).times(3));
    let run = rig.sync(RunKind::Organizations).await;
    assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
    let log = rig.vendor.requests();
    let last = log.iter().rposition(|r| r.status == 429).expect("refusals");
    // Half of the half of the half is four a second; each good answer gives back a fiftieth of 32. So ten requests after the
    // pause take 1.4 seconds; at the pace of before they would take a quarter of one.
    let took = log[last + 10].at - log[last].at;
    assert!(took >= Duration::from_millis(1_000 + 800), "{took:?}");
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
