//! Writes that another site made the browser send are refused, whatever they carry.

use crate::support::{Rows, Setup, Site, samples};
use axum::http::Method;
use reqwest::header::{CONTENT_TYPE, HOST, ORIGIN};
use serde_json::Value;
use server::api::{Endpoint, Needs, server_functions};

fn posts() -> Vec<Endpoint> {
    server_functions().into_iter().filter(|e| e.method == Method::POST).collect()
}

/// Another site's ways to have a request sent.
const FORGED: &[(&str, &str)] = &[
    ("origin", "https://evil.example"),
    ("origin", "null"),
    ("origin", "http://127.0.0.1"),
    ("origin", ""),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
    ("sec-fetch-site", "unheard-of"),
];

#[tokio::test]
async fn a_write_from_another_site_is_refused() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let writes = site.watch_writes().await;
    let before = writes.version().await;
    for endpoint in posts() {
        let arguments = Value::Object(samples(&endpoint, &Rows::unknown()));
        for (name, value) in FORGED {
            let request = owner.request(Method::POST, endpoint.path).header(*name, *value).json(&arguments);
            let answer = owner.send(request).await;
            assert_eq!(answer.status, 403, "{} with {name}: {value}: {}", endpoint.path, answer.text);
            answer.refused(403, "forbidden");
        }
    }
    assert_eq!(writes.version().await, before);
}

/// Reads and files, which the audit log notes, by a link or a picture of another site: the cookie counts for nothing there.
#[tokio::test]
async fn a_read_from_another_site_knows_nobody() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let writes = site.watch_writes().await;
    let before = writes.version().await;
    let reads =
        server_functions().into_iter().filter(|e| e.method == Method::GET && e.needs > Needs::Nothing);
    let mut paths: Vec<String> = reads.map(|e| with_samples(&e)).collect();
    paths.extend(
        server::router::files().map(|(path, _)| path.replace("{id}", &uuid::Uuid::nil().to_string())),
    );
    for path in &paths {
        for site in ["cross-site", "same-site"] {
            let request = owner.request(Method::GET, path).header("sec-fetch-site", site);
            let answer = owner.send(request).await;
            assert_eq!(answer.status, 401, "{path} from {site}: {}", answer.text);
        }
    }
    assert_eq!(writes.version().await, before);
    for fetched in ["same-origin", "none"] {
        let request = owner.request(Method::GET, "session/me").header("sec-fetch-site", fetched);
        owner.send(request).await.ok();
    }
}

/// The address of a read with all its arguments.
fn with_samples(endpoint: &Endpoint) -> String {
    let arguments = samples(endpoint, &Rows::unknown()).into_iter();
    let texts = arguments
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(texts).finish();
    format!("{}?{query}", endpoint.path)
}

#[tokio::test]
async fn an_origin_that_lies_about_half_of_it_is_refused() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    // The browser says where the request comes from; an Origin that fits does not outweigh that.
    let request = owner.request(Method::POST, "device_types/create").header("sec-fetch-site", "cross-site");
    let request = request.header(ORIGIN, &site.base).json(&serde_json::json!({ "name": "Kiosk" }));
    owner.send(request).await.refused(403, "forbidden");
    let request = owner
        .request(Method::POST, "device_types/create")
        .header(ORIGIN, format!("{}.evil.example", site.base));
    let request = request.json(&serde_json::json!({ "name": "Kiosk" }));
    owner.send(request).await.refused(403, "forbidden");

    // Behind TLS, a page of the same name without it is anybody's who stands between.
    let site = Setup::sqlite().with(|config| config.behind_tls = true).start().await;
    let mut owner = site.owner().await;
    for (origin, status) in [("http://portal.example", 403), ("https://portal.example", 200)] {
        let request = owner.request(Method::POST, "device_types/create").header(ORIGIN, origin);
        let request = request.header(HOST, "portal.example").json(&serde_json::json!({ "name": origin }));
        assert_eq!(owner.send(request).await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn a_write_from_our_own_pages_passes() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let host = site.base.trim_start_matches("http://");
    for (n, headers) in [
        vec![],
        vec![("origin", site.base.as_str())],
        vec![("origin", site.base.as_str()), ("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "none")],
        // Behind a proxy that ends TLS.
        vec![("origin", "https://portal.example"), (HOST.as_str(), "portal.example")],
        vec![(HOST.as_str(), host)],
        // Behind one that puts its own address for the host: the browser says that the page is ours.
        vec![("origin", "https://portal.example"), ("sec-fetch-site", "same-origin")],
    ]
    .into_iter()
    .enumerate()
    {
        let mut request = owner.request(Method::POST, "device_types/create");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        owner.send(request.json(&serde_json::json!({ "name": format!("Kiosk {n}") }))).await.ok();
    }
}

/// Content types that a form or a `fetch` of another site may send without asking first.
#[tokio::test]
async fn a_write_that_is_not_declared_as_json_is_refused() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let writes = site.watch_writes().await;
    let before = writes.version().await;
    for endpoint in posts() {
        let arguments = Value::Object(samples(&endpoint, &Rows::unknown())).to_string();
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
        {
            let request = owner.request(Method::POST, endpoint.path).body(arguments.clone());
            let request = if kind.is_empty() { request } else { request.header(CONTENT_TYPE, kind) };
            let answer = owner.send(request).await;
            assert!(matches!(answer.status, 403 | 415 | 422), "{} as {kind}: {}", endpoint.path, answer.text);
        }
    }
    assert_eq!(writes.version().await, before);
}

#[tokio::test]
async fn the_wrong_method_finds_nothing() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let writes = site.watch_writes().await;
    let before = writes.version().await;
    for endpoint in server_functions().iter().filter(|e| e.needs > Needs::Nothing || e.method == Method::POST)
    {
        let arguments = Value::Object(samples(endpoint, &Rows::unknown()));
        let other = if endpoint.method == Method::GET { Method::POST } else { Method::GET };
        for method in [other, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
            let request = owner.request(method.clone(), endpoint.path).json(&arguments);
            let answer = owner.send(request).await;
            assert!(matches!(answer.status, 404 | 405), "{method} {}: {}", endpoint.path, answer.status);
        }
    }
    assert_eq!(writes.version().await, before);
    assert_still_there(&site).await;
}

/// What a link, a picture or a form of another site can send: GET with the arguments in the address.
#[tokio::test]
async fn a_write_by_address_is_refused() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let writes = site.watch_writes().await;
    let before = writes.version().await;
    for endpoint in posts() {
        let arguments = samples(&endpoint, &Rows::unknown());
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(arguments.iter().map(|(name, value)| (name, text(value))));
        let path = format!("{}?{}", endpoint.path, query.finish());
        for method in [Method::GET, Method::HEAD] {
            let request = owner.request(method.clone(), &path);
            for request in
                [request.try_clone().expect("no body"), request.header("x-http-method-override", "POST")]
            {
                let answer = owner.send(request).await;
                assert!(matches!(answer.status, 404 | 405), "{method} {}: {}", endpoint.path, answer.status);
            }
        }
        let request = owner.request(Method::POST, &path);
        let answer = owner.send(request).await;
        assert!(
            matches!(answer.status, 403 | 415 | 422),
            "{} without a body: {}",
            endpoint.path,
            answer.status
        );
    }
    assert_eq!(writes.version().await, before);
    assert_still_there(&site).await;
}

async fn assert_still_there(site: &Site) {
    site.signed_in("sam@northwind.example").await.get("session/me", &[]).await.ok();
}
