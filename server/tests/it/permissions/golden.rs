//! Who may what, written down apart from the product: a level that is lowered there fails here.

use crate::support::Setup;
use domain::{
    permissions::{Area, Permissions},
    role::Role,
};
use server::api::{Endpoint, Needs, server_functions};
use std::collections::BTreeSet;

/// A line for each endpoint: its path behind `/api/v1/`, then `everybody`, `signed_in`, or the area and the level that it takes,
/// and `some_companies` where it is open to those who are limited to some, too.
const ENDPOINTS: &str = include_str!("endpoints.txt");

const ROLES: [(Role, &str); 3] = [
    (
        Role::Read,
        "integrations read, mappings read, companies read, devices read, reports read, users none, settings none",
    ),
    (
        Role::Manage,
        "integrations read, mappings manage, companies manage, devices manage, reports manage, users none, settings none",
    ),
    (
        Role::Admin,
        "integrations manage, mappings manage, companies manage, devices manage, reports manage, users manage, settings manage",
    ),
];

const OF_SOME_COMPANIES: &str = "integrations none, mappings none, companies read, devices manage, reports manage, users none, settings none";

fn line(endpoint: &Endpoint) -> String {
    let takes = match endpoint.needs {
        Needs::Nothing => "everybody".to_owned(),
        Needs::SignedIn => "signed_in".to_owned(),
        Needs::Read(area) => format!("{area} read"),
        Needs::Manage(area) => format!("{area} manage"),
    };
    let limited = endpoint.needs.permission().is_some() && endpoint.takes_limited();
    format!("{} {takes}{}", endpoint.name(), if limited { " some_companies" } else { "" })
}

#[test]
fn each_endpoint_takes_what_is_written_down() {
    let functions = server_functions();
    let there: BTreeSet<String> = functions.iter().map(line).collect();
    let written: BTreeSet<String> = ENDPOINTS.lines().map(str::to_owned).collect();
    let added = there.difference(&written).map(|line| format!("+ {line}"));
    let gone = written.difference(&there).map(|line| format!("- {line}"));
    let found: Vec<String> = added.chain(gone).collect();
    assert!(found.is_empty(), "if this is meant, endpoints.txt is to become so:\n{}", found.join("\n"));
    assert_eq!((functions.len(), ENDPOINTS.lines().count()), (there.len(), there.len()), "one line each");
}

/// The level of each area, as `level` says it.
fn levels<'a>(level: impl Fn(Area) -> &'a str) -> String {
    let all: Vec<String> = Area::ALL.iter().map(|area| format!("{area} {}", level(*area))).collect();
    all.join(", ")
}

fn of(permissions: Permissions) -> String {
    levels(|area| permissions.of(area).as_str())
}

#[tokio::test]
async fn each_role_has_the_levels_that_are_written_down() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    assert_eq!(ROLES.map(|(role, _)| role), Role::ALL, "the roles that there are");
    for (role, written) in ROLES {
        assert_eq!(of(role.permissions()), written, "{role}");
        let me = site.user(role).await.get("session/me", &[]).await.ok();
        let told = levels(|area| me["permissions"][area.as_str()].as_str().unwrap_or("nothing"));
        assert_eq!(told, written, "{role}");
    }
    assert_eq!(of(Permissions::OF_SOME_COMPANIES), OF_SOME_COMPANIES);
}
