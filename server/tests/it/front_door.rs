//! The pages before the door: nobody is sent to another site, and nothing tells who has an account.

use crate::support::{Client, Rows, Setup, samples};
use axum::http::Method;
use reqwest::header::{CONTENT_TYPE, ETAG, IF_MATCH, LOCATION};
use serde_json::{Value, json};
use server::api::{Endpoint, server_functions};

/// Other sites, as a `next` or as a path.
const ELSEWHERE: &[&str] = &[
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/%5Cevil.example/",
    "/%2Fevil.example/",
    "/%09/evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\n/evil.example",
];

/// Where an answer leads to, if it does.
async fn leads_to(client: &Client, path: &str) -> Option<String> {
    let answer = client.request(Method::GET, path).send().await.expect(path);
    answer.headers().get(LOCATION).map(|to| to.to_str().expect("a text").to_owned())
}

fn stays_here(to: &str) -> bool {
    to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.chars().any(char::is_control)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_leads_to_another_site() {
    let site = Setup::sqlite().start().await;
    let owner = site.owner().await;
    let nobody = site.nobody();
    let mut led = 0;
    for there in ELSEWHERE {
        let encoded: String = there.bytes().map(|b| format!("%{b:02X}")).collect();
        let mut paths: Vec<String> = ["/sign-in", "/", "/companies"]
            .into_iter()
            .flat_map(|page| ["next", "url"].map(|key| format!("{page}?{key}={encoded}")))
            .collect();
        if there.starts_with('/') && !there.contains(['\\', '\n']) {
            paths.push((*there).to_owned());
        }
        for path in paths {
            for client in [&nobody, &owner] {
                if let Some(to) = leads_to(client, &path).await {
                    led += 1;
                    assert!(stays_here(&to), "{path} leads to {to}");
                }
            }
        }
    }
    assert!(led > 0, "pages lead nobody to the sign-in");
}

#[tokio::test]
async fn nothing_tells_whether_an_account_exists() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let mut nobody = site.nobody();
    let mut told = Vec::new();
    for email in ["sam@northwind.example", "SAM@northwind.example ", "nobody@northwind.example", "no address"]
    {
        let answer =
            nobody.post("session/sign_in", json!({ "email": email, "password": "a wrong one" })).await;
        assert_eq!(answer.status, 401, "{email}: {}", answer.text);
        told.push(answer.text);
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}

/// What a browser says of itself that was led to the API by a link on another site.
const LED: [(&str, &str); 2] = [("accept", "text/html,*/*;q=0.8"), ("referer", "https://evil.example/x")];

fn led(request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
    LED.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

/// A call with the arguments that an endpoint needs.
fn call(client: &Client, endpoint: &Endpoint) -> reqwest::RequestBuilder {
    let arguments = samples(endpoint, &Rows::unknown());
    if !endpoint.is_read() {
        return client.request(Method::POST, endpoint.path).json(&arguments);
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs = arguments.iter().map(|(name, value)| (name.as_str(), text(value)));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    client.request(Method::GET, &format!("{}?{query}", endpoint.path))
}

/// Status and content type of an answer, which leads nowhere.
async fn seen(request: reqwest::RequestBuilder, what: &str) -> (u16, String) {
    let answer = request.send().await.expect(what);
    assert_eq!(answer.headers().get(LOCATION), None, "{what} leads somewhere");
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    (answer.status().as_u16(), kind.to_owned())
}

/// Two portals in the same state are asked the same, one of them as if by a link.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_answers_a_link_as_it_answers_a_program() {
    let (site, other) = (Setup::sqlite().start().await, Setup::sqlite().start().await);
    let clients = [(site.owner().await, other.owner().await), (site.nobody(), other.nobody())];
    // What ends the session comes last.
    let (last, mut endpoints): (Vec<_>, Vec<_>) =
        server_functions().into_iter().partition(|endpoint| endpoint.name() == "session/sign_out");
    endpoints.extend(last);
    let mut done = 0;
    for (plain, by_link) in &clients {
        for endpoint in &endpoints {
            let wanted = seen(call(plain, endpoint), endpoint.path).await;
            let got = seen(led(call(by_link, endpoint)), endpoint.path).await;
            assert_eq!(got, wanted, "{}", endpoint.path);
            assert!(got.1.starts_with("application/json"), "{}: {}", endpoint.path, got.1);
            done += usize::from(got.0 == 200);
        }
    }
    assert!(done >= 20, "{done} were answered");
}

/// An edit by a tag reads and writes through the same door, and a key keeps what the program gets.
#[tokio::test]
async fn whoever_accepts_html_edits_by_a_tag_all_the_same() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let made = owner.post("companies/create", json!({ "name": "Harbour" })).await.ok();
    let one = format!("companies/get?company_id={}", made["id"].as_str().expect("an id"));
    let read = led(owner.request(Method::GET, &one)).send().await.expect("an answer");
    assert_eq!(read.status(), 200);
    let tag = read.headers()[ETAG].clone();
    let rename = json!({ "company_id": made["id"], "name": "Harbour Ltd" });
    for _ in 0..2 {
        let edit = owner.request(Method::POST, "companies/update").header(IF_MATCH, &tag);
        let edit = led(edit.header("idempotency-key", "rename").json(&rename));
        assert_eq!(owner.send(edit).await.ok()["name"], "Harbour Ltd");
    }
    let found = owner.get("companies/list", &[("search", "Harbour Ltd")]).await.ok();
    assert_eq!(found["total"], 1);
}
