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

#[tokio::test]
async fn who_has_what_there_is_gets_no_second_copy() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let made = owner.post("companies/create", serde_json::json!({ "name": "Harbour" })).await.ok();
    let one = format!("companies/get?company_id={}", made["id"].as_str().expect("an id"));
    for path in ["companies/list", "session/me", "device_types/list", &one] {
        let get = |tag: &str| program.request(Method::GET, path).header(header::IF_NONE_MATCH, tag);
        let (status, headers, text) = see(get("\"other\"")).await;
        let tag = headers[header::ETAG].to_str().expect("a text").to_owned();
        assert!(status == 200 && !text.is_empty(), "{path}");
        let (status, headers, text) = see(get(&tag)).await;
        assert_eq!(
            (status, text.as_str(), &headers[header::ETAG]),
            (304, "", &header::HeaderValue::from_str(&tag).expect("a header")),
            "{path}"
        );
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
    let (_, headers, _) = see(program.request(Method::GET, &one)).await;
    let tag = headers[header::ETAG].clone();
    let renamed = serde_json::json!({ "company_id": made["id"], "name": "Harbour Ltd" });
    owner.post("companies/update", renamed).await.ok();
    let (status, headers, text) =
        see(program.request(Method::GET, &one).header(header::IF_NONE_MATCH, &tag)).await;
    assert!(status == 200 && headers[header::ETAG] != tag && text.contains("Harbour Ltd"), "{text}");
    // A tag opens no door, and refusals have none.
    let (status, headers, _) =
        see(site.nobody().request(Method::GET, &one).header(header::IF_NONE_MATCH, "*")).await;
    assert_eq!((status, headers.get(header::ETAG)), (401, None));
    let request =
        program.request(Method::POST, "device_types/create").json(&serde_json::json!({ "name": "Kiosk" }));
    let (status, headers, _) = see(request).await;
    assert_eq!((status, headers.get(header::ETAG)), (200, None));
}

#[tokio::test]
async fn an_edit_of_what_somebody_else_has_changed_is_refused() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = domain::ids::TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = crate::support::Rows::insert(&site, tenant, 0x200).await;
    let mut program = site.program(&mut owner, Role::Admin).await;
    let name = |name: &str| serde_json::json!([{ "field": "name", "value": name }]);
    let edits = |to: &str| {
        [
            ("companies/update", serde_json::json!({ "company_id": rows.company, "name": to, "version": 1 })),
            (
                "locations/update",
                serde_json::json!({ "location_id": rows.location, "name": to, "version": 1 }),
            ),
            (
                "device_types/update",
                serde_json::json!({ "device_type_id": rows.device_type, "name": to, "version": 1 }),
            ),
            (
                "devices/update",
                serde_json::json!({ "device_id": rows.device, "fields": name(to), "version": 1 }),
            ),
        ]
    };
    for ((path, first), (_, second)) in edits("Theirs").into_iter().zip(edits("Mine")) {
        owner.post(path, first).await.ok();
        assert_eq!(program.post(path, second).await.refused(409, "conflict"), None, "{path}");
    }
    for path in ["companies/list", "locations/list", "device_types/list", "devices/list"] {
        let list = program.get(path, &[("search", "Theirs")]).await.ok();
        assert_eq!(list["total"], 1, "{path}: {list}");
    }
}

#[tokio::test]
async fn the_api_has_a_page_of_its_own() {
    let site = Setup::sqlite().start().await;
    let mut visitor = site.nobody();
    let page = visitor.get("/docs/api", &[]).await;
    assert_eq!(page.status, 200);
    for endpoint in server::api::server_functions() {
        assert!(page.text.contains(endpoint.path), "{} is not on the page", endpoint.path);
    }
    assert!(page.text.contains("Authorization: Bearer $MSPORTAL_TOKEN"));
    let found = visitor.get("/docs/api", &[("search", "MERGE companies")]).await.text;
    assert!(found.contains("/api/v1/companies/merge") && !found.contains("/api/v1/runs/list"));
    let odd = visitor.get("/docs/api", &[("search", "\"><script>alert(1)</script>")]).await.text;
    assert!(odd.contains("No endpoint fits") && !odd.contains("<script"), "{odd}");
    let (_, headers, _) = see(visitor.request(Method::GET, "/docs/api")).await;
    let policy = headers["content-security-policy"].to_str().expect("a text");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'") && !policy.contains("script"),
        "{policy}"
    );
}
