//! Cancelling a run: it ends soon, keeps whole pages, and gives its place free.

use crate::support::{Client, Setup, Site};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both!(a_run_is_cancelled);

/// Connects, and waits for the first organization sync.
pub async fn connected(site: &Site, owner: &mut Client) -> String {
    let integration = owner.post("integrations/connect", site.credentials()).await.ok();
    let id = integration["id"].as_str().expect("an id").to_owned();
    let runs = owner.get("runs/list", &[("integration_id", &id)]).await.ok();
    let run = owner.ended(&runs["items"][0]).await;
    assert_eq!(run["state"], "completed", "{run}");
    id
}

/// How many devices are staged.
pub async fn staged(owner: &mut Client, integration: &str) -> Value {
    owner.get("staged_devices/counts", &[("integration_id", integration)]).await.ok()["all"].clone()
}

async fn a_run_is_cancelled(setup: Setup) {
    let mut site = setup.start().await;
    site.work();
    let mut owner = site.owner().await;
    let integration = connected(&site, &mut owner).await;
    let vendor = site.simulator.control();
    vendor.set_behaviour(|b| b.latency = Duration::from_millis(400));

    let run =
        owner.post("runs/start", json!({ "integration_id": integration, "kind": "devices" })).await.ok();
    owner.until(&run, |r| r["counts"]["added"].as_i64() > Some(0)).await;
    let asked = Instant::now();
    let answer = owner.post("runs/cancel", json!({ "run_id": run["id"] })).await.ok();
    assert_eq!(answer["cancel_requested"], true);
    let run = owner.ended(&run).await;
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert_eq!((&run["state"], &run["problem"]), (&json!("cancelled"), &Value::Null));
    // What is there is what the counts say: no half page.
    let added = run["counts"]["added"].as_i64().expect("a count");
    assert!(added > 0 && added < vendor.approved_device_count() as i64, "{run}");
    assert_eq!(staged(&mut owner, &integration).await, added);
    let again = owner.post("runs/cancel", json!({ "run_id": run["id"] })).await.ok();
    assert_eq!(again["state"], "cancelled");

    vendor.set_behaviour(|b| b.latency = Duration::ZERO);
    let next = owner.run(&integration, "devices").await;
    assert_eq!(next["state"], "completed", "{next}");
    let left = vendor.approved_device_count() as i64 - added;
    assert_eq!((&next["counts"]["added"], &next["counts"]["unchanged"]), (&json!(left), &json!(added)));
    assert_eq!(staged(&mut owner, &integration).await, vendor.approved_device_count());
}

#[tokio::test]
async fn a_run_that_nobody_has_begun_is_cancelled_at_once() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let integration = owner.post("integrations/connect", site.credentials()).await.ok();
    let run = integration["active_run"].clone();
    assert_eq!((&run["state"], &integration["status"]), (&json!("queued"), &json!("syncing")));
    let run = owner.post("runs/cancel", json!({ "run_id": run["id"] })).await.ok();
    assert_eq!(run["state"], "cancelled");
    let card = owner
        .get("integrations/get", &[("integration_id", integration["id"].as_str().expect("an id"))])
        .await
        .ok();
    assert_eq!(card["active_run"], Value::Null);
}
