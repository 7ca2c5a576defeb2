//! What runs tell when they are read: history, changes and their file, errors, what was held back, what waits.

use crate::support::{Client, Rows, Setup, Site};
use domain::ids::TenantId;
use serde_json::{Value, json};

on_both!(changes_are_filtered_counted_and_exported, what_was_held_back_is_shown, what_waits_says_why);

async fn rows_of(site: &Site, owner: &mut Client) -> (Rows, String) {
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    (Rows::insert(site, tenant, 0x200).await, site.literal(tenant.0))
}

fn names(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().expect("items").iter().filter_map(|row| row["name"].as_str()).collect()
}

/// More changes than one page of the export has.
const MANY: usize = 2_300;

async fn changes_are_filtered_counted_and_exported(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let (rows, tenant) = rows_of(&site, &mut owner).await;
    let run = site.literal(rows.run);
    let many: Vec<String> = (0..MANY)
        .map(|n| {
            let fields = r#"[{"field":"os_name","before":"+1","after":"a, b"},{"field":"model","before":null,"after":"x"}]"#;
            format!("({run}, {tenant}, 'device', 'm{n}', 'Machine {n}', 'changed', '{fields}')")
        })
        .collect();
    let insert =
        "INSERT INTO run_changes (run_id, tenant_id, entity, remote_id, name, change, fields) VALUES";
    site.execute(&format!("{insert} {}", many.join(", "))).await;
    site.execute(&format!("{insert} ({run}, {tenant}, 'organization', '7', '=Evil\"1\"', 'missing', '[]')"))
        .await;

    let run_id = rows.run.to_string();
    let counts = owner.get("runs/change_counts", &[("run_id", &run_id)]).await.ok();
    assert_eq!(
        counts,
        json!([
            { "entity": "device", "change": "added", "count": 1 },
            { "entity": "device", "change": "changed", "count": MANY },
            { "entity": "organization", "change": "missing", "count": 1 },
        ])
    );
    let mut list = async |filters: &[(&str, &str)]| {
        let query = [&[("run_id", run_id.as_str())], filters].concat();
        owner.get("runs/changes", &query).await.ok()
    };
    assert_eq!(list(&[]).await["total"], MANY + 2);
    assert_eq!(names(&list(&[("entity", "organization")]).await), ["=Evil\"1\""]);
    assert_eq!(list(&[("change", "added")]).await["total"], 1);
    assert_eq!(
        names(&list(&[("search", "machine 77"), ("sort", "-name"), ("page_size", "2")]).await),
        ["Machine 779", "Machine 778"]
    );
    assert_eq!(names(&list(&[("search", "m12")]).await), ["Machine 12"], "a remote id is found whole");

    let path = format!("runs/{run_id}/changes.csv");
    let file = owner.get(&path, &[]).await;
    assert_eq!(file.status, 200);
    let raw = owner
        .request(reqwest::Method::GET, &path)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes");
    assert!(raw.starts_with("\u{feff}entity,".as_bytes()), "it begins with a mark of UTF-8");
    let lines: Vec<&str> = file.text.trim_end().split("\r\n").collect();
    assert_eq!(lines[0], "entity,remote_id,name,change,field,before,after");
    assert_eq!(lines.len(), 1 + 1 + 2 * MANY + 1, "one line per changed field, one for a row without");
    let distinct: std::collections::BTreeSet<&&str> = lines.iter().collect();
    assert_eq!(distinct.len(), lines.len(), "no line stands twice");
    assert!(lines.contains(&"device,m12,Machine 12,changed,os_name,'+1,\"a, b\""), "{}", lines[2]);
    assert_eq!(lines.last(), Some(&"organization,7,\"'=Evil\"\"1\"\"\",missing,,,"));
    let some = owner.get(&path, &[("change", "missing"), ("search", "evil"), ("entity", "")]).await;
    assert_eq!(some.text.trim_end().split("\r\n").count(), 2);
    owner.get(&path, &[("change", "vanished")]).await.refused(422, "invalid");
}

async fn what_was_held_back_is_shown(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let (rows, _) = rows_of(&site, &mut owner).await;
    let (integration, run, question) =
        (rows.integration.to_string(), rows.run.to_string(), rows.question.to_string());
    let seen = owner.get("runs/get", &[("run_id", &run)]).await.ok();
    assert_eq!((&seen["open_questions"], &seen["errors"]), (&json!(1), &json!(1)));
    let card = owner.get("integrations/get", &[("integration_id", &integration)]).await.ok();
    assert_eq!(card["questions"][0]["id"], json!(rows.question));
    assert_eq!(card["breaker"], json!({ "percent": 20, "rows": 10 }));
    assert_eq!(card["sources"][0]["source"], "owners");

    let mut asked = async |filters: &[(&str, &str)]| {
        let query = [&[("integration_id", integration.as_str())], filters].concat();
        owner.get("runs/questions", &query).await.ok().as_array().expect("questions").len()
    };
    assert_eq!(asked(&[]).await, 1);
    assert_eq!(asked(&[("run_id", &run), ("state", "open")]).await, 1);
    assert_eq!(asked(&[("state", "applied")]).await, 0);
    let held = owner.get("runs/held", &[("question_id", &question)]).await.ok();
    assert_eq!((&held["total"], &held["items"][0]["change"]), (&json!(1), &json!("missing")));
    let none = owner.get("runs/held", &[("question_id", &question), ("search", "nothing")]).await.ok();
    assert_eq!(none["total"], 0);
    let errors = owner.get("runs/errors", &[("run_id", &run), ("search", "NO ID")]).await.ok();
    assert_eq!(errors["items"][0]["reason"], "It has no id.");

    let mut history = async |filters: &[(&str, &str)]| {
        let query = [&[("integration_id", integration.as_str())], filters].concat();
        owner.get("runs/list", &query).await.ok()["total"].clone()
    };
    assert_eq!(history(&[("kind", "import"), ("state", "completed")]).await, 1);
    assert_eq!(history(&[("kind", "devices")]).await, 0);
    assert_eq!(history(&[("state", "failed")]).await, 0);
}

async fn what_waits_says_why(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let (rows, _) = rows_of(&site, &mut owner).await;
    let (integration, device) = (rows.integration.to_string(), rows.device.to_string());
    let mut look = async || {
        let device = owner.get("devices/get", &[("device_id", &device)]).await.ok();
        let staged = owner
            .get("staged_devices/list", &[("integration_id", &integration), ("sort", "attention")])
            .await
            .ok();
        let card = owner.get("integrations/get", &[("integration_id", &integration)]).await.ok();
        assert_eq!(device["waiting"], staged["items"][0]["waiting"]);
        assert_eq!(device["stale"][0]["source"], "owners");
        (device["waiting"].clone(), card["counts"]["devices_waiting"].clone())
    };
    let r = &rows.remote;
    assert_eq!(look().await, (Value::Null, json!(0)));
    site.execute("UPDATE companies SET archived_at = 1").await;
    assert_eq!(look().await, (Value::Null, json!(0)), "it is where its organization puts it");
    site.execute("UPDATE companies SET archived_at = NULL").await;
    for (status, is) in
        [("unmapped", "is not mapped"), ("ignored", "is ignored"), ("pending", "is not mapped")]
    {
        site.execute(&format!("UPDATE organization_mappings SET status = '{status}'")).await;
        let sentence = format!(
            "Its organization Organization {r} in NinjaOne {is}, so it stays under Company {r}. Map the organization to move it."
        );
        assert_eq!(look().await, (json!(sentence), json!(1)), "{status}");
    }
    site.execute("UPDATE remote_devices SET missing_since = 1").await;
    assert_eq!(look().await, (Value::Null, json!(0)), "a missing device waits for nothing");

    let same =
        format!("UPDATE remote_devices SET missing_since = NULL, same_as = {}", site.literal(rows.device));
    site.execute(&same).await;
    site.execute("UPDATE devices SET serial = 'SN-4711-X', remote_id = 'old'").await;
    let staged = owner.get("staged_devices/list", &[("integration_id", &integration)]).await.ok();
    let like = json!({ "device_id": rows.device, "name": format!("Device {r}"), "serial": "SN-4711-X", "remote_id": "old" });
    assert_eq!(staged["items"][0]["same_as"], like);
    let card = owner.get("integrations/get", &[("integration_id", &integration)]).await.ok();
    assert_eq!(card["counts"]["devices_proposed"], 1);
}
