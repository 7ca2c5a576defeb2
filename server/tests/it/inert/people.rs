//! Users, those who are invited, their roles and their programs; portals and their owners.

use super::{NAMES, all_kept, holds, id, invited, kept, looks_harmless, taken};
use crate::support::{Client, PASSWORD, Setup};
use domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// What a program may call itself.
const AGENT: &str = "=HYPERLINK(\"http://evil.example\") <script>alert(6)</script>";

/// A role, a token and a user of that name.
async fn joined(owner: &mut Client, mut visitor: Client, (n, name): (usize, &str)) -> Client {
    let role = json!({ "name": name, "description": name, "permissions": Role::Read.permissions() });
    let role = owner.post("roles/create", role).await.ok();
    assert_eq!((&role["name"], &role["description"]), (&json!(kept(name)), &json!(name)));
    let token = json!({ "name": name, "role": role["role"] });
    let token = owner.post("api_tokens/create", token).await.ok();
    assert_eq!(token["token"]["name"], kept(name));
    let link = invited(owner, &format!("user{n}@northwind.example"), &role["role"]).await;
    let join = json!({ "token": link, "name": name, "password": PASSWORD });
    let me = visitor.post("users/accept", join).await.ok();
    assert_eq!((&me["user"]["name"], &me["role_name"]), (&json!(kept(name)), &json!(kept(name))));
    visitor
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_of_people_roles_and_programs_do_nothing() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut users = Vec::new();
    for named in NAMES.iter().copied().enumerate() {
        users.push(joined(&mut owner, site.nobody(), named).await);
    }
    let sign_in = json!({ "email": "sam@northwind.example", "password": PASSWORD });
    let mut visitor = site.nobody();
    let request = visitor.request(Method::POST, "session/sign_in").header("user-agent", AGENT);
    visitor.send(request.json(&sign_in)).await.ok();
    for (page, shown) in [
        ("/settings/users", true),
        ("/settings/users?search=onerror", true),
        ("/settings/roles", true),
        ("/settings/tokens", true),
        ("/settings/audit", false),
        ("/settings/audit?search=onerror", true),
        ("/account", false),
    ] {
        looks_harmless(&mut owner, page, shown).await;
    }
    let user = users.first_mut().expect("a user");
    for page in ["/", "/account", "/devices", "/settings/tokens"] {
        looks_harmless(user, page, true).await;
    }
    let mut texts = all_kept();
    texts.push(AGENT.to_owned());
    holds(&mut owner, ("audit/export.csv", &[]), &texts).await;
    assert_eq!(owner.get("audit/verify", &[]).await.ok()["intact"], true);
}

#[tokio::test]
async fn an_address_is_refused_or_does_nothing() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut known = Vec::new();
    for part in NAMES.iter().copied().chain(["=1+1", "o'neil"]) {
        let email = format!("{part}@northwind.example");
        let answer = owner.post("users/invite", json!({ "email": email, "role": "read" })).await;
        if let Some(made) = taken(answer, "email") {
            looks_harmless(&mut site.nobody(), made["link"].as_str().expect("a link"), false).await;
            known.push(email);
        }
    }
    assert!(known.len() >= 4, "{known:?}");
    let listed = owner.all("users/list", &[]).await;
    for email in &known {
        assert!(listed.iter().any(|member| member["email"] == **email), "{email} is not listed");
    }
    for page in ["/settings/users", "/settings/audit"] {
        looks_harmless(&mut owner, page, false).await;
    }
    holds(&mut owner, ("audit/export.csv", &[]), &known).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_and_its_owner_may_be_called_anything() {
    let site = Setup::sqlite().with(|config| config.sign_up = true).start().await;
    // So few, because nobody creates many portals in a row.
    let some = [0, 1, 3, 6, 7, 11, 12, 14].map(|at| NAMES[at]);
    for (n, name) in some.into_iter().enumerate() {
        let path = if n == 0 { "setup/create_portal" } else { "setup/sign_up" };
        let email = format!("owner{n}@portals.example");
        let portal = json!({ "portal_name": name, "name": name, "email": email, "password": PASSWORD });
        let mut owner = site.nobody();
        let me = owner.post(path, portal).await.ok();
        let called: [&Value; 2] = [&me["tenant"]["name"], &me["user"]["name"]];
        assert_eq!(called, [&json!(kept(name)); 2]);
        // The first has markup, which each page shows.
        let markup = n == 0;
        let company = id(&mut owner, "companies/create", json!({ "name": "Harbour" })).await;
        for page in ["/", "/account", "/settings/users", "/settings/audit"] {
            looks_harmless(&mut owner, page, markup).await;
        }
        looks_harmless(&mut owner, &format!("/reports/companies/{company}"), markup).await;
        let link = invited(&mut owner, &format!("guest{n}@portals.example"), &json!("read")).await;
        looks_harmless(&mut site.nobody(), &format!("/invite/{link}"), markup).await;
        holds(&mut owner, ("audit/export.csv", &[]), &[kept(name)]).await;
    }
}
