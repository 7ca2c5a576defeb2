//! Every write that succeeds leaves its event in the audit log, and every file that somebody takes along.

use crate::support::{Client, PASSWORD, Rows, Setup, Site};
use axum::http::Method;
use domain::{
    ids::TenantId,
    permissions::{Area, Level, Permissions},
    role::Role,
};
use serde_json::{Value, json};
use server::api::server_functions;
use std::{collections::BTreeSet, process::Command};

/// The events that a call leaves, oldest first.
fn expected(endpoint: &str) -> &'static [&'static str] {
    match endpoint {
        "setup/create_portal" => &["portal_created", "signed_in"],
        "session/sign_in" => &["signed_in"],
        "session/sign_out" => &["signed_out"],
        "session/change_password" => &["password_changed"],
        "session/revoke" | "session/revoke_others" => &["sessions_ended"],
        // It makes a secret that counts for nothing until it is confirmed.
        "session/begin_second_factor" => &[],
        "session/new_recovery_codes" => &["recovery_codes_renewed"],
        "session/remove_second_factor" => &["second_factor_off"],
        "session/reset_second_factor" => &["second_factor_reset"],
        "api_tokens/create" => &["api_token_created"],
        "api_tokens/revoke" => &["api_token_revoked"],
        "users/require_second_factor" => &["second_factor_rule_changed"],
        "users/invite" => &["user_invited"],
        "users/withdraw" => &["invitation_withdrawn"],
        "users/accept" => &["user_joined"],
        "users/set_role" => &["role_changed"],
        "users/set_companies" => &["companies_assigned"],
        "roles/create" => &["custom_role_created"],
        "roles/update" => &["custom_role_changed"],
        "roles/delete" => &["custom_role_deleted"],
        "users/deactivate" => &["user_deactivated"],
        "users/activate" => &["user_activated"],
        "users/reset_password" => &["password_link_made"],
        "users/choose_password" => &["password_chosen"],
        "users/transfer_ownership" => &["ownership_transferred"],
        "companies/create" => &["company_created"],
        "companies/update" => &["company_changed"],
        "companies/archive" => &["company_archived"],
        "companies/import_csv" => &["companies_imported"],
        "companies/merge" => &["company_merged"],
        "companies/unmerge" => &["company_unmerged"],
        "locations/create" => &["location_created"],
        "locations/update" => &["location_changed"],
        "locations/archive" => &["location_archived"],
        "locations/import_csv" => &["locations_imported"],
        "device_types/create" => &["device_type_created"],
        "device_types/update" => &["device_type_renamed"],
        "device_types/archive" => &["device_type_archived"],
        "compliance/save_rules" => &["compliance_rules_saved"],
        "compliance/add_exception" => &["exception_added"],
        "compliance/change_exception" => &["exception_changed"],
        "compliance/remove_exception" => &["exception_removed"],
        "integrations/test_connection" => &["connection_tested"],
        "integrations/connect" => &["integration_connected", "run_started"],
        "integrations/update_breaker" => &["integration_limits_changed"],
        "integrations/delete" => &["integration_deleted"],
        "runs/start" | "runs/retry_failed" => &["run_started"],
        "runs/pause" => &["run_paused"],
        "runs/resume" => &["run_resumed"],
        "runs/cancel" => &["run_cancelled"],
        "runs/decide" => &["held_changes_discarded"],
        "organizations/quick_match" | "remote_locations/quick_match" => &["quick_match_used"],
        "node_classes/quick_match" => &["quick_match_used"],
        "node_classes/quick_create" => &["device_type_created", "quick_match_used"],
        "mappings/save_organization" | "mappings/save_location" | "mappings/save_node_class" => {
            &["mapping_saved"]
        }
        "organizations/decide" | "remote_locations/decide" | "mappings/swap_organization" => {
            &["mapping_saved"]
        }
        "mappings/undo" => &["mapping_undone"],
        "staged_devices/resolve" => &["reenrolment_decided"],
        "imports/start" => &["import_started"],
        "devices/create" => &["device_created"],
        "devices/update" => &["devices_edited"],
        "devices/edit" => &["devices_archived"],
        "devices/undo" => &["edit_undone"],
        "duplicates/not_same" => &["duplicates_proposed_again"],
        "duplicates/merge" => &["devices_merged"],
        "duplicates/unmerge" => &["devices_unmerged"],
        "views/save" => &["view_saved"],
        "views/delete" => &["view_deleted"],
        other => panic!("say which event {other} leaves in the audit log"),
    }
}

/// Calls endpoints and looks at what each leaves.
struct Story {
    owner: Client,
    called: BTreeSet<String>,
    /// The last event that was looked at.
    seen: i64,
}

impl Story {
    /// What was done since it was asked last, oldest first.
    async fn news(&mut self) -> Vec<Value> {
        let events = self.owner.all("audit/list", &[]).await;
        let mut new: Vec<Value> =
            events.into_iter().filter(|e| e["seq"].as_i64() > Some(self.seen)).collect();
        new.reverse();
        self.seen = new.last().and_then(|e| e["seq"].as_i64()).unwrap_or(self.seen);
        new
    }

    async fn post(&mut self, endpoint: &str, body: Value) -> Value {
        let answer = self.owner.post(endpoint, body).await.ok();
        self.left(endpoint, "Sam Owner").await;
        answer
    }

    async fn left(&mut self, endpoint: &str, actor: &str) {
        let news = self.news().await;
        let actions: Vec<&str> = news.iter().filter_map(|e| e["action"].as_str()).collect();
        assert_eq!(actions, expected(endpoint), "{endpoint}");
        for event in &news {
            assert_eq!(event["actor"], actor, "{endpoint}: {event}");
            assert_eq!(event["address"], "127.0.0.1", "{endpoint}: {event}");
            assert!(event["subject"].as_str().is_some_and(|s| !s.is_empty()), "{endpoint}: {event}");
        }
        self.called.insert(endpoint.to_owned());
    }

    async fn takes(&mut self, file: &str) {
        let answer = self.owner.get(file, &[]).await;
        assert_eq!(answer.status, 200, "{file}: {}", answer.text);
        let news = self.news().await;
        let actions: Vec<&str> = news.iter().filter_map(|e| e["action"].as_str()).collect();
        assert_eq!(actions, ["file_exported"], "{file}");
    }
}

#[tokio::test]
async fn every_write_leaves_its_event() {
    let site = Setup::sqlite().start().await;
    let owner = site.owner().await;
    let mut story = Story { owner, called: BTreeSet::new(), seen: 0 };
    story.left("setup/create_portal", "Sam Owner").await;
    let me = story.owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(&site, tenant, 0x200).await;
    people(&site, &mut story).await;
    users(&site, &mut story).await;
    account(&site, &mut story, &rows).await;
    records(&mut story, &rows).await;
    mappings(&site, &mut story, &rows, tenant).await;
    runs(&site, &mut story, &rows).await;
    devices(&site, &mut story, &rows).await;
    for (route, _) in server::router::files().into_iter().filter(|(route, _)| !route.ends_with("/events")) {
        let file = route.trim_start_matches("/api/v1/").replace("{id}", &rows.run.to_string());
        story.takes(&file).await;
    }
    let posts = server_functions().into_iter().filter(|e| e.method == Method::POST);
    // This one takes an authenticator app, as the backend's tests have it.
    // And this one leaves its events in the log of the tenant that it creates, as `tenants` has it.
    // This one leaves its event when the mail is sent, as the tests of mails in the backend have it; that of the last one is the
    // tenant's, once its link is used.
    let elsewhere =
        ["session/confirm_second_factor", "setup/sign_up", "users/forgot_password", "setup/request_sign_up"];
    let posts = posts.filter(|e| !elsewhere.contains(&e.name()));
    let all: BTreeSet<String> = posts.map(|e| e.name().to_owned()).collect();
    assert_eq!(story.called, all, "each endpoint that writes is called here");
    let check = story.owner.get("audit/verify", &[]).await.ok();
    assert_eq!((check["intact"].as_bool(), check["events"].as_i64()), (Some(true), Some(story.seen)));
}

async fn people(site: &Site, story: &mut Story) {
    let mut again = site.signed_in("sam@northwind.example").await;
    story.left("session/sign_in", "Sam Owner").await;
    again.post("session/sign_out", json!({})).await.ok();
    story.left("session/sign_out", "Sam Owner").await;
    for email in ["sam@northwind.example", "hunter2"] {
        let body = json!({ "email": email, "password": "wrong" });
        site.nobody().post("session/sign_in", body).await.refused(401, "unauthenticated");
        let news = story.news().await;
        assert_eq!(news.len(), 1);
        assert_eq!(
            (news[0]["action"].as_str(), news[0]["actor"].as_str()),
            (Some("sign_in_refused"), Some("A visitor"))
        );
        assert!(!news[0].to_string().contains("hunter2"), "what was typed is kept: {}", news[0]);
    }
}

/// Somebody who is invited, comes, and is changed in every way; another one who never comes.
async fn users(site: &Site, story: &mut Story) {
    let invite = |email: &str| json!({ "email": email, "role": "read" });
    story.post("users/invite", invite("nina@northwind.example")).await;
    let query = [("state", "invited")];
    let invited = story.owner.get("users/list", &query).await.ok()["items"][0]["invitation_id"].clone();
    story.post("users/withdraw", json!({ "invitation_id": invited })).await;
    let link = story.post("users/invite", invite("robin@northwind.example")).await;
    let join = json!({ "token": token(&link), "name": "Robin User", "password": PASSWORD });
    let robin = site.nobody().post("users/accept", join).await.ok()["user"]["id"].clone();
    story.left("users/accept", "Robin User").await;
    let of = json!({ "user_id": robin });
    story.post("users/set_companies", json!({ "user_id": robin, "companies": [] })).await;
    story.post("users/set_companies", of.clone()).await;
    roles(story).await;
    story.post("users/set_role", json!({ "user_id": robin, "role": "admin" })).await;
    story.post("users/deactivate", of.clone()).await;
    story.post("users/activate", of.clone()).await;
    let link = story.post("users/reset_password", of.clone()).await;
    let choose = json!({ "token": token(&link), "password": "another long password" });
    site.nobody().post("users/choose_password", choose).await.ok();
    story.left("users/choose_password", "Robin User").await;
    story.post("users/transfer_ownership", of).await;
}

/// A role that is made, changed and deleted.
async fn roles(story: &mut Story) {
    let role = |level: Level| json!({ "name": "Auditor", "permissions": Permissions::NONE.with(Area::Settings, level) });
    let made = story.post("roles/create", role(Level::Read)).await;
    let mut changed = role(Level::Manage);
    changed["role_id"] = made["role"].clone();
    story.post("roles/update", changed).await;
    let events = story.owner.get("audit/list", &[("action", "custom_role_changed")]).await.ok();
    let details = events["items"][0]["details"].to_string();
    assert!(
        details.contains("Auditor: view settings") && details.contains("Auditor: manage settings"),
        "{details}"
    );
    story.post("roles/delete", json!({ "role_id": made["role"] })).await;
}

/// The last part of a link.
fn token(link: &Value) -> String {
    link["link"].as_str().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned()
}

/// The owner's other sessions, password and second factor.
async fn account(site: &Site, story: &mut Story, rows: &Rows) {
    for endpoint in ["session/revoke", "session/revoke_others"] {
        site.signed_in("sam@northwind.example").await;
        story.left("session/sign_in", "Sam Owner").await;
        let sessions = story.owner.get("session/list", &[]).await.ok();
        let other = sessions.as_array().expect("a list").iter().find(|s| s["present"] == false);
        let id = other.expect("another session")["id"].clone();
        let body = if endpoint == "session/revoke" { json!({ "session_id": id }) } else { json!({}) };
        story.post(endpoint, body).await;
    }
    let made = story.post("api_tokens/create", json!({ "name": "Nightly", "role": "read" })).await;
    story.post("api_tokens/revoke", json!({ "token_id": made["token"]["id"] })).await;
    let new = "another long password";
    story.post("session/change_password", json!({ "current": PASSWORD, "new": new })).await;
    story.post("session/begin_second_factor", json!({ "password": new })).await;
    site.execute("UPDATE second_factors SET confirmed_at = 1").await;
    // SHA-256 of the code below.
    site.execute(
        "INSERT INTO recovery_codes (user_id, code_hash) SELECT id, x'e7e8b89c2721d290cc5f55425491ecd6831355e91063f20b39c22f9ec6a71f91' FROM users
         WHERE email_key = 'sam@northwind.example'",
    )
    .await;
    for required in [true, false] {
        story.post("users/require_second_factor", json!({ "required": required })).await;
    }
    let by_code = |code: &Value| json!({ "password": new, "code": code });
    let renewed = story.post("session/new_recovery_codes", by_code(&json!("ABCD-EFGH-IJKL-MNOP"))).await;
    story.post("session/remove_second_factor", by_code(&renewed[0])).await;
    site.execute(&format!(
        "INSERT INTO second_factors (user_id, tenant_id, key_id, data_key, secret, last_step, created_at, confirmed_at)
         SELECT id, tenant_id, 'none', x'00', x'00', 0, 0, 0 FROM users WHERE id = {}",
        site.literal(rows.user)
    ))
    .await;
    story.post("session/reset_second_factor", json!({ "user_id": rows.user })).await;
}

async fn records(story: &mut Story, rows: &Rows) {
    let company = story.post("companies/create", json!({ "name": "Harbour" })).await["id"].clone();
    story.post("companies/update", json!({ "company_id": company, "name": "Harbour Ltd" })).await;
    story.post("companies/archive", json!({ "company_id": company })).await;
    let csv = |csv: &str, dry_run: bool| json!({ "csv": csv, "dry_run": dry_run });
    story.owner.post("companies/import_csv", csv("name\nContoso\n", true)).await.ok();
    assert_eq!(story.news().await, Vec::<Value>::new(), "a dry run is no event");
    story.post("companies/import_csv", csv("name\nContoso\n", false)).await;
    let merge = json!({ "company_id": company, "into": rows.company, "dry_run": false });
    story.post("companies/merge", merge).await;
    let unmerge = |dry_run: bool| json!({ "company_id": company, "dry_run": dry_run });
    story.owner.post("companies/unmerge", unmerge(true)).await.ok();
    assert_eq!(story.news().await, Vec::<Value>::new(), "a dry run is no event");
    story.post("companies/unmerge", unmerge(false)).await;
    let yard = json!({ "company_id": rows.company, "name": "Yard" });
    let yard = story.post("locations/create", yard).await["id"].clone();
    story.post("locations/update", json!({ "location_id": yard, "name": "Old yard" })).await;
    story.post("locations/archive", json!({ "location_id": yard })).await;
    let dock = format!("company,name\nCompany {},Dock\n", rows.remote);
    story.post("locations/import_csv", csv(&dock, false)).await;
    let kiosk = story.post("device_types/create", json!({ "name": "Kiosk" })).await["id"].clone();
    story.post("device_types/update", json!({ "device_type_id": kiosk, "name": "Kiosks" })).await;
    story.post("device_types/archive", json!({ "device_type_id": kiosk })).await;
    story.post("compliance/save_rules", json!({ "rules": [] })).await;
    let exception = json!({ "check": "no_owner", "company": rows.company, "reason": "Replaced soon" });
    story.post("compliance/add_exception", exception).await;
    let other = json!({ "exception_id": rows.exception, "reason": "Replaced in June" });
    story.post("compliance/change_exception", other).await;
    story.post("compliance/remove_exception", json!({ "exception_id": rows.exception })).await;
    let view = story.post("views/save", json!({ "name": "Offline", "query": "status=offline" })).await;
    story.post("views/delete", json!({ "view_id": view["id"] })).await;
}

async fn mappings(site: &Site, story: &mut Story, rows: &Rows, tenant: TenantId) {
    let (t, i) = (site.literal(tenant.0), site.literal(rows.integration));
    for sql in [
        format!("INSERT INTO organizations (tenant_id, integration_id, remote_id, name, name_key, device_count, hash,
            created_at, updated_at) VALUES ({t}, {i}, '77', 'Contoso', 'contoso', 0, 1, 0, 0)"),
        format!("INSERT INTO remote_locations (tenant_id, integration_id, remote_id, organization_id, name, name_key, hash,
            created_at, updated_at) VALUES ({t}, {i}, '78', '{}', 'Dock', 'dock', 1, 0, 0)", rows.remote),
        format!("INSERT INTO remote_devices (tenant_id, integration_id, remote_id, id, organization_id, node_class, search_key,
            name, ip_addresses, mac_addresses, hash, created_at, updated_at, same_as)
            VALUES ({t}, {i}, '79', {}, '{}', 'NMS_ROUTER', 'router', 'Router', '[]', '[]', 1, 0, 0, {})",
            site.literal(uuid::Uuid::from_u128(79)), rows.remote, site.literal(rows.device)),
    ] {
        site.execute(&sql).await;
    }
    let of = |rest: Value| {
        let mut body = json!({ "integration_id": rows.integration });
        body.as_object_mut().expect("an object").extend(rest.as_object().cloned().unwrap_or_default());
        body
    };
    story.post("organizations/quick_match", of(json!({}))).await;
    story.post("remote_locations/quick_match", of(json!({}))).await;
    let location = json!({ "remote_id": rows.remote, "choice": "ignore" });
    story.post("mappings/save_location", of(location)).await;
    let all = json!({ "select": { "filter": {} }, "choice": "unmap" });
    story.post("remote_locations/decide", of(all.clone())).await;
    let swap = json!({ "remote_id": rows.remote, "by": "77", "confirm": true });
    story.post("mappings/swap_organization", of(swap)).await;
    let ignore = json!({ "remote_id": rows.remote, "choice": "ignore", "confirm": true });
    let decided = story.post("mappings/save_organization", of(ignore)).await;
    story.post("mappings/undo", json!({ "decision_id": decided["undo"], "confirm": true })).await;
    let all = json!({ "select": { "filter": {} }, "choice": "ignore", "confirm": true });
    story.post("organizations/decide", of(all)).await;
    story.post("node_classes/quick_match", of(json!({}))).await;
    story.post("node_classes/quick_create", of(json!({}))).await;
    let class = json!({ "node_class": rows.node_class(), "auto_sync": true });
    story.post("mappings/save_node_class", of(class)).await;
    site.execute(&format!("UPDATE remote_devices SET missing_since = 1 WHERE remote_id = '{}'", rows.remote))
        .await;
    story.post("staged_devices/resolve", of(json!({ "remote_id": "79", "choice": "new" }))).await;
}

async fn runs(site: &Site, story: &mut Story, rows: &Rows) {
    let of = json!({ "integration_id": rows.integration });
    story.post("runs/decide", json!({ "question_id": rows.question, "decision": "discard" })).await;
    let start = json!({ "integration_id": rows.integration, "kind": "devices" });
    let run = json!({ "run_id": story.post("runs/start", start).await["id"] });
    for endpoint in ["runs/pause", "runs/resume", "runs/cancel", "runs/retry_failed"] {
        story.post(endpoint, run.clone()).await;
    }
    let import = json!({ "integration_id": rows.integration, "select": "all" });
    story.post("imports/start", import).await;
    story.post("integrations/test_connection", site.credentials()).await;
    let connected = story.post("integrations/connect", site.credentials()).await;
    let limits = json!({ "percent": 30, "rows": 20 });
    let limits = json!({ "integration_id": of["integration_id"], "percent": limits["percent"], "rows": limits["rows"] });
    story.post("integrations/update_breaker", limits).await;
    let delete =
        json!({ "integration_id": connected["id"], "confirm_name": connected["name"], "devices": "keep" });
    story.post("integrations/delete", delete).await;
    let events = story.owner.all("audit/list", &[]).await;
    let log = Value::from(events).to_string();
    assert!(!log.contains(site.simulator.client_secret()), "the log holds the secret");
    assert!(!log.contains(PASSWORD), "the log holds the password");
}

async fn devices(site: &Site, story: &mut Story, rows: &Rows) {
    let field = |name: &str, value: Value| json!({ "field": name, "value": value });
    let update = json!({ "device_id": rows.device, "fields": [field("name", json!("Front desk"))] });
    story.post("devices/update", update).await;
    let fields = [
        field("name", json!("Till")),
        field("company", json!(rows.company)),
        field("device_type", json!(rows.device_type)),
    ];
    let till = story.post("devices/create", json!({ "fields": fields })).await["id"].clone();
    let edit = json!({ "select": { "ids": [till] }, "action": "archive" });
    let edited = story.post("devices/edit", edit).await;
    story.post("devices/undo", json!({ "edit_id": edited["edit"] })).await;
    let pair = json!({ "duplicate_id": rows.duplicate });
    let till_id: uuid::Uuid = till.as_str().expect("an id").parse().expect("a UUID");
    site.execute(&format!(
        "UPDATE duplicate_pairs SET right_id = {} WHERE id = {}",
        site.literal(till_id),
        site.literal(rows.duplicate)
    ))
    .await;
    story.post("duplicates/not_same", json!({ "duplicate_id": rows.duplicate, "not_same": false })).await;
    story.post("duplicates/merge", json!({ "duplicate_id": rows.duplicate, "keep": rows.device })).await;
    story.post("duplicates/unmerge", pair).await;
}

#[tokio::test]
async fn the_log_is_for_administrators_of_the_tenant() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    site.nobody().get("audit/export.csv", &[]).await.refused(401, "unauthenticated");
    for role in [Role::Read, Role::Manage] {
        let mut user = site.user(role).await;
        for part in ["list", "verify", "export.csv"] {
            user.get(&format!("audit/{part}"), &[]).await.refused(403, "forbidden");
        }
    }
    let (mut stranger, _) = site.stranger().await;
    let theirs = stranger.all("audit/list", &[]).await;
    assert_eq!(theirs.len(), 1, "{theirs:?}");
    assert_eq!(theirs[0]["actor"], "Toni Stranger");
    let me = owner.get("session/me", &[]).await.ok();
    let of_owner = [("user_id", me["user"]["id"].as_str().expect("an id"))];
    stranger.get("audit/list", &of_owner).await.refused(404, "not_found");
    let file = stranger.get("audit/export.csv", &[]).await.text;
    assert!(!file.contains("Sam Owner"), "{file}");
}

#[tokio::test]
async fn the_file_holds_what_the_list_shows_and_no_formula() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    owner.post("companies/create", json!({ "name": "=HYPERLINK(1)" })).await.ok();
    let file = owner.get("audit/export.csv", &[("action", "company_created")]).await;
    let lines: Vec<&str> = file.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2, "{}", file.text);
    assert!(lines[0].starts_with("number,time,who,"), "{}", lines[0]);
    assert!(lines[1].contains("'=HYPERLINK(1)") && lines[1].contains("Sam Owner"), "{}", lines[1]);
    let wrong = owner.get("audit/export.csv", &[("action", "flown")]).await.refused(422, "invalid");
    assert_eq!(wrong.as_deref(), Some("action"));
    let wrong = owner.get("audit/export.csv", &[("from", "1.5.")]).await.refused(422, "invalid");
    assert_eq!(wrong.as_deref(), Some("from"));
}

#[tokio::test]
async fn the_command_tells_a_whole_log_from_a_broken_one() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let verify = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
        command
            .args(["audit", "verify", "--data-dir"])
            .arg(site.setup.folder.path())
            .env_remove("DATABASE_URL");
        let output = command.output().expect("the program runs");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (whole, said) = verify();
    assert!(whole && said.starts_with("Northwind MSP: intact: 2 events, from "), "{said}");
    site.execute("DROP TRIGGER audit_events_kept").await;
    site.execute("UPDATE audit_events SET actor = 'Nobody' WHERE seq = 2").await;
    let (whole, said) = verify();
    assert!(!whole && said.starts_with("Northwind MSP: NOT WHOLE: event 2 does not fit."), "{said}");
}

/// What somebody's role does not allow is noted, and nobody fills the log with it.
#[tokio::test]
async fn refusals_are_noted_and_do_not_fill_the_log() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Read).await;
    let mut user = site.user(Role::Read).await;
    user.post("companies/create", json!({ "name": "hunter2" })).await.refused(403, "forbidden");
    user.get("audit/export.csv", &[]).await.refused(403, "forbidden");
    user.get("no/such/endpoint", &[]).await.refused(404, "not_found");
    assert_eq!(server::api::name_of("/api/v1/runs/01/changes.csv"), Some("runs/changes.csv"));
    assert_eq!(server::api::name_of("/api/v1/runs/01/events"), Some("runs/events"));
    assert_eq!(server::api::name_of("/api/v1/runs/01/02/events"), None);
    let refused = [("action", "access_refused")];
    let events = owner.all("audit/list", &refused).await;
    let told: Vec<String> = events.iter().map(|e| e["details"].to_string()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("audit/export.csv") && told[1].contains("companies/create"), "{told:?}");
    assert_eq!(events[0]["address"], "127.0.0.1");
    for _ in 0..20 {
        user.get("audit/list", &[]).await.refused(403, "forbidden");
    }
    assert_eq!(owner.all("audit/list", &refused).await.len(), 10);
    // Others have a number of their own; a program is named.
    let answer = program.clone().post("companies/create", json!({ "name": "Harbour" })).await;
    answer.refused(403, "forbidden");
    let events = owner.all("audit/list", &refused).await;
    assert_eq!(events.len(), 11);
    assert!(events[0]["actor"].as_str().is_some_and(|actor| actor.contains("(API token ")), "{}", events[0]);
}
