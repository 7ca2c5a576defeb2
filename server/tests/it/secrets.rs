//! Canaries: no secret in any answer, any file or any line of the log.

use crate::{
    cancel::connected,
    support::{Logs, PASSWORD, Setup},
};
use domain::role::Role;
use serde_json::json;
use simulator::{Fault, FaultKind, FleetSpec};
use std::path::Path;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_goes_nowhere() {
    let setup = Setup::sqlite().fleet(FleetSpec { seed: 0x5ec7e7, ..FleetSpec::default() });
    let folder = setup.folder.clone();
    let mut site = setup.start().await;
    let (id, secret) = (site.simulator.client_id().to_owned(), site.simulator.client_secret().to_owned());
    let wrong = "wrong-secret-canary-7f3a";
    let logs = Logs::search(vec![id.clone(), secret.clone(), wrong.to_owned(), PASSWORD.to_owned()]);
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
    // Whoever has the link of an invitation becomes a user.
    let invite = json!({ "email": "robin@northwind.example", "role": "read" });
    let link = owner.post("users/invite", invite).await.ok()["link"].as_str().expect("a link").to_owned();
    let invitation = link.rsplit('/').next().expect("a token").to_owned();
    logs.also(&invitation);
    let mut robin = site.nobody();
    robin.seen.clone_from(&owner.seen);
    assert_eq!(robin.get(&link, &[]).await.status, 200);
    let join = json!({ "token": invitation, "name": "Robin User", "password": "short" });
    robin.post("users/accept", join).await.refused(422, "invalid");

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
    for path in [
        "integrations/list",
        "integrations/vendors",
        "setup/state",
        "session/me",
        "api_tokens/list",
        "audit/list",
    ] {
        owner.get(path, &[]).await.ok();
    }
    let runs = owner.all("runs/list", &[("integration_id", &integration)]).await;
    let events = owner.events(runs[0]["id"].as_str().expect("an id")).await;
    assert_eq!(events.len(), 1);
    for page in
        ["/settings/integrations", "/settings/tokens", &format!("/integrations/{integration}/connect")]
    {
        assert_eq!(owner.get(page, &[]).await.status, 200, "{page}");
    }

    // A path and an id that nobody should carry on.
    owner.get(&format!("/{secret}"), &[("q", &token)]).await;
    let lent = owner.request(reqwest::Method::GET, "/healthz").header("x-request-id", format!("<{secret}>"));
    owner.send(lent).await;
    let figures = site.portal.figures().await.expect("figures");
    assert!(figures.contains("msportal_vendor_requests_total"), "{figures}");

    let seen = owner.seen.lock().expect("no panic").clone() + &figures;
    for canary in [&id, &secret, PASSWORD, &token, &api_token, &master] {
        assert!(!seen.contains(canary), "an answer shows {canary}");
    }
    // The search works: what may be seen is found.
    assert!(seen.contains(&integration) && seen.contains(&site.simulator.base_url));
    let copy = folder.path().join("backup.db");
    std::fs::File::create(&copy).expect("a file");
    backend::db::copy_while_in_use(&site.setup.config(&site.simulator).url(), &copy).await.expect("a backup");
    assert_eq!(files_with(folder.path(), master.as_bytes()), ["keyring.json"]);
    for canary in [&id, &secret, wrong, PASSWORD, &token, &api_token, &invitation] {
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

/// The files of a folder that contain some bytes.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
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
