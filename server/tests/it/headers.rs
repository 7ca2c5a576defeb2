//! What every answer says to the browser, and the policy of pages.

use crate::support::{Client, Rows, Setup, pages, samples};
use axum::{
    body::Body,
    http::{HeaderMap, Method, Request},
};
use backend::Portal;
use domain::ids::TenantId;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;
use server::{
    api::{BASE, server_functions},
    router::{AppState, router},
};
use simulator::{FleetSpec, Simulator};
use std::collections::BTreeSet;
use tower::ServiceExt;

/// Headers that are the same on every answer.
const SAME: &[(&str, &str)] = &[
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// Status, headers and body of an answer.
struct Seen {
    what: String,
    status: u16,
    headers: HeaderMap,
    text: String,
}

async fn see(client: &Client, method: Method, path: &str, body: &str) -> Seen {
    let mut request = client.request(method.clone(), path);
    if method != Method::GET {
        request = request.header(CONTENT_TYPE, "application/json").body(body.to_owned());
    }
    let answer = request.send().await.expect(path);
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let what = format!("{method} {path} ({status})");
    // The stream of a run's events ends with the run.
    Seen { what, status, headers, text: answer.text().await.expect(path) }
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("{} has no {name}", self.what));
        value.to_str().expect("a text")
    }

    /// Carries everything; what is not a page may load nothing.
    fn is_guarded(&self) {
        for (name, value) in SAME {
            assert_eq!(self.header(name), *value, "{}: {name}", self.what);
        }
        assert!(self.header("permissions-policy").contains("camera=()"), "{}", self.what);
        let policy = self.header("content-security-policy");
        for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{}: {policy}", self.what);
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
            "{}: {policy}",
            self.what
        );
        assert_eq!(self.headers.get_all("content-security-policy").iter().count(), 1, "{}", self.what);
        assert!(self.headers.get("strict-transport-security").is_none(), "{}: this is plain http", self.what);
    }

    /// Says what it is, whatever it says.
    fn is(&self, kind: &str) {
        assert_eq!(self.header("content-type"), kind, "{}", self.what);
    }

    /// Kept by nobody: it is of who is signed in.
    fn is_not_kept(&self) {
        assert_eq!(self.header("cache-control"), "no-store", "{}", self.what);
    }
}

async fn rows(site: &crate::support::Site, owner: &mut Client) -> Rows {
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    Rows::insert(site, tenant, 0x200).await
}

#[tokio::test]
async fn every_answer_of_the_api_is_guarded() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let rows = rows(&site, &mut owner).await;
    let nobody = site.nobody();
    for endpoint in server_functions() {
        let arguments = Value::Object(samples(&endpoint, &rows));
        let query: Vec<String> = arguments
            .as_object()
            .into_iter()
            .flatten()
            .map(|(k, v)| {
                format!("{k}={}", v.as_str().map_or_else(|| v.to_string(), str::to_owned).replace(' ', "+"))
            })
            .collect();
        let path = match endpoint.method {
            Method::GET => format!("{}?{}", endpoint.path, query.join("&")),
            _ => endpoint.path.to_owned(),
        };
        for client in [&nobody, &owner] {
            // Sent as it stands to nobody, and as something unreadable to the owner, who changes nothing.
            let body = if client.cookie.is_some() { "7".to_owned() } else { arguments.to_string() };
            if client.cookie.is_some() && endpoint.arguments.is_empty() && endpoint.method == Method::POST {
                continue;
            }
            let seen = see(client, endpoint.method.clone(), &path, &body).await;
            seen.is_guarded();
            seen.is_not_kept();
            seen.is("application/json");
        }
    }
    let run = rows.run;
    for path in [
        "/healthz".to_owned(),
        format!("{BASE}/openapi.json"),
        format!("{BASE}/runs/{run}/events"),
        format!("{BASE}/runs/{run}/changes.csv"),
        format!("{BASE}/devices/export.csv"),
        format!("{BASE}/audit/export.csv"),
        format!("{BASE}/reports/devices.csv"),
        format!("{BASE}/reports/companies.csv"),
        format!("{BASE}/no/such/endpoint"),
    ] {
        for client in [&nobody, &owner] {
            let seen = see(client, Method::GET, &path, "").await;
            seen.is_guarded();
            // An event stream says so in its own words.
            assert!(seen.header("cache-control").starts_with("no-"), "{}", seen.what);
            let kind = path.rsplit(['/', '.']).next().unwrap_or_default();
            seen.is(match (seen.status, kind) {
                (200, "csv") => "text/csv; charset=utf-8",
                (200, "events") => "text/event-stream",
                (200, "healthz") => "text/plain; charset=utf-8",
                _ => "application/json",
            });
        }
    }
    // Answers of the layers before any handler.
    let forged = owner.request(Method::POST, "device_types/create").header("origin", "https://evil.example");
    assert_eq!(forged.send().await.expect("an answer").headers()["x-frame-options"], "DENY");
    let large = see(&nobody, Method::POST, "session/sign_in", &" ".repeat(100_000)).await;
    assert_eq!(large.status, 413);
    large.is_guarded();
    see(&nobody, Method::GET, "/robots.txt", "").await.is_guarded();
}

/// The start tags of that name.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!("<{name}");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_of_pages_run_by_the_nonce_of_their_answer_alone() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let rows = rows(&site, &mut owner).await;
    let (nobody, mut nonces) = (site.nobody(), BTreeSet::new());
    let all = pages(&rows).into_iter().map(|(_, address)| address);
    for page in all.chain(["/no-such-page".to_owned()]) {
        for client in [&nobody, &owner] {
            let seen = see(client, Method::GET, &page, "").await;
            seen.is_guarded();
            seen.is_not_kept();
            seen.is("text/html; charset=utf-8");
            let policy = seen.header("content-security-policy");
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
            let nonce = nonce.unwrap_or_else(|| panic!("{}: {policy}", seen.what));
            assert!(
                nonce.len() >= 22 && nonces.insert(nonce.to_owned()),
                "{}: {nonce} came before",
                seen.what
            );
            assert!(policy.contains("script-src 'self' 'nonce-") && policy.contains("style-src 'self';"));
            // A page that leads elsewhere may be empty.
            let scripts = tags(&seen.text, "script");
            assert!(seen.status / 100 == 3 || scripts.len() >= 2, "{}: {} scripts", seen.what, scripts.len());
            for script in scripts {
                assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{}: <script{script}>", seen.what);
            }
            assert_eq!(tags(&seen.text, "style").len(), 0, "{}: a <style>", seen.what);
            let markup: String =
                seen.text.split("</script>").filter_map(|p| p.split("<script").next()).collect();
            for attribute in [" style=", " onclick=", " onload=", " onerror=", "javascript:"] {
                assert!(!markup.contains(attribute), "{}: {attribute}", seen.what);
            }
        }
    }
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_stay_there() {
    _ = rustls::crypto::ring::default_provider().install_default();
    let simulator = Simulator::start(FleetSpec::default()).await;
    for (tls, below, policy) in [
        (false, true, None),
        (true, false, Some("max-age=31536000")),
        (true, true, Some("max-age=31536000; includeSubDomains")),
    ] {
        let setup = Setup::sqlite();
        let mut config = setup.config(&simulator);
        (config.behind_tls, config.hsts_subdomains) = (tls, below);
        let portal = Portal::open(config, None).await.expect("a portal");
        let request = Request::get("/healthz").body(Body::empty()).expect("a request");
        let answer = router(AppState::new(portal)).oneshot(request).await.expect("an answer");
        let told =
            answer.headers().get("strict-transport-security").map(|told| told.to_str().expect("a text"));
        assert_eq!(told, policy);
    }
}
