//! Kept pages: what clients see is the same, byte for byte.

use crate::client::{Bench, fleet, ids};
use serde_json::Value;
use simulator::{Fault, FaultKind, FleetSpec};

/// Everything that a client of these tests asks for, with pages that end anywhere.
const PATHS: [&str; 9] = [
    "/v2/devices-detailed?expand=warranty&pageSize=1000",
    "/v2/devices-detailed?pageSize=37",
    "/v2/devices-detailed?pageSize=37&after=90",
    "/v2/devices?df=offline&pageSize=20",
    "/v2/users",
    "/v2/roles",
    "/v2/organizations?pageSize=3&after=4",
    "/v2/organizations/0",
    "/v2/activities",
];
const REPORTS: [&str; 3] = [
    "/v2/queries/logged-on-users?pageSize=7",
    "/v2/queries/backup/usage?includeLastBackupJobTimes=true&pageSize=1000",
    "/v2/backup/jobs?pageSize=11",
];

/// Two simulators of one fleet: the first keeps its pages.
async fn pair(spec: FleetSpec) -> [Bench; 2] {
    let pair = [Bench::new(spec.clone()).await, Bench::new(spec).await];
    pair[0].control.set_behaviour(|b| b.keep_pages = true);
    pair
}

/// All answers, reports read to their end.
async fn answers(bench: &Bench) -> Vec<(u16, String)> {
    let mut all = Vec::new();
    for path in PATHS {
        let answer = bench.get(path).await;
        all.push((answer.status, answer.text));
    }
    for path in REPORTS {
        let mut cursor = String::new();
        loop {
            let answer = bench.get(&format!("{path}{cursor}")).await;
            let name = answer.json()["cursor"]["name"].as_str().map(str::to_owned);
            all.push((answer.status, answer.text));
            let Some(name) = name else { break };
            cursor = format!("&cursor={name}");
        }
    }
    all
}

#[tokio::test]
async fn kept_pages_are_those_that_would_be_written() {
    let [kept, plain] = pair(fleet(12, 150)).await;
    for _ in 0..3 {
        assert_eq!(answers(&kept).await, answers(&plain).await);
    }
}

#[tokio::test]
async fn scripts_and_switches_show_at_once() {
    let [kept, plain] = pair(fleet(12, 150)).await;
    let before = answers(&kept).await;
    assert_eq!(before, answers(&plain).await);
    for bench in [&kept, &plain] {
        let id = bench.control.device_ids()[3];
        bench.control.rename_device(id, "New Name");
        bench.control.delete_device(bench.control.device_ids()[60]);
    }
    let after = answers(&kept).await;
    assert_ne!(before, after);
    assert_eq!(after, answers(&plain).await);
    for bench in [&kept, &plain] {
        bench.control.set_behaviour(|b| (b.page_size_clamp, b.inclusive_after) = (Some(5), true));
    }
    assert_eq!(kept.get(PATHS[1]).await.text, plain.get(PATHS[1]).await.text);
    assert_eq!(kept.rows(PATHS[1]).await.len(), 5);
}

#[tokio::test]
async fn faults_spoil_a_page_once_and_not_the_kept_one() {
    let [kept, plain] = pair(fleet(12, 150)).await;
    for kind in [FaultKind::HalfPage, FaultKind::EmptyList, FaultKind::Truncated, FaultKind::Malformed] {
        for path in [PATHS[1], REPORTS[1]] {
            let whole = kept.get(path).await.text;
            for bench in [&kept, &plain] {
                bench.control.inject(Fault::once("*", kind.clone()));
            }
            let (spoilt, as_well) = (kept.attempt(path).await, plain.attempt(path).await);
            assert_eq!(spoilt.is_err(), as_well.is_err(), "{kind:?} {path}");
            assert_ne!(spoilt.ok().map(|a| a.text), Some(whole.clone()), "{kind:?} {path}");
            let again = kept.get(path).await.text;
            assert_eq!(rows(&again), rows(&whole), "{kind:?} {path}");
        }
    }
}

fn rows(text: &str) -> usize {
    let value: Value = serde_json::from_str(text).unwrap();
    value.as_array().or_else(|| value["results"].as_array()).unwrap().len()
}

#[tokio::test]
async fn a_token_is_needed_for_a_kept_page() {
    let [kept, _] = pair(fleet(5, 60)).await;
    kept.get(PATHS[0]).await;
    kept.control.expire_tokens();
    assert_eq!(kept.get(PATHS[0]).await.status, 401);
}

#[tokio::test]
async fn a_heartbeat_changes_times_of_contact_and_nothing_else() {
    let bench = Bench::new(fleet(30, 2000)).await;
    let path = "/v2/devices-detailed?pageSize=5000";
    let before = bench.rows(path).await;
    let reported = bench.control.heartbeat();
    let after = bench.rows(path).await;
    assert_eq!(ids(&before), ids(&after));
    let moved = before.iter().zip(&after).filter(|(b, a)| b["lastContact"] != a["lastContact"]).count();
    // Devices that are offline stay silent, and the lists hide some of those that report.
    assert!(moved <= reported && moved * 10 > before.len() * 7, "{moved} of {}", before.len());
    let still = |rows: Vec<Value>| -> Vec<Value> {
        let strip = |mut row: Value| {
            let map = row.as_object_mut().expect("an object");
            map.remove("lastContact");
            map.remove("lastUpdate");
            row
        };
        rows.into_iter().map(strip).collect()
    };
    assert_eq!(still(before), still(after));
}
