//! Canaries: no secret in any answer, any file or any line of the log.

use crate::{
    cancel::connected,
    support::{Client, Logs, PASSWORD, Rows, Setup, Site, files, pages, samples},
};
use domain::role::Role;
use reqwest::Method;
use serde_json::json;
use server::api::server_functions;
use simulator::{Fault, FaultKind, FleetSpec};
use std::path::Path;

/// How the access tokens begin that the simulated vendor gives out.
pub const ACCESS: &str = "tok-";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_goes_nowhere() {
    let setup = Setup::sqlite().fleet(FleetSpec { seed: 0x5ec7e7, ..FleetSpec::default() });
    let folder = setup.folder.clone();
    let wrong = "wrong-secret-canary-7f3a";
    // From before the database and the keyring are made.
    let logs = Logs::search(vec![wrong.to_owned(), PASSWORD.to_owned()]);
    let mut site = setup.start().await;
    let (id, secret) = (site.simulator.client_id().to_owned(), site.simulator.client_secret().to_owned());
    logs.also(&id);
    logs.also(&secret);
    logs.also(ACCESS);
    site.work();
    let mut owner = site.owner().await;
    let ring = std::fs::read_to_string(folder.path().join("keyring.json")).expect("a keyring");
    let ring: serde_json::Value = serde_json::from_str(&ring).expect("JSON");
    let master = ring["keys"][ring["current"].as_str().expect("an id")].as_str().expect("a key").to_owned();
    logs.also(&master);
    let cookie = owner.cookie.clone().expect("a cookie");
    let token = cookie.split('=').nth(1).expect("a token").to_owned();
    logs.also(&token);

    // Made by a client of its own: the answer is meant to show it.
    let mut program = site.program(&mut site.signed_in("sam@northwind.example").await, Role::Manage).await;
    program.seen = owner.seen.clone();
    let api_token = program.token.clone().expect("a token");
    logs.also(&api_token);
    // Whoever has the link of an invitation becomes a user. Shown to who invites and to who comes.
    let mut sam = site.signed_in("sam@northwind.example").await;
    let invite = json!({ "email": "robin@northwind.example", "role": "read" });
    let link = sam.post("users/invite", invite).await.ok()["link"].as_str().expect("a link").to_owned();
    let invitation = link.rsplit('/').next().expect("a token").to_owned();
    logs.also(&invitation);
    let mut robin = site.nobody();
    assert_eq!(robin.get(&link, &[]).await.status, 200);
    let join = json!({ "token": invitation, "name": "Robin User", "password": "short" });
    robin.post("users/accept", join).await.refused(422, "invalid");

    // Whoever has the link for a new password has the account, and the key of the authenticator app makes its codes.
    let mut kim = site.user(Role::Read).await;
    let kim_id = kim.get("session/me", &[]).await.ok()["user"]["id"].clone();
    let setup = kim.post("session/begin_second_factor", json!({ "password": PASSWORD })).await.ok();
    let factor = setup["key"].as_str().expect("a key").to_owned();
    let reset = sam.post("users/reset_password", json!({ "user_id": kim_id })).await.ok();
    let reset = reset["link"].as_str().expect("a link").rsplit('/').next().expect("a token").to_owned();
    logs.also(&factor);
    logs.also(&reset);
    site.nobody().get(&format!("/reset/{reset}"), &[]).await;

    // Recovery codes are shown once, and a known device has guesses of its own.
    let code = testkit::authenticator_code(&factor, site.portal.now().timestamp());
    let recovery = kim.post("session/confirm_second_factor", json!({ "code": code })).await.ok();
    let recovery: Vec<String> = serde_json::from_value(recovery).expect("codes");
    assert_eq!(recovery.len(), 10);
    recovery.iter().for_each(|code| logs.also(code));
    let known = cookies_of_sign_in(&site, "sam@northwind.example").await;
    let device = known.iter().find(|cookie| cookie.starts_with("msportal_device=")).expect("a device");
    let device = device.split(['=', ';']).nth(1).expect("a token").to_owned();
    logs.also(&device);
    let mut back = site.nobody();
    back.seen.clone_from(&owner.seen);
    back.cookie = Some(format!("msportal_device={device}"));
    for (email, password, code) in [
        ("sam@northwind.example", wrong, None),
        ("read@northwind.example", PASSWORD, Some("a wrong code")),
        ("read@northwind.example", &recovery[0], None),
        ("read@northwind.example", PASSWORD, Some(&recovery[0])),
        ("read@northwind.example", PASSWORD, Some(&recovery[0])),
    ] {
        back.post("session/sign_in", json!({ "email": email, "password": password, "code": code })).await;
    }

    let integration = connected(&site, &mut owner).await;
    program.get("session/me", &[]).await.ok();
    program.post("companies/create", json!({ "name": 7 })).await.refused(422, "invalid");
    program.post("companies/create", json!({ "name": "By a program" })).await.ok();
    let mut lured = program.with_token(&format!("{api_token}x"));
    lured.get("session/me", &[]).await.refused(401, "unauthenticated");
    owner.post("integrations/test_connection", site.credentials()).await.ok();
    let mut others = site.credentials();
    others["client_secret"] = json!(wrong);
    owner.post("integrations/test_connection", others.clone()).await.ok();
    owner.post("integrations/connect", others.clone()).await.refused(502, "vendor");
    // Errors that quote what they could not read.
    others["client_secret"] = json!([secret]);
    owner.post("integrations/connect", others).await.refused(422, "invalid");
    owner
        .post("integrations/connect", json!({ "client_secret": secret, "region": 7 }))
        .await
        .refused(422, "invalid");

    owner.run(&integration, "all").await;
    let vendor = site.simulator.control();
    for kind in [
        FaultKind::Status(500),
        FaultKind::Unauthorized,
        FaultKind::Forbidden,
        FaultKind::Malformed,
        FaultKind::Reset,
    ] {
        vendor.inject(Fault::always("*", kind));
        owner.run(&integration, "organizations").await;
        owner.post("integrations/test_connection", json!({ "integration_id": integration })).await.ok();
        vendor.clear_faults();
    }
    vendor.expire_tokens();
    owner.run(&integration, "devices").await;
    let runs = owner.all("runs/list", &[("integration_id", &integration)]).await;
    let run = runs[0]["id"].as_str().expect("an id");
    let events = owner.events(run).await;
    assert_eq!(events.len(), 1);
    let uuid = |text: &str| text.parse().expect("a UUID");
    let rows = Rows { integration: uuid(&integration), run: uuid(run), ..Rows::unknown() };
    assert!(reads(&mut owner, &rows).await >= 30, "what the portal shows is looked at");

    // A path and an id that nobody should carry on.
    owner.get(&format!("/{secret}"), &[("q", &token)]).await;
    let lent = owner.request(reqwest::Method::GET, "/healthz").header("x-request-id", format!("<{secret}>"));
    owner.send(lent).await;
    let figures = site.portal.figures().await.expect("figures");
    assert!(figures.contains("msportal_vendor_requests_total"), "{figures}");

    let seen = owner.seen.lock().expect("no panic").clone() + &figures;
    let made = [&invitation, &device, &recovery[0], &recovery[1], ACCESS];
    for canary in
        [&id, &secret, wrong, PASSWORD, &token, &api_token, &master, &factor, &reset].iter().chain(&made)
    {
        assert!(!seen.contains(*canary), "an answer shows {canary}");
    }
    // The search works: what may be seen is found.
    assert!(seen.contains(&integration) && seen.contains(&site.simulator.base_url));
    let copy = folder.path().join("backup.db");
    std::fs::File::create(&copy).expect("a file");
    backend::db::copy_while_in_use(&site.setup.config(&site.simulator).url(), &copy).await.expect("a backup");
    assert_eq!(files_with(folder.path(), master.as_bytes()), ["keyring.json"]);
    let wal =
        folder.path().join("msportal.db-wal").metadata().expect("what is not in the database's file yet");
    assert!(wal.len() > 0, "it is searched, too");
    for canary in [&id, &secret, wrong, PASSWORD, &token, &api_token, &factor, &reset].iter().chain(&made) {
        let files = files_with(folder.path(), canary.as_bytes());
        assert_eq!(files, Vec::<String>::new(), "{canary} is in the data folder");
    }
    assert!(files_with(folder.path(), b"NinjaOne").iter().any(|f| f.starts_with("msportal.db")));

    database_password(&logs).await;
    assert_eq!(logs.hits(), Vec::<String>::new());
    assert!(logs.lines() > 500, "only {} lines were logged", logs.lines());
    tracing::trace!("control {secret}");
    assert_eq!(logs.hits().len(), 1, "the search finds what it looks for");
}

/// Whoever may change where an account is does not thereby have its secret sent to a server of theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_credentials_go_to_no_other_address() {
    let mut site = Setup::sqlite().start().await;
    site.work();
    let mut owner = site.owner().await;
    let integration = connected(&site, &mut owner).await;
    let elsewhere =
        json!({ "integration_id": integration, "region": "custom", "base_url": "https://rmm.evil.example" });
    let mut half = elsewhere.clone();
    half["client_id"] = json!("an-id-of-theirs");
    for endpoint in ["integrations/test_connection", "integrations/connect"] {
        for sent in [&elsewhere, &half] {
            let field = owner.post(endpoint, sent.clone()).await.refused(422, "invalid");
            assert_eq!(field.as_deref(), Some("client_secret"), "{endpoint}");
        }
    }
    let stored =
        json!({ "integration_id": integration, "region": "custom", "base_url": site.simulator.base_url });
    let tested = owner.post("integrations/test_connection", stored).await.ok();
    assert_eq!(tested["ok"], true, "the stored address in other words is the same one: {tested}");
}

/// What the operator's backup of PostgreSQL holds: text as it is, and bytes in hexadecimal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_postgres_holds_no_secret() {
    let Some(setup) = Setup::postgres().await else { return };
    let mut site = setup.start().await;
    site.work();
    let mut owner = site.owner().await;
    let cookie = owner.cookie.clone().expect("a cookie");
    let session = cookie.split('=').nth(1).expect("a token").to_owned();
    let program = site.program(&mut owner, Role::Manage).await;
    let token = program.token.clone().expect("a token");
    let invite = json!({ "email": "robin@northwind.example", "role": "read" });
    let link = owner.post("users/invite", invite).await.ok()["link"].as_str().expect("a link").to_owned();
    let invitation = link.rsplit('/').next().expect("a token").to_owned();
    let mut kim = site.user(Role::Read).await;
    let kim_id = kim.get("session/me", &[]).await.ok()["user"]["id"].clone();
    let reset = owner.post("users/reset_password", json!({ "user_id": kim_id })).await.ok();
    let reset = reset["link"].as_str().expect("a link").rsplit('/').next().expect("a token").to_owned();
    let factor = kim.post("session/begin_second_factor", json!({ "password": PASSWORD })).await.ok();
    let factor = factor["key"].as_str().expect("a key").to_owned();
    let code = testkit::authenticator_code(&factor, site.portal.now().timestamp());
    let recovery = kim.post("session/confirm_second_factor", json!({ "code": code })).await.ok();
    let recovery: Vec<String> = serde_json::from_value(recovery).expect("codes");
    let by_code = |code: &str| json!({ "password": PASSWORD, "code": code });
    let renewed = kim.post("session/new_recovery_codes", by_code(&recovery[0])).await.ok();
    let renewed: Vec<String> = serde_json::from_value(renewed).expect("codes");
    let other = kim.post("session/begin_second_factor", by_code(&renewed[0])).await.ok();
    let other = other["key"].as_str().expect("a key").to_owned();
    let known = cookies_of_sign_in(&site, "sam@northwind.example").await;
    let device = known.iter().find_map(|cookie| cookie.strip_prefix("msportal_device=")).expect("a device");
    let device = device.split(';').next().unwrap_or_default().to_owned();
    connected(&site, &mut owner).await;
    let url = site.setup.config(&site.simulator).url();
    let text = dump(&url);
    let hex = |canary: &str| canary.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (id, secret) = (site.simulator.client_id().to_owned(), site.simulator.client_secret().to_owned());
    let known = [&id, &secret, PASSWORD, ACCESS, &session, &token, &invitation, &factor, &reset, &device];
    let codes = recovery.iter().chain(&renewed).chain([&other]).map(String::as_str);
    for canary in known.into_iter().chain(codes) {
        assert!(!text.contains(canary) && !text.contains(&hex(canary)), "{canary} is in the dump");
    }
    assert!(text.contains("NinjaOne") && text.contains("robin@northwind.example"), "the dump holds the data");
}

/// What `pg_dump` writes of a database.
pub fn dump(url: &str) -> String {
    let program = testkit::postgres_program("pg_dump").expect("PostgreSQL comes with pg_dump");
    let output = std::process::Command::new(program).arg(url).output().expect("a dump");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The cookies that signing in sets.
async fn cookies_of_sign_in(site: &Site, email: &str) -> Vec<String> {
    let request = site.nobody().request(Method::POST, "session/sign_in");
    let answer =
        request.json(&json!({ "email": email, "password": PASSWORD })).send().await.expect("an answer");
    let cookies = answer.headers().get_all(reqwest::header::SET_COOKIE).iter();
    cookies.map(|cookie| cookie.to_str().expect("a text").to_owned()).collect()
}

/// Asks every server function, every file and every page about these rows. Answers how many let somebody in.
async fn reads(client: &mut Client, rows: &Rows) -> usize {
    let mut shown = 0;
    for endpoint in server_functions().iter().filter(|e| e.method == Method::GET) {
        let arguments = samples(endpoint, rows).into();
        shown += usize::from(client.call(&endpoint.method, endpoint.path, &arguments).await.status == 200);
    }
    let pages = pages(rows).into_iter().map(|(_, address)| address);
    for path in files(rows).into_iter().filter(|file| !file.ends_with("events")).chain(pages) {
        shown += usize::from(client.get(&path, &[]).await.status == 200);
    }
    shown
}

/// The files of a folder that contain some bytes.
pub fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let held = std::fs::read(&path).expect("a file");
        if held.windows(bytes.len()).any(|w| w == bytes) {
            found.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    found
}

/// The password in the URL of a PostgreSQL database; test servers do not ask for one.
async fn database_password(logs: &Logs) {
    let Some(setup) = Setup::postgres().await else { return };
    let simulator = simulator::Simulator::start(setup.fleet.clone()).await;
    let mut url = url::Url::parse(&setup.config(&simulator).url()).expect("a URL");
    url.set_password(Some("database-canary-90ab")).expect("a host");
    logs.also("database-canary-90ab");
    let db = backend::db::connect(url.as_str(), 1).await.expect("a connection");
    db.close().await.expect("closed");
}
