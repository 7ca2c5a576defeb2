//! Syncs, their proofs and their changes.

use super::{Story, array, number, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a run proves of an entity: complete, and how many distinct rows.
fn proven(run: &Value, entity: &str) -> usize {
    let proof = array(&run["evidence"]).iter().find(|e| e["entity"] == entity);
    let proof = proof.unwrap_or_else(|| panic!("no proof of {entity}: {run}"));
    assert_eq!(proof["complete"], true, "{run}");
    assert_eq!(proof["rows"], proof["distinct"], "{run}");
    number(&proof["distinct"])
}

/// After the first organization sync.
pub async fn organizations_are_there(story: &mut Story) {
    let runs = story.read("runs/list").await;
    let run = &runs["items"][0];
    let organizations = story.vendor.organizations();
    assert_eq!(proven(run, "organizations"), organizations.len());
    assert_eq!(proven(run, "locations"), story.vendor.location_count());
    assert_eq!(run["counts"]["added"], organizations.len() + story.vendor.location_count());
    assert_eq!(run["user"], "Sam Owner");
    let rows = story.all("organizations/list", &[("sort", "-device_count")]).await;
    let counts: Vec<usize> = rows.iter().map(|r| number(&r["device_count"])).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    let held: BTreeMap<String, (String, usize, usize)> = rows
        .iter()
        .map(|r| {
            (
                text(&r["remote_id"]),
                (text(&r["name"]), number(&r["device_count"]), number(&r["location_count"])),
            )
        })
        .collect();
    let vendor = &story.vendor;
    let sent = organizations.into_iter().map(|(id, name)| {
        (id.to_string(), (name, vendor.devices_of_organization(id).len(), vendor.locations(id).len()))
    });
    assert_eq!(held, sent.collect());
    assert_eq!(story.all("remote_locations/list", &[]).await.len(), story.vendor.location_count());
    let card = story.read("integrations/get").await;
    assert_eq!((&card["status"], &card["active_run"]), (&json!("connected"), &Value::Null));
    assert_eq!(number(&card["counts"]["organizations"]), held.len());
}

/// The first device sync.
pub async fn pull_devices(story: &mut Story) {
    let first = story.write("runs/start", json!({ "kind": "devices" })).await;
    let second = story.write("runs/start", json!({ "kind": "devices" })).await;
    assert_eq!(first["id"], second["id"], "a second start shows the run that is there");
    let run = story.owner.ended(&first).await;
    let approved = story.vendor.approved_device_count();
    assert_eq!(
        (&run["state"], &run["problem"], &run["warnings"]),
        (&json!("completed"), &Value::Null, &json!([])),
        "{run}"
    );
    assert_eq!(proven(&run, "devices"), approved);
    assert_eq!(
        run["counts"],
        json!({
            "added": approved, "changed": 0, "unchanged": 0, "moved": 0, "missing": 0, "returned": 0, "failed": 0,
        })
    );
    let classes = story.read("node_classes/list").await;
    let counted: usize = array(&classes["items"]).iter().map(|c| number(&c["device_count"])).sum();
    assert_eq!(counted, approved);
}

/// A second sync of the same fleet.
pub async fn an_unchanged_fleet_changes_nothing(story: &mut Story) {
    let approved = story.vendor.approved_device_count();
    let run = story.sync("devices").await;
    assert_eq!(run["state"], "completed", "{run}");
    assert_eq!(
        run["counts"],
        json!({ "added": 0, "changed": 0, "unchanged": approved, "moved": 0, "missing": 0, "returned": 0, "failed": 0 })
    );
    assert_eq!(changes(story, &run).await, Vec::<Value>::new());
}

/// A sync after somebody worked in NinjaOne.
pub async fn a_changed_fleet_changes_what_changed(story: &mut Story) {
    let vendor = story.vendor.clone();
    let ids = vendor.approved_device_ids();
    let (renamed, deleted) = (ids[3], ids[7]);
    assert!(vendor.rename_device(renamed, "RENAMED-01") && vendor.delete_device(deleted));
    let added = vendor.add_devices(2);
    let approved = vendor.approved_device_count();
    assert_eq!(approved, ids.len() + 1);

    let run = story.sync("devices").await;
    assert_eq!(run["state"], "completed", "{run}");
    let unchanged = approved - 3;
    assert_eq!(
        run["counts"],
        json!({ "added": 2, "changed": 1, "unchanged": unchanged, "moved": 0, "missing": 1, "returned": 0, "failed": 0 })
    );
    let mut found: Vec<(String, String)> =
        changes(story, &run).await.iter().map(|c| (text(&c["change"]), text(&c["remote_id"]))).collect();
    found.sort();
    let mut expected: Vec<(String, String)> =
        added.iter().map(|id| ("added".to_owned(), id.to_string())).collect();
    expected
        .extend([("changed".to_owned(), renamed.to_string()), ("missing".to_owned(), deleted.to_string())]);
    expected.sort();
    assert_eq!(found, expected);
    let change = changes(story, &run).await.into_iter().find(|c| c["change"] == "changed").expect("a change");
    let name = array(&change["fields"]).iter().find(|f| f["field"] == "name").expect("the name");
    assert_eq!(name["after"], "RENAMED-01");
}

async fn changes(story: &mut Story, run: &Value) -> Vec<Value> {
    let id = text(&run["id"]);
    story.owner.all("runs/changes", &[("run_id", &id)]).await
}
