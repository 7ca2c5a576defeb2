//! Change scripts, seen through the API.

use crate::client::Bench;
use serde_json::Value;

async fn device(bench: &Bench, id: i64) -> Value {
    bench.json(&format!("/v2/device/{id}")).await
}

#[tokio::test]
async fn organizations_and_locations_change() {
    let bench = Bench::small().await;
    let control = &bench.control;
    let id = control.organizations()[0].0;
    assert!(control.rename_organization(id, "Büro \"Neu\" GmbH"));
    assert_eq!(bench.json(&format!("/v2/organization/{id}")).await["name"], "Büro \"Neu\" GmbH");
    let new = control.add_organization("Fresh Start");
    let loc = control.add_location(new, "Second Site");
    assert_eq!(bench.rows(&format!("/v2/organization/{new}/locations")).await.len(), 2);
    assert!(control.rename_location(loc, "Third Site") && control.delete_location(loc));
    assert_eq!(bench.rows(&format!("/v2/organization/{new}/locations")).await.len(), 1);
    let before = control.device_count();
    let lost = control
        .device_ids()
        .iter()
        .filter(|id2| control.device(**id2).unwrap()["organizationId"] == id)
        .count();
    assert!(control.delete_organization(id) && !control.delete_organization(id));
    assert_eq!(control.device_count(), before - lost);
    assert_eq!(bench.get(&format!("/v2/organization/{id}")).await.status, 404);
}

#[tokio::test]
async fn devices_come_and_go() {
    let bench = Bench::small().await;
    let control = &bench.control;
    let new = control.add_devices(5);
    assert_eq!(new.len(), 5);
    assert!(new.iter().all(|id| *id > control.device_ids()[0]));
    assert_eq!(control.approved_device_count(), 115 + 5);
    assert!(control.delete_device(new[0]) && !control.delete_device(new[0]));
    assert_eq!(bench.get(&format!("/v2/device/{}", new[0])).await.status, 404);
    control.decommission_device(new[1]);
    assert_eq!(device(&bench, new[1]).await["approvalStatus"], "DECOMMISSIONED");
    assert!(!control.approved_device_ids().contains(&new[1]));
    control.approve_device(new[1]);
    assert!(control.approved_device_ids().contains(&new[1]));
}

#[tokio::test]
async fn a_device_moves_and_changes() {
    let bench = Bench::small().await;
    let control = &bench.control;
    let id = control.devices_of_class("WINDOWS_WORKSTATION")[0];
    let before = device(&bench, id).await;
    let (org, loc) = (control.organizations()[1].0, control.locations(control.organizations()[1].0)[0].0);
    control.move_device(id, org, loc);
    control.rename_device(id, "Renamed");
    control.set_device_class(id, "WINDOWS_SERVER");
    control.set_serial(id, Some("SN-1"));
    let after = device(&bench, id).await;
    assert_eq!((after["organizationId"].as_i64(), after["locationId"].as_i64()), (Some(org), Some(loc)));
    assert_eq!(after["displayName"], "Renamed");
    assert_eq!(
        (after["nodeClass"].as_str(), after["nodeRoleId"].as_i64()),
        (Some("WINDOWS_SERVER"), Some(101))
    );
    assert_eq!((&after["system"]["serialNumber"], &after["uid"]), (&"SN-1".into(), &before["uid"]));
    control.set_serial(id, None);
    assert!(device(&bench, id).await["system"].get("serialNumber").is_none());
}

#[tokio::test]
async fn a_new_enrolment_is_a_new_device_with_the_old_serial() {
    let bench = Bench::small().await;
    let id = bench.control.devices_of_class("WINDOWS_WORKSTATION")[0];
    let before = device(&bench, id).await;
    let new = bench.control.reenroll_device(id);
    let after = device(&bench, new).await;
    assert!(new > id && before["uid"] != after["uid"]);
    assert_eq!(before["system"], after["system"]);
    assert_eq!(before["macAddresses"], after["macAddresses"]);
    assert_eq!(bench.get(&format!("/v2/device/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_heartbeat_moves_contacts_and_little_else() {
    let bench = Bench::small().await;
    let before = bench.rows("/v2/devices-detailed?pageSize=1000&expand=warranty,backupUsage").await;
    let reported = bench.control.heartbeat();
    let after = bench.rows("/v2/devices-detailed?pageSize=1000&expand=warranty,backupUsage").await;
    let online = before.iter().filter(|row| row["offline"] == false).count();
    assert!(reported as f64 > online as f64 * 0.7);
    let mut moved = 0;
    for (old, new) in before.iter().zip(&after) {
        let (mut old, mut new) = (old.clone(), new.clone());
        moved += usize::from(old["lastContact"] != new["lastContact"]);
        assert!(new["lastContact"].as_f64() >= old["lastContact"].as_f64());
        assert!(new["lastUpdate"].as_f64() <= new["lastContact"].as_f64());
        for key in ["lastContact", "lastUpdate"] {
            old[key] = 0.into();
            new[key] = 0.into();
        }
        assert_eq!(old, new);
    }
    assert!(moved as f64 > online as f64 * 0.7 && moved < online);
}

#[tokio::test]
async fn devices_go_off_line_and_out_of_sight() {
    let bench = Bench::small().await;
    let id = bench.control.approved_device_ids()[0];
    bench.control.set_online(id, false);
    assert_eq!(device(&bench, id).await["offline"], true);
    bench.control.set_online(id, true);
    assert_eq!(device(&bench, id).await["offline"], false);
    let (count, last) = (bench.control.device_count(), bench.control.last_activity_id());
    assert_eq!(bench.control.keep_devices(0.25), count * 3 / 4);
    assert_eq!(bench.control.device_count(), count / 4);
    assert_eq!(bench.control.last_activity_id(), last);
    bench.control.keep_devices(0.0);
    assert_eq!(bench.control.device_count(), 0);
    assert_eq!(bench.get("/v2/devices").await.text, "[]");
}

#[tokio::test]
async fn the_activity_log_is_newest_first() {
    let bench = Bench::small().await;
    let mark = bench.control.last_activity_id();
    let new = bench.control.add_devices(3);
    bench.control.delete_device(new[0]);
    bench.control.rename_organization(bench.control.organizations()[0].0, "Other");
    let page = bench.json(&format!("/v2/activities?newerThan={mark}")).await;
    let codes: Vec<_> =
        page["activities"].as_array().unwrap().iter().map(|a| a["statusCode"].as_str().unwrap()).collect();
    assert_eq!(codes, ["CLIENT_UPDATED", "NODE_DELETED", "NODE_CREATED", "NODE_CREATED", "NODE_CREATED"]);
    assert_eq!(page["lastActivityId"], page["activities"][0]["id"]);
    let oldest = page["activities"][1]["id"].as_i64().unwrap();
    let back = bench.json(&format!("/v2/activities?newerThan={mark}&olderThan={oldest}&pageSize=2")).await;
    assert_eq!(back["activities"].as_array().unwrap().len(), 2);
    assert_eq!(back["lastActivityId"], page["lastActivityId"]);
    let own = bench.json(&format!("/v2/activities?class=SYSTEM&newerThan={mark}")).await;
    assert_eq!(own["activities"].as_array().unwrap().len(), 1);
    let device = bench.json(&format!("/v2/device/{}/activities", new[1])).await;
    assert_eq!(device["activities"][0]["statusCode"], "NODE_CREATED");
    assert_eq!(
        bench.json("/v2/activities?status=NODE_DELETED").await["activities"].as_array().unwrap().len(),
        1
    );
}
