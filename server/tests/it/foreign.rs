//! Another tenant's ids: the same answer, to the byte, as for ids that nothing has, and nothing of theirs moves.

use crate::support::{Answer, Client, Rows, Setup, Site, Writes, asks_vendor, samples};
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
    let writes = site.watch_writes().await;
    let described = owner.get("openapi.json", &[]).await.ok();
    let mut compared = 0;
    for endpoint in server_functions().iter().filter(|e| e.needs > Needs::Nothing) {
        for argument in &endpoint.arguments {
            if theirs.named(argument.name).is_none() {
                continue;
            }
            let own = Value::Object(samples(endpoint, &mine));
            let foreign = with(&own, argument.name, theirs.named(argument.name));
            let unknown = with(&own, argument.name, Rows::unknown().named(argument.name));
            compare((&mut owner, &writes, &described), endpoint, argument.name, foreign, unknown).await;
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
    for (file, (key, named)) in FILTERS {
        let of = |rows: &Rows| text(&rows.named(named).expect("a row's name"));
        let foreign = owner.get(file, &[(key, of(&theirs).as_str())]).await;
        let unknown = owner.get(file, &[(key, of(&Rows::unknown()).as_str())]).await;
        assert_eq!(foreign.outside(), unknown.outside(), "{file}: {key}");
        foreign.refused(404, "not_found");
    }
    for file in ["devices/export.csv", "reports/devices.csv", "audit/export.csv"] {
        assert!(owner.get(file, &[]).await.text.lines().count() > 1, "{file} has what is the owner's");
    }
    assert_eq!(everything(&mut stranger, &theirs).await, before, "something of theirs moved");
}

/// A filter by a word that is not there finds nothing.
fn assert_nothing(answer: &Answer, path: &str) {
    let total = answer.body.get("total").or_else(|| answer.body.get("all"));
    assert_eq!(total, Some(&json!(0)), "{path}: {}", answer.text);
}

/// The vendor's words for what is under an integration, which is the caller's own: two tenants may hold the same ones. They are
/// ids of nothing outside of it, and a filter by them finds what this integration has.
pub const WORDS: [&str; 3] = ["remote_id", "organization", "node_class"];

/// Files, and what they can be narrowed by: a key of the address, and the argument that names such a row.
const FILTERS: [(&str, (&str, &str)); 7] = [
    ("devices/export.csv", ("company", "company")),
    ("devices/export.csv", ("location", "location")),
    ("devices/export.csv", ("type", "device_type")),
    ("devices/export.csv", ("source", "integration_id")),
    ("reports/devices.csv", ("company", "company")),
    ("reports/devices.csv", ("device_type", "device_type")),
    ("audit/export.csv", ("user_id", "user_id")),
];

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
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

async fn compare(
    (owner, writes, described): (&mut Client, &Writes, &Value),
    endpoint: &Endpoint,
    name: &str,
    foreign: Value,
    unknown: Value,
) {
    let (path, before) = (endpoint.path, writes.version().await);
    let foreign = owner.call(&endpoint.method, path, &foreign).await;
    let unknown = owner.call(&endpoint.method, path, &unknown).await;
    // What reads keep at hand (the facts of reports) is nobody else's.
    let writing = endpoint.method == Method::POST;
    assert!(!writing || writes.version().await == before, "{path}: {name} wrote to the database");
    assert_eq!(foreign.outside(), unknown.outside(), "{path}: {name}");
    let status = foreign.status;
    let word = !writing && WORDS.contains(&name);
    match foreign.status {
        200 if word => assert_nothing(&foreign, path),
        422 if word => {}
        _ => _ = foreign.refused(404, "not_found"),
    }
    let method = endpoint.method.as_str().to_lowercase();
    let answers = &described["paths"][path][method]["responses"];
    assert!(answers[status.to_string()].is_object(), "{path}: {status} is not described: {answers}");
}

/// Arguments with ids inside of them, by endpoint: [`nested`] tries each.
const NESTED: [(&str, &str); 10] = [
    ("api_tokens/create", "companies"),
    ("compliance/add_exception", "device"),
    ("devices/edit", "select"),
    // The filter of `staged_devices/list`, which is tried by its own arguments.
    ("imports/start", "select"),
    ("mappings/save_location", "choice"),
    ("mappings/save_organization", "choice"),
    ("organizations/decide", "choice"),
    ("remote_locations/decide", "choice"),
    ("users/invite", "companies"),
    ("users/set_companies", "companies"),
];

/// Writes with an id of `other` inside, all else being of `mine`; also where an id is a text among others (fields, roles).
fn nested(mine: &Rows, other: &Rows) -> Vec<(&'static str, Value)> {
    let row = |choice: Value| json!({ "integration_id": mine.integration, "remote_id": mine.remote, "choice": choice });
    let rows = |choice: Value| json!({ "integration_id": mine.integration, "select": { "remote_ids": [mine.remote] }, "choice": choice });
    let set = |field: &str, id: uuid::Uuid| json!([{ "field": field, "value": id }]);
    let fields =
        [("company", other.company), ("location", other.location), ("device_type", other.device_type)];
    let new_device = |field: &str, id: uuid::Uuid| {
        let own = [
            ("name", json!("PC")),
            ("company", json!(mine.company)),
            ("device_type", json!(mine.device_type)),
        ];
        let own = own.into_iter().filter(|(name, _)| *name != field);
        let all =
            own.chain([(field, json!(id))]).map(|(field, value)| json!({ "field": field, "value": value }));
        json!({ "fields": all.collect::<Vec<_>>() })
    };
    let named = json!([{ "field": "name", "value": "Renamed" }]);
    let mut all = vec![
        ("api_tokens/create", json!({ "name": "Export", "role": "read", "companies": [other.company] })),
        ("api_tokens/create", json!({ "name": "Export", "role": other.role })),
        (
            "compliance/add_exception",
            json!({ "check": "offline", "reason": "Replaced soon", "device": other.device }),
        ),
        ("devices/edit", json!({ "select": { "ids": [other.device] }, "action": { "set": named } })),
        (
            "devices/edit",
            json!({ "select": { "filter": { "company": other.company } }, "action": { "set": named } }),
        ),
        ("mappings/save_location", row(json!({ "link": other.location }))),
        ("mappings/save_organization", row(json!({ "link": other.company }))),
        ("organizations/decide", rows(json!({ "link": other.company }))),
        ("remote_locations/decide", rows(json!({ "link": other.location }))),
        ("roles/delete", json!({ "role_id": mine.role, "replacement": other.role })),
        (
            "users/invite",
            json!({ "email": "kim@northwind.example", "role": "read", "companies": [other.company] }),
        ),
        ("users/invite", json!({ "email": "kim@northwind.example", "role": other.role })),
        ("users/set_companies", json!({ "user_id": mine.user, "companies": [other.company] })),
        ("users/set_role", json!({ "user_id": mine.user, "role": other.role })),
    ];
    for (field, id) in fields {
        all.push(("devices/create", new_device(field, id)));
        all.push(("devices/update", json!({ "device_id": mine.device, "fields": set(field, id) })));
        let own = json!({ "ids": [mine.device] });
        all.push(("devices/edit", json!({ "select": own, "action": { "set": set(field, id) } })));
    }
    all
}

async fn compare_nested(owner: &mut Client, mine: &Rows, theirs: &Rows) {
    for ((path, foreign), (_, unknown)) in
        nested(mine, theirs).into_iter().zip(nested(mine, &Rows::unknown()))
    {
        let told = format!("{path}: {foreign}");
        let foreign = owner.post(path, foreign).await;
        let unknown = owner.post(path, unknown).await;
        assert_eq!(foreign.outside(), unknown.outside(), "{told}");
        assert_eq!(foreign.status, 404, "{told}: {}", foreign.text);
    }
    let class = json!({ "integration_id": mine.integration, "node_class": mine.node_class() });
    let of_type = |id: uuid::Uuid| with(&class, "device_type_id", Some(json!(id)));
    let foreign = owner.post("mappings/save_node_class", of_type(theirs.device_type)).await;
    let unknown = owner.post("mappings/save_node_class", of_type(Rows::unknown().device_type)).await;
    assert_eq!(foreign.outside(), unknown.outside());
    assert_eq!(foreign.refused(404, "not_found").as_deref(), Some("device_type_id"));
}

/// A new argument with an id inside is tried like the others, or this fails.
#[test]
fn every_argument_with_an_id_is_tried() {
    let document = server::api::description();
    let rows = Rows::unknown();
    let mut nested = Vec::new();
    for endpoint in server_functions().iter().filter(|e| e.needs > Needs::Nothing) {
        let method = endpoint.method.as_str().to_ascii_lowercase();
        let operation = &document["paths"][endpoint.path][method.as_str()];
        for argument in endpoint.arguments.iter().filter(|a| rows.named(a.name).is_none()) {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"]["properties"];
            let queries = operation["parameters"].as_array().into_iter().flatten();
            let query = queries.filter(|q| q["name"] == argument.name).map(|q| &q["schema"]).next();
            let schema = query.unwrap_or(&body[argument.name]);
            assert!(!schema.is_null(), "{}: {} is not described", endpoint.path, argument.name);
            if holds_id(document, schema, &mut Vec::new()) {
                nested.push((endpoint.name(), argument.name));
            }
        }
    }
    nested.sort_unstable();
    assert_eq!(nested, NESTED);
    let tried: Vec<&str> = self::nested(&rows, &rows).into_iter().map(|(path, _)| path).collect();
    let by_another = |path: &str| path == "imports/start";
    let forgotten = NESTED.iter().filter(|(path, _)| !tried.contains(path) && !by_another(path));
    assert_eq!(forgotten.collect::<Vec<_>>(), Vec::<&(&str, &str)>::new());
}

/// Whether an id stands anywhere in what a schema describes.
fn holds_id<'a>(document: &'a Value, schema: &'a Value, seen: &mut Vec<&'a str>) -> bool {
    match schema {
        Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
            Some(reference) if seen.contains(&reference) => false,
            Some(reference) => {
                seen.push(reference);
                let found = document.pointer(reference.trim_start_matches('#')).expect("a schema");
                holds_id(document, found, seen)
            }
            None => {
                map.get("format").is_some_and(|format| format == "uuid")
                    || map.values().any(|inner| holds_id(document, inner, seen))
            }
        },
        Value::Array(all) => all.iter().any(|inner| holds_id(document, inner, seen)),
        _ => false,
    }
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
