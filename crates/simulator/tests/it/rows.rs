//! What rows look like: number formats, nulls, and the kinds of devices.

use crate::client::{Bench, fleet};
use serde_json::Value;

/// The short and long rows of a fleet.
async fn long_rows(bench: &Bench) -> Vec<Value> {
    bench.rows("/v2/devices-detailed?pageSize=1000&expand=warranty,assignedOwner,organization,location,role,backupUsage").await
}

fn of_class<'a>(rows: &'a [Value], class: &str) -> &'a Value {
    rows.iter().find(|row| row["nodeClass"] == class).unwrap_or_else(|| panic!("no {class}"))
}

fn has(row: &Value, key: &str) -> bool {
    row.get(key).is_some()
}

/// Whether any value below is null.
fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(map) => {
            map.iter().any(|(key, value)| key != "patchRing" && key != "assignedOwner" && has_null(value))
        }
        _ => false,
    }
}

#[tokio::test]
async fn times_have_nine_decimals() {
    let bench = Bench::small().await;
    for path in ["/v2/devices", "/v2/devices-detailed", "/v2/queries/backup/usage"] {
        let text = bench.get(path).await.text;
        for key in ["\"created\":", "\"lastContact\":", "\"lastUpdate\":"] {
            let mut times = text.split(key).skip(1).map(|rest| rest.split([',', '}']).next().unwrap());
            assert!(times.clone().count() > 50);
            assert!(
                times.all(|time| time.split_once('.').is_some_and(|(s, f)| s.len() == 10 && f.len() == 9))
            );
        }
    }
    assert!(bench.get("/v2/queries/logged-on-users").await.text.contains("000,\"deviceId\""));
}

#[tokio::test]
async fn nulls_are_omitted_except_for_users() {
    let bench = Bench::new(fleet(60, 900)).await;
    assert!(!long_rows(&bench).await.iter().any(has_null));
    for path in [
        "/v2/organizations-detailed?pageSize=1000",
        "/v2/locations?pageSize=1000",
        "/v2/devices?pageSize=1000",
    ] {
        assert!(!bench.rows(path).await.iter().any(has_null), "{path}");
    }
    let users = bench.rows("/v2/users").await;
    assert!(users.iter().all(has_null));
    assert!(
        users
            .iter()
            .any(|u| u["organizationId"].is_null() && u.as_object().unwrap().contains_key("organizationId"))
    );
}

#[tokio::test]
async fn every_kind_of_device_has_its_keys() {
    let bench = Bench::new(fleet(12, 1000)).await;
    let rows = long_rows(&bench).await;
    let agent = of_class(&rows, "WINDOWS_WORKSTATION");
    assert!(
        ["uid", "os", "system", "memory", "processors", "volumes", "publicIP"]
            .iter()
            .all(|key| has(agent, key))
    );
    assert_eq!(agent["deviceType"], "AgentDevice");
    let host = of_class(&rows, "VMWARE_VM_HOST");
    assert!(["uid", "os", "system"].iter().all(|key| !has(host, key)));
    assert!(
        ["serviceTag", "vendor", "model", "releaseName", "cpuThreads", "memorySize"]
            .iter()
            .all(|key| has(host, key))
    );
    let switch = of_class(&rows, "NMS_SWITCH");
    assert!(has(switch, "macAddresses") && !has(switch, "system") && has(switch, "parentDeviceId"));
    assert!(!has(of_class(&rows, "CLOUD_MONITOR_TARGET"), "ipAddresses"));
    assert!(has(of_class(&rows, "QUANTUM_TOASTER"), "os"));
    for class in [
        "WINDOWS_SERVER",
        "MAC",
        "LINUX_SERVER",
        "NMS_ROUTER",
        "NMS_FIREWALL",
        "NMS_PRINTER",
        "NMS_WAP",
        "ANDROID",
        "APPLE_IOS",
    ] {
        of_class(&rows, class);
    }
    let windows = rows.iter().filter(|row| row["nodeClass"] == "WINDOWS_WORKSTATION").count();
    assert!((540..700).contains(&windows), "{windows}");
}

#[tokio::test]
async fn the_awkward_cases_are_there() {
    let bench = Bench::new(fleet(60, 1000)).await;
    let rows = long_rows(&bench).await;
    let count = |wanted: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| wanted(row)).count();
    assert!((300..480).contains(&count(&|row| !has(row, "displayName"))));
    let placeholder = |row: &Value| row["system"]["serialNumber"] != row["system"]["biosSerialNumber"];
    assert!((5..60).contains(&count(&|row| has(row, "system") && placeholder(row))));
    let has_warranty = |row: &Value| has(&row["references"], "warranty");
    assert!((350..700).contains(&count(&has_warranty)), "{}", count(&has_warranty));
    assert!(count(&|row| row["references"]["warranty"]["endDate"] == 0) > 0);
    assert!(count(&|row| row["references"]["assignedOwner"]["email"].is_string()) > 100);
    assert!(count(&|row| row.to_string().contains("fe80::")) > 100);
    assert!(count(&|row| has(row, "maintenance")) > 0);
    assert!(count(&|row| has(row, "patchRing")) > 0);
    let serial =
        |row: &Value| row["system"]["serialNumber"].as_str().filter(|s| s.contains('-')).map(str::to_owned);
    let mut clones: Vec<_> = rows.iter().filter_map(serial).collect();
    clones.sort();
    assert!(clones.windows(2).any(|pair| pair[0] == pair[1]));
    let macs =
        |row: &Value| row["macAddresses"].as_array().is_some_and(|m| m.len() > 1 && m[0] == m[m.len() - 1]);
    assert!(count(&macs) > 10);
    let names = bench.control.organizations();
    let mut sorted: Vec<_> = names.iter().map(|(_, name)| name).collect();
    sorted.sort();
    assert_eq!(sorted.windows(2).filter(|pair| pair[0] == pair[1]).count(), 1);
    assert!(names.iter().any(|(id, _)| bench.control.locations(*id).is_empty()));
    assert!(names.iter().any(|(id, _)| !bench.control.locations(*id).is_empty()
        && bench.control.devices_of_organization(*id).is_empty()));
    assert!(names.iter().any(|(_, name)| !name.is_ascii()));
}

#[tokio::test]
async fn references_come_only_when_asked_for() {
    let bench = Bench::small().await;
    assert!(bench.rows("/v2/devices-detailed").await.iter().all(|row| !has(row, "references")));
    let row = &bench.rows("/v2/devices?expand=organization,location&pageSize=1").await[0];
    assert_eq!(row["references"]["organization"]["id"], row["organizationId"]);
    assert_eq!(row["references"]["location"]["id"], row["locationId"]);
    assert!(!has(&row["references"], "warranty"));
    let one = bench.json(&format!("/v2/device/{}?expand=warranty", row["id"])).await;
    assert!(!has(&one, "references"));
}

#[tokio::test]
async fn owners_are_users() {
    let bench = Bench::small().await;
    let users = bench.rows("/v2/users?userType=END_USER&includeRoles=true").await;
    assert!(users.iter().all(|user| user["userType"] == "END_USER" && user["roles"].is_array()));
    let owned: Vec<_> = bench
        .rows("/v2/devices?pageSize=1000")
        .await
        .into_iter()
        .filter(|row| has(row, "assignedOwnerUid"))
        .collect();
    assert!(!owned.is_empty());
    for device in owned {
        let owner = users.iter().find(|user| user["uid"] == device["assignedOwnerUid"]).expect("an owner");
        assert!(owner["assignedDeviceIds"].as_array().unwrap().contains(&device["id"]));
    }
}

#[tokio::test]
async fn one_device_has_its_own_addresses() {
    let bench = Bench::small().await;
    let id = bench.control.devices_of_class("WINDOWS_SERVER")[0];
    assert_eq!(bench.json(&format!("/v2/device/{id}")).await, bench.control.device(id).unwrap());
    let interfaces = bench.rows(&format!("/v2/device/{id}/network-interfaces")).await;
    assert!(
        interfaces[0]["mtu"].is_string()
            && interfaces[0]["ipAddress"].is_array()
            && !has(&interfaces[0], "deviceId")
    );
    let user = bench.get(&format!("/v2/device/{id}/last-logged-on-user")).await;
    assert!(user.status == 404 || user.json()["userName"].is_string());
    assert_eq!(bench.get("/v2/device/1").await.status, 404);
}

#[tokio::test]
async fn the_fed_instance_lacks_some_lists() {
    let bench = Bench::small().await;
    for path in ["/v2/contacts", "/v2/noderole/list", "/v2/roles", "/v2/tag", "/v2/alerts"] {
        assert_eq!(bench.get(path).await.status, 200, "{path}");
    }
    bench.control.set_behaviour(|b| b.fed_instance = true);
    for (path, status) in [("/v2/contacts", 404), ("/v2/noderole/list", 404), ("/v2/roles", 200)] {
        assert_eq!(bench.get(path).await.status, status, "{path}");
    }
}
