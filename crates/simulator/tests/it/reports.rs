//! Reports: one cursor name, progress on the server, and both readings of its numbers.

use crate::client::Bench;
use serde_json::Value;
use simulator::BackupModule;
use std::collections::HashSet;
use std::time::Duration;

const REPORTS: [&str; 7] = [
    "/v2/queries/logged-on-users",
    "/v2/queries/operating-systems",
    "/v2/queries/computer-systems",
    "/v2/queries/device-health",
    "/v2/queries/network-interfaces",
    "/v2/queries/backup/usage",
    "/v2/backup/jobs",
];

/// The pages of a report, up to the empty one.
async fn pages(bench: &Bench, path: &str, size: usize) -> Vec<Value> {
    let join = if path.contains('?') { '&' } else { '?' };
    let mut pages: Vec<Value> = Vec::new();
    loop {
        let cursor = pages.last().map(|page| format!("&cursor={}", page["cursor"]["name"].as_str().unwrap()));
        let page = bench.json(&format!("{path}{join}pageSize={size}{}", cursor.unwrap_or_default())).await;
        let (empty, last) = (rows(&page).is_empty(), page.get("cursor").is_none());
        if !empty {
            pages.push(page);
        }
        if empty || last {
            return pages;
        }
    }
}

fn rows(page: &Value) -> &Vec<Value> {
    page["results"].as_array().unwrap()
}

fn all(pages: &[Value]) -> Vec<Value> {
    pages.iter().flat_map(|page| rows(page).clone()).collect()
}

#[tokio::test]
async fn every_page_has_the_same_cursor_name() {
    let bench = Bench::small().await;
    for path in REPORTS {
        let small = pages(&bench, path, 9).await;
        assert!(small.len() > 1, "{path}");
        let names: HashSet<_> = small.iter().map(|page| page["cursor"]["name"].to_string()).collect();
        assert_eq!(names.len(), 1, "{path}");
        let big = pages(&bench, path, 10_000).await;
        assert_eq!(big.len(), 1, "{path}");
        assert_eq!(all(&small), all(&big), "{path}");
    }
}

#[tokio::test]
async fn the_numbers_of_a_cursor_have_two_readings() {
    let bench = Bench::small().await;
    let numbers = |pages: &[Value]| -> Vec<(i64, i64)> {
        pages
            .iter()
            .map(|p| (p["cursor"]["offset"].as_i64().unwrap(), p["cursor"]["count"].as_i64().unwrap()))
            .collect()
    };
    let total = bench.control.device_count() as i64;
    let path = "/v2/queries/device-health";
    assert_eq!(numbers(&pages(&bench, path, 50).await), [(0, total), (50, total), (100, total)]);
    bench.control.set_behaviour(|b| b.cursor_count_is_total = false);
    assert_eq!(numbers(&pages(&bench, path, 50).await), [(50, 50), (100, 50), (120, 20)]);
}

#[tokio::test]
async fn the_last_page_can_come_without_a_cursor() {
    let bench = Bench::small().await;
    bench.control.set_behaviour(|b| b.cursor_absent_on_last_page = true);
    let pages = pages(&bench, "/v2/queries/operating-systems", 30).await;
    assert!(pages.last().unwrap().get("cursor").is_none());
    assert!(pages[0].get("cursor").is_some());
}

#[tokio::test]
async fn progress_is_kept_on_the_server_until_it_expires() {
    let bench = Bench::small().await;
    let path = "/v2/queries/device-health?pageSize=10";
    let first = bench.json(path).await;
    let next = format!("{path}&cursor={}", first["cursor"]["name"].as_str().unwrap());
    let (second, third) = (bench.json(&next).await, bench.json(&next).await);
    assert_ne!(rows(&second), rows(&third));
    let wrong = next.replace("device-health", "operating-systems");
    assert_eq!(bench.get(&wrong).await.status, 400);
    bench.control.set_behaviour(|b| b.cursor_lifetime = Duration::from_millis(20));
    let short = bench.json(path).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let gone = format!("{path}&cursor={}", short["cursor"]["name"].as_str().unwrap());
    assert_eq!(bench.get(&gone).await.status, 400);
}

#[tokio::test]
async fn backup_usage_has_a_row_for_every_device() {
    let bench = Bench::small().await;
    let usage = all(&pages(&bench, "/v2/queries/backup/usage", 1000).await);
    assert_eq!(usage.len(), bench.control.device_count());
    let size = |row: &Value| row["references"]["backupUsage"]["cloudTotalSize"].as_i64().unwrap();
    assert!(usage.iter().any(|row| size(row) == 0) && usage.iter().any(|row| size(row) > 0));
    let times = |rows: &[Value]| {
        rows.iter()
            .filter(|r| r["references"]["backupUsage"].get("lastSuccessfulBackupJob").is_some())
            .count()
    };
    assert_eq!(times(&usage), 0);
    let with = all(&pages(&bench, "/v2/queries/backup/usage?includeLastBackupJobTimes=true", 1000).await);
    assert!(times(&with) > 0);
    bench.control.delete_device(bench.control.device_ids()[0]);
    let deleted = all(&pages(&bench, "/v2/queries/backup/usage?includeDeletedDevices=true", 7).await);
    assert_eq!(deleted.len(), usage.len());
}

#[tokio::test]
async fn interfaces_are_counted_by_device() {
    let bench = Bench::small().await;
    let page = bench.json("/v2/queries/network-interfaces?pageSize=10").await;
    let devices: HashSet<_> = rows(&page).iter().map(|row| row["deviceId"].as_i64()).collect();
    assert_eq!(devices.len(), 10);
    assert!(rows(&page).len() > 10);
}

#[tokio::test]
async fn backup_jobs_are_filtered() {
    let bench = Bench::small().await;
    let jobs = all(&pages(&bench, "/v2/backup/jobs", 1000).await);
    let images =
        all(&pages(&bench, "/v2/backup/jobs?ptf=planType%20in%20(IMAGE)&sf=status%20%3D%20COMPLETED", 1000)
            .await);
    let expected = jobs.iter().filter(|j| j["planType"] == "IMAGE" && j["jobStatus"] == "COMPLETED").count();
    assert_eq!(images.len(), expected);
    let none = bench.json("/v2/backup/jobs?stf=startTime%20after%202100-01-01T00:00:00.000Z").await;
    assert!(rows(&none).is_empty() && none.get("cursor").is_none());
    assert_eq!(bench.get("/v2/backup/jobs?sf=colour%20%3D%20RED").await.status, 500);
}

#[tokio::test]
async fn a_tenant_without_backup_sees_one_of_three_things() {
    let bench = Bench::small().await;
    for (module, status) in
        [(BackupModule::Missing404, 404), (BackupModule::Forbidden403, 403), (BackupModule::Empty, 200)]
    {
        bench.control.set_behaviour(|b| b.backup_module = module);
        for path in ["/v2/queries/backup/usage", "/v2/backup/jobs"] {
            assert_eq!(bench.get(path).await.status, status);
        }
    }
    assert_eq!(bench.get("/v2/backup/jobs").await.text, r#"{"results":[]}"#);
}

#[tokio::test]
async fn custom_fields_have_a_row_for_each_organization_with_values() {
    let bench = Bench::small().await;
    let path = "/v2/queries/scoped-custom-fields";
    let small = pages(&bench, path, 2).await;
    assert!(small.len() > 1);
    let (all_rows, only) =
        (all(&small), all(&pages(&bench, &format!("{path}?scopes=ORGANIZATION"), 100).await));
    assert_eq!(all_rows, only);
    assert!(
        all_rows.iter().all(|row| row["scope"] == "ORGANIZATION" && row["fields"]["mainContact"].is_string())
    );
    assert!(all(&pages(&bench, &format!("{path}?scopes=NODE,LOCATION"), 100).await).is_empty());
    let org = all_rows[0]["entityId"].as_i64().unwrap();
    bench.control.set_organization_field(org, "psaId", "CMP-1".into());
    let named = all(&pages(&bench, &format!("{path}?fields=psaId"), 100).await);
    assert_eq!(
        named,
        [serde_json::json!({"scope": "ORGANIZATION", "entityId": org, "fields": {"psaId": "CMP-1"}})]
    );
    bench.control.set_organization_field(org, "psaId", Value::Null);
    assert!(all(&pages(&bench, &format!("{path}?fields=psaId"), 100).await).is_empty());
}
