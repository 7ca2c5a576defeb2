//! Writes that another site made the browser send are refused, whatever they carry.

use crate::{
    process::Place,
    support::{Client, PASSWORD, Rows, Setup, Site, samples},
};
use axum::http::Method;
use domain::role::Role;
use reqwest::header::{CONTENT_TYPE, HOST, ORIGIN};
use serde_json::{Value, json};
use server::api::{Endpoint, Needs, server_functions};
use simulator::FleetSpec;

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

/// What a write is told that says nothing where that is demanded.
const SAYS_NOTHING: &str = "This request does not say where it comes from.";

#[tokio::test]
async fn a_write_that_says_nothing_is_refused_where_that_is_demanded() {
    let site = Setup::sqlite().start().await;
    let strict = site.demanding().await;
    let mut owner = site.owner().await.at(&strict.base);
    let mut nobody = strict.nobody();
    let writes = strict.watch_writes().await;
    let before = writes.version().await;
    for endpoint in posts() {
        let arguments = Value::Object(samples(&endpoint, &Rows::unknown()));
        for client in [&mut owner, &mut nobody] {
            let answer = client.post(endpoint.path, arguments.clone()).await;
            assert!(answer.text.contains(SAYS_NOTHING), "{}: {}", endpoint.path, answer.text);
            answer.refused(403, "forbidden");
        }
    }
    // The right password does not help.
    let credentials = json!({ "email": "sam@northwind.example", "password": PASSWORD });
    nobody.post("session/sign_in", credentials).await.refused(403, "forbidden");
    assert_eq!((nobody.cookie.clone(), writes.version().await), (None, before));

    owner.get("session/me", &[]).await.ok();
    for method in [Method::HEAD, Method::OPTIONS] {
        let request = owner.request(method.clone(), "session/me");
        assert_ne!(owner.send(request).await.status, 403, "{method}");
    }
}

#[tokio::test]
async fn a_write_that_says_where_it_comes_from_passes_where_that_is_demanded() {
    let site = Setup::sqlite().start().await;
    let strict = site.demanding().await;
    let mut owner = site.owner().await.at(&strict.base);
    let mut endpoints = posts();
    // Last, since it ends the session.
    endpoints.sort_by_key(|endpoint| endpoint.name() == "session/sign_out");
    for endpoint in &endpoints {
        let arguments = Value::Object(samples(endpoint, &Rows::unknown()));
        for (name, value) in [("origin", strict.base.as_str()), ("sec-fetch-site", "same-origin")] {
            let request = owner.request(Method::POST, endpoint.path).header(name, value).json(&arguments);
            let answer = owner.send(request).await;
            assert!(!answer.text.contains(SAYS_NOTHING), "{} with {name}: {}", endpoint.path, answer.text);
            // What takes no permission may refuse for reasons of its own: a wrong password, no mails.
            let let_in = matches!(answer.status, 200 | 404 | 409 | 422);
            let guarded = endpoint.needs.permission().is_some();
            assert!(let_in || !guarded, "{} with {name}: {}", endpoint.path, answer.text);
        }
    }
    owner.get("session/me", &[]).await.refused(401, "unauthenticated");
    let credentials = json!({ "email": "sam@northwind.example", "password": PASSWORD });
    let request = owner.request(Method::POST, "session/sign_in").header(ORIGIN, &strict.base);
    owner.send(request.json(&credentials)).await.ok();
    owner.get("session/me", &[]).await.ok();
}

#[tokio::test]
async fn a_program_with_a_token_says_nothing_where_that_is_demanded() {
    let site = Setup::sqlite().start().await;
    let strict = site.demanding().await;
    let mut owner = site.owner().await;
    let mut program = site.program(&mut owner, Role::Admin).await.at(&strict.base);
    for endpoint in posts().iter().filter(|endpoint| endpoint.takes_tokens()) {
        let arguments = Value::Object(samples(endpoint, &Rows::unknown()));
        let answer = program.post(endpoint.path, arguments).await;
        let let_in = matches!(answer.status, 200 | 404 | 409 | 422);
        assert!(let_in, "{}: {} {}", endpoint.path, answer.status, answer.text);
    }
    // A token that is worth nothing gets past this door to the next one; the cookie beside it does not count there.
    let mut pretender = owner.at(&strict.base).with_token("nonsense");
    pretender.post("device_types/create", json!({ "name": "Kiosk" })).await.refused(401, "unauthenticated");
}

/// As operators set it, before there is a portal: setting one up is a write as every other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_demand_it_by_a_variable() {
    let mut place = Place::new(Setup::sqlite(), FleetSpec::default()).await;
    place.environment = vec![("MSPORTAL_DEMAND_ORIGIN", "true".into())];
    let server = place.web();
    let mut owner = Client::new(&server.base);
    let portal =
        json!({ "portal_name": "P", "name": "Sam", "email": "sam@example.com", "password": PASSWORD });
    for (path, body) in [("setup/create_portal", portal), ("device_types/create", json!({ "name": "Kiosk" }))]
    {
        let silent = owner.post(path, body.clone()).await;
        assert!(silent.text.contains(SAYS_NOTHING), "{path}: {}", silent.text);
        let request = owner.request(Method::POST, path).header(ORIGIN, &server.base).json(&body);
        owner.send(request).await.ok();
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
