//! Every fault, seen from the client's side.

use crate::client::{Bench, ids, send};
use simulator::{BadRow, Fault, FaultKind, RetryAfter};
use std::time::{Duration, Instant};

const DEVICES: &str = "/v2/devices?pageSize=10";

async fn with(kind: FaultKind) -> (Bench, reqwest::Result<crate::client::Answer>) {
    let bench = Bench::small().await;
    bench.control.inject(Fault::once("/v2/devices", kind));
    let answer = bench.attempt(DEVICES).await;
    (bench, answer)
}

#[tokio::test]
async fn throttling_comes_in_four_forms() {
    let seconds = FaultKind::TooManyRequests { retry_after: Some(RetryAfter::Seconds(7)) };
    let answer = with(seconds).await.1.unwrap();
    assert_eq!((answer.status, answer.retry_after.as_deref()), (429, Some("7")));
    let date = FaultKind::TooManyRequests { retry_after: Some(RetryAfter::Date(7)) };
    assert!(with(date).await.1.unwrap().retry_after.unwrap().ends_with(" GMT"));
    let bare = FaultKind::TooManyRequests { retry_after: None };
    assert_eq!(with(bare).await.1.unwrap().retry_after, None);
    let html = with(FaultKind::HtmlThrottle).await.1.unwrap();
    assert_eq!(html.status, 200);
    assert!(html.content_type.starts_with("text/html") && html.text.starts_with("<!DOCTYPE"));
}

#[tokio::test]
async fn statuses_have_the_bodies_that_go_with_them() {
    let cases = [
        (FaultKind::Status(500), 500),
        (FaultKind::Status(502), 502),
        (FaultKind::Unauthorized, 401),
        (FaultKind::Forbidden, 403),
        (FaultKind::NotFound, 404),
    ];
    for (kind, status) in cases {
        let answer = with(kind).await.1.unwrap();
        assert_eq!(answer.status, status);
        assert_eq!(answer.content_type.starts_with("text/html"), status == 502);
    }
}

#[tokio::test]
async fn bodies_can_be_wrong() {
    assert!(
        serde_json::from_str::<serde_json::Value>(&with(FaultKind::Malformed).await.1.unwrap().text).is_err()
    );
    assert_eq!(with(FaultKind::Empty).await.1.unwrap().text, "");
    assert_eq!(with(FaultKind::Null).await.1.unwrap().text, "null");
    assert_eq!(with(FaultKind::EmptyList).await.1.unwrap().text, "[]");
    assert_eq!(with(FaultKind::HalfPage).await.1.unwrap().rows().len(), 5);
    let (bench, answer) = with(FaultKind::Unsorted).await;
    let reversed: Vec<_> = ids(&answer.unwrap().rows()).into_iter().rev().collect();
    assert_eq!(reversed, ids(&bench.rows(DEVICES).await));
}

#[tokio::test]
async fn single_rows_of_a_page_can_be_bad() {
    for how in BadRow::ALL {
        let (bench, answer) = with(FaultKind::BadRows(how)).await;
        let (spoilt, whole) = (answer.unwrap().rows(), bench.rows(DEVICES).await);
        assert_eq!(spoilt.len(), whole.len());
        for (n, (spoilt, whole)) in spoilt.iter().zip(&whole).enumerate() {
            assert_eq!(spoilt != whole, n % 5 == 1, "{how:?}: row {n}");
            assert!(spoilt == whole || (spoilt["id"] == whole["id"]) == how.is_named(), "{how:?}: row {n}");
        }
    }
}

#[tokio::test]
async fn a_reset_is_an_error_and_the_next_request_works() {
    let (bench, answer) = with(FaultKind::Reset).await;
    assert!(answer.is_err());
    assert_eq!(bench.control.requests().last().unwrap().status, 0);
    assert_eq!(bench.get(DEVICES).await.status, 200);
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_promised() {
    let bench = Bench::small().await;
    bench.control.inject(Fault::once("/v2/devices", FaultKind::Truncated));
    let response = bench.http.get(bench.url(DEVICES)).bearer_auth(&bench.token).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.content_length().unwrap() > 1000);
    assert!(response.text().await.is_err());
    assert_eq!(bench.get(DEVICES).await.rows().len(), 10);
}

#[tokio::test]
async fn answers_and_bodies_can_be_slow() {
    for kind in [FaultKind::Slow(Duration::from_millis(150)), FaultKind::SlowBody(Duration::from_millis(150))]
    {
        let begin = Instant::now();
        assert_eq!(with(kind).await.1.unwrap().rows().len(), 10);
        assert!(begin.elapsed() >= Duration::from_millis(150));
    }
}

#[tokio::test]
async fn a_huge_body_is_well_formed_and_huge() {
    let answer = with(FaultKind::Huge).await.1.unwrap();
    assert!(answer.text.len() > 64_000_000);
    assert!(answer.text.starts_with("[{") && answer.text.ends_with("}]"));
}

#[tokio::test]
async fn a_page_can_come_twice() {
    let bench = Bench::small().await;
    bench.control.inject(Fault::once("/v2/devices", FaultKind::RepeatPage).after(1));
    let first = ids(&bench.rows(DEVICES).await);
    let next = format!("{DEVICES}&after={}", first[9]);
    assert_eq!(ids(&bench.rows(&next).await), first);
    assert_ne!(ids(&bench.rows(&next).await), first);
}

#[tokio::test]
async fn a_repetition_waits_for_a_page_to_repeat() {
    let bench = Bench::small().await;
    for _ in 0..2 {
        bench.control.inject(Fault::once("/v2/devices", FaultKind::RepeatPage));
        let first = bench.rows(DEVICES).await;
        let next = format!("{DEVICES}&after={}", first[9]["id"]);
        assert_eq!(bench.rows(&next).await, first);
        assert_ne!(bench.rows(&next).await, first);
    }
}

#[tokio::test]
async fn a_repeated_report_page_does_not_move_the_cursor() {
    let bench = Bench::small().await;
    let path = "/v2/queries/device-health?pageSize=50";
    bench.control.inject(Fault::once("/v2/queries/device-health", FaultKind::RepeatPage).after(1));
    let first = bench.json(path).await;
    let next = format!("{path}&cursor={}", first["cursor"]["name"].as_str().unwrap());
    assert_eq!(bench.json(&next).await, first);
    assert_eq!(bench.json(&next).await["cursor"]["offset"], 50);
}

#[tokio::test]
async fn faults_wait_their_turn_and_end() {
    let bench = Bench::small().await;
    bench.control.inject(Fault::once("*", FaultKind::Status(500)).after(1).times(2));
    bench.control.inject(Fault::once("/v2/roles", FaultKind::Status(503)).after(2));
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(bench.get("/v2/roles").await.status);
    }
    assert_eq!(seen, [200, 500, 500, 200, 503]);
    bench.control.inject(Fault::always("/v2/roles", FaultKind::NotFound));
    assert_eq!(bench.get("/v2/roles").await.status, 404);
    assert_eq!(bench.get("/v2/users").await.status, 200);
    bench.control.clear_faults();
    assert_eq!(bench.get("/v2/roles").await.status, 200);
}

#[tokio::test]
async fn a_stopped_simulator_is_gone() {
    let bench = Bench::small().await;
    let (url, http) = (bench.url("/v2/roles"), bench.http.clone());
    assert_eq!(bench.get("/v2/roles").await.status, 200);
    bench.simulator.shutdown().await;
    assert!(send(http.get(url)).await.is_err());
}

#[tokio::test]
async fn latency_is_added_to_every_answer() {
    let bench = Bench::small().await;
    bench.control.set_behaviour(|b| b.latency = Duration::from_millis(80));
    let begin = Instant::now();
    bench.get("/v2/roles").await;
    assert!(begin.elapsed() >= Duration::from_millis(80));
}
