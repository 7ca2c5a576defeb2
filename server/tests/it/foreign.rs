//! Another tenant's ids: the same answer, to the byte, as for ids that nothing has, and nothing of theirs moves.

use crate::support::{Answer, Client, Rows, Setup, Site, asks_vendor, samples};
use axum::http::Method;
use domain::ids::TenantId;
use serde_json::{Value, json};
use server::api::{Endpoint, Needs, server_functions};

on_both!(foreign_ids_are_as_unknown_ones);

async fn foreign_ids_are_as_unknown_ones(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let mine = rows_of(&site, &mut owner).await;
    let (mut stranger, theirs) = site.stranger().await;
    let before = everything(&mut stranger, &theirs).await;
    let mut compared = 0;
    for endpoint in server_functions().iter().filter(|e| e.needs > Needs::Nothing) {
        for argument in &endpoint.arguments {
            if theirs.named(argument.name).is_none() {
                continue;
            }
            let own = Value::Object(samples(endpoint, &mine));
            let foreign = with(&own, argument.name, theirs.named(argument.name));
            let unknown = with(&own, argument.name, Rows::unknown().named(argument.name));
            compare(&mut owner, endpoint, argument.name, foreign, unknown).await;
            compared += 1;
        }
    }
    assert!(compared >= 48, "only {compared} arguments name rows");
    compare_nested(&mut owner, &mine, &theirs).await;
    for part in ["events", "changes.csv"] {
        let path = |id: uuid::Uuid| format!("runs/{id}/{part}");
        let foreign = owner.get(&path(theirs.run), &[]).await;
        assert_eq!(foreign.outside(), owner.get(&path(Rows::unknown().run), &[]).await.outside());
        foreign.refused(404, "not_found");
    }
    assert_eq!(everything(&mut stranger, &theirs).await, before, "something of theirs moved");
}

/// A row of everything in the owner's own tenant.
async fn rows_of(site: &Site, owner: &mut Client) -> Rows {
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    Rows::insert(site, tenant, 0x200).await
}

fn with(arguments: &Value, name: &str, value: Option<Value>) -> Value {
    let mut changed = arguments.clone();
    changed[name] = value.expect("a row's name");
    changed
}

async fn compare(owner: &mut Client, endpoint: &Endpoint, name: &str, foreign: Value, unknown: Value) {
    let path = endpoint.path;
    let foreign = owner.call(&endpoint.method, path, &foreign).await;
    let unknown = owner.call(&endpoint.method, path, &unknown).await;
    assert_eq!(foreign.outside(), unknown.outside(), "{path}: {name}");
    let filters = endpoint.method == Method::GET && foreign.status == 200;
    if filters {
        assert_nothing(&foreign, path);
    } else {
        assert!(matches!(foreign.status, 404 | 422), "{path}: {name}: {} {}", foreign.status, foreign.text);
    }
}

/// A filter by something that is not there finds nothing.
fn assert_nothing(answer: &Answer, path: &str) {
    let total = answer.body.get("total").or_else(|| answer.body.get("all"));
    assert_eq!(total, Some(&json!(0)), "{path}: {}", answer.text);
}

/// Ids inside of choices and selections.
async fn compare_nested(owner: &mut Client, mine: &Rows, theirs: &Rows) {
    let unknown = Rows::unknown();
    let row = json!({ "integration_id": mine.integration, "remote_id": mine.remote });
    for (path, foreign, unknown) in [
        ("mappings/save_organization", theirs.company, unknown.company),
        ("mappings/save_location", theirs.location, unknown.location),
    ] {
        let foreign = owner.post(path, with(&row, "choice", Some(json!({ "link": foreign })))).await;
        let unknown = owner.post(path, with(&row, "choice", Some(json!({ "link": unknown })))).await;
        assert_eq!(foreign.outside(), unknown.outside(), "{path}");
        assert_eq!(foreign.refused(422, "invalid").as_deref(), Some("choice"));
    }
    let class = json!({ "integration_id": mine.integration, "node_class": mine.node_class() });
    let of_type = |id: uuid::Uuid| with(&class, "device_type_id", Some(json!(id)));
    let foreign = owner.post("mappings/save_node_class", of_type(theirs.device_type)).await;
    let unknown = owner.post("mappings/save_node_class", of_type(unknown.device_type)).await;
    assert_eq!(foreign.outside(), unknown.outside());
    assert_eq!(foreign.refused(422, "invalid").as_deref(), Some("device_type_id"));
}

/// All that the stranger sees.
pub async fn everything(stranger: &mut Client, rows: &Rows) -> Vec<(String, Value)> {
    let mut seen = Vec::new();
    let reads = |e: &&Endpoint| e.method == Method::GET && e.needs > Needs::Nothing && !asks_vendor(e);
    for endpoint in server_functions().iter().filter(reads) {
        let arguments = samples(endpoint, rows).into();
        let answer = stranger.call(&endpoint.method, endpoint.path, &arguments).await.ok();
        seen.push((endpoint.path.to_owned(), answer));
    }
    seen
}

#[tokio::test]
async fn lists_show_the_own_tenant_only() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mine = rows_of(&site, &mut owner).await;
    let (mut stranger, theirs) = site.stranger().await;
    for (client, own, other) in [(&mut owner, &mine, &theirs), (&mut stranger, &theirs, &mine)] {
        for (path, answer) in everything(client, own).await {
            let text = answer.to_string();
            let rows = [
                other.company,
                other.location,
                other.device_type,
                other.integration,
                other.run,
                other.device,
            ];
            for id in rows.into_iter().chain([other.question]) {
                assert!(!text.contains(&id.to_string()), "{path} shows another tenant's row: {text}");
            }
            assert!(
                !text.contains(&format!(" {}\"", other.remote)),
                "{path} shows another tenant's name: {text}"
            );
        }
    }
    assert_eq!(owner.get("companies/list", &[]).await.ok()["total"], 1);
    assert_eq!(owner.get("devices/list", &[]).await.ok()["total"], 1);
}
