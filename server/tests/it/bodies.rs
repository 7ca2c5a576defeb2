//! Requests that cannot be read: a clear error that names the field, and nothing written.

use crate::support::{Client, Rows, Setup, samples};
use axum::http::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};
use server::api::{Argument, Endpoint, server_functions};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

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

/// Who announces more than is ever taken hears so before sending it, in JSON like every other refusal.
#[tokio::test]
async fn a_body_that_is_announced_as_too_large_is_refused_in_json() {
    let site = Setup::sqlite().start().await;
    let mut stream = TcpStream::connect(site.base.trim_start_matches("http://")).await.expect("a connection");
    let head = "POST /api/v1/companies/import_csv HTTP/1.1\r\nHost: portal\r\nContent-Type: application/json\r\n\
                Content-Length: 41943040\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("it is taken");
    let mut heard = String::new();
    while !heard.contains("}}") {
        let mut bytes = [0; 4096];
        let read = timeout(Duration::from_secs(20), stream.read(&mut bytes)).await.expect("an answer");
        let read = read.expect("the connection holds");
        assert!(read > 0, "the answer has no end: {heard}");
        heard.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    assert!(heard.starts_with("HTTP/1.1 413"), "{heard}");
    assert!(heard.to_lowercase().contains("content-type: application/json"), "{heard}");
    let body = heard.find("{\"error\"").map(|start| &heard[start..=heard.find("}}").expect("an end") + 1]);
    let body: Value = serde_json::from_str(body.expect("an error")).expect("JSON");
    assert_eq!(body["error"]["kind"], "invalid", "{body}");
}
