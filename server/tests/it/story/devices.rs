//! From staging into the inventory.

use super::{Story, array, number, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Imports what is ready, then everything; answers how many devices the inventory has.
pub async fn import(story: &mut Story) -> usize {
    let ready = staged_as_mapped(story).await;
    let run = start(story, json!({ "filter": { "status": "ready" } })).await;
    assert_eq!(run["state"], "completed", "{run}");
    assert_eq!(
        run["counts"],
        json!({ "added": ready, "changed": 0, "unchanged": 0, "moved": 0, "missing": 0, "returned": 0, "failed": 0 })
    );
    let results = story.owner.all("imports/results", &[("run_id", run["id"].as_str().expect("an id"))]).await;
    assert_eq!(results.len(), ready);
    assert!(results.iter().all(|r| r["outcome"] == "created" && r["reason"].is_null()));

    // Once more, with those that cannot be imported: each says why.
    let approved = story.vendor.approved_device_count();
    let run = start(story, json!("all")).await;
    assert_eq!(run["state"], "completed_with_errors", "{run}");
    let blocked = approved - ready;
    assert_eq!(
        run["counts"],
        json!({ "added": 0, "changed": 0, "unchanged": ready, "moved": 0, "missing": 0, "returned": 0, "failed": blocked })
    );
    let id = text(&run["id"]);
    let failed = story.owner.all("imports/results", &[("run_id", &id), ("outcome", "failed")]).await;
    assert_eq!(failed.len(), blocked);
    assert!(failed.iter().all(|r| text(&r["reason"]).contains("organization")), "{failed:?}");
    inventory_is_as_staged(story, ready).await;
    ready
}

async fn start(story: &mut Story, select: Value) -> Value {
    let run = story.write("imports/start", json!({ "select": select })).await;
    story.owner.ended(&run).await
}

/// The devices of mapped organizations are ready, all others say what is missing.
async fn staged_as_mapped(story: &mut Story) -> usize {
    let mapped = story.all("organizations/list", &[("status", "mapped")]).await;
    let ids = mapped.iter().map(|o| text(&o["remote_id"]).parse().expect("a number"));
    let ready: usize = ids.map(|id| story.vendor.devices_of_organization(id).len()).sum();
    let all = story.vendor.approved_device_count();
    assert!(ready > 0 && ready < all, "{ready} of {all}");
    let counts = story.read("staged_devices/counts").await;
    assert_eq!(counts, json!({ "all": all, "ready": ready, "imported": 0, "blocked": all - ready }));
    let blocked = story.all("staged_devices/list", &[("status", "blocked")]).await;
    assert_eq!(blocked.len(), all - ready);
    let reasons: BTreeSet<String> = blocked.iter().map(|d| text(&d["blocked_by"])).collect();
    assert_eq!(reasons, ["organization_ignored", "organization_unmapped"].map(String::from).into());
    ready
}

async fn inventory_is_as_staged(story: &mut Story, count: usize) {
    let devices = story.owner.all("devices/list", &[]).await;
    assert_eq!(devices.len(), count);
    let counts = story.read("staged_devices/counts").await;
    assert_eq!((number(&counts["imported"]), number(&counts["ready"])), (count, 0));
    let servers = story.vendor.devices_of_class("WINDOWS_SERVER").len();
    assert!(servers > 0);
    for device in devices.iter().step_by(37) {
        let detail = story
            .owner
            .get("devices/get", &[("device_id", device["id"].as_str().expect("an id"))])
            .await
            .ok();
        as_the_vendor_says(story, &detail);
        assert_eq!((&detail["company"], &detail["status"]), (&device["company"], &device["status"]));
    }
    let system = devices.iter().find(|device| device["os_name"].is_string()).expect("one with a system");
    for device in [&devices[0], system] {
        as_the_vendor_is_asked(story, device).await;
    }
    let online = story.owner.all("devices/list", &[("status", "online")]).await.len();
    let offline = story.owner.all("devices/list", &[("status", "offline")]).await.len();
    assert_eq!(online + offline, count);
}

/// What the vendor answers when somebody asks for a device's own row.
async fn as_the_vendor_is_asked(story: &mut Story, device: &Value) {
    let id = device["id"].as_str().expect("an id");
    let raw = story.owner.get("devices/raw", &[("device_id", id)]).await.ok();
    let row = story.vendor.device(text(&raw["remote_id"]).parse().expect("a number"));
    let told: Value = serde_json::from_str(raw["json"].as_str().expect("a text")).expect("JSON");
    let row = row.expect("it");
    assert_eq!(told["systemName"], row["systemName"]);
    assert_eq!((&told["organizationId"], &raw["integration"]), (&row["organizationId"], &json!("NinjaOne")));
    let hardware = &raw["hardware"];
    let memory = row["memory"]["capacity"].as_i64().or(row["memorySize"].as_i64());
    assert_eq!(hardware["memory_bytes"].as_i64(), memory);
    let volumes = |list: &Value| list.as_array().map_or(0, Vec::len);
    assert_eq!(volumes(&hardware["volumes"]), volumes(&row["volumes"]));
    assert_eq!(hardware["volumes"][0]["free_bytes"], row["volumes"][0]["freeSpace"]);
}

/// A device's page against the vendor's own row.
fn as_the_vendor_says(story: &Story, detail: &Value) {
    let source = &detail["source"];
    let row = story
        .vendor
        .device(text(&source["remote_id"]).parse().expect("a number"))
        .expect("a device of the vendor");
    let facts = &detail["facts"];
    assert_eq!(facts["hostname"], row["systemName"]);
    assert_eq!(facts["node_class"], row["nodeClass"]);
    let online = if row["offline"] == true { "offline" } else { "online" };
    assert_eq!(detail["status"], online);
    if let Some(name) = row["os"]["name"].as_str() {
        assert_eq!(facts["os_name"], name);
    }
    assert_eq!(
        facts["ip_addresses"].as_array().map(Vec::len),
        Some(row["ipAddresses"].as_array().map_or(0, Vec::len))
    );
    let organization = row["organizationId"].as_i64().expect("an id");
    let name = story.vendor.organizations().into_iter().find(|(id, _)| *id == organization).expect("it").1;
    assert_eq!(source["organization"], name);
    assert_eq!(source["integration_id"], story.integration);
}

/// After the fleet changed: the renamed one has its name, the deleted one is marked, none is gone.
pub async fn follow_their_sources(story: &mut Story, imported: usize) {
    let devices = story.owner.all("devices/list", &[]).await;
    assert_eq!(devices.len(), imported, "a device is marked missing, never deleted");
    let staged = story.all("staged_devices/list", &[]).await;
    let renamed = staged.iter().find(|d| d["name"] == "RENAMED-01").expect("the renamed device");
    if renamed["status"] == "imported" {
        assert!(devices.iter().any(|d| d["id"] == renamed["device_id"] && d["name"] == "RENAMED-01"));
    }
    let missing = story.owner.all("devices/list", &[("status", "missing")]).await;
    assert!(missing.len() <= 1, "{missing:?}");
    for gone in &missing {
        let id = gone["id"].as_str().expect("an id");
        story.owner.get("devices/raw", &[("device_id", id)]).await.refused(404, "not_found");
    }
    let found = story.owner.get("devices/list", &[("search", "renamed-0")]).await.ok();
    assert_eq!(number(&found["total"]), usize::from(renamed["status"] == "imported"));
}

/// Deleting the integration keeps its devices, as asked.
pub async fn stay_when_the_integration_goes(story: &mut Story, imported: usize) {
    let id = story.integration.clone();
    let delete = |name: &str| json!({ "integration_id": id, "confirm_name": name, "devices": "keep" });
    let field = story.owner.post("integrations/delete", delete("Ninja")).await.refused(422, "invalid");
    assert_eq!(field.as_deref(), Some("confirm_name"));
    let organizations = story.vendor.organizations().len();
    let counts = story.owner.post("integrations/delete", delete("NinjaOne")).await.ok();
    assert_eq!(
        (number(&counts["organizations"]), number(&counts["devices_kept"])),
        (organizations, imported)
    );
    assert_eq!(counts["devices_removed"], 0);
    assert!(number(&counts["mappings"]) > 0);

    assert_eq!(story.owner.get("integrations/list", &[]).await.ok()["total"], 0);
    story.owner.get("organizations/list", &[("integration_id", &id)]).await.refused(404, "not_found");
    let devices = story.owner.all("devices/list", &[]).await;
    assert_eq!(devices.len(), imported);
    assert!(devices.iter().all(|d| d["status"] == "detached" && d["integration_id"].is_null()));
    assert!(array(&json!(devices)).iter().filter(|d| !d["last_contact"].is_null()).count() > imported / 2);
    let detail = story
        .owner
        .get("devices/get", &[("device_id", devices[0]["id"].as_str().expect("an id"))])
        .await
        .ok();
    assert_eq!(detail["source"], Value::Null);
    let id = devices[0]["id"].as_str().expect("an id");
    story.owner.get("devices/raw", &[("device_id", id)]).await.refused(409, "conflict");
}
