//! What a role may not do is not shown: the buttons, forms and links of every page, role by role.

use crate::{
    permissions::{Tried, of_file, of_page},
    support::{Client, Rows, Setup, Site, pages},
};
use domain::permissions::{Area, Level, Permissions};
use serde_json::json;
use std::collections::BTreeSet;

/// Pages for those who are not signed in.
const BEFORE: [&str; 6] =
    ["/setup", "/forgot-password", "/sign-up", "/sign-in", "/invite/{token}", "/reset/{token}"];

/// What whoever may only view can press: why it changes nothing of the portal, the pages it is on (how their names begin), and
/// what it is called.
const HARMLESS: &[(&str, &str, &[&str])] = &[
    ("it changes the look", "", &["Light", "Dark", "System"]),
    ("it leads out", "", &["Sign out", "form to /sign-out"]),
    ("it filters a list, without JavaScript", "", &["Search", "Show"]),
    ("it filters a list", "/devices", &["combobox Filter by company"]),
    (
        "it filters a list",
        "/integrations/{id}/devices",
        &["combobox Filter by company", "combobox Filter by organization"],
    ),
    ("it tells more", "/integrations/{id}/", &["Decisions"]),
    ("it tells more", "/devices/{id}", &["Ask Account 9512 now", "Ask Account 9768 now"]),
    ("it tells more", "/settings/audit", &["Check the chain"]),
    ("it makes a copy on paper", "/reports/companies/{id}", &["Print"]),
    ("a view is one's own", "/devices", &["Save as a new view…"]),
    (
        "tokens are one's own, and do no more than their user",
        "/settings/tokens",
        &["New token", "Make the first token"],
    ),
    (
        "the account is one's own",
        "/account",
        &["Change password", "Set up an authenticator app", "Sign out everywhere else", "form to its page"],
    ),
];

/// What those see who may view everything and manage one area, and those do not who may manage nothing: page, area, buttons.
/// `(2)` is the page of the second row: see [`other_states`].
const GATED: &[(&str, Area, &[&str])] = &[
    (
        "/companies",
        Area::Companies,
        &[
            "Archive Company 9512",
            "Archive Company 9768",
            "Edit Company 9512",
            "Edit Company 9768",
            "New company",
        ],
    ),
    ("/companies/import", Area::Companies, &["Preview pasted text", "file csv-file"]),
    (
        "/companies/{id}",
        Area::Companies,
        &["Archive", "Archive Site 9512", "Edit", "Edit Site 9512", "Merge", "New location"],
    ),
    (
        "/companies/{id} (2)",
        Area::Companies,
        &["Archive", "Archive Site 9768", "Edit", "Edit Site 9768", "Merge", "New location"],
    ),
    (
        "/device-types",
        Area::Devices,
        &["Archive Type 9512", "Archive Type 9768", "Edit Type 9512", "Edit Type 9768", "New device type"],
    ),
    (
        "/devices",
        Area::Devices,
        &[
            "Add device",
            "checkbox Select Device 9512",
            "checkbox Select Device 9768",
            "checkbox Select all rows of this page",
        ],
    ),
    (
        "/devices?view",
        Area::Devices,
        &[
            "Add device",
            "Delete…",
            "Rename or share…",
            "Save changes to this view",
            "checkbox Select Device 9512",
            "checkbox Select Device 9768",
            "checkbox Select all rows of this page",
        ],
    ),
    ("/devices/edits", Area::Devices, &["Undo", "Undo", "Undo"]),
    (
        "/devices/{id}",
        Area::Devices,
        &["Archive", "Edit", "Release all", "Release hostname", "Release model", "Undo", "Undo"],
    ),
    ("/devices/{id} (2)", Area::Devices, &["Archive", "Edit", "Undo"]),
    ("/duplicates/{id}", Area::Devices, &["Decide again"]),
    (
        "/duplicates/{id} (2)",
        Area::Devices,
        &["Merge, keep Device 9768", "Not the same", "radio Keep Device 9768", "radio Keep Device 9768"],
    ),
    (
        "/integrations/new",
        Area::Integrations,
        &[
            "Copy Application platform",
            "Copy Grant type",
            "Copy Name",
            "Copy Scope",
            "Next: save and continue",
            "Test connection",
            "form to its page",
            "radio region",
            "radio region",
            "radio region",
            "radio region",
            "radio region",
            "radio region",
        ],
    ),
    ("/integrations/{id}/connect", Area::Integrations, CONNECTED),
    ("/integrations/{id}/connect (2)", Area::Integrations, CONNECTED),
    (
        "/integrations/{id}/devices",
        Area::Mappings,
        &[
            "Import all devices of CLASS_9512",
            "Import selected",
            "Quick Create",
            "Quick Match",
            "Select all 1 matching",
            "Sync devices now",
            "checkbox",
            "checkbox Auto-sync CLASS_9512",
            "checkbox Select Device 9512",
            "combobox Device type for CLASS_9512",
        ],
    ),
    (
        "/integrations/{id}/devices (2)",
        Area::Mappings,
        &[
            "Cancel",
            "Import all devices of CLASS_9768",
            "Import selected",
            "New device",
            "Pause",
            "Quick Create",
            "Quick Match",
            "Same device",
            "Select all 1 matching",
            "Sync devices now",
            "checkbox",
            "checkbox Select Device 9768",
            "combobox Device type for CLASS_9768",
        ],
    ),
    (
        "/integrations/{id}/locations",
        Area::Mappings,
        &[
            "Choose how sure it has to be",
            "Keys ?",
            "Quick Match",
            "Sync now",
            "checkbox Select Remote site 9512",
            "checkbox Select all rows of this page",
            "combobox Location for Remote site 9512",
        ],
    ),
    (
        "/integrations/{id}/locations (2)",
        Area::Mappings,
        &[
            "Cancel",
            "Choose how sure it has to be",
            "Keys ?",
            "Pause",
            "Quick Match",
            "Sync now",
            "checkbox Select Remote site 9768",
            "checkbox Select all rows of this page",
        ],
    ),
    (
        "/integrations/{id}/organizations",
        Area::Mappings,
        &[
            "Choose how sure it has to be",
            "Keys ?",
            "Quick Match",
            "Sync now",
            "checkbox Select Organization 9512",
            "checkbox Select all rows of this page",
            "combobox Company for Organization 9512",
        ],
    ),
    (
        "/integrations/{id}/organizations (2)",
        Area::Mappings,
        &[
            "Accept Company 9768",
            "Cancel",
            "Choose how sure it has to be",
            "Keys ?",
            "Pause",
            "Quick Match",
            "Sync now",
            "checkbox Select Organization 9768",
            "checkbox Select all rows of this page",
            "combobox Company for Organization 9768",
        ],
    ),
    ("/integrations/{id}/runs/{run_id}", Area::Mappings, &["Apply", "Discard", "Retry the failed ones"]),
    ("/integrations/{id}/runs/{run_id} (2)", Area::Mappings, &["Apply", "Cancel", "Discard", "Pause"]),
    ("/reports/companies/{id}", Area::Reports, &["Except all: No owner", "Except all: No serial number"]),
    ("/reports/companies/{id} (2)", Area::Reports, &["Except all: No owner", "Except all: Not in the RMM"]),
    ("/reports/devices?check", Area::Reports, &["Except Device 9512", "Except Device 9768"]),
    (
        "/settings/compliance",
        Area::Reports,
        &[
            "Change the exception for Company 9512: Offline for long",
            "Change the exception for Company 9768: Offline for long",
            "Remove the exception for Company 9512: Offline for long",
            "Remove the exception for Company 9768: Offline for long",
        ],
    ),
    (
        "/settings/compliance",
        Area::Settings,
        &[
            "Save rules",
            "checkbox Counts: Missing in the RMM",
            "checkbox Counts: No backup at all",
            "checkbox Counts: No owner",
            "checkbox Counts: No recent backup",
            "checkbox Counts: No serial number",
            "checkbox Counts: Not in the RMM",
            "checkbox Counts: Offline for long",
            "checkbox Counts: Operating system out of support",
            "checkbox Counts: Operating system support ends soon",
            "checkbox Counts: Stale against the RMM",
            "checkbox Counts: Warranty ended",
            "checkbox Counts: Warranty ends soon",
            "checkbox On: Missing in the RMM",
            "checkbox On: No backup at all",
            "checkbox On: No owner",
            "checkbox On: No recent backup",
            "checkbox On: No serial number",
            "checkbox On: Not in the RMM",
            "checkbox On: Offline for long",
            "checkbox On: Operating system out of support",
            "checkbox On: Operating system support ends soon",
            "checkbox On: Stale against the RMM",
            "checkbox On: Warranty ended",
            "checkbox On: Warranty ends soon",
        ],
    ),
    (
        "/settings/integrations",
        Area::Integrations,
        &["Change when a sync asks", "Change when a sync asks", "Delete", "Delete"],
    ),
    ("/settings/integrations", Area::Mappings, &["Cancel", "Pause", "Sync now", "Sync now"]),
    (
        "/settings/integrations/companies",
        Area::Mappings,
        &[
            "combobox Organization of Company 9512 in Account 9512",
            "combobox Organization of Company 9512 in Account 9768",
            "combobox Organization of Company 9768 in Account 9512",
            "combobox Organization of Company 9768 in Account 9768",
        ],
    ),
    (
        "/settings/roles",
        Area::Users,
        &[
            "Delete Role 9512",
            "Delete Role 9768",
            "Delete Tried",
            "Edit Role 9512",
            "Edit Role 9768",
            "Edit Tried",
            "New role",
        ],
    ),
    ("/settings/tokens", Area::Users, &["Revoke Token 9512", "Revoke Token 9768"]),
    (
        "/settings/users",
        Area::Users,
        &[
            "Change role",
            "Change role",
            "Companies",
            "Companies",
            "Deactivate",
            "Deactivate",
            "Invite",
            "New link",
            "New link",
            "Require it of everybody",
            "Reset password",
            "Reset password",
            "Sessions",
            "Sessions",
            "Withdraw",
            "Withdraw",
        ],
    ),
];

/// What is on the page of credentials that are stored.
const CONNECTED: &[&str] = &[
    "Copy Application platform",
    "Copy Grant type",
    "Copy Name",
    "Copy Scope",
    "Save and continue",
    "Test connection",
    "form to its page",
    "radio region",
    "radio region",
    "radio region",
    "radio region",
    "radio region",
    "radio region",
];

/// A page: what the tables call it, its route and its address.
struct Page {
    name: String,
    route: String,
    address: String,
}

/// What a page shows somebody: the status of the answer, what can be pressed, in order, and where its links lead.
#[derive(Default)]
struct Seen {
    status: u16,
    pressed: Vec<String>,
    leads: Vec<String>,
}

/// A portal with two rows of everything, and its pages.
struct Stage {
    tried: Tried,
    first: Rows,
    pages: Vec<Page>,
}

impl Stage {
    async fn set() -> Self {
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
        Self { tried, first, pages }
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
}

/// What brings further buttons onto the pages. The first row: a run that can be tried again, and a class of devices that has a
/// type. The second: an active run, an open pair, a proposed company, and a device that looks like one enrolled again.
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
    let before_scripts =
        answer.text.split("</script>").map(|part| part.split("<script").next().unwrap_or_default());
    let html = without_comments(&before_scripts.collect::<String>());
    let (mut pressed, leads) = (buttons(&html), tags(&html, "a"));
    pressed.extend(inputs(&html));
    pressed.extend(forms(&html));
    pressed.sort();
    let leads = leads.into_iter().filter_map(|(tag, _)| attribute(tag, "href")).collect();
    Seen { status: answer.status, pressed, leads }
}

/// Leptos marks places by comments, which may hold signs of tags.
fn without_comments(html: &str) -> String {
    let mut parts = html.split("<!--");
    let first = parts.next().unwrap_or_default();
    let rest = parts.map(|part| part.split_once("-->").map_or("", |(_, rest)| rest));
    std::iter::once(first).chain(rest).collect()
}

/// What buttons are called.
fn buttons(html: &str) -> Vec<String> {
    let called = |(tag, rest): (&str, &str)| {
        let inside = || text(rest.split("</button>").next().unwrap_or_default());
        attribute(tag, "aria-label").unwrap_or_else(inside)
    };
    tags(html, "button").into_iter().map(called).collect()
}

/// Fields that act by themselves, as far as they can be used: their kind, and what they are called.
fn inputs(html: &str) -> Vec<String> {
    let act = |(tag, _): (&str, &str)| {
        let kinds = [attribute(tag, "role"), attribute(tag, "type")];
        // A switch is a check box, too.
        let acts = |kind: &String| ["combobox", "checkbox", "radio", "file"].contains(&kind.as_str());
        let kind = kinds.into_iter().flatten().find(acts).filter(|_| !is_off(tag))?;
        let called = ["aria-label", "id", "name"].iter().find_map(|key| attribute(tag, key));
        Some(format!("{kind} {}", called.unwrap_or_default()).trim_end().to_owned())
    };
    tags(html, "input").into_iter().filter_map(act).collect()
}

/// Forms that do more than ask for a page.
fn forms(html: &str) -> Vec<String> {
    let sent = |(tag, _): (&str, &str)| {
        let to = attribute(tag, "action").unwrap_or_else(|| "its page".to_owned());
        (attribute(tag, "method").as_deref() == Some("post")).then(|| format!("form to {to}"))
    };
    tags(html, "form").into_iter().filter_map(sent).collect()
}

/// The tags of that name: their attributes, and what follows them.
fn tags<'a>(html: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let begins = format!("<{name}");
    let of_that_name = |part: &&str| part.starts_with([' ', '\n', '>']);
    let parts = html.split(begins.as_str()).skip(1).filter(of_that_name);
    parts.filter_map(|part| part.split_once('>')).collect()
}

/// An attribute's value.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(text)
}

/// Whether a field is shown and cannot be used.
fn is_off(tag: &str) -> bool {
    let without_values: String = tag.split('"').step_by(2).collect();
    without_values.split_whitespace().any(|word| word.trim_end_matches('=') == "disabled")
}

/// HTML as people read it.
fn text(html: &str) -> String {
    let pieces = html.split('<').enumerate();
    let outside = pieces.map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('>').map_or("", |(_, outside)| outside),
    });
    let words = outside.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
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
    let mut stage = Stage::set().await;
    let (mut wrong, mut met) = (Vec::new(), BTreeSet::new());
    let readers = Area::ALL.iter().map(|area| alone(*area, Level::Read)).chain([everywhere(Level::Read)]);
    for permissions in readers {
        let seen = stage.seen_with(permissions).await;
        for (page, seen) in stage.pages.iter().zip(seen) {
            wrong.extend(too_much(page, &seen, &permissions));
            wrong.extend(astray(page, &seen, &permissions));
            met.extend(seen.pressed);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let allowed = HARMLESS.iter().flat_map(|(_, _, names)| names.iter());
    let stale: Vec<_> = allowed.filter(|name| !met.contains(**name)).collect();
    assert!(stale.is_empty(), "on no page: {stale:?}; on some: {met:?}");
}

#[tokio::test]
async fn who_may_manage_an_area_can_press_what_changes_it_and_nothing_else() {
    let mut stage = Stage::set().await;
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
    let mut stage = Stage::set().await;
    let mut wrong = Vec::new();
    for area in Area::ALL {
        let permissions = alone(*area, Level::Manage);
        let seen = stage.seen_with(permissions).await;
        for (page, seen) in stage.pages.iter().zip(&seen) {
            wrong.extend(astray(page, seen, &permissions));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lists that are empty say what to do next, to those who may do it.
#[tokio::test]
async fn an_empty_portal_tells_nobody_to_do_what_they_may_not() {
    let mut tried = Tried::start(Setup::sqlite()).await;
    let view = everywhere(Level::Read);
    let all = pages_of(&Rows::unknown()).into_iter().filter(|page| !page.route.contains('{'));
    let all: Vec<Page> = all.collect();
    tried.may(view).await;
    let mut wrong = Vec::new();
    for page in all.iter().filter(|page| allows(&view, &page.route)) {
        let seen = look(&mut tried.user, page).await;
        assert_eq!(seen.status, 200, "{}", page.name);
        wrong.extend(too_much(page, &seen, &view));
        wrong.extend(astray(page, &seen, &view));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    tried.may(Permissions::ALL).await;
    let page = all.iter().find(|page| page.route == "/companies").expect("a list of companies");
    let pressed = look(&mut tried.user, page).await.pressed;
    // Beside the heading, and in place of the list.
    assert_eq!(pressed.iter().filter(|name| *name == "New company").count(), 2, "{pressed:?}");
}

fn is_about_all(path: &str) -> bool {
    path.starts_with("/duplicates") || path == "/companies/import"
}

/// Device types, pairs of duplicates and shared views are about the whole portal.
#[tokio::test]
async fn who_is_limited_to_some_companies_is_not_offered_what_is_about_all_of_them() {
    let mut stage = Stage::set().await;
    let permissions = Permissions::OF_SOME_COMPANIES;
    stage.tried.may(permissions).await;
    let me = stage.tried.user.get("session/me", &[]).await.ok()["user"]["id"].clone();
    let mut owner = stage.tried.site.signed_in("sam@northwind.example").await;
    let limit = json!({ "user_id": me, "companies": [stage.first.company] });
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
