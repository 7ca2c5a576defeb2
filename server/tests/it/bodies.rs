//! Requests that cannot be read: a clear error that names the field, and nothing written.

use crate::support::{Client, Rows, Setup, samples};
use axum::http::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use server::api::{Argument, Endpoint, server_functions};

async fn send_text(client: &mut Client, path: &str, text: &'static str) -> crate::support::Answer {
    let request = client.request(Method::POST, path).header(CONTENT_TYPE, "application/json").body(text);
    client.send(request).await
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let writes = site.watch_writes().await;
    let before = writes.version().await;
    for endpoint in server_functions().iter().filter(|e| e.method == Method::POST && !e.arguments.is_empty())
    {
        for text in ["", "name=x", "{\"name\": ", "[1, 2]", "\u{feff}{}", "null", "{\"a\": 1} {\"b\": 2}"] {
            let answer = send_text(&mut owner, endpoint.path, text).await;
            answer.refused(422, "invalid");
        }
    }
    assert_eq!(writes.version().await, before);
}

#[tokio::test]
async fn a_missing_field_is_named() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut asked = 0;
    for endpoint in server_functions() {
        for argument in endpoint.arguments.iter().filter(|a| a.required) {
            let mut arguments = samples(&endpoint, &Rows::unknown());
            arguments.remove(argument.name);
            let field = call(&mut owner, &endpoint, arguments).await;
            assert_eq!(field.as_deref(), Some(argument.name), "{}", endpoint.path);
            asked += 1;
        }
    }
    assert!(asked >= 50, "{asked} fields are required");
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut asked = 0;
    for endpoint in server_functions() {
        for argument in &endpoint.arguments {
            for wrong in wrong_values(&endpoint, argument) {
                let mut arguments = samples(&endpoint, &Rows::unknown());
                arguments.insert(argument.name.to_owned(), wrong.clone());
                let field = call(&mut owner, &endpoint, arguments).await;
                let (path, name) = (endpoint.path, argument.name);
                assert_eq!(field.as_deref(), Some(name), "{path}: {name} = {wrong}");
                asked += 1;
            }
        }
    }
    assert!(asked >= 150, "{asked} wrong values");
}

/// Values that cannot be meant. In a query everything is a text, so texts can hold anything.
fn wrong_values(endpoint: &Endpoint, argument: &Argument) -> Vec<Value> {
    if endpoint.method == Method::POST {
        return vec![json!([[]]), json!({ "x": 1 })];
    }
    match argument.name {
        "search" | "sort" | "entity" | "organization" | "remote_id" | "node_class" | "source" | "owner"
        | "token" => {
            vec![]
        }
        // A key of a release; of the list of devices, one of the families.
        "os" if endpoint.name() == "reports/devices" => vec![],
        _ => vec![json!("§"), json!("1.5e")],
    }
}

async fn call(owner: &mut Client, endpoint: &Endpoint, arguments: Map<String, Value>) -> Option<String> {
    owner.call(&endpoint.method, endpoint.path, &Value::Object(arguments)).await.refused(422, "invalid")
}

#[tokio::test]
async fn numbers_out_of_range_are_named() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    for (name, value) in
        [("page", "0"), ("page_size", "0"), ("page_size", "201"), ("page", "-1"), ("sort", "password")]
    {
        let field = owner.get("companies/list", &[(name, value)]).await.refused(422, "invalid");
        assert_eq!(field.as_deref(), Some(name), "{name}={value}");
    }
    owner.get("companies/list", &[("page", "4294967295"), ("page_size", "200")]).await.ok();
    let long = "x".repeat(5000);
    let field = owner.get("companies/list", &[("search", &long)]).await.refused(422, "invalid");
    assert_eq!(field.as_deref(), Some("search"));
}

#[tokio::test]
async fn a_body_without_end_is_not_read() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let huge = "x".repeat(40 * 1024 * 1024);
    let request =
        owner.request(Method::POST, "companies/import_csv").json(&json!({ "csv": huge, "dry_run": true }));
    // Refused, or the connection closed on us while we were still sending.
    if let Ok(response) = request.send().await {
        assert_eq!(response.status(), 413);
    }
    owner.get("session/me", &[]).await.ok();
}
