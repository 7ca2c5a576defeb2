//! The client against servers that misbehave.

use super::{
    Answer, Ask, Http, Trouble,
    pace::Pace,
    testing::{Memory, Say, Scripted, account},
};
use crate::{Account, RmmError};
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

struct Outcome {
    result: Result<String, RmmError>,
    requests: usize,
    memory: Arc<Memory>,
    took: Duration,
}

pub fn text(answer: &Answer) -> Result<String, Trouble> {
    match answer.common_trouble() {
        Some(trouble) => Err(trouble),
        None if answer.body.is_empty() => Err(Trouble::unreadable("it is empty")),
        None => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
    }
}

async fn run(once: bool, script: impl IntoIterator<Item = Say>) -> Outcome {
    let (server, memory) = (Scripted::start(script).await, Arc::new(Memory::default()));
    let http = Http::new(&server.account(memory.clone()), "NinjaOne").unwrap();
    let start = Instant::now();
    let result = http.send(&Ask { once, ..Ask::get("/v2/things?secret=1") }, text).await;
    assert_eq!(memory.requests.load(Ordering::Relaxed) as usize, server.requests());
    Outcome { result, requests: server.requests(), memory, took: start.elapsed() }
}

fn ok() -> Say {
    Say::json("[]")
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let cut = Say::Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\":".into());
    for (name, fault) in [
        ("500", Say::answer(500, "", "")),
        ("502 page", Say::answer(502, "Content-Type: text/html\r\n", "<html>")),
        ("504", Say::answer(504, "", "")),
        ("hang-up", Say::Hangup),
        ("silence", Say::Silence),
        ("cut off", cut),
        ("empty", Say::answer(200, "", "")),
        ("nonsense", Say::Raw("what?\r\n\r\n".into())),
    ] {
        let got = run(false, [fault, ok()]).await;
        assert_eq!(got.result.unwrap(), "[]", "{name}");
        assert_eq!((got.requests, got.memory.resumed.load(Ordering::Relaxed)), (2, 1), "{name}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_after_the_last_try() {
    let got = run(false, [Say::answer(500, "", "")]).await;
    assert!(matches!(got.result, Err(RmmError::Server(500))) && got.requests == 3);
    let got = run(false, [Say::Silence]).await;
    assert!(matches!(got.result, Err(RmmError::Timeout)) && got.requests >= 1);
    let got = run(false, [Say::Hangup]).await;
    assert!(matches!(got.result, Err(RmmError::Unreachable(_))) && got.requests == 3);
}

#[tokio::test]
async fn retry_after_is_kept_and_told() {
    let got = run(false, [Say::answer(429, "Retry-After: 1\r\n", ""), ok()]).await;
    assert!(got.result.is_ok());
    assert!(got.took >= Duration::from_secs(1), "{:?}", got.took);
    let waits = got.memory.waits.lock().unwrap();
    assert_eq!(*waits, [(Duration::from_secs(1), "Throttled by NinjaOne, continuing in 1 s.".to_owned())]);
}

#[tokio::test]
async fn retry_after_may_be_a_date() {
    let headers = "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2015 07:28:01 GMT\r\n";
    let got = run(false, [Say::answer(503, headers, ""), ok()]).await;
    assert!(got.result.is_ok() && got.took >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_refusal_halves_the_pace_and_good_answers_give_it_back() {
    let server = Scripted::start([Say::answer(429, "Retry-After: 1\r\n", ""), ok()]).await;
    let pace = Arc::new(Pace::new(1000.0));
    let account = Account { pace: Some(pace.clone()), ..server.account(Arc::default()) };
    let http = Http::new(&account, "NinjaOne").unwrap();
    http.send(&Ask::get("/v2/things"), text).await.unwrap();
    assert!((500.0..530.0).contains(&pace.rate()), "half, and a fiftieth: {}", pace.rate());
    for _ in 0..30 {
        http.send(&Ask::get("/v2/things"), text).await.unwrap();
    }
    assert_eq!(pace.rate(), 1000.0);
}

#[tokio::test]
async fn a_longer_pause_than_allowed_ends_the_request() {
    let got = run(false, [Say::answer(429, "Retry-After: 3600\r\n", "")]).await;
    let expected = Some(Duration::from_secs(3600));
    assert!(matches!(got.result, Err(RmmError::Throttled { retry_after }) if retry_after == expected));
    assert_eq!(got.requests, 1);
}

#[tokio::test]
async fn a_web_page_means_throttled() {
    for page in [
        Say::answer(200, "Content-Type: text/html; charset=utf-8\r\n", "slow down"),
        Say::json("  <!DOCTYPE html>"),
        Say::answer(404, "", "<html>"),
    ] {
        let got = run(false, [page, ok()]).await;
        assert!(got.result.is_ok());
        assert!(got.memory.waits.lock().unwrap()[0].1.starts_with("Throttled by NinjaOne"));
    }
}

#[tokio::test]
async fn what_must_not_be_repeated_is_repeated_only_if_unprocessed() {
    assert!(run(true, [Say::answer(429, "", ""), ok()]).await.result.is_ok());
    for fault in
        [Say::Hangup, Say::Silence, Say::answer(503, "", ""), Say::answer(200, "", ""), Say::json("<p>")]
    {
        let got = run(true, [fault, ok()]).await;
        assert!(matches!(got.result, Err(RmmError::ReportLost)));
        assert_eq!(got.requests, 1);
    }
}

#[tokio::test]
async fn a_huge_body_is_refused() {
    let body = "x".repeat(super::answer::LARGEST_BODY + 1);
    let got = run(false, [Say::json(&body)]).await;
    assert!(matches!(got.result, Err(RmmError::BadBody(_) | RmmError::Timeout)));
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_name_are_unreachable() {
    for base in ["http://127.0.0.1:1", "https://no-such-host.invalid"] {
        let mut account = account(base, Arc::default());
        account.limits.attempts = 1;
        let http = Http::new(&account, "V").unwrap();
        let told = http.send(&Ask::get("/"), text).await.unwrap_err();
        assert!(matches!(told, RmmError::Unreachable(_) | RmmError::Timeout), "{told:?}");
    }
}
