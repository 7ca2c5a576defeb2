//! A run that takes longer than its lease and longer than the queue waits for a sign of life is executed once all the same.

use crate::{
    cancel::{connected, staged},
    support::Setup,
    truth::number,
};
use backend::{Portal, jobs::worker};
use serde_json::json;
use simulator::{Fault, FaultKind};
use std::time::Duration;

on_both!(a_run_that_outlasts_its_lease_is_executed_once);

/// How long one answer takes, nothing being saved meanwhile: more than three leases of six seconds, and more than the 15
/// seconds after which the queue takes a silent worker's jobs away.
const SILENCE: Duration = Duration::from_secs(20);

const DEVICES: &str = "/v2/devices-detailed";

async fn a_run_that_outlasts_its_lease_is_executed_once(setup: Setup) {
    let setup = setup.with(|config| {
        config.lease_seconds = 6;
        config.limits.timeout = Duration::from_secs(300);
    });
    let mut site = setup.start().await;
    let mut owner = site.owner().await;
    // Two servers with workers: whichever does not have the run waits to take it over.
    let second = Portal::open(site.setup.config(&site.simulator), None).await.expect("a second server");
    let workers = tokio::spawn(worker::run(second.clone()));
    site.work();
    let integration = connected(&site, &mut owner).await;
    let vendor = site.simulator.control();
    vendor.reset_log();
    vendor.inject(Fault::once(DEVICES, FaultKind::Slow(SILENCE)).after(2));
    let run = owner.run(&integration, "devices").await;

    assert_eq!(run["state"], "completed", "{run}");
    let attempts = "SELECT CAST(max(attempt) AS bigint) AS n FROM runs";
    assert_eq!(number(site.portal.db(), attempts).await, 1, "nobody took it over: {run}");
    let asked: Vec<_> = vendor.requests().into_iter().filter(|r| r.path == DEVICES).collect();
    let mut queries: Vec<&str> = asked.iter().map(|r| r.query.as_str()).collect();
    queries.sort_unstable();
    queries.dedup();
    assert_eq!(queries.len(), asked.len(), "no page is asked for twice: {queries:?}");
    let waited = asked[3].at - asked[2].at;
    assert!(waited >= SILENCE, "the third page came after {waited:?}");

    let approved = vendor.approved_device_count();
    let counts = json!({
        "added": approved, "changed": 0, "unchanged": 0, "moved": 0, "missing": 0, "returned": 0, "failed": 0,
    });
    assert_eq!(run["counts"], counts, "{run}");
    assert_eq!(staged(&mut owner, &integration).await, approved);
    let changes = owner.all("runs/changes", &[("run_id", run["id"].as_str().expect("an id"))]).await;
    assert_eq!(changes.len(), approved, "each device is told once");
    second.stopping().cancel();
    workers.await.expect("no panic");
}
