//! One token for everybody, renewed when needed, and refusals told apart.

use crate::support::{Bench, all};
use futures::future::join_all;
use rmm::{Position, RmmError, Vendor, ninjaone::NinjaOne};
use simulator::{Fault, FaultKind};
use std::time::Duration;

#[tokio::test]
async fn a_hundred_callers_share_one_token() {
    let bench = Bench::start(30).await;
    let results = join_all((0..100).map(|_| bench.client.devices(&Position::Start))).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(bench.control().token_requests(), 1);
    bench.control().expire_tokens();
    let results = join_all((0..100).map(|_| bench.client.devices(&Position::Start))).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(bench.control().token_requests(), 2);
}

#[tokio::test]
async fn a_storm_of_refusals_costs_two_tokens() {
    let bench = Bench::start(30).await;
    bench.control().inject(Fault::always("/v2/devices", FaultKind::Unauthorized));
    let results = join_all((0..100).map(|_| bench.client.device_refs(&Position::Start))).await;
    assert!(results.iter().all(|r| matches!(r, Err(RmmError::Unauthorized))));
    assert!(bench.control().token_requests() <= 2);
}

#[tokio::test]
async fn a_token_that_ends_between_pages_is_not_noticed() {
    let bench = Bench::start(50).await;
    let first = bench.client.devices(&Position::Start).await.unwrap();
    bench.control().expire_tokens();
    let second = bench.client.devices(&first.next.unwrap()).await.unwrap();
    assert_eq!(second.ids, bench.expected()[10..20]);
    bench.control().set_behaviour(|b| b.token_lifetime = Duration::from_secs(1));
    assert_eq!(all!(bench.fresh(), devices).unwrap().rows.len(), bench.expected().len());
}

#[tokio::test]
async fn revoked_credentials_stop_the_run() {
    let bench = Bench::start(50).await;
    let first = bench.client.devices(&Position::Start).await.unwrap();
    bench.control().set_behaviour(|b| b.credentials_revoked = true);
    let error = bench.client.devices(&first.next.unwrap()).await.err().unwrap();
    assert!(error.is_credentials(), "{error:?}");
}

#[tokio::test]
async fn the_probe_tells_what_is_wrong() {
    let bench = Bench::start(20).await;
    assert_eq!(bench.client.probe().await.unwrap(), 10, "the first page");
    let probe = |change: &dyn Fn(&mut rmm::Account)| {
        let mut account = bench.account.clone();
        change(&mut account);
        let client = NinjaOne.client(account).unwrap();
        async move { client.probe().await.map_err(|e| e.problem("NinjaOne").code) }
    };
    assert_eq!(probe(&|a| a.client_id = "x".into()).await.unwrap_err(), "unknown_client");
    for status in [400, 401] {
        bench.control().set_behaviour(|b| b.wrong_secret_status = status);
        assert_eq!(probe(&|a| a.client_secret = "x".into()).await.unwrap_err(), "wrong_secret");
    }
    bench.control().set_behaviour(|b| b.grant_refused = true);
    assert_eq!(probe(&|_| ()).await.unwrap_err(), "grant_refused");
    bench.control().set_behaviour(|b| b.grant_refused = false);
    bench.control().set_behaviour(|b| b.token_scopes = vec!["management".into()]);
    assert_eq!(probe(&|_| ()).await.unwrap_err(), "missing_scope");
    bench.control().set_behaviour(|b| b.token_scopes = vec!["monitoring".into()]);
    bench.control().inject(Fault::once("/v2/organizations", FaultKind::Forbidden));
    assert_eq!(probe(&|_| ()).await.unwrap_err(), "forbidden");
    bench.control().inject(Fault::always("/ws/oauth/token", FaultKind::HtmlThrottle));
    assert_eq!(probe(&|_| ()).await.unwrap_err(), "not_ninjaone");
}

#[tokio::test]
async fn faults_of_the_token_endpoint_pass() {
    for kind in [
        FaultKind::Reset,
        FaultKind::Truncated,
        FaultKind::Malformed,
        FaultKind::Empty,
        FaultKind::Status(500),
        FaultKind::Status(503),
        FaultKind::HtmlThrottle,
        FaultKind::TooManyRequests { retry_after: None },
    ] {
        let bench = Bench::start(20).await;
        bench.control().inject(Fault::once("/ws/oauth/token", kind.clone()));
        assert!(bench.client.devices(&Position::Start).await.is_ok(), "{kind:?}");
        assert_eq!(bench.control().token_requests(), 2, "{kind:?}");
    }
}
