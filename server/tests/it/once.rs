//! Writes with a key of the caller's are done once, however often they are sent.

use crate::support::{Client, Setup};
use domain::role::Role;
use reqwest::Method;
use sea_orm::DbBackend;
use serde_json::{Value, json};
use std::time::Duration;

on_both!(
    the_same_request_is_done_once,
    many_at_a_time_are_done_once,
    a_busy_database_gives_the_key_back,
    an_answer_is_not_for_those_who_may_do_less_by_now,
);

const KEY: &str = "idempotency-key";

/// An answer: status, whether it is said to be that of an earlier request, body.
type Seen = (u16, bool, Value);

async fn post(client: &Client, path: &str, key: &str, body: &Value) -> Seen {
    let answer =
        client.request(Method::POST, path).header(KEY, key).json(body).send().await.expect("an answer");
    let (status, again) = (answer.status().as_u16(), answer.headers().contains_key("idempotency-replayed"));
    (status, again, answer.json().await.expect("JSON"))
}

async fn companies(client: &mut Client) -> i64 {
    client.get("companies/list", &[]).await.ok()["total"].as_i64().expect("a number")
}

async fn the_same_request_is_done_once(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let (harbour, contoso) = (json!({ "name": "Harbour" }), json!({ "name": "Contoso" }));
    let first = post(&program, "companies/create", "k1", &harbour).await;
    assert_eq!((first.0, first.1), (200, false), "{}", first.2);
    let again = post(&program, "companies/create", "k1", &harbour).await;
    assert_eq!(again, (200, true, first.2.clone()));
    assert_eq!(companies(&mut owner).await, 1);

    // Refusals are answers too.
    let taken = post(&program, "companies/create", "k2", &harbour).await;
    assert_eq!((taken.0, taken.1), (409, false));
    assert_eq!(post(&program, "companies/create", "k2", &harbour).await, (409, true, taken.2));

    for (path, body) in [("companies/create", &contoso), ("device_types/create", &harbour)] {
        let (status, _, answer) = post(&program, path, "k1", body).await;
        assert_eq!((status, &answer["error"]["field"]), (422, &json!("Idempotency-Key")), "{path}: {answer}");
    }
    assert_eq!(companies(&mut owner).await, 1);

    // The key is the token's own: neither its user nor another token meets it.
    let other = site.named_program(&mut owner, Role::Manage, "Another").await;
    assert_eq!(post(&owner, "companies/create", "k1", &contoso).await.0, 200);
    assert_eq!(post(&other, "companies/create", "k1", &json!({ "name": "Fabrikam" })).await.0, 200);
    assert_eq!(companies(&mut owner).await, 3);

    // After a day a key is new again.
    site.execute("UPDATE idempotency_keys SET created_at = 1").await;
    let late = post(&program, "companies/create", "k1", &harbour).await;
    assert_eq!((late.0, late.1), (409, false), "the name is taken by now: {}", late.2);

    // The nightly job forgets old keys.
    site.execute("UPDATE idempotency_keys SET created_at = 1").await;
    backend::jobs::prune::prune(&site.portal).await.expect("pruned");
    let kept = site.row_counts().await.into_iter().find(|(table, _)| table.ends_with("idempotency_keys"));
    assert_eq!(kept.map(|(_, rows)| rows), Some(0));
}

async fn many_at_a_time_are_done_once(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let body = json!({ "name": "Harbour" });
    let all = (0..12).map(|_| post(&program, "companies/create", "k", &body));
    let answers = futures::future::join_all(all).await;
    let made: Vec<&Value> = answers.iter().filter(|a| a.0 == 200).map(|a| &a.2["id"]).collect();
    assert!(!made.is_empty() && made.iter().all(|id| *id == made[0]), "{answers:?}");
    for (status, _, answer) in answers.iter().filter(|a| a.0 != 200) {
        assert_eq!(*status, 409, "{answer}");
        assert!(answer["error"]["message"].as_str().is_some_and(|m| m.contains("under way")), "{answer}");
    }
    assert_eq!(companies(&mut owner).await, 1);
}

/// Nothing was done: what is sent once more with the same key is done then.
async fn a_busy_database_gives_the_key_back(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    // After the key is taken, as if somebody had come in between.
    let (busy, free) = match site.portal.db().get_database_backend() {
        DbBackend::Sqlite => (
            "CREATE TRIGGER busy BEFORE INSERT ON companies BEGIN SELECT RAISE(ABORT, 'database is locked'); END",
            "DROP TRIGGER busy",
        ),
        _ => (
            "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deadlock detected'; END $$;
             CREATE TRIGGER busy BEFORE INSERT ON companies FOR EACH ROW EXECUTE FUNCTION busy()",
            "DROP TRIGGER busy ON companies",
        ),
    };
    let harbour = json!({ "name": "Harbour" });
    site.execute(busy).await;
    let (status, _, refused) = post(&program, "companies/create", "k", &harbour).await;
    let message = refused["error"]["message"].as_str().unwrap_or_default();
    assert!(status == 500 && message.starts_with("The database is busy. Nothing was changed"), "{refused}");
    site.execute(free).await;
    let (status, again, made) = post(&program, "companies/create", "k", &harbour).await;
    assert_eq!((status, again), (200, false), "{made}");
    assert_eq!(post(&program, "companies/create", "k", &harbour).await, (200, true, made));
    assert_eq!(companies(&mut owner).await, 1);
}

async fn an_answer_is_not_for_those_who_may_do_less_by_now(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let mut user = site.user(Role::Manage).await;
    let id = user.get("session/me", &[]).await.ok()["user"]["id"].clone();
    let harbour = json!({ "name": "Harbour" });
    let first = post(&user, "companies/create", "k", &harbour).await;
    assert_eq!((first.0, first.1), (200, false), "{}", first.2);

    // Limited to a company, then to another one, then a reader again without limits.
    let (one, other) =
        (&first.2["id"], &owner.post("companies/create", json!({ "name": "Contoso" })).await.ok()["id"]);
    let kind = &owner.post("device_types/create", json!({ "name": "Kiosk" })).await.ok()["id"];
    let fields = [("name", &json!("Reception")), ("company", one), ("device_type", kind)];
    let fields = fields.map(|(field, value)| json!({ "field": field, "value": value }));
    let device = json!({ "fields": fields });
    owner.post("users/set_companies", json!({ "user_id": id, "companies": [one] })).await.ok();
    assert_refused(post(&user, "companies/create", "k", &harbour).await);
    assert_eq!(post(&user, "devices/create", "e", &device).await.0, 200);
    assert!(post(&user, "devices/create", "e", &device).await.1);
    owner.post("users/set_companies", json!({ "user_id": id, "companies": [other] })).await.ok();
    assert_refused(post(&user, "devices/create", "e", &device).await);
    owner.post("users/set_companies", json!({ "user_id": id, "companies": null })).await.ok();
    assert_eq!(post(&user, "companies/create", "k", &harbour).await, (200, true, first.2.clone()));
    owner.post("users/set_role", json!({ "user_id": id, "role": "read" })).await.ok();
    let user = site.signed_in("manage@northwind.example").await;
    assert_refused(post(&user, "companies/create", "k", &harbour).await);
}

/// The key stands for a request of somebody who might do something else.
#[track_caller]
fn assert_refused((status, again, answer): Seen) {
    assert_eq!(
        (status, again, &answer["error"]["field"]),
        (422, false, &json!("Idempotency-Key")),
        "{answer}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_hangs_up_finds_it_done_once() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    for wait in [1, 5, 20, 60] {
        let names: String = (0..300).map(|n| format!("Company {wait}-{n}\n")).collect();
        let body = json!({ "csv": format!("name\n{names}"), "dry_run": false });
        let key = format!("hangs up after {wait}");
        let before = companies(&mut owner).await;
        let cut = post(&program, "companies/import_csv", &key, &body);
        _ = tokio::time::timeout(Duration::from_millis(wait), cut).await;
        let report = loop {
            let (status, _, answer) = post(&program, "companies/import_csv", &key, &body).await;
            if status != 409 {
                break answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!(report["created"], 300, "{wait}: {report}");
        assert_eq!(companies(&mut owner).await, before + 300);
    }
}

#[tokio::test]
async fn what_was_cut_off_is_not_done_again() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let body = json!({ "name": "Harbour" });
    post(&program, "companies/create", "k", &body).await;
    // As a server leaves it that was killed on the way.
    site.execute("UPDATE idempotency_keys SET status = NULL, body = NULL").await;
    let (status, _, answer) = post(&program, "companies/create", "k", &body).await;
    assert!(status == 409 && answer.to_string().contains("under way"), "{answer}");
    site.execute("UPDATE idempotency_keys SET created_at = created_at - 700000000").await;
    let (status, _, answer) = post(&program, "companies/create", "k", &body).await;
    assert!(status == 409 && answer.to_string().contains("was cut off"), "{answer}");
    assert_eq!(companies(&mut owner).await, 1);
}

#[tokio::test]
async fn what_is_very_long_is_not_kept() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let lines = "no such column in this company,x,y,z\n".repeat(4000);
    let body = json!({ "csv": format!("name,domain\n{lines}"), "dry_run": true });
    let (status, _, report) = post(&program, "companies/import_csv", "long", &body).await;
    assert!(status == 200 && report.to_string().len() > 256 << 10, "{status}");
    let (status, _, answer) = post(&program, "companies/import_csv", "long", &body).await;
    assert!(status == 409 && answer.to_string().contains("was not kept"), "{answer}");
}

/// Answers of many lines are kept only while those of their owner leave room.
#[tokio::test]
async fn an_owner_has_room_for_answers() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let lines = "no such column in this company,x,y,z\n".repeat(200);
    let body = json!({ "csv": format!("name,domain\n{lines}"), "dry_run": true });
    let (status, _, report) = post(&program, "companies/import_csv", "large", &body).await;
    assert!(status == 200 && report.to_string().len() > 8 << 10, "{status}");
    assert_eq!(post(&program, "companies/import_csv", "large", &body).await.0, 200, "it is kept");
    site.execute("UPDATE idempotency_keys SET body = zeroblob(67108865)").await;
    assert_eq!(post(&program, "companies/import_csv", "other", &body).await.0, 200, "it is done");
    let (status, _, answer) = post(&program, "companies/import_csv", "other", &body).await;
    assert!(status == 409 && answer.to_string().contains("was not kept"), "{answer}");
    let small = json!({ "name": "Harbour" });
    assert_eq!(post(&program, "companies/create", "small", &small).await.0, 200);
    assert_eq!(post(&program, "companies/create", "small", &small).await.0, 200, "small ones are kept");
    assert_eq!(companies(&mut owner).await, 1);
}

#[tokio::test]
async fn keys_are_looked_at_where_they_may_stand() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    for key in ["", &"k".repeat(201)] {
        let (status, _, answer) =
            post(&program, "companies/create", key, &json!({ "name": "Harbour" })).await;
        assert_eq!((status, &answer["error"]["field"]), (422, &json!("Idempotency-Key")), "{answer}");
    }
    // No secret is kept for a second answer.
    let token = json!({ "name": "Nightly", "role": "read" });
    let (status, _, answer) = post(&owner, "api_tokens/create", "k", &token).await;
    assert_eq!((status, &answer["error"]["field"]), (422, &json!("Idempotency-Key")), "{answer}");
    assert_eq!(owner.get("api_tokens/list", &[]).await.ok().as_array().map(Vec::len), Some(1));
    // Who is not signed in takes none.
    let (status, _, _) = post(&site.nobody(), "companies/create", "k", &json!({ "name": "Harbour" })).await;
    assert_eq!(status, 401);
    let kept = site.row_counts().await.into_iter().find(|(table, _)| table == "idempotency_keys");
    assert_eq!(kept, Some(("idempotency_keys".to_owned(), 0)));
}

/// Keys are kept for a day: nobody fills the database with them.
#[tokio::test]
async fn an_owner_has_a_number_of_keys() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let create = |key: &str, name: &str| {
        let request = program.request(Method::POST, "companies/create").header("idempotency-key", key);
        request.json(&json!({ "name": name })).send()
    };
    assert_eq!(create("first", "Harbour").await.expect("an answer").status(), 200);
    site.execute(
        "INSERT INTO idempotency_keys (owner_id, key_hash, tenant_id, request_hash, created_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
            SELECT k.owner_id, CAST(n.i AS blob), k.tenant_id, k.request_hash, k.created_at FROM idempotency_keys k, n",
    )
    .await;
    let refused = create("one more", "Contoso").await.expect("an answer");
    assert_eq!(refused.status(), 429);
    let wait = refused.headers()["retry-after"].to_str().expect("a number").parse::<i64>().expect("a number");
    assert!((1..=86_401).contains(&wait), "until the first key is a day old: {wait}");
    assert_eq!(create("first", "Harbour").await.expect("an answer").status(), 200, "one that is known");
    let by_session = owner.request(Method::POST, "companies/create").header("idempotency-key", "one more");
    let answer = by_session.json(&json!({ "name": "Contoso" })).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "others have keys of their own");
}

/// PostgreSQL saves, and its answer is lost: nobody says that nothing was changed, and it is not done once more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_an_answer_is_not_done_again() {
    let Some(setup) = Setup::postgres().await else { return };
    let (setup, wire) = setup.through_a_wire().await;
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let harbour = json!({ "name": "Harbour" });
    wire.lose_the_next_commit();
    let request = program.request(Method::POST, "companies/create").header(KEY, "k").json(&harbour);
    let lost = request.send().await.expect("an answer");
    assert_eq!((lost.status().as_u16(), lost.headers().get("retry-after")), (500, None));
    let lost: Value = lost.json().await.expect("JSON");
    let said = "It is not known whether this was saved. Look before you try again.";
    assert_eq!(lost["error"]["message"], said, "{lost}");
    assert!(lost["error"]["id"].is_string() && lost["error"].get("retry_after").is_none(), "{lost}");
    assert_eq!(companies(&mut owner).await, 1, "it was saved");
    let (status, _, answer) = post(&program, "companies/create", "k", &harbour).await;
    assert!(status == 409 && answer.to_string().contains("was cut off"), "{answer}");
}

const BUSY: &str = "BEGIN SELECT RAISE(ABORT, 'database is locked'); END";

#[tokio::test]
async fn what_is_done_is_said_also_where_its_answer_cannot_be_kept() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let harbour = json!({ "name": "Harbour" });
    site.execute(&format!("CREATE TRIGGER no_answers BEFORE UPDATE ON idempotency_keys {BUSY}")).await;
    let (status, again, made) = post(&program, "companies/create", "k", &harbour).await;
    assert_eq!((status, again, &made["name"]), (200, false, &json!("Harbour")), "{made}");
    site.execute("DROP TRIGGER no_answers").await;
    // It is kept as soon as that can be; until then the first request counts as under way.
    let kept = loop {
        let (status, again, answer) = post(&program, "companies/create", "k", &harbour).await;
        if status != 409 {
            break (status, again, answer);
        }
        assert!(answer.to_string().contains("under way"), "{answer}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(kept, (200, true, made));
    assert_eq!(companies(&mut owner).await, 1);
}

#[tokio::test]
async fn an_integration_is_saved_with_its_first_sync_or_not_at_all() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let credentials = site.credentials();
    site.execute(&format!("CREATE TRIGGER no_runs BEFORE INSERT ON runs {BUSY}")).await;
    let (status, _, answer) = post(&owner, "integrations/connect", "k", &credentials).await;
    assert!(status == 500 && answer.to_string().contains("Nothing was changed"), "{answer}");
    assert_eq!(owner.get("integrations/list", &[]).await.ok()["total"], 0, "so it is");
    site.execute("DROP TRIGGER no_runs").await;
    // A job that cannot be queued is left to the sweep.
    site.execute(&format!("CREATE TRIGGER no_jobs BEFORE INSERT ON Jobs {BUSY}")).await;
    let (status, again, made) = post(&owner, "integrations/connect", "k", &credentials).await;
    assert_eq!((status, again, &made["active_run"]["state"]), (200, false, &json!("queued")), "{made}");
    assert_eq!(post(&owner, "integrations/connect", "k", &credentials).await, (200, true, made));
    assert_eq!(owner.get("integrations/list", &[]).await.ok()["total"], 1);
}
