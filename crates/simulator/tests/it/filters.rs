//! The device filter `df`.

use crate::client::{Bench, ids};
use serde_json::Value;

async fn filtered(bench: &Bench, df: &str) -> Vec<Value> {
    let df = df.replace('%', "%25").replace(' ', "%20").replace('=', "%3D").replace('&', "%26");
    bench.rows(&format!("/v2/devices-detailed?pageSize=1000&df={df}")).await
}

#[tokio::test]
async fn only_approved_devices_show_unless_asked_for() {
    let bench = Bench::small().await;
    let mut found = 0;
    for status in ["APPROVED", "PENDING", "DECOMMISSIONED"] {
        let rows = filtered(&bench, &format!("status = {status}")).await;
        assert!(!rows.is_empty() && rows.iter().all(|row| row["approvalStatus"] == status), "{status}");
        found += rows.len();
    }
    assert_eq!(found, bench.control.device_count());
    assert_eq!(bench.rows("/v2/devices?pageSize=1000").await.len(), bench.control.approved_device_count());
    let hidden = filtered(&bench, "status != APPROVED").await;
    assert_eq!(hidden.len(), bench.control.device_count() - bench.control.approved_device_count());
}

#[tokio::test]
async fn every_key_narrows() {
    let bench = Bench::small().await;
    let all = bench.rows("/v2/devices?pageSize=1000").await;
    let count = |key: &str, value: Value| all.iter().filter(|row| row[key] == value).count();
    let org = bench.control.organizations()[0].0;
    assert_eq!(filtered(&bench, &format!("org = {org}")).await.len(), count("organizationId", org.into()));
    assert_eq!(
        filtered(&bench, &format!("organization={org}")).await.len(),
        count("organizationId", org.into())
    );
    let loc = bench.control.locations(org)[0].0;
    assert_eq!(filtered(&bench, &format!("loc eq {loc}")).await.len(), count("locationId", loc.into()));
    assert_eq!(filtered(&bench, "class in (MAC)").await.len(), count("nodeClass", "MAC".into()));
    assert_eq!(filtered(&bench, "role neq 201").await.len(), all.len() - count("nodeRoleId", 201.into()));
    assert_eq!(filtered(&bench, "offline").await.len(), count("offline", true.into()));
    assert_eq!(
        filtered(&bench, "class = MAC AND online").await.len(),
        filtered(&bench, "class = MAC && online").await.len()
    );
    let some = &ids(&all)[3..6];
    assert_eq!(ids(&filtered(&bench, &format!("id in ({},{}, {})", some[0], some[1], some[2])).await), some);
    let (old, new) =
        (filtered(&bench, "created before 2024-01-01").await, filtered(&bench, "created > 20240101").await);
    assert!(!old.is_empty() && !new.is_empty());
    assert_eq!(old.len() + new.len(), all.len());
}

#[tokio::test]
async fn what_cannot_be_read_is_a_server_error_every_time() {
    let bench = Bench::small().await;
    for path in ["/v2/devices", "/v2/devices-detailed", "/v2/queries/operating-systems"] {
        for df in [
            "deviceId%20%3D%207",
            "id=1%20OR%20id=2",
            "lastContact%20after%202026-01-01",
            "status=SLEEPING",
            "org=x",
        ] {
            let answer = bench.get(&format!("{path}?df={df}")).await;
            assert_eq!(answer.status, 500, "{path} {df}");
            assert!(answer.json()["incidentId"].is_string());
        }
    }
}

#[tokio::test]
async fn reports_take_the_filter_too() {
    let bench = Bench::small().await;
    let id = bench.control.devices_of_class("WINDOWS_SERVER")[0];
    let page = bench.json(&format!("/v2/queries/operating-systems?df=id%20%3D%20{id}")).await;
    assert_eq!(page["results"].as_array().unwrap().len(), 1);
    assert_eq!(page["results"][0]["deviceId"], id);
    let named = bench.rows("/v2/devices?org=2&pageSize=1000").await;
    assert_eq!(named.len(), bench.control.approved_device_count());
}
