//! Mapping organizations, locations and node classes.

use super::{Story, array, number, text};
use serde_json::{Value, json};
use simulator::demo_companies;

/// Quick Match, then one decision of each kind.
pub async fn map_organizations(story: &mut Story) {
    let all = story.vendor.organizations().len();
    let result = story.write("organizations/quick_match", json!({})).await;
    let sum = number(&result["mapped"]) + number(&result["pending"]) + number(&result["unmapped"]);
    assert_eq!(sum, all, "{result}");
    assert_eq!(result["newly_mapped"], result["mapped"]);
    assert_eq!(counted(story, "organizations").await, stand(&result));
    equal_names_are_mapped(story).await;

    let pending = story.all("organizations/list", &[("status", "pending")]).await;
    assert!(!pending.is_empty(), "the demo has names that are near");
    for row in &pending {
        let confidence = row["suggestion"]["confidence"].as_f64().expect("a confidence");
        assert!(
            (0.0..1.0).contains(&confidence) && !array(&row["suggestion"]["reasons"]).is_empty(),
            "{row}"
        );
    }
    accept_the_first(story, &pending[0]).await;
    decide_the_unmapped(story).await;
}

/// How rows stand, of what Quick Match tells.
fn stand(result: &Value) -> Value {
    json!({ "mapped": result["mapped"], "pending": result["pending"], "unmapped": result["unmapped"] })
}

/// The counts of a list, as Quick Match tells them.
async fn counted(story: &mut Story, what: &str) -> Value {
    let counts = story.read(&format!("{what}/counts")).await;
    for status in ["mapped", "pending", "unmapped", "ignored"] {
        let rows = story.all(&format!("{what}/list"), &[("status", status)]).await;
        assert_eq!(counts[status], rows.len(), "{what} {status}");
    }
    json!({ "mapped": counts["mapped"], "pending": counts["pending"], "unmapped": counts["unmapped"] })
}

async fn equal_names_are_mapped(story: &mut Story) {
    let companies = demo_companies();
    let rows = story.all("organizations/list", &[]).await;
    let equal: Vec<&Value> =
        rows.iter().filter(|r| companies.iter().any(|c| r["name"] == c.name.as_str())).collect();
    assert_eq!(equal.len(), 8);
    for row in equal {
        assert_eq!((&row["status"], &row["company"]["name"]), (&json!("mapped"), &row["name"]), "{row}");
        assert_eq!(row["mapped_by"], "quick_match");
    }
}

async fn accept_the_first(story: &mut Story, row: &Value) {
    let company = row["suggestion"]["company"].clone();
    let decision = json!({ "remote_id": row["remote_id"], "choice": { "link": company["id"] }, "version": row["version"] });
    let saved = story.write("mappings/save_organization", decision.clone()).await;
    assert_eq!(
        (&saved["status"], &saved["company"], &saved["mapped_by"]),
        (&json!("mapped"), &company, &json!("manual"))
    );
    // A second tab that still shows the old row.
    let mut stale = decision;
    stale["integration_id"] = json!(story.integration);
    stale["choice"] = json!("ignore");
    story.owner.post("mappings/save_organization", stale).await.refused(409, "conflict");
    let again = story.write("organizations/quick_match", json!({})).await;
    let rows = story.all("organizations/list", &[("status", "mapped")]).await;
    assert_eq!(again["mapped"], rows.len());
    assert!(rows.iter().any(|r| r["remote_id"] == saved["remote_id"] && r["mapped_by"] == "manual"));
}

/// One unmapped organization becomes a company, another one is ignored and taken up again.
async fn decide_the_unmapped(story: &mut Story) {
    let companies = number(&story.owner.get("companies/list", &[]).await.ok()["total"]);
    let mut unmapped = story.all("organizations/list", &[("status", "unmapped")]).await;
    unmapped.retain(|row| number(&row["device_count"]) > 0);
    let [first, second, ..] = unmapped.as_slice() else {
        panic!("the demo has organizations without a company")
    };
    let create = json!({ "remote_id": first["remote_id"], "choice": "create" });
    let saved = story.write("mappings/save_organization", create).await;
    assert_eq!(saved["company"]["name"], first["name"]);
    assert_eq!(number(&story.owner.get("companies/list", &[]).await.ok()["total"]), companies + 1);
    for (choice, status) in [("ignore", "ignored"), ("unmap", "unmapped"), ("ignore", "ignored")] {
        let saved = story
            .write(
                "mappings/save_organization",
                json!({ "remote_id": second["remote_id"], "choice": choice }),
            )
            .await;
        assert_eq!((&saved["status"], &saved["company"]), (&json!(status), &Value::Null));
    }
}

/// Quick Match, then one decision; only locations of the mapped company can be linked.
pub async fn map_locations(story: &mut Story) {
    let result = story.write("remote_locations/quick_match", json!({})).await;
    assert!(number(&result["mapped"]) > 10, "{result}");
    assert_eq!(counted(story, "remote_locations").await, stand(&result));
    let mapped = story.all("remote_locations/list", &[("status", "mapped")]).await;
    let locations = story.owner.all("locations/list", &[]).await;
    for row in &mapped {
        let location =
            locations.iter().find(|l| l["id"] == row["location"]["id"]).expect("a location of the portal");
        assert_eq!(location["company_id"], row["company"]["id"], "{row}");
    }
    let open = story.all("remote_locations/list", &[("status", "unmapped")]).await;
    let open =
        open.iter().find(|r| !r["company"].is_null()).expect("an unmapped location of a mapped organization");
    let elsewhere = locations
        .iter()
        .find(|l| l["company_id"] != open["company"]["id"])
        .expect("another company's location");
    let id = json!(story.integration);
    let wrong = json!({ "integration_id": id, "remote_id": open["remote_id"], "choice": { "link": elsewhere["id"] } });
    let field = story.owner.post("mappings/save_location", wrong).await.refused(422, "invalid");
    assert_eq!(field.as_deref(), Some("choice"));
    let saved = story
        .write("mappings/save_location", json!({ "remote_id": open["remote_id"], "choice": "create" }))
        .await;
    assert_eq!((&saved["status"], &saved["location"]["name"]), (&json!("mapped"), &open["name"]));
}

/// Quick Match and Quick Create leave no node class without a device type.
pub async fn map_node_classes(story: &mut Story) {
    let rows = story.read("node_classes/list").await;
    let classes = array(&rows["items"]).len();
    let matched = story.write("node_classes/quick_match", json!({})).await;
    assert_eq!(matched["created"], 0);
    let types = number(&story.owner.get("device_types/list", &[]).await.ok()["total"]);
    let created = story.write("node_classes/quick_create", json!({})).await;
    assert_eq!(number(&matched["mapped"]) + number(&created["mapped"]), classes, "{matched} {created}");
    let now = number(&story.owner.get("device_types/list", &[]).await.ok()["total"]);
    assert_eq!(now, types + number(&created["created"]));
    let rows = story.read("node_classes/list").await;
    assert!(array(&rows["items"]).iter().all(|r| !text(&r["device_type"]["name"]).is_empty()), "{rows}");
    let class = text(&rows["items"][0]["node_class"]);
    let ignored =
        story.write("mappings/save_node_class", json!({ "node_class": class, "ignore": true })).await;
    assert_eq!((&ignored["ignored"], &ignored["auto_sync"]), (&json!(true), &json!(false)));
    let back = story.write("mappings/save_node_class", json!({ "node_class": class, "ignore": false })).await;
    assert_eq!((&back["ignored"], &back["device_type"]), (&json!(false), &rows["items"][0]["device_type"]));
}
