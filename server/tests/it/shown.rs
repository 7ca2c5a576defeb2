//! What a role may not do is not shown: the buttons, forms and links of every page, role by role.

mod html;
mod table;

use crate::{
    permissions::{Tried, of_file, of_page},
    support::{Client, Rows, Setup, Site, pages},
};
use domain::permissions::{Area, Level, Permissions};
use html::Seen;
use serde_json::json;
use std::collections::BTreeSet;
use table::{GATED, HARMLESS};

/// Pages for those who are not signed in.
const BEFORE: [&str; 6] =
    ["/setup", "/forgot-password", "/sign-up", "/sign-in", "/invite/{token}", "/reset/{token}"];

/// A page: what the tables call it, its route and its address.
struct Page {
    name: String,
    route: String,
    address: String,
}

/// A portal and its pages.
struct Stage {
    tried: Tried,
    pages: Vec<Page>,
}

impl Stage {
    /// With two rows of everything; answers the first ones, too.
    async fn set() -> (Self, Rows) {
        let mut tried = Tried::start(Setup::sqlite()).await;
        let tenant = tried.tenant().await;
        let first = Rows::insert(&tried.site, tenant, 0x200).await;
        let second = Rows::insert(&tried.site, tenant, 0x300).await;
        for sql in other_states(&tried.site, &first, &second) {
            tried.site.execute(&sql).await;
        }
        tried.may(Permissions::ALL).await;
        let owned = json!([{ "field": "hostname", "value": "desk" }, { "field": "model", "value": "X1" }]);
        tried.user.post("devices/update", json!({ "device_id": first.device, "fields": owned })).await.ok();
        let pages = all_pages(&first, &second);
        (Self { tried, pages }, first)
    }

    /// Without any row, so that there are no pages about one.
    async fn empty() -> Self {
        let tried = Tried::start(Setup::sqlite()).await;
        let mut pages = pages_of(&Rows::unknown());
        pages.retain(|page| !page.route.contains('{'));
        Self { tried, pages }
    }

    /// Every page, to somebody whose role allows that; nothing of a page that they may not see.
    async fn seen_with(&mut self, permissions: Permissions) -> Vec<Seen> {
        self.tried.may(permissions).await;
        let mut all = Vec::new();
        for page in &self.pages {
            if !allows(&permissions, &page.route) {
                all.push(Seen::default());
                continue;
            }
            let seen = look(&mut self.tried.user, page).await;
            assert_eq!(seen.status, 200, "{} for who may {permissions}", page.name);
            all.push(seen);
        }
        all
    }

    /// What is wrong with what the pages show somebody.
    async fn faults(
        &mut self,
        permissions: Permissions,
        mut judge: impl FnMut(&Page, &Seen, &Permissions) -> Vec<String>,
    ) -> Vec<String> {
        let seen = self.seen_with(permissions).await;
        self.pages.iter().zip(&seen).flat_map(|(page, seen)| judge(page, seen, &permissions)).collect()
    }
}

/// What brings further buttons onto the pages. The first row: a run that can be tried again, and a class of devices that has a
/// type. The second: an active run, an open pair, a proposed company, a company that was merged into it, and a device that looks
/// like one enrolled again.
fn other_states(site: &Site, first: &Rows, second: &Rows) -> Vec<String> {
    let of = |id| site.literal(id);
    vec![
        // The types that each portal begins with would only make the table below longer.
        "UPDATE device_types SET archived_at = 1 WHERE name NOT LIKE 'Type %'".to_owned(),
        format!("UPDATE runs SET failed = 1 WHERE id = {}", of(first.run)),
        format!(
            "INSERT INTO node_class_mappings (tenant_id, integration_id, node_class, device_type_id, auto_sync, ignored, version)
             SELECT tenant_id, id, '{}', {}, FALSE, FALSE, 1 FROM integrations WHERE id = {}",
            first.node_class(),
            of(first.device_type),
            of(first.integration)
        ),
        format!("UPDATE runs SET kind = 'devices', state = 'running' WHERE id = {}", of(second.run)),
        format!("UPDATE duplicate_pairs SET state = 'open' WHERE id = {}", of(second.duplicate)),
        format!(
            "INSERT INTO company_merges (id, tenant_id, company_id, into_id, undo, at)
             SELECT {}, tenant_id, id, {}, '{{}}', 0 FROM companies WHERE id = {}",
            of(first.edit),
            of(second.company),
            of(first.company)
        ),
        // Nobody looks whether it still holds: it is a pair of one device.
        "INSERT INTO duplicate_checks (tenant_id, checked_at) SELECT id, 9000000000000000 FROM tenants".to_owned(),
        format!(
            "UPDATE organization_mappings SET status = 'pending', confidence = 0.9, reasons = '[]' WHERE remote_id = '{}'",
            second.remote
        ),
        format!(
            "UPDATE devices SET serial = 'SERIAL {}', remote_id = 'gone' WHERE id = {}",
            second.remote,
            of(second.device)
        ),
        format!(
            "UPDATE remote_devices SET same_as = {} WHERE integration_id = {}",
            of(second.device),
            of(second.integration)
        ),
    ]
}

/// The pages of both rows, and some with a filter that brings buttons.
fn all_pages(first: &Rows, second: &Rows) -> Vec<Page> {
    let with = |name: &str, address: String| Page {
        name: name.to_owned(),
        route: address.split('?').next().unwrap_or_default().to_owned(),
        address,
    };
    let own = pages_of(second).into_iter().filter(|page| page.route.contains('{'));
    let own = own.map(|page| Page { name: format!("{} (2)", page.name), ..page });
    let filtered = [
        with("/devices?view", format!("/devices?view={}&sort=name", first.view)),
        with("/reports/devices?check", "/reports/devices?check=no_owner".to_owned()),
    ];
    pages_of(first).into_iter().chain(own).chain(filtered).collect()
}

/// The pages of those who are signed in, about these rows.
fn pages_of(rows: &Rows) -> Vec<Page> {
    let all = pages(rows).into_iter().filter(|(route, _)| !BEFORE.contains(&route.as_str()));
    all.map(|(route, address)| Page { name: route.clone(), route, address }).collect()
}

async fn look(user: &mut Client, page: &Page) -> Seen {
    let answer = user.get(&page.address, &[]).await;
    Seen::of(answer.status, &answer.text)
}

/// Whether somebody may see a page.
fn allows(permissions: &Permissions, route: &str) -> bool {
    of_page(route).is_none_or(|(area, level)| permissions.allow(area, level))
}

/// Whether what a link leads to is for them. What is outside of the portal is for everybody.
fn is_open(permissions: &Permissions, href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    match path.strip_prefix("/api/v1/") {
        Some(file) => permissions.allow(of_file(file), Level::Read),
        None if !path.starts_with('/') || path == "/docs/api" => true,
        None => allows(permissions, &route_of(path)),
    }
}

/// The route of a page's path.
fn route_of(path: &str) -> String {
    let mut routes: Vec<&str> = server::router::pages().iter().map(|page| page.path()).collect();
    // A path that is a route itself is no row of another one.
    routes.sort_by_key(|route| *route != path);
    let found = routes.into_iter().find(|route| fits(route, path));
    found.unwrap_or_else(|| panic!("a link leads to {path}, which is no page")).to_owned()
}

fn fits(route: &str, path: &str) -> bool {
    let (parts, asked): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    let same = |(part, asked): (&&str, &&str)| part == asked || part.starts_with('{');
    parts.len() == asked.len() && parts.iter().zip(&asked).all(same)
}

fn is_harmless(page: &Page, name: &str) -> bool {
    HARMLESS.iter().any(|(_, of, names)| page.name.starts_with(of) && names.contains(&name))
}

/// What whoever may only view could press on a page that is not harmless.
fn too_much(page: &Page, seen: &Seen, permissions: &Permissions) -> Vec<String> {
    let harmful = seen.pressed.iter().filter(|name| !is_harmless(page, name));
    harmful.map(|name| format!("{} offers \"{name}\" to who may {permissions}", page.name)).collect()
}

/// The links of a page that lead where they are refused.
fn astray(page: &Page, seen: &Seen, permissions: &Permissions) -> Vec<String> {
    let shut = seen.leads.iter().filter(|href| !is_open(permissions, href));
    shut.map(|href| format!("{} leads who may {permissions} to {href}", page.name)).collect()
}

/// What is wrong with what whoever may only view is shown.
fn of_a_reader(page: &Page, seen: &Seen, permissions: &Permissions) -> Vec<String> {
    [too_much(page, seen, permissions), astray(page, seen, permissions)].concat()
}

/// That much of every area.
fn everywhere(level: Level) -> Permissions {
    Area::ALL.iter().fold(Permissions::NONE, |all, area| all.with(*area, level))
}

/// That much of one area, and what it shows of others.
fn alone(area: Area, level: Level) -> Permissions {
    let shown: &[Area] = match area {
        Area::Mappings => &[Area::Integrations, Area::Companies, Area::Devices],
        Area::Devices => &[Area::Companies],
        _ => &[],
    };
    let seen = shown.iter().fold(Permissions::NONE, |all, area| all.with(*area, Level::Read));
    let role = seen.with(area, level);
    role.check().expect("a role that can be made");
    role
}

/// What is in `all` more often than in `some`.
fn beyond(all: &[String], some: &[String]) -> Vec<String> {
    let mut left = some.to_vec();
    let is_new = |name: &&String| match left.iter().position(|other| other == *name) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    };
    all.iter().filter(is_new).cloned().collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A line of [`GATED`].
fn line(page: &str, area: Area, names: &[String]) -> String {
    let mut names = names.to_vec();
    names.sort();
    format!("    ({page:?}, Area::{area:?}, &{names:?}),")
}

#[tokio::test]
async fn who_may_only_view_can_press_nothing_that_changes_the_portal() {
    let (mut stage, _) = Stage::set().await;
    let (mut wrong, mut met) = (Vec::new(), BTreeSet::new());
    let readers = Area::ALL.iter().map(|area| alone(*area, Level::Read)).chain([everywhere(Level::Read)]);
    for permissions in readers {
        let judge = |page: &Page, seen: &Seen, permissions: &Permissions| {
            met.extend(seen.pressed.iter().cloned());
            of_a_reader(page, seen, permissions)
        };
        wrong.extend(stage.faults(permissions, judge).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let allowed = HARMLESS.iter().flat_map(|(_, _, names)| names.iter());
    let stale: Vec<_> = allowed.filter(|name| !met.contains(**name)).collect();
    assert!(stale.is_empty(), "on no page: {stale:?}; on some: {met:?}");
}

#[tokio::test]
async fn who_may_manage_an_area_can_press_what_changes_it_and_nothing_else() {
    let (mut stage, _) = Stage::set().await;
    let view = everywhere(Level::Read);
    let (viewed, all) = (stage.seen_with(view).await, stage.seen_with(Permissions::ALL).await);
    let mut found = Vec::new();
    for area in Area::ALL {
        let managed = stage.seen_with(view.with(*area, Level::Manage)).await;
        for (at, page) in stage.pages.iter().enumerate() {
            let mut more = beyond(&managed[at].pressed, &viewed[at].pressed);
            // Of a page that viewers do not see at all, too.
            more.retain(|name| !is_harmless(page, name));
            let lacking = beyond(&more, &all[at].pressed);
            assert!(lacking.is_empty(), "{} shows no {lacking:?} to who may do everything", page.name);
            if !more.is_empty() {
                found.push(line(&page.name, *area, &more));
            }
        }
    }
    let mut wanted: Vec<String> =
        GATED.iter().map(|(page, area, of)| line(page, *area, &owned(of))).collect();
    found.sort();
    wanted.sort();
    let (new, gone) = (beyond(&found, &wanted), beyond(&wanted, &found));
    assert!(
        new.is_empty() && gone.is_empty(),
        "found and not in the table:\n{}\nin the table and not found:\n{}\nall that was found:\n{}",
        new.join("\n"),
        gone.join("\n"),
        found.join("\n")
    );
}

/// Whoever manages one area sees no way into another one.
#[tokio::test]
async fn no_link_leads_where_its_reader_is_refused() {
    let (mut stage, _) = Stage::set().await;
    let mut wrong = Vec::new();
    for area in Area::ALL {
        wrong.extend(stage.faults(alone(*area, Level::Manage), astray).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lists that are empty say what to do next, to those who may do it.
#[tokio::test]
async fn an_empty_portal_tells_nobody_to_do_what_they_may_not() {
    let mut stage = Stage::empty().await;
    let wrong = stage.faults(everywhere(Level::Read), of_a_reader).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    stage.tried.may(Permissions::ALL).await;
    let page = stage.pages.iter().find(|page| page.route == "/companies").expect("a list of companies");
    let pressed = look(&mut stage.tried.user, page).await.pressed;
    // Beside the heading, and in place of the list.
    assert_eq!(pressed.iter().filter(|name| *name == "New company").count(), 2, "{pressed:?}");
}

fn is_about_all(path: &str) -> bool {
    path.starts_with("/duplicates") || path == "/companies/import"
}

/// Device types, pairs of duplicates and shared views are about the whole portal.
#[tokio::test]
async fn who_is_limited_to_some_companies_is_not_offered_what_is_about_all_of_them() {
    let (mut stage, first) = Stage::set().await;
    let permissions = Permissions::OF_SOME_COMPANIES;
    stage.tried.may(permissions).await;
    let me = stage.tried.user.get("session/me", &[]).await.ok()["user"]["id"].clone();
    let mut owner = stage.tried.site.signed_in("sam@northwind.example").await;
    let limit = json!({ "user_id": me, "companies": [first.company] });
    owner.post("users/set_companies", limit).await.ok();
    let mut looked = 0;
    for page in &stage.pages {
        let seen = look(&mut stage.tried.user, page).await;
        let open = allows(&permissions, &page.route) && !is_about_all(&page.route);
        let status = match (open, page.name.ends_with("(2)")) {
            (false, _) => 403,
            (true, true) => 404,
            (true, false) => 200,
        };
        assert_eq!(seen.status, status, "{}", page.name);
        let shut: Vec<_> = seen.leads.iter().filter(|href| is_about_all(href)).collect();
        assert!(shut.is_empty(), "{} leads to {shut:?}", page.name);
        let wrong = astray(page, &seen, &permissions);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let shared = ["New device type", "Edit Type 9512", "Rename or share…", "Delete…"];
        let offered: Vec<_> = seen.pressed.iter().filter(|name| shared.contains(&name.as_str())).collect();
        assert!(offered.is_empty(), "{} offers {offered:?}", page.name);
        looked += usize::from(status == 200);
    }
    assert!(looked >= 15, "{looked} pages");
}
