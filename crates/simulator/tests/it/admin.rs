//! The control endpoints.

use crate::client::{Bench, send};
use serde_json::{Value, json};

async fn state(bench: &Bench) -> Value {
    send(bench.http.get(bench.url("/_sim/state"))).await.unwrap().json()
}

#[tokio::test]
async fn the_state_has_what_a_browser_test_needs() {
    let bench = Bench::small().await;
    let state = state(&bench).await;
    assert_eq!(state["client_id"], bench.simulator.client_id());
    assert_eq!(state["client_secret"], bench.simulator.client_secret());
    assert_eq!((state["devices"].as_i64(), state["requests"].as_i64()), (Some(120), Some(1)));
    assert_eq!(state["organizations"].as_array().unwrap().len(), 12);
}

#[tokio::test]
async fn scripts_faults_and_switches_work_from_outside() {
    let bench = Bench::small().await;
    let org = bench.control.organizations()[0].0;
    assert_eq!(
        bench.script("rename_organization", json!({"id": org, "name": "Über Ltd"})).await.json()["result"],
        true
    );
    assert_eq!(bench.control.organizations()[0].1, "Über Ltd");
    let new = bench.script("add_devices", json!({"n": 2})).await.json();
    assert_eq!(new["result"].as_array().unwrap().len(), 2);
    bench
        .script(
            "inject",
            json!({"path": "/v2/roles", "kind": {"too_many_requests": {"retry_after": {"seconds": 3}}}}),
        )
        .await;
    assert_eq!(bench.get("/v2/roles").await.retry_after.as_deref(), Some("3"));
    bench.script("inject", json!({"path": "*", "kind": {"status": 500}, "times": 9})).await;
    assert_eq!(bench.get("/v2/roles").await.status, 500);
    bench.script("clear_faults", json!({})).await;
    assert_eq!(bench.get("/v2/roles").await.status, 200);
    let switched = bench
        .script(
            "set_behaviour",
            json!({"page_size_clamp": 4, "latency": 0.01, "backup_module": "Missing404"}),
        )
        .await;
    assert_eq!(switched.status, 200, "{}", switched.text);
    assert_eq!(bench.rows("/v2/devices").await.len(), 4);
    assert_eq!(bench.get("/v2/backup/jobs").await.status, 404);
    assert!(bench.script("heartbeat", json!({})).await.json()["result"].as_i64().unwrap() > 50);
}

#[tokio::test]
async fn mistakes_are_explained() {
    let bench = Bench::small().await;
    for (name, body) in [
        ("nonsense", json!({})),
        ("rename_organization", json!({"id": 2})),
        ("set_behaviour", json!({"colour": 1})),
        ("inject", json!({"path": "*"})),
    ] {
        let answer = bench.script(name, body).await;
        assert_eq!(answer.status, 400, "{name}");
        assert!(!answer.text.is_empty());
    }
}

#[tokio::test]
async fn a_reset_is_a_new_fleet_with_the_old_credentials() {
    let bench = Bench::small().await;
    bench.script("inject", json!({"path": "*", "kind": "reset", "times": 99})).await;
    let state = bench.script("reset", json!({"seed": 5, "organizations": 3, "devices": 40})).await.json();
    assert_eq!(state["result"]["devices"], 40);
    assert_eq!(state["result"]["client_id"], bench.simulator.client_id());
    assert_eq!(bench.rows("/v2/organizations").await.len(), 3);
}
