//! Invitations and links for a new password, as a browser meets them.

use crate::support::{Client, PASSWORD, Setup, Site};
use domain::role::Role;
use serde_json::{Value, json};
use std::process::Command;

on_both!(an_invitation_is_accepted, a_password_is_chosen);

fn token(link: &Value) -> String {
    link["link"].as_str().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned()
}

async fn invited(owner: &mut Client, email: &str, role: &str) -> Value {
    owner.post("users/invite", json!({ "email": email, "role": role })).await.ok()
}

async fn an_invitation_is_accepted(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let link = invited(&mut owner, "kim@northwind.example", "manage").await;
    let path = link["link"].as_str().expect("a path").to_owned();
    let mut kim = site.nobody();
    let page = kim.get(&path, &[]).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Join Northwind MSP") && page.text.contains("kim@northwind.example"));
    let told = kim.get("users/link", &[("token", &token(&link))]).await.ok();
    assert_eq!(
        (told["kind"].as_str(), told["portal_name"].as_str()),
        (Some("invitation"), Some("Northwind MSP"))
    );
    let join = json!({ "token": token(&link), "name": "Kim", "password": PASSWORD });
    let me = kim.post("users/accept", join.clone()).await.ok();
    assert_eq!((me["role"].as_str(), me["user"]["name"].as_str()), (Some("manage"), Some("Kim")));
    assert_eq!(kim.get("session/me", &[]).await.ok(), me);
    kim.post("companies/create", json!({ "name": "Harbour" })).await.ok();

    // Used, replaced, withdrawn and made up: nobody can tell them apart.
    let replaced = invited(&mut owner, "nina@northwind.example", "read").await;
    invited(&mut owner, "nina@northwind.example", "read").await;
    let withdrawn = invited(&mut owner, "toni@northwind.example", "read").await;
    let list = owner.get("users/list", &[("search", "toni")]).await.ok();
    owner.post("users/withdraw", json!({ "invitation_id": list["items"][0]["invitation_id"] })).await.ok();
    let mut told = Vec::new();
    for dead in [token(&link), token(&replaced), token(&withdrawn), "made-up".to_owned(), String::new()] {
        let answer = site.nobody().get("users/link", &[("token", &dead)]).await;
        answer.refused(404, "not_found");
        let mut again = join.clone();
        again["token"] = json!(dead);
        let accepted = site.nobody().post("users/accept", again).await;
        assert_eq!(accepted.outside(), answer.outside());
        told.push(answer.text);
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    let dead = site.nobody().get(&path, &[]).await;
    assert_eq!(dead.status, 404);
    assert!(!dead.text.contains("Northwind") && !dead.text.contains("kim@"), "it tells whose it was");
}

async fn a_password_is_chosen(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let mut user = site.user(Role::Read).await;
    let me = user.get("session/me", &[]).await.ok();
    let link = owner.post("users/reset_password", json!({ "user_id": me["user"]["id"] })).await.ok();
    let path = link["link"].as_str().expect("a path").to_owned();
    let page = site.nobody().get(&path, &[]).await;
    assert!(page.status == 200 && page.text.contains("Choose a new password"), "{}", page.status);
    let mut visitor = site.nobody();
    let choose = json!({ "token": token(&link), "password": "another long password" });
    visitor.post("users/choose_password", choose).await.ok();
    assert_eq!(visitor.cookie, None, "nobody is signed in by it");
    user.get("session/me", &[]).await.refused(401, "unauthenticated");
    let old = json!({ "email": me["user"]["email"], "password": PASSWORD });
    visitor.post("session/sign_in", old).await.refused(401, "unauthenticated");
    let new = json!({ "email": me["user"]["email"], "password": "another long password" });
    visitor.post("session/sign_in", new).await.ok();
}

#[tokio::test]
async fn who_is_changed_is_out_at_once() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut user = site.user(Role::Manage).await;
    let id = user.get("session/me", &[]).await.ok()["user"]["id"].clone();
    owner.post("users/set_role", json!({ "user_id": id, "role": "read" })).await.ok();
    user.get("session/me", &[]).await.refused(401, "unauthenticated");
    let mut user = site.signed_in("manage@northwind.example").await;
    user.post("device_types/create", json!({ "name": "Kiosk" })).await.refused(403, "forbidden");
    owner.post("users/deactivate", json!({ "user_id": id })).await.ok();
    user.get("session/me", &[]).await.refused(401, "unauthenticated");
    let me = owner.get("session/me", &[]).await.ok()["user"]["id"].clone();
    let refusal = owner.post("users/deactivate", json!({ "user_id": me })).await;
    refusal.refused(409, "conflict");
    assert!(refusal.text.contains("Hand ownership over to another administrator first."), "{}", refusal.text);
}

/// What is not allowed is not shown.
#[tokio::test]
async fn users_are_managed_by_administrators_alone() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let shown = owner.get("/settings/users", &[]).await.text;
    assert!(
        shown.contains("Sam Owner")
            && shown.contains(">Invite<")
            && shown.contains("href=\"/settings/users\"")
    );
    for role in [Role::Read, Role::Manage] {
        let shown = site.user(role).await.get("/settings/users", &[]).await;
        assert_eq!(shown.status, 403);
        let shown = shown.text;
        for hidden in ["sam@northwind.example", ">Invite<", "href=\"/settings/users\""] {
            assert!(!shown.contains(hidden), "{role} sees {hidden}");
        }
    }
}

#[tokio::test]
async fn the_operator_makes_a_link_for_the_owner() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let said = by_operator(&site, &["user", "reset-password", "--email", "sam@northwind.example"]);
    let token = said.trim().rsplit('/').next().expect("a link").to_owned();
    let choose = json!({ "token": token, "password": "another long password" });
    site.nobody().post("users/choose_password", choose).await.ok();
}

/// What a command says that succeeds.
fn by_operator(site: &Site, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
    command.args(arguments).arg("--data-dir").arg(site.setup.folder.path()).env_remove("DATABASE_URL");
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
