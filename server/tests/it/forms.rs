//! Signing in and out by the browser's own forms, without JavaScript.

use crate::support::{Client, PASSWORD, Setup, Site};
use domain::role::Role;
use reqwest::{Method, header};
use serde_json::json;

on_both!(who_has_no_javascript_signs_in_and_out);

const OWNER: &str = "sam@northwind.example";

/// What a form is answered: the status, where to go, and the cookies that are set.
struct Seen {
    status: u16,
    to: String,
    cookies: Vec<String>,
}

/// Sends a form as a browser would from one of our pages, or with these headers.
async fn send(client: &Client, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Seen {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let mut request = client.request(Method::POST, path).body(body);
    request = request.header(header::CONTENT_TYPE, FORM);
    if headers.is_empty() {
        request = request.header("sec-fetch-site", "same-origin");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.expect("an answer");
    let text = |value: &header::HeaderValue| value.to_str().expect("a text").to_owned();
    let cookies = answer.headers().get_all(header::SET_COOKIE).iter().map(text).collect();
    let to = answer.headers().get(header::LOCATION).map(text).unwrap_or_default();
    Seen { status: answer.status().as_u16(), to, cookies }
}

async fn sign_in(client: &Client, path: &str, email: &str, password: &str) -> Seen {
    send(client, path, &[("email", email), ("password", password)], &[]).await
}

/// The same client with the session that was set.
fn with(client: &Client, seen: &Seen) -> Client {
    let session =
        seen.cookies.iter().find(|cookie| cookie.starts_with("msportal_session=")).expect("a session");
    let mut client = client.clone();
    client.cookie = session.split(';').next().map(str::to_owned);
    client
}

async fn who_has_no_javascript_signs_in_and_out(setup: Setup) {
    let site = setup.start().await;
    site.owner().await;
    let nobody = site.nobody();
    let wrong = sign_in(&nobody, "/sign-in?next=%2Fdevices%3Fsearch%3Dpc", OWNER, "a wrong guess").await;
    assert_eq!((wrong.status, wrong.cookies.len()), (303, 0));
    assert_eq!(wrong.to, "/sign-in?refused=credentials&next=%2Fdevices%3Fsearch%3Dpc");
    let page = nobody.clone().get(&wrong.to, &[]).await.text;
    assert!(page.contains("E-mail address or password is wrong."), "it says why");

    let right = sign_in(&nobody, "/sign-in?next=%2Fdevices%3Fsearch%3Dpc", OWNER, PASSWORD).await;
    assert_eq!((right.status, right.to.as_str()), (303, "/devices?search=pc"));
    let guards = |cookie: &String| cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax");
    assert!(right.cookies.len() == 2 && right.cookies.iter().all(guards), "{:?}", right.cookies);
    let mut owner = with(&nobody, &right);
    assert_eq!(owner.get("session/me", &[]).await.ok()["user"]["email"], OWNER);
    assert_eq!(owner.get(&right.to, &[]).await.status, 200);

    // Whoever signs in anew gets another session; no address leads to another site.
    for next in
        ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y"]
    {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let again = sign_in(&owner, &format!("/sign-in?{query}"), OWNER, PASSWORD).await;
        assert_eq!((again.status, again.to.as_str()), (303, "/"), "{next}");
        assert_ne!(with(&nobody, &again).cookie, owner.cookie);
    }

    assert_eq!(send(&owner, "/sign-out", &[], &[]).await.to, "/sign-in");
    owner.get("session/me", &[]).await.refused(401, "unauthenticated");
    assert_eq!(send(&nobody, "/sign-out", &[], &[]).await.to, "/sign-in", "who is out stays out");
}

#[tokio::test]
async fn another_site_sends_no_form() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let fields = [("email", OWNER), ("password", PASSWORD)];
    for forged in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("x-nothing", "that says where it comes from"),
    ] {
        for path in ["/sign-in", "/sign-out"] {
            let seen = send(&owner, path, &fields, &[forged]).await;
            assert_eq!((seen.status, seen.cookies.len()), (403, 0), "{path} with {forged:?}");
        }
    }
    owner.get("session/me", &[]).await.ok();
    let ours = [("origin", site.base.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(send(&site.nobody(), "/sign-in", &fields, &ours).await.to, "/");
    // Nothing but a form, and nothing else by a form.
    for (path, kind) in
        [("/sign-in", "text/plain"), ("/sign-out", "multipart/form-data; boundary=x"), ("/account", FORM)]
    {
        let request = owner.request(Method::POST, path).header(header::CONTENT_TYPE, kind).body("email=a");
        let status = request.send().await.expect("an answer").status().as_u16();
        assert!(matches!(status, 405 | 422), "{path} as {kind}: {status}");
    }
    owner.get("session/me", &[]).await.ok();
}

#[tokio::test]
async fn our_forms_work_where_an_origin_is_demanded() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let strict = site.demanding().await;
    let (nobody, fields) = (strict.nobody(), [("email", OWNER), ("password", PASSWORD)]);
    for told in [("origin", strict.base.as_str()), ("sec-fetch-site", "same-origin")] {
        let right = send(&nobody, "/sign-in", &fields, &[told]).await;
        assert_eq!((right.status, right.to.as_str()), (303, "/"), "{told:?}");
        let mut owner = with(&nobody, &right);
        owner.get("session/me", &[]).await.ok();
        assert_eq!(send(&owner, "/sign-out", &[], &[told]).await.to, "/sign-in", "{told:?}");
        owner.get("session/me", &[]).await.refused(401, "unauthenticated");
    }
    let untold = [("x-nothing", "that says where it comes from")];
    assert_eq!(send(&nobody, "/sign-in", &fields, &untold).await.status, 403);
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_asks_for_the_code_and_counts_guesses() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let email = "read@northwind.example";
    let mut reader = site.user(Role::Read).await;
    let setup = reader.post("session/begin_second_factor", json!({ "password": PASSWORD })).await.ok();
    let key = setup["key"].as_str().expect("a key").to_owned();
    let code = |site: &Site| testkit::authenticator_code(&key, site.portal.now().timestamp());
    let codes = reader.post("session/confirm_second_factor", json!({ "code": code(&site) })).await.ok();

    let nobody = site.nobody();
    let asked = sign_in(&nobody, "/sign-in", email, PASSWORD).await;
    assert_eq!((asked.to.as_str(), asked.cookies.len()), ("/sign-in?refused=code", 0));
    let page = nobody.clone().get(&asked.to, &[]).await.text;
    assert!(
        page.contains("name=\"code\"") && page.contains("authenticator app shows now"),
        "it asks for the code"
    );
    let fields = [("email", email), ("password", PASSWORD), ("code", codes[0].as_str().expect("a code"))];
    assert_eq!(send(&nobody, "/sign-in", &fields, &[]).await.to, "/");

    assert_eq!(send(&nobody, "/sign-in", &[("email", email)], &[]).await.to, "/sign-in?refused=other");
    let mut refused = Vec::new();
    for _ in 0..11 {
        refused.push(sign_in(&nobody, "/sign-in", OWNER, "a wrong guess").await.to);
    }
    let (last, before) = refused.split_last().expect("some");
    assert!(before.iter().all(|to| to == "/sign-in?refused=credentials"), "{refused:?}");
    assert_eq!(last, "/sign-in?refused=throttled");
}
