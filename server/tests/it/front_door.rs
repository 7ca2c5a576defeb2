//! The pages before the door: nobody is sent to another site, and nothing tells who has an account.

use crate::support::{Client, Setup};
use axum::http::Method;
use reqwest::header::LOCATION;
use serde_json::json;

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
