//! Programs and pages of other sites that call the API: how often, and from where.

use crate::support::{Client, Setup};
use axum::http::HeaderMap;
use domain::role::Role;
use reqwest::{Method, header};

const TOOLS: &str = "https://tools.example";

async fn see(request: reqwest::RequestBuilder) -> (u16, HeaderMap, String) {
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.headers().clone(), answer.text().await.expect("a text"))
}

#[tokio::test]
async fn each_token_has_a_rate_of_its_own() {
    let site = Setup::sqlite().with(|config| config.api_rate = 30).start().await;
    let mut owner = site.owner().await;
    let mut busy = site.program(&mut owner, Role::Read).await;
    let mut other = site.program(&mut owner, Role::Manage).await;
    for _ in 0..3 {
        busy.get("session/me", &[]).await.ok();
    }
    let (status, headers, text) = see(busy.request(Method::GET, "companies/list")).await;
    assert_eq!((status, text.contains("\"throttled\"")), (429, true), "{text}");
    let wait: u64 = headers[header::RETRY_AFTER].to_str().expect("a text").parse().expect("a number");
    assert!((1..=2).contains(&wait), "{wait}");
    // What is refused anyway counts too, and hides nothing.
    busy.post("session/sign_out", serde_json::json!({})).await.refused(429, "throttled");
    other.get("session/me", &[]).await.ok();
    owner.get("session/me", &[]).await.ok();
    tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    busy.get("session/me", &[]).await.ok();
}

fn preflight(client: &Client, path: &str, origin: &str) -> reqwest::RequestBuilder {
    let request = client.request(Method::OPTIONS, path).header(header::ORIGIN, origin);
    request
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
        .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type")
}

fn allowed(headers: &HeaderMap) -> Option<&str> {
    assert_eq!(headers.get(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), None);
    headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).and_then(|origin| origin.to_str().ok())
}

#[tokio::test]
async fn listed_origins_may_call_the_api_with_a_token_and_never_with_cookies() {
    let site = Setup::sqlite().with(|config| config.cors_origins = vec![TOOLS.to_owned()]).start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Read).await;
    let (status, headers, _) = see(preflight(&program, "companies/create", TOOLS)).await;
    assert_eq!((status, allowed(&headers)), (200, Some(TOOLS)));
    let list = headers[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().expect("a text").to_owned();
    assert!(list.contains("authorization") && !list.contains("cookie"), "{list}");
    let get = |client: &Client, origin: &str| {
        client.request(Method::GET, "session/me").header(header::ORIGIN, origin)
    };
    let (status, headers, _) = see(get(&program, TOOLS)).await;
    assert_eq!((status, allowed(&headers)), (200, Some(TOOLS)));
    // A refusal can be read there too.
    let bad = program.with_token("nonsense");
    let (status, headers, _) = see(get(&bad, TOOLS)).await;
    assert_eq!((status, allowed(&headers)), (401, Some(TOOLS)));
    for other in
        ["https://evil.example", "http://tools.example", "https://tools.example.evil.example", "null"]
    {
        let (_, headers, _) = see(preflight(&program, "companies/create", other)).await;
        assert_eq!(allowed(&headers), None, "{other}");
        let (_, headers, _) = see(get(&program, other)).await;
        assert_eq!(allowed(&headers), None, "{other}");
    }
    // The owner's cookie counts for nothing when another site's page asks, listed or not.
    for origin in [TOOLS, "https://evil.example"] {
        assert_eq!(see(get(&owner, origin)).await.0, 401, "{origin}");
    }
    let (_, headers, _) = see(owner.request(Method::GET, "/sign-in").header(header::ORIGIN, TOOLS)).await;
    assert_eq!(allowed(&headers), None, "pages are nobody's to read");
}

#[tokio::test]
async fn without_a_list_no_other_site_may() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Read).await;
    let (status, headers, _) = see(preflight(&program, "companies/create", TOOLS)).await;
    assert_eq!((status, allowed(&headers)), (405, None));
    let request = program.request(Method::GET, "session/me").header(header::ORIGIN, TOOLS);
    let (status, headers, _) = see(request).await;
    assert_eq!((status, allowed(&headers)), (200, None));
}

#[tokio::test]
async fn a_star_lists_every_origin() {
    let site = Setup::sqlite().with(|config| config.cors_origins = vec!["*".to_owned()]).start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Read).await;
    let request = program.request(Method::GET, "session/me").header(header::ORIGIN, "https://any.example");
    let (status, headers, _) = see(request).await;
    assert_eq!((status, allowed(&headers)), (200, Some("https://any.example")));
    let request = owner.request(Method::GET, "session/me").header(header::ORIGIN, "https://any.example");
    assert_eq!(see(request).await.0, 401);
}
