//! Entity lists: `after`, `pageSize`, and what instances do with them.

use crate::client::{Bench, fleet, ids, send};
use serde_json::Value;
use simulator::ListOrder;

/// Reads a list to its empty page, as a careful client does.
async fn all(bench: &Bench, path: &str, size: usize) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    loop {
        let after = rows.last().map_or(0, |row| row["id"].as_i64().unwrap());
        let page = bench.rows(&format!("{path}?pageSize={size}&after={after}")).await;
        assert!(page.len() <= size);
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

#[tokio::test]
async fn lists_are_read_to_the_end() {
    let bench = Bench::new(fleet(30, 300)).await;
    for path in ["/v2/devices", "/api/v2/devices-detailed"] {
        let rows = all(&bench, path, 37).await;
        assert_eq!(ids(&rows), bench.control.approved_device_ids());
    }
    for path in ["/v2/organizations", "/v2/organizations-detailed"] {
        assert_eq!(all(&bench, path, 7).await.len(), 30);
    }
    assert_eq!(all(&bench, "/v2/locations", 7).await.len(), bench.control.location_count());
}

#[tokio::test]
async fn without_a_page_size_there_are_a_hundred() {
    let bench = Bench::new(fleet(5, 300)).await;
    assert_eq!(bench.rows("/v2/devices").await.len(), 100);
}

#[tokio::test]
async fn a_clamp_cuts_pages_silently() {
    let bench = Bench::new(fleet(5, 300)).await;
    bench.control.set_behaviour(|b| b.page_size_clamp = Some(25));
    assert_eq!(bench.rows("/v2/devices?pageSize=1000").await.len(), 25);
    assert_eq!(all(&bench, "/v2/devices", 1000).await.len(), bench.control.approved_device_count());
}

#[tokio::test]
async fn an_inclusive_after_repeats_the_boundary() {
    let bench = Bench::small().await;
    bench.control.set_behaviour(|b| b.inclusive_after = true);
    let first = ids(&bench.rows("/v2/devices?pageSize=10").await);
    let second = ids(&bench.rows(&format!("/v2/devices?pageSize=10&after={}", first[9])).await);
    assert_eq!(first[9], second[0]);
}

#[tokio::test]
async fn lists_can_come_in_another_order() {
    let bench = Bench::small().await;
    let whole = bench.control.approved_device_ids();
    bench.control.set_behaviour(|b| b.list_order = ListOrder::Descending);
    let first = ids(&bench.rows("/v2/devices?pageSize=10").await);
    let second = ids(&bench.rows(&format!("/v2/devices?pageSize=10&after={}", first[9])).await);
    let backwards: Vec<i64> = whole.iter().rev().copied().collect();
    assert_eq!([first, second].concat(), backwards[..20]);
    bench.control.set_behaviour(|b| b.list_order = ListOrder::Jumbled);
    let first = ids(&bench.rows("/v2/devices?pageSize=10").await);
    assert!(!first.is_sorted() && first != whole[..10]);
    let largest = first.iter().max().copied().unwrap();
    let second = ids(&bench.rows(&format!("/v2/devices?pageSize=10&after={largest}")).await);
    assert!(second.iter().all(|id| *id > largest), "{second:?} after {largest}");
    let mut all = ids(&bench.rows("/v2/devices?pageSize=1000").await);
    all.sort_unstable();
    assert_eq!(all, whole, "each row once");
}

#[tokio::test]
async fn an_organization_has_its_own_lists() {
    let bench = Bench::small().await;
    let org = bench.control.organizations()[0].0;
    let devices = bench.rows(&format!("/v2/organization/{org}/devices?pageSize=1000")).await;
    assert_eq!(ids(&devices), bench.control.devices_of_organization(org));
    let locations = bench.rows(&format!("/v2/organization/{org}/locations")).await;
    assert_eq!(locations.len(), bench.control.locations(org).len());
    assert!(locations.iter().all(|row| row.get("organizationId").is_none()));
    assert_eq!(bench.get("/v2/organization/999999").await.status, 404);
    assert_eq!(bench.json(&format!("/v2/organization/{org}")).await["id"], org);
}

#[tokio::test]
async fn only_get_reads_data() {
    let bench = Bench::small().await;
    let url = bench.url("/v2/devices");
    let post = send(bench.http.post(&url).bearer_auth(&bench.token)).await.unwrap();
    assert_eq!(post.status, 405);
    let unknown = send(bench.http.put(bench.url("/v2/webhook")).bearer_auth(&bench.token)).await.unwrap();
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn requests_are_logged_without_the_prefix() {
    let bench = Bench::small().await;
    bench.control.reset_log();
    bench.get("/api/v2/organizations?pageSize=3").await;
    let log = bench.control.requests();
    assert_eq!(
        (log[0].path.as_str(), log[0].query.as_str(), log[0].status),
        ("/v2/organizations", "pageSize=3", 200)
    );
    assert_eq!(bench.control.request_count(), 1);
}

#[tokio::test]
async fn too_many_requests_a_second_are_refused() {
    let bench = Bench::small().await;
    bench.control.set_behaviour(|b| b.requests_per_second = Some(2.0));
    let mut refused = None;
    for _ in 0..5 {
        let answer = bench.get("/v2/roles").await;
        refused = refused.or(Some(answer).filter(|a| a.status == 429));
    }
    assert_eq!(refused.expect("a refusal").retry_after.as_deref(), Some("1"));
}
