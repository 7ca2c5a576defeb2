//! First run and sign-in.

use crate::support::{PASSWORD, Setup};
use reqwest::{Method, header};
use serde_json::json;

on_both!(the_portal_is_created_once);

async fn the_portal_is_created_once(setup: Setup) {
    let site = setup.start().await;
    let mut visitor = site.nobody();
    assert_eq!(visitor.get("setup/state", &[]).await.ok()["created"], false);
    let portal = |name: &str, email: &str, password: &str| json!({ "portal_name": "Northwind MSP", "name": name, "email": email, "password": password });
    let create = "setup/create_portal";
    let field = visitor.post(create, portal("Sam", "not an address", PASSWORD)).await.refused(422, "invalid");
    assert_eq!(field.as_deref(), Some("email"));
    let field = visitor.post(create, portal("Sam", "sam@example.com", "short")).await.refused(422, "invalid");
    assert_eq!(field.as_deref(), Some("password"));
    let field = visitor.post(create, portal(" ", "sam@example.com", PASSWORD)).await.refused(422, "invalid");
    assert_eq!(field.as_deref(), Some("name"));
    assert_eq!(visitor.get("setup/state", &[]).await.ok()["created"], false);

    let me = visitor.post(create, portal("Sam", "sam@example.com", PASSWORD)).await.ok();
    assert_eq!((me["user"]["email"].as_str(), me["role"].as_str()), (Some("sam@example.com"), Some("admin")));
    assert_eq!(me["tenant"]["name"], "Northwind MSP");
    assert_eq!(visitor.get("session/me", &[]).await.ok(), me);
    assert_eq!(visitor.get("setup/state", &[]).await.ok()["created"], true);

    let before = site.row_counts().await;
    site.nobody().post(create, portal("Eve", "eve@example.com", PASSWORD)).await.refused(409, "conflict");
    visitor.post(create, portal("Sam", "sam2@example.com", PASSWORD)).await.refused(409, "conflict");
    assert_eq!(site.row_counts().await, before);
}

#[tokio::test]
async fn a_session_begins_with_the_right_password_and_ends_with_sign_out() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let mut user = site.nobody();
    let sign_in = |email: &str, password: &str| json!({ "email": email, "password": password });
    let wrong = user.post("session/sign_in", sign_in("sam@northwind.example", "wrong")).await;
    wrong.refused(401, "unauthenticated");
    let unknown = user.post("session/sign_in", sign_in("who@northwind.example", "wrong")).await;
    assert_eq!(unknown.outside(), wrong.outside());
    assert_eq!(user.cookie, None);

    user.post("session/sign_in", sign_in(" SAM@northwind.example ", PASSWORD)).await.ok();
    let kept = user.clone();
    user.get("session/me", &[]).await.ok();
    user.post("session/sign_out", json!({})).await.ok();
    assert_eq!(user.cookie, None);
    // The cookie is worthless afterwards, not only forgotten.
    kept.clone().get("session/me", &[]).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn the_cookie_is_for_our_pages_only() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let body = json!({ "email": "sam@northwind.example", "password": PASSWORD });
    let response =
        site.nobody().request(Method::POST, "session/sign_in").json(&body).send().await.expect("an answer");
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("a text").to_owned();
    for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie} has no {part}");
    }
}

#[tokio::test]
async fn what_needs_nobody_answers() {
    let site = Setup::sqlite().start().await;
    let mut visitor = site.nobody();
    let health = visitor.get("/healthz", &[]).await;
    assert_eq!((health.status, health.text.as_str()), (200, "ok"));
    visitor.get("setup/state", &[]).await.ok();
    visitor.get("openapi.json", &[]).await.ok();
    visitor.get("no/such_endpoint", &[]).await.refused(404, "not_found");
    visitor.post("no/such_endpoint", json!({})).await.refused(404, "not_found");
}
