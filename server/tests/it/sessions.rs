//! Cookies, guesses and sessions as a browser meets them.

use crate::{
    process::Place,
    support::{Answer, Client, PASSWORD, Rows, Setup, Site, samples},
};
use backend::Config;
use domain::{ids::TenantId, role::Role};
use reqwest::{Method, header};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};
use server::api::{Needs, server_functions};
use simulator::FleetSpec;
use std::time::Duration;
use testkit::env_number;

on_both!(
    guesses_are_counted_by_all_servers,
    sessions_are_ended_from_elsewhere,
    a_file_is_cut_where_nobody_can_tell_who_reads_it,
    a_stream_ends_where_nobody_can_tell_who_reads_it,
);

const OWNER: &str = "sam@northwind.example";

fn credentials(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

async fn sign_in(client: &mut Client, email: &str, password: &str) -> Answer {
    client.post("session/sign_in", credentials(email, password)).await
}

/// The `Set-Cookie` lines of signing in.
async fn cookies_of(site: &Site) -> Vec<String> {
    let request = site.nobody().request(Method::POST, "session/sign_in").json(&credentials(OWNER, PASSWORD));
    let answer = request.send().await.expect("an answer");
    let lines = answer.headers().get_all(header::SET_COOKIE).iter();
    lines.map(|line| line.to_str().expect("a text").to_owned()).collect()
}

/// Name and value of a cookie.
fn pair(line: &str) -> String {
    line.split(';').next().unwrap_or_default().to_owned()
}

async fn guesses_are_counted_by_all_servers(setup: Setup) {
    let here = setup.start().await;
    let there = here.setup.beside().start().await;
    let device = {
        here.owner().await;
        pair(&cookies_of(&here).await[1])
    };
    let mut evaluated = 0;
    for n in 0..env_number("MSPORTAL_GUESSES", 500) {
        for email in [OWNER, "who@northwind.example"] {
            let mut guesser = if n % 2 == 0 { here.nobody() } else { there.nobody() };
            let answer = sign_in(&mut guesser, email, "a wrong guess").await;
            match answer.status {
                401 => evaluated += 1,
                _ => assert_eq!(answer.refused(429, "throttled"), None),
            }
        }
    }
    assert_eq!(evaluated, 20, "ten for each account");
    let known = sign_in(&mut here.nobody(), OWNER, PASSWORD).await;
    let unknown = sign_in(&mut there.nobody(), "who@northwind.example", PASSWORD).await;
    assert_eq!(known.outside(), unknown.outside());
    // A slow machine takes a minute or more for a thousand guesses.
    let minutes = (10..=15).find(|n| known.text.contains(&format!("try again in {n} minutes")));
    let minutes = minutes.unwrap_or_else(|| panic!("{}", known.text));
    let again = here.nobody().request(Method::POST, "session/sign_in").json(&credentials(OWNER, PASSWORD));
    let answer = again.send().await.expect("an answer");
    let after: u64 =
        answer.headers()[header::RETRY_AFTER].to_str().expect("a text").parse().expect("seconds");
    assert!(
        after.is_multiple_of(60) && (minutes - 1..=minutes).contains(&(after / 60)),
        "{after} of {minutes} minutes"
    );
    let mut owner = there.nobody();
    owner.cookie = Some(device);
    sign_in(&mut owner, OWNER, PASSWORD).await.ok();
}

async fn sessions_are_ended_from_elsewhere(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let mut other = site.signed_in(OWNER).await;
    let list = owner.get("session/list", &[]).await.ok();
    let sessions = list.as_array().expect("a list");
    assert_eq!(sessions.len(), 2);
    for session in sessions {
        assert_eq!(
            (&session["address"], &session["client"]),
            (&json!("127.0.0.1"), &json!("An unknown program"))
        );
    }
    let theirs = sessions.iter().find(|s| s["present"] == false).expect("the other one");
    owner.post("session/revoke", json!({ "session_id": theirs["id"] })).await.ok();
    other.get("session/me", &[]).await.refused(401, "unauthenticated");

    // A user ends no session of somebody else; an administrator does.
    let mut user = site.user(Role::Manage).await;
    let mine = owner.get("session/list", &[]).await.ok();
    let denied = json!({ "session_id": mine[0]["id"] });
    user.post("session/revoke", denied).await.refused(404, "not_found");
    let me = user.get("session/me", &[]).await.ok();
    let id = me["user"]["id"].as_str().expect("an id").to_owned();
    user.get("session/list", &[("user_id", &id)]).await.refused(403, "forbidden");
    assert_eq!(owner.get("session/list", &[("user_id", &id)]).await.ok().as_array().map(Vec::len), Some(1));
    assert_eq!(owner.post("session/revoke_others", json!({ "user_id": id })).await.ok(), 1);
    user.get("session/me", &[]).await.refused(401, "unauthenticated");

    // A new password ends all of them, and the cookie of the one that asks is another one.
    let mut third = site.signed_in(OWNER).await;
    let before = owner.clone();
    let change = json!({ "current": PASSWORD, "new": "a new long password" });
    owner.post("session/change_password", change).await.ok();
    assert_ne!(owner.cookie, before.cookie);
    owner.get("session/me", &[]).await.ok();
    for old in [&mut third, &mut before.clone()] {
        old.get("session/me", &[]).await.refused(401, "unauthenticated");
    }
    sign_in(&mut site.nobody(), OWNER, PASSWORD).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_planted_cookie_is_worth_nothing() {
    let site = Setup::sqlite().start().await;
    let mut attacker = site.owner().await;
    // Somebody puts their own session, or a token of their making, into another's browser.
    for planted in [attacker.cookie.clone(), Some(format!("msportal_session={}", "A".repeat(43)))] {
        let mut victim = site.nobody();
        victim.cookie.clone_from(&planted);
        sign_in(&mut victim, OWNER, PASSWORD).await.ok();
        assert_ne!(victim.cookie, planted);
        victim.get("session/me", &[]).await.ok();
        attacker.cookie = planted;
        attacker.get("session/me", &[]).await.refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn cookies_are_bound_to_https_behind_tls() {
    let plain = Setup::sqlite().start().await;
    plain.owner().await;
    let names = ["msportal_session=", "msportal_device="];
    for (line, name) in cookies_of(&plain).await.iter().zip(names) {
        assert!(line.starts_with(name) && !line.contains("Secure"), "{line}");
    }

    let site = Setup::sqlite().with(|config| config.behind_tls = true).start().await;
    let mut owner = site.owner().await;
    let lines = cookies_of(&site).await;
    assert_eq!(lines.len(), 2);
    for (line, name) in lines.iter().zip(names) {
        assert!(line.starts_with(&format!("__Host-{name}")), "{line}");
        for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=", "Secure"] {
            assert!(line.split("; ").any(|p| p.starts_with(part)), "{line} has no {part}");
        }
        assert!(!line.contains("Domain"), "{line}");
    }
    owner.get("session/me", &[]).await.ok();
    // A cookie that plain http could have set is not looked at.
    let mut lured = owner.clone();
    lured.cookie = owner.cookie.clone().map(|cookie| cookie.replace("__Host-", ""));
    lured.get("session/me", &[]).await.refused(401, "unauthenticated");
    owner.post("session/sign_out", json!({})).await.ok();
    assert_eq!(owner.cookie, None);
}

#[tokio::test]
async fn the_address_is_the_proxys_word_only_where_it_is_trusted() {
    for (trusted, address) in [(false, "127.0.0.1"), (true, "203.0.113.5")] {
        let setup = Setup::sqlite().with(match trusted {
            true => |config: &mut Config| config.trusted_proxies = vec![[127, 0, 0, 1].into()],
            false => |_: &mut Config| (),
        });
        let site = setup.start().await;
        site.owner().await;
        let mut user = site.nobody();
        let request =
            user.request(Method::POST, "session/sign_in").header("x-forwarded-for", "6.6.6.6, 203.0.113.5");
        let request = request.header(header::USER_AGENT, "curl/8.5.0").json(&credentials(OWNER, PASSWORD));
        user.send(request).await.ok();
        let list = user.get("session/list", &[]).await.ok();
        let mine =
            list.as_array().expect("a list").iter().find(|s| s["present"] == true).expect("mine").clone();
        assert_eq!((&mine["address"], &mine["client"]), (&json!(address), &json!("curl")));
    }
}

#[tokio::test]
async fn signing_in_takes_the_second_factor() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let begin = json!({ "password": PASSWORD });
    let setup = owner.post("session/begin_second_factor", begin).await.ok();
    assert!(
        setup["uri"].as_str().is_some_and(|uri| uri.starts_with("otpauth://totp/Northwind%20MSP:sam%40"))
    );
    let wrong = owner.post("session/confirm_second_factor", json!({ "code": "12345" })).await;
    assert_eq!(wrong.refused(422, "invalid").as_deref(), Some("code"));
    // What the app would show is the backend's story; here it is on.
    site.execute("UPDATE second_factors SET confirmed_at = 1").await;
    assert_eq!(owner.get("session/second_factor", &[]).await.ok()["on"], true);
    let mut user = site.nobody();
    let asked = sign_in(&mut user, OWNER, PASSWORD).await;
    assert_eq!(asked.refused(401, "unauthenticated").as_deref(), Some("code"));
    assert_eq!(user.cookie, None);
    let mut with_code = credentials(OWNER, PASSWORD);
    with_code["code"] = json!("12345");
    let wrong = user.post("session/sign_in", with_code).await;
    assert_eq!(wrong.refused(401, "unauthenticated").as_deref(), Some("code"));
    assert_ne!(wrong.text, asked.text);
}

/// Begins one, and says that it was confirmed: what the app would show is the backend's story.
async fn second_factor_on(client: &mut Client, site: &Site) {
    client.post("session/begin_second_factor", json!({ "password": PASSWORD })).await.ok();
    site.execute("UPDATE second_factors SET confirmed_at = 1").await;
}

/// Whatever the role: app and recovery codes are one's own.
#[tokio::test]
async fn a_reader_changes_app_and_recovery_codes() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let mut reader = site.user(Role::Read).await;
    let setup = reader.post("session/begin_second_factor", json!({ "password": PASSWORD })).await.ok();
    let key = setup["key"].as_str().expect("a key");
    let code = testkit::authenticator_code(key, site.portal.now().timestamp());
    let codes = reader.post("session/confirm_second_factor", json!({ "code": code })).await.ok();
    let page = reader.get("/account", &[]).await.text;
    for button in ["Set up another app", "New recovery codes", "Switch off"] {
        assert!(page.contains(button), "{button}");
    }
    let renew = |code: &serde_json::Value| json!({ "password": PASSWORD, "code": code });
    let renewed = reader.post("session/new_recovery_codes", renew(&codes[0])).await.ok();
    assert_eq!(renewed.as_array().map(Vec::len), Some(10));
    let gone = reader.post("session/begin_second_factor", renew(&codes[1])).await;
    assert_eq!(gone.refused(422, "invalid").as_deref(), Some("code"));
    let other = reader.post("session/begin_second_factor", renew(&renewed[0])).await.ok();
    assert_ne!(other["key"], setup["key"]);
}

#[tokio::test]
async fn an_administrator_resets_the_second_factor_of_others() {
    let site = Setup::sqlite().start().await;
    let (mut owner, mut user) = (site.owner().await, site.user(Role::Manage).await);
    let me = user.get("session/me", &[]).await.ok();
    let reset = json!({ "user_id": me["user"]["id"] });
    second_factor_on(&mut user, &site).await;
    user.post("session/reset_second_factor", reset.clone()).await.refused(403, "forbidden");
    owner.post("session/reset_second_factor", reset.clone()).await.ok();
    user.get("session/me", &[]).await.refused(401, "unauthenticated");
    site.signed_in("manage@northwind.example").await;
    owner.post("session/reset_second_factor", reset).await.refused(409, "conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_resets_a_second_factor() {
    let place = Place::new(Setup::sqlite(), FleetSpec::default()).await;
    let server = place.serve();
    let mut owner = place.owner(&server).await;
    let email = owner.get("session/me", &[]).await.ok()["user"]["email"].as_str().expect("one").to_owned();
    owner.post("session/begin_second_factor", json!({ "password": PASSWORD })).await.ok();
    let confirm = "UPDATE second_factors SET confirmed_at = 1";
    place.look(async |db| db.execute_unprepared(confirm).await.expect(confirm)).await;
    let mut again = owner.clone();
    again.cookie = None;
    let asked = sign_in(&mut again, &email, PASSWORD).await;
    assert_eq!(asked.refused(401, "unauthenticated").as_deref(), Some("code"));
    let reset = |email: &str| {
        tokio::task::block_in_place(|| place.call(&["user", "reset-second-factor", "--email", email]))
    };
    let (done, said) = reset(&email);
    assert!(done && said.contains("with the password alone"), "{said}");
    owner.get("session/me", &[]).await.refused(401, "unauthenticated");
    sign_in(&mut again, &email, PASSWORD).await.ok();
    let (done, said) = reset(&email);
    assert!(!done && said.contains("has no second factor"), "{said}");
    assert!(!reset("nobody@northwind.example").0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_stream_tells_nothing_once_its_session_has_ended() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let run = Rows::insert(&site, tenant, 0x200).await.run.to_string();
    site.execute("UPDATE runs SET state = 'paused'").await;
    let follower = site.signed_in(OWNER).await;
    let followed = tokio::spawn(async move { follower.events(&run).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(owner.post("session/revoke_others", json!({})).await.ok(), 1);
    site.execute("UPDATE runs SET done = 777").await;
    let events =
        tokio::time::timeout(Duration::from_secs(20), followed).await.expect("it ends").expect("no panic");
    let seen: Vec<_> = events.iter().map(|(_, run)| &run["done"]).collect();
    assert_eq!(seen, [&json!(1)]);
}

/// Whether its reader may have more of it is looked up while a file is sent.
async fn a_file_is_cut_where_nobody_can_tell_who_reads_it(setup: Setup) {
    let site = setup.start().await;
    let owner = site.owner().await;
    let file = async || {
        // Cut before its first line, there may be no answer at all.
        let answer = owner.request(Method::GET, "devices/export.csv").send().await?;
        assert_eq!(answer.status(), 200);
        answer.text().await
    };
    file().await.expect("a whole file");
    // It is noted once its reader is let in and before its first line: from then on the role cannot be read.
    let spoil = "BEGIN UPDATE users SET role = 'no such role';";
    let (before, then) = match site.portal.db().get_database_backend() {
        DbBackend::Sqlite => (String::new(), format!("{spoil} END")),
        _ => (
            format!(
                "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ {spoil} RETURN NULL; END $$;"
            ),
            "FOR EACH ROW EXECUTE FUNCTION spoil()".to_owned(),
        ),
    };
    site.execute(&format!("{before} CREATE TRIGGER spoil AFTER INSERT ON audit_events {then}")).await;
    let cut = file().await;
    assert!(cut.is_err(), "{cut:?}");
}

/// What comes of a stream that is open while a run ends: the second half of it, and what became of its session.
async fn half_of_a_stream(site: &Site, reader: &mut Client, run: &str, meanwhile: &str) -> (String, u16) {
    site.execute("UPDATE runs SET state = 'paused', done = 1").await;
    let request = reader.request(Method::GET, &format!("runs/{run}/events"));
    let mut stream = request.send().await.expect("an answer");
    assert_eq!(stream.status(), 200);
    let mut first = String::new();
    while !first.contains("\n\n") {
        let piece = stream.chunk().await.expect("it goes well").expect("it goes on");
        first.push_str(std::str::from_utf8(&piece).expect("a text"));
    }
    assert!(first.contains("\"done\":1,"), "{first}");
    // From the first event on, each is sent after another look at the session.
    site.execute(meanwhile).await;
    site.execute("UPDATE runs SET state = 'cancelled', done = 777").await;
    let second = stream.text().await.expect("it ends well");
    (second, reader.get("session/me", &[]).await.status)
}

/// A look-up of the session that fails is no leave to read on.
async fn a_stream_ends_where_nobody_can_tell_who_reads_it(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let run = Rows::insert(&site, tenant, 0x200).await.run.to_string();
    let (told, status) = half_of_a_stream(&site, &mut owner, &run, "UPDATE users SET active = TRUE").await;
    assert!(told.contains("\"done\":777,") && status == 200, "{status}: {told}");
    let spoil = "UPDATE users SET role = 'no such role'";
    let (told, status) = half_of_a_stream(&site, &mut owner, &run, spoil).await;
    assert_eq!((told.as_str(), status), ("", 500), "the look-up fails, and nothing more is told");
}

/// Where a second factor is required, who has none is led to set it up, and reaches nothing else.
#[tokio::test]
async fn who_lacks_the_second_factor_sets_it_up() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let mut user = site.user(Role::Admin).await;
    user.get("companies/list", &[]).await.ok();
    site.execute("UPDATE tenants SET second_factor_required = TRUE").await;
    // What the own account needs, and what is refused for another reason with these arguments.
    let own = [
        "session/me",
        "session/change_password",
        "session/second_factor",
        "session/begin_second_factor",
        "session/confirm_second_factor",
        "session/new_recovery_codes",
        "session/remove_second_factor",
    ];
    for endpoint in server_functions().iter().filter(|e| e.needs > Needs::Nothing && !own.contains(&e.name()))
    {
        let arguments = samples(endpoint, &Rows::unknown()).into();
        let answer = user.call(&endpoint.method, endpoint.path, &arguments).await;
        answer.refused(403, "forbidden");
        assert!(answer.text.contains("Set yours up first"), "{}: {}", endpoint.name(), answer.text);
    }
    for file in ["devices/export.csv", "reports/devices.csv", "reports/companies.csv", "audit/export.csv"] {
        user.get(file, &[]).await.refused(403, "forbidden");
    }
    assert_eq!(user.get("session/me", &[]).await.ok()["second_factor_missing"], true);
    let page = user.get("/account", &[]).await.text;
    assert!(page.contains("One more step") && !page.contains("href=\"/devices\""), "nothing leads elsewhere");
    for path in ["/", "/companies", "/settings/users", "/account?next=/"] {
        let request = user.request(Method::GET, path).header(header::ACCEPT, "text/html");
        let answer = request.send().await.expect("an answer");
        let to = answer.headers().get(header::LOCATION).map(|to| to.to_str().expect("a text").to_owned());
        assert_eq!((answer.status().as_u16(), to.as_deref()), (302, Some("/account")), "{path}");
        let text = answer.text().await.expect("a text");
        assert!(!text.contains("href=\"/devices\""), "{path}: {text}");
    }
}
