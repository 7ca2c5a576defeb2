//! Users and API tokens that are limited to some companies: what is outside is to them as what never was.

mod leaks;
mod tokens;

use crate::{
    foreign::{WORDS, everything},
    support::{Client, Rows, Setup, Site, samples},
};
use domain::{ids::TenantId, role::Role};
use serde_json::{Value, json};
use server::api::{Endpoint, Needs, server_functions};
use uuid::Uuid;

/// A tenant with two of everything, and a user who is limited to the company of the first.
struct Stage {
    site: Site,
    owner: Client,
    user: Client,
    user_id: String,
    mine: Rows,
    other: Rows,
}

impl Stage {
    async fn set(setup: Setup) -> Self {
        let site = setup.start().await;
        let mut owner = site.owner().await;
        let me = owner.get("session/me", &[]).await.ok();
        let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
        let mine = Rows::insert(&site, tenant, 0x200).await;
        let other = Rows::insert(&site, tenant, 0x300).await;
        for rows in [&mine, &other] {
            let (device, serial) = (site.literal(rows.device), format!("SERIAL {}", rows.remote));
            site.execute(&format!("UPDATE devices SET serial = '{serial}' WHERE id = {device}")).await;
        }
        let mut user = site.user(Role::Manage).await;
        let user_id =
            user.get("session/me", &[]).await.ok()["user"]["id"].as_str().expect("an id").to_owned();
        let mut stage = Self { site, owner, user, user_id, mine, other };
        stage.assign(Some(&[stage.mine.company])).await;
        stage.user.refused_enough().await;
        stage
    }

    /// Limits the user to companies, or to none.
    async fn assign(&mut self, companies: Option<&[Uuid]>) -> Value {
        let body = json!({ "user_id": self.user_id, "companies": companies });
        self.owner.post("users/set_companies", body).await.ok()
    }
}

/// Whether somebody who is limited is let in, as the table has it.
fn takes(endpoint: &Endpoint) -> bool {
    endpoint.takes_limited() && endpoint.needs > Needs::Nothing
}

on_both!(what_is_outside_is_as_what_never_was);

async fn what_is_outside_is_as_what_never_was(setup: Setup) {
    let mut stage = Stage::set(setup).await;
    let before = everything(&mut stage.owner, &stage.other).await;
    let mut compared = 0;
    // Of another company, and of another tenant.
    let (_, foreign) = stage.site.stranger().await;
    let counts = stage.site.row_counts().await;
    let places = [(stage.other.clone(), true), (foreign, false)];
    for (endpoint, (there, mine)) in server_functions()
        .iter()
        .filter(|e| takes(e))
        .flat_map(|e| places.iter().map(move |place| (e, place)))
    {
        for argument in &endpoint.arguments {
            // Types of devices are the whole tenant's.
            let shared = *mine && argument.name.starts_with("device_type");
            let Some(outside) = there.named(argument.name).filter(|_| !shared) else { continue };
            let unknown = Rows::unknown().named(argument.name);
            let mut own = Value::Object(samples(endpoint, &stage.mine));
            own[argument.name] = outside;
            let outside = stage.user.call(&endpoint.method, endpoint.path, &own).await;
            own[argument.name] = unknown.expect("a row's name");
            let unknown = stage.user.call(&endpoint.method, endpoint.path, &own).await;
            assert_eq!(outside.outside(), unknown.outside(), "{}: {}", endpoint.path, argument.name);
            let word = endpoint.is_read() && WORDS.contains(&argument.name);
            let refused = matches!(outside.status, 403 | 404);
            assert!(word || refused, "{}: {} {}", endpoint.path, outside.status, outside.text);
            compared += 1;
        }
    }
    assert!(compared >= 50, "only {compared} arguments name rows");
    for (there, _) in &places {
        nested(&mut stage, there).await;
    }
    assert_eq!(everything(&mut stage.owner, &stage.other).await, before, "something outside moved");
    assert_eq!(stage.site.row_counts().await, counts);
}

/// Ids of `other` inside of values and selections.
async fn nested(stage: &mut Stage, other: &Rows) {
    let (mine, unknown) = (stage.mine.clone(), Rows::unknown());
    let device = |rows: &Rows| {
        json!({ "fields": [
            { "field": "name", "value": "Spare" },
            { "field": "company", "value": rows.company },
            { "field": "device_type", "value": mine.device_type },
        ] })
    };
    let placed = |rows: &Rows, field: &str, id: Uuid| json!({ "device_id": rows.device, "fields": [{ "field": field, "value": id }] });
    let picked = |rows: &Rows| json!({ "select": { "ids": [rows.device] }, "action": "archive" });
    let filtered =
        |rows: &Rows| json!({ "select": { "filter": { "company": rows.company } }, "action": "archive" });
    let excepted = |key: &str, id: Uuid| json!({ "check": "offline", key: id, "reason": "Replaced soon" });
    for (path, outside, never) in [
        ("devices/create", device(other), device(&unknown)),
        (
            "devices/update",
            placed(&mine, "company", other.company),
            placed(&mine, "company", unknown.company),
        ),
        (
            "devices/update",
            placed(&mine, "location", other.location),
            placed(&mine, "location", unknown.location),
        ),
        ("devices/edit", picked(other), picked(&unknown)),
        ("devices/edit", filtered(other), filtered(&unknown)),
        ("compliance/add_exception", excepted("device", other.device), excepted("device", unknown.device)),
        (
            "compliance/add_exception",
            excepted("company", other.company),
            excepted("company", unknown.company),
        ),
    ] {
        let outside = stage.user.post(path, outside).await;
        let never = stage.user.post(path, never).await;
        assert_eq!(outside.outside(), never.outside(), "{path}");
        outside.refused(404, "not_found");
    }
}

async fn user_email(user: &mut Client) -> String {
    user.get("session/me", &[]).await.ok()["user"]["email"].as_str().expect("an address").to_owned()
}

#[tokio::test]
async fn what_is_about_the_whole_portal_is_refused() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let token = json!({ "name": "Limited", "role": "admin", "companies": [stage.mine.company] });
    let token = stage.owner.post("api_tokens/create", token).await.ok();
    let mut program = stage.site.nobody();
    program.token = token["secret"].as_str().map(str::to_owned);
    program.refused_enough().await;
    // Nothing else than the limit is to refuse them: no role does.
    let all =
        format!("UPDATE users SET role = 'admin' WHERE email = '{}'", user_email(&mut stage.user).await);
    stage.site.execute(&all).await;
    let (counts, writes) = (stage.site.row_counts().await, stage.site.watch_writes().await);
    let version = writes.version().await;
    let mut refused = 0;
    for endpoint in server_functions().iter().filter(|e| e.needs > Needs::Nothing && !e.takes_limited()) {
        let arguments = samples(endpoint, &stage.mine).into();
        let answer = stage.user.call(&endpoint.method, endpoint.path, &arguments).await;
        assert!(answer.text.contains("this is about the whole portal"), "{}: {}", endpoint.path, answer.text);
        answer.refused(403, "forbidden");
        program.call(&endpoint.method, endpoint.path, &arguments).await.refused(403, "forbidden");
        refused += 1;
    }
    assert!(refused >= 60, "only {refused} endpoints are refused");
    for part in ["events", "changes.csv"] {
        let path = format!("runs/{}/{part}", stage.mine.run);
        stage.user.get(&path, &[]).await.refused(403, "forbidden");
    }
    stage.user.get("audit/export.csv", &[]).await.refused(403, "forbidden");
    assert_eq!(writes.version().await, version, "a refused call wrote to the database");
    assert_eq!(stage.site.row_counts().await, counts);
}

#[tokio::test]
async fn what_is_within_is_theirs() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let (mine, id) = (stage.mine.clone(), |rows: &Rows| rows.device.to_string());
    stage.user.get("devices/get", &[("device_id", &id(&mine))]).await.ok();
    let all = json!({ "select": { "filter": {} }, "action": "archive" });
    let edited = stage.user.post("devices/edit", all).await.ok();
    assert_eq!(edited["changed"], 1, "the device of the one company");
    assert_eq!(stage.owner.get("devices/list", &[("archived", "only")]).await.ok()["total"], 1);
    assert_eq!(
        stage.user.get("devices/edits", &[]).await.ok()["total"],
        2,
        "theirs, and an older one within"
    );
    let undone = stage.user.post("devices/undo", json!({ "edit_id": edited["edit"] })).await.ok();
    assert_eq!(undone["changed"], 1);
    // An edit of both companies' devices is not theirs to see, or to take back.
    let owners = stage.owner.post("devices/edit", json!({ "select": { "filter": {} }, "action": "archive" }));
    let owners = owners.await.ok();
    assert_eq!(owners["changed"], 2);
    let undo = json!({ "edit_id": owners["edit"] });
    stage.user.post("devices/undo", undo.clone()).await.refused(404, "not_found");
    assert_eq!(stage.user.get("devices/edits", &[]).await.ok()["total"], 3);
    assert_eq!(stage.owner.post("devices/undo", undo).await.ok()["changed"], 2);
}

#[tokio::test]
async fn a_device_is_not_taken_back_into_another_company() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let fields = |company: Uuid| json!([{ "field": "company", "value": company }]);
    let kind = json!({ "field": "device_type", "value": stage.mine.device_type });
    let made = json!({ "fields": [
        { "field": "name", "value": "Spare" }, { "field": "company", "value": stage.other.company }, kind,
    ] });
    let device = stage.owner.post("devices/create", made).await.ok()["id"].clone();
    let moved = json!({ "select": { "ids": [device] }, "action": { "set": fields(stage.mine.company) } });
    let moved = stage.owner.post("devices/edit", moved).await.ok();
    let undo = json!({ "edit_id": moved["edit"] });
    stage.user.post("devices/undo", undo).await.refused(409, "conflict");
    let shown = stage.user.get("devices/history", &[("device_id", device.as_str().expect("an id"))]).await;
    assert!(!shown.text.contains(&format!("Company {}", stage.other.remote)), "{}", shown.text);
    assert!(shown.text.contains("outside your companies"), "{}", shown.text);
    shown.ok();
}

#[tokio::test]
async fn an_assignment_counts_at_once() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let both = [stage.mine.company, stage.other.company];
    assert_eq!(stage.user.get("session/me", &[]).await.ok()["limited"], true);
    for (companies, seen, member) in [
        (Some(&both[..1]), 1, json!(1)),
        (Some(&both[..]), 2, json!(2)),
        (Some(&[]), 0, json!(0)),
        (None, 2, Value::Null),
    ] {
        assert_eq!(stage.assign(companies).await["companies"], member);
        for list in
            ["companies/list", "devices/list", "locations/list", "reports/devices", "compliance/exceptions"]
        {
            assert_eq!(stage.user.get(list, &[]).await.ok()["total"], seen, "{list} of {companies:?}");
        }
        let summary = stage.user.get("reports/summary", &[]).await.ok();
        assert_eq!(summary["devices"], seen, "{companies:?}");
    }
    assert_eq!(stage.user.get("session/me", &[]).await.ok()["limited"], false);
    stage.user.get("integrations/list", &[]).await.ok();
}

#[tokio::test]
async fn administrators_are_not_limited() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let limit = |id: &str| json!({ "user_id": id, "companies": [] });
    let owner = stage.owner.get("session/me", &[]).await.ok()["user"]["id"].clone();
    let owner = owner.as_str().expect("an id");
    stage.owner.post("users/set_companies", limit(owner)).await.refused(409, "conflict");
    let admin = json!({ "user_id": stage.user_id, "role": "admin" });
    stage.owner.post("users/set_role", admin.clone()).await.refused(409, "conflict");
    let unknown = json!({ "user_id": stage.user_id, "companies": [Rows::unknown().company] });
    stage.owner.post("users/set_companies", unknown).await.refused(404, "not_found");
    let kept = stage.owner.get("users/companies", &[("user_id", &stage.user_id)]).await.ok();
    assert_eq!(kept["companies"][0]["id"], json!(stage.mine.company));
    stage.assign(None).await;
    stage.owner.post("users/set_role", admin).await.ok();
}

#[tokio::test]
async fn an_invitation_says_which_companies() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let email = "kim@northwind.example";
    let body = json!({ "email": email, "role": "read", "companies": [stage.mine.company] });
    stage.owner.post("users/invite", body).await.ok();
    // A new link keeps what the invitation says.
    let again = stage.owner.post("users/invite", json!({ "email": email, "role": "read" })).await.ok();
    let token = again["link"].as_str().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned();
    let admin = stage.owner.post("users/invite", json!({ "email": email, "role": "admin" })).await;
    assert_eq!(admin.refused(422, "invalid").as_deref(), Some("role"));
    let mut kim = stage.site.nobody();
    let accept = json!({ "token": token, "name": "Kim", "password": "a long enough password" });
    assert_eq!(kim.post("users/accept", accept).await.ok()["limited"], true);
    assert_eq!(kim.get("companies/list", &[]).await.ok()["items"][0]["id"], json!(stage.mine.company));
    assert_eq!(kim.get("companies/list", &[]).await.ok()["total"], 1);
}
