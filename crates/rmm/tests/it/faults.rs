//! Each fault: exactly the same rows in the end, or a loud error; never fewer rows.

use crate::support::{Bench, all};
use rmm::{NetworkPolicy, RmmError, Vendor, ninjaone::NinjaOne};
use simulator::{Fault, FaultKind, RetryAfter};
use std::time::{Duration, Instant};

const DEVICES: &str = "/v2/devices-detailed";

fn passing() -> Vec<FaultKind> {
    vec![
        FaultKind::TooManyRequests { retry_after: None },
        FaultKind::TooManyRequests { retry_after: Some(RetryAfter::Seconds(1)) },
        FaultKind::TooManyRequests { retry_after: Some(RetryAfter::Date(2)) },
        FaultKind::HtmlThrottle,
        FaultKind::Status(500),
        FaultKind::Status(502),
        FaultKind::Status(503),
        FaultKind::Status(504),
        FaultKind::Slow(Duration::from_secs(9)),
        FaultKind::SlowBody(Duration::from_secs(9)),
        FaultKind::Truncated,
        FaultKind::Reset,
        FaultKind::Malformed,
        FaultKind::Empty,
        FaultKind::Null,
        FaultKind::Unauthorized,
        FaultKind::RepeatPage,
    ]
}

async fn bench() -> Bench {
    Bench::with(45, |account| account.limits.timeout = Duration::from_millis(400)).await
}

#[tokio::test]
async fn a_fault_that_passes_changes_nothing() {
    futures::future::join_all(passing().into_iter().map(|kind| async move {
        let bench = bench().await;
        bench.control().inject(Fault::once(DEVICES, kind.clone()).after(2));
        let ids: Vec<_> =
            all!(bench.client, devices).unwrap().rows.into_iter().map(|d| d.remote_id).collect();
        assert_eq!(ids, bench.expected(), "{kind:?}");
    }))
    .await;
}

#[tokio::test]
async fn a_fault_that_stays_is_loud() {
    let mut kinds = passing();
    kinds.extend([FaultKind::Forbidden, FaultKind::NotFound, FaultKind::Huge]);
    futures::future::join_all(kinds.into_iter().map(|kind| async move {
        let bench = bench().await;
        bench.control().inject(Fault::always(DEVICES, kind.clone()).after(2));
        assert!(all!(bench.client, devices).is_err(), "{kind:?}");
        let asked = bench.control().requests().iter().filter(|r| r.path == DEVICES).count();
        assert!(asked <= 2 + 4, "{kind:?} was asked for {asked} times");
    }))
    .await;
}

#[tokio::test]
async fn a_mixture_of_faults_is_survived() {
    let bench = Bench::with(45, |account| {
        account.limits.timeout = Duration::from_millis(400);
        (account.limits.attempts, account.limits.throttled_attempts) = (12, 12);
        account.limits.longest_pause = Duration::from_millis(2500);
    })
    .await;
    for (turn, kind) in passing().into_iter().enumerate() {
        bench.control().inject(Fault::once("*", kind).after(turn as u32));
    }
    let ids: Vec<_> = all!(bench.client, devices).unwrap().rows.into_iter().map(|d| d.remote_id).collect();
    assert_eq!(ids, bench.expected());
}

#[tokio::test]
async fn the_user_is_told_of_every_pause() {
    let bench = bench().await;
    let control = bench.control();
    control.inject(Fault::once(
        DEVICES,
        FaultKind::TooManyRequests { retry_after: Some(RetryAfter::Seconds(2)) },
    ));
    control.inject(Fault::once(DEVICES, FaultKind::Status(500)).after(1));
    let start = Instant::now();
    assert!(all!(bench.client, devices).is_ok());
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert_eq!(bench.sentences()[0], "Throttled by NinjaOne, continuing in 2 s.");
    assert_eq!(bench.sentences()[1], "NinjaOne answered with error 500, trying again in 1 s.");
}

#[tokio::test]
async fn a_retry_after_beyond_patience_ends_the_request() {
    let bench = bench().await;
    bench.control().inject(Fault::once(
        DEVICES,
        FaultKind::TooManyRequests { retry_after: Some(RetryAfter::Seconds(90)) },
    ));
    let error = all!(bench.client, devices).err().unwrap();
    assert!(matches!(error, RmmError::Throttled { retry_after: Some(pause) } if pause.as_secs() == 90));
}

#[tokio::test]
async fn a_strict_vendor_is_obeyed() {
    let bench = Bench::with(120, |account| account.limits.requests_per_second = 50.0).await;
    bench.control().set_behaviour(|b| b.requests_per_second = Some(8.0));
    assert_eq!(all!(bench.client, devices).unwrap().rows.len(), bench.expected().len());
    let refused = bench.control().requests().iter().filter(|r| r.status == 429).count();
    assert!(refused <= 3, "{refused} refusals");
}

#[tokio::test]
async fn the_set_pace_is_kept() {
    let bench = Bench::with(100, |account| account.limits.requests_per_second = 10.0).await;
    let start = Instant::now();
    all!(bench.client, devices).unwrap();
    let requests = bench.control().request_count() as f64;
    assert!(start.elapsed().as_secs_f64() >= (requests - 2.0) / 10.0);
}

#[tokio::test]
async fn a_host_that_is_not_listed_is_not_contacted() {
    let bench = bench().await;
    let mut account = bench.account.clone();
    account.policy = NetworkPolicy::public_only();
    assert!(NinjaOne.client(account).is_err());
    assert_eq!(bench.control().request_count(), 0);
}
