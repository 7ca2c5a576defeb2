//! Every endpoint, nobody and every role: who may not is refused and leaves no trace, who may is let in.

use crate::support::{Client, Rows, Setup, Site, files, samples};
use domain::role::Role;
use serde_json::{Map, Value};
use server::api::{Endpoint, Needs, server_functions};

on_both!(
    nobody_is_let_in_without_a_session,
    a_role_that_is_too_small_is_refused,
    a_role_that_is_large_enough_is_let_in,
);

/// The least role that an endpoint lets in.
fn least(endpoint: &Endpoint) -> Option<Role> {
    match (endpoint.needs, endpoint.needs.permission()) {
        (Needs::Nothing, _) => None,
        (_, None) => Some(Role::Read),
        (_, Some((area, level))) => {
            Role::ALL.iter().copied().find(|role| role.permissions().allow(area, level))
        }
    }
}

/// Arguments with an id of these rows in every field that takes one, also where it may be left out.
fn everything(endpoint: &Endpoint, rows: &Rows) -> Map<String, Value> {
    let named = endpoint.arguments.iter().filter_map(|a| Some((a.name.to_owned(), rows.named(a.name)?)));
    samples(endpoint, rows).into_iter().chain(named).collect()
}

/// Calls everything that needs more than `role`, with ids that nothing has and with those of `theirs`, and asserts the refusal;
/// answers how many endpoints that were.
async fn refused_everywhere(site: &Site, client: &mut Client, role: Option<Role>, theirs: &Rows) -> usize {
    if role.is_some() {
        client.refused_enough().await;
    }
    let (counts, writes) = (site.row_counts().await, site.watch_writes().await);
    let version = writes.version().await;
    let mut refused = 0;
    for endpoint in server_functions().iter().filter(|e| least(e) > role) {
        for rows in [&Rows::unknown(), theirs] {
            let arguments = everything(endpoint, rows).into();
            let answer = client.call(&endpoint.method, endpoint.path, &arguments).await;
            match role {
                None => answer.refused(401, "unauthenticated"),
                Some(_) => answer.refused(403, "forbidden"),
            };
        }
        refused += 1;
    }
    assert_eq!(writes.version().await, version, "a refused call wrote to the database");
    assert_eq!(site.row_counts().await, counts);
    refused
}

async fn nobody_is_let_in_without_a_session(setup: Setup) {
    let site = setup.start().await;
    site.owner().await;
    let (_, theirs) = site.stranger().await;
    let mut nobody = site.nobody();
    let refused = refused_everywhere(&site, &mut nobody, None, &theirs).await;
    let open: Vec<&str> =
        server_functions().iter().filter(|e| e.needs == Needs::Nothing).map(Endpoint::name).collect();
    let doors = [
        "setup/state",
        "setup/create_portal",
        "setup/sign_up",
        "setup/request_sign_up",
        "session/sign_in",
        "session/sign_out",
    ];
    let links = ["users/link", "users/accept", "users/forgot_password", "users/choose_password"];
    assert_eq!(open, [&doors[..], &links[..]].concat());
    assert_eq!(refused, server_functions().len() - open.len());
    for file in files(&Rows::unknown()).into_iter().chain(files(&theirs)) {
        nobody.get(&file, &[]).await.refused(401, "unauthenticated");
    }

    nobody.cookie = Some("msportal_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into());
    refused_everywhere(&site, &mut nobody, None, &theirs).await;
}

async fn a_role_that_is_too_small_is_refused(setup: Setup) {
    let site = setup.start().await;
    site.owner().await;
    let (_, theirs) = site.stranger().await;
    for role in [Role::Read, Role::Manage] {
        let mut user = site.user(role).await;
        let refused = refused_everywhere(&site, &mut user, Some(role), &theirs).await;
        assert!(refused > 0, "{role} may do everything");
    }
}

async fn a_role_that_is_large_enough_is_let_in(setup: Setup) {
    let site = setup.start().await;
    site.owner().await;
    for role in [Role::Read, Role::Manage, Role::Admin] {
        let mut user = site.user(role).await;
        for endpoint in
            server_functions().iter().filter(|e| least(e).is_some_and(|needed| role.includes(needed)))
        {
            let arguments = samples(endpoint, &Rows::unknown()).into();
            let answer = user.call(&endpoint.method, endpoint.path, &arguments).await;
            let let_in = matches!(answer.status, 200 | 404 | 409 | 422);
            assert!(let_in, "{role} at {}: {} {}", endpoint.path, answer.status, answer.text);
        }
    }
}

#[tokio::test]
async fn a_user_who_was_shut_out_is_out_at_once() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let mut user = site.user(Role::Manage).await;
    user.get("session/me", &[]).await.ok();
    site.execute("UPDATE users SET role = 'read' WHERE email_key = 'manage@northwind.example'").await;
    user.post("device_types/create", serde_json::json!({ "name": "Kiosk" })).await.refused(403, "forbidden");
    site.execute("UPDATE users SET active = FALSE WHERE email_key = 'manage@northwind.example'").await;
    user.get("session/me", &[]).await.refused(401, "unauthenticated");
}
