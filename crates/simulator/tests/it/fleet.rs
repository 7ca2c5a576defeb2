//! Fleets: the same seed gives the same bytes, and large ones are quick.

use crate::client::{Bench, fleet};
use simulator::{FleetSpec, demo_companies};
use std::time::Instant;

#[tokio::test]
async fn a_seed_is_a_fleet() {
    let (one, two) = (Bench::small().await, Bench::small().await);
    let other = Bench::new(FleetSpec { seed: 2, ..FleetSpec::default() }).await;
    for path in [
        "/v2/organizations",
        "/v2/locations",
        "/v2/devices-detailed?expand=warranty",
        "/v2/users",
        "/v2/activities",
    ] {
        let text = one.get(path).await.text;
        assert_eq!(text, two.get(path).await.text, "{path}");
        assert_ne!(text, other.get(path).await.text, "{path}");
    }
}

#[tokio::test]
async fn sizes_are_as_asked_for() {
    for (organizations, devices) in [(1, 1), (3, 30), (12, 120), (200, 2000)] {
        let bench = Bench::new(fleet(organizations, devices)).await;
        assert_eq!(bench.control.organizations().len(), organizations as usize);
        assert_eq!(bench.control.device_count(), devices as usize);
    }
    let nothing = Bench::new(fleet(0, 10)).await;
    assert_eq!(nothing.control.device_count(), 0);
    assert!(nothing.control.add_devices(3).is_empty());
}

#[tokio::test]
async fn the_demo_matches_its_companies() {
    let bench = Bench::new(FleetSpec::demo()).await;
    let organizations = bench.control.organizations();
    let companies = demo_companies();
    assert_eq!((organizations.len(), bench.control.device_count()), (24, 400));
    assert!(organizations.iter().any(|(_, name)| companies.iter().any(|c| c.name == *name)));
    assert!(organizations.iter().any(|(_, name)| name == "Internal IT"));
    let harbour = organizations.iter().find(|(_, name)| name == "Harbour Dental Group").unwrap();
    assert_eq!(bench.control.locations(harbour.0).len(), 3);
}

/// Run with `cargo test --release -p simulator -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn a_hundred_thousand_devices() {
    let begin = Instant::now();
    let bench = Bench::new(fleet(2000, 100_000)).await;
    println!("made in {:?}", begin.elapsed());
    for path in [
        "/v2/devices?pageSize=1000",
        "/v2/devices-detailed?pageSize=1000",
        "/v2/users",
        "/v2/queries/operating-systems?pageSize=10000",
    ] {
        let begin = Instant::now();
        let bytes = bench.get(path).await.text.len();
        println!("{path}: {bytes} bytes in {:?}", begin.elapsed());
    }
    let (begin, mut after, mut rows) = (Instant::now(), 0, 0);
    loop {
        let page = bench.rows(&format!("/v2/devices-detailed?pageSize=1000&after={after}")).await;
        let Some(last) = page.last() else { break };
        after = last["id"].as_i64().unwrap();
        rows += page.len();
    }
    println!("{rows} rows read and parsed in {:?}", begin.elapsed());
    assert_eq!(rows, bench.control.approved_device_count());
}
