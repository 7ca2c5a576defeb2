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

const SOON: Duration = Duration::from_secs(10);

async fn a_signal_ends_the_process_and_the_run_goes_on(setup: Setup) {
    let place = Place::new(setup, FleetSpec { devices: 1200, ..FleetSpec::default() }).await;
    let mut process = place.serve();
    let mut owner = place.owner(&process).await;
    let (id, run) = place.connect(&mut owner).await;
    owner.ended(&run).await;
    place.vendor.set_behaviour(|b| {
        b.page_size_clamp = Some(50);
        b.latency = Duration::from_millis(60);
    });
    let run = owner.post("runs/start", json!({ "integration_id": id, "kind": "devices" })).await.ok();
    for signal in ["TERM", "INT", "TERM"] {
        owner.until(&run, |r| r["state"] == "running" && r["requests"].as_i64() > Some(3)).await;
        // Somebody watches: an open stream must not hold the process.
        let path = format!("runs/{}/events", run["id"].as_str().expect("an id"));
        let watched = owner.request(reqwest::Method::GET, &path).send().await.expect("a stream");
        let mut events = watched.bytes_stream();
        events.next().await.expect("an event").expect("some bytes");
        process.signal(signal);
        let took = process.ended(SOON);
        println!("SIG{signal}: ended after {took:?}");
        place.look(async |db| integrity(db).await).await;
        process = place.serve();
        owner = owner.at(&process.base);
    }
    let back = Instant::now();
    owner.until(&run, |r| r["state"] == "running").await;
    let run = owner.ended(&run).await;
    // The lease was given back: nobody waits for it to run out.
    assert!(back.elapsed() < Duration::from_secs(20), "{:?}", back.elapsed());
    assert_eq!(run["state"], "completed", "{run}\n{}", place.log());
    assert_eq!(run["counts"]["added"], place.vendor.approved_device_count(), "{run}");
    let wrong = differences(&place.held().await, &Truth::of(&place.vendor));
    assert!(wrong.is_empty(), "{wrong:#?}");
}
