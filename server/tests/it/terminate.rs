//! A signal in the middle of a run: the process ends soon, and the run goes on with the next one.

use crate::{
    judge::differences,
    process::{Place, integrity},
    support::Setup,
    truth::Truth,
};
use futures::StreamExt;
use serde_json::json;
use simulator::FleetSpec;
use std::time::{Duration, Instant};

on_both!(a_signal_ends_the_process_and_the_run_goes_on);

/// The queries by which pages of devices were asked for.
fn pages(place: &Place) -> Vec<String> {
    let asked = place.vendor.requests().into_iter();
    asked.filter(|request| request.path == "/v2/devices-detailed").map(|request| request.query).collect()
}

const SOON: Duration = Duration::from_secs(10);

async fn a_signal_ends_the_process_and_the_run_goes_on(setup: Setup) {
    let place = Place::new(setup, FleetSpec { devices: 4000, ..FleetSpec::default() }).await;
    let mut process = place.serve();
    let mut owner = place.owner(&process).await;
    let (id, run) = place.connect(&mut owner).await;
    owner.ended(&run).await;
    place.vendor.set_behaviour(|b| {
        b.page_size_clamp = Some(50);
        b.latency = Duration::from_millis(60);
    });
    place.vendor.reset_log();
    let mut begun = false;
    let run = owner.post("runs/start", json!({ "integration_id": id, "kind": "devices" })).await.ok();
    for signal in ["TERM", "INT"] {
        // More pages of devices than are read ahead of the work on them, and fewer than are saved at once.
        owner.until(&run, |r| r["state"] == "running" && pages(&place).len() > 10).await;
        // Somebody watches: an open stream must not hold the process.
        let path = format!("runs/{}/events", run["id"].as_str().expect("an id"));
        let watched = owner.request(reqwest::Method::GET, &path).send().await.expect("a stream");
        let mut events = watched.bytes_stream();
        events.next().await.expect("an event").expect("some bytes");
        process.signal(signal);
        let took = process.ended(SOON);
        println!("SIG{signal}: ended after {took:?}");
        place.look(async |db| integrity(db).await).await;
        // Each process goes on where the one before it was stopped.
        let first = pages(&place).remove(0);
        assert_eq!(first.contains("after="), begun, "{first}");
        begun = true;
        place.vendor.reset_log();
        process = place.serve();
        owner = owner.at(&process.base);
    }
    // A pause keeps them, too.
    owner.until(&run, |r| r["state"] == "running" && pages(&place).len() > 10).await;
    let id = json!({ "run_id": run["id"] });
    owner.post("runs/pause", id.clone()).await.ok();
    owner.until(&run, |r| r["state"] == "paused").await;
    place.vendor.reset_log();
    owner.post("runs/resume", id).await.ok();
    let back = Instant::now();
    owner.until(&run, |r| r["state"] == "running").await;
    let run = owner.ended(&run).await;
    let first = pages(&place).remove(0);
    assert!(first.contains("after="), "{first}");
    // The lease was given back: nobody waits for it to run out.
    assert!(back.elapsed() < Duration::from_secs(20), "{:?}", back.elapsed());
    assert_eq!(run["state"], "completed", "{run}\n{}", place.log());
    assert_eq!(run["counts"]["added"], place.vendor.approved_device_count(), "{run}");
    let wrong = differences(&place.held().await, &Truth::of(&place.vendor));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
