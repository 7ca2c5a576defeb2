//! Canaries: no secret in any answer, any file or any line of the log.

use crate::{
    cancel::connected,
    support::{Logs, PASSWORD, Setup},
};
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
    let cookie = owner.cookie.clone().expect("a cookie");
    let token = cookie.split('=').nth(1).expect("a token").to_owned();
    logs.also(&token);

    let integration = connected(&site, &mut owner).await;
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
    for path in ["integrations/list", "integrations/vendors", "setup/state", "session/me"] {
        owner.get(path, &[]).await.ok();
    }
    let runs = owner.all("runs/list", &[("integration_id", &integration)]).await;
    let events = owner.events(runs[0]["id"].as_str().expect("an id")).await;
    assert_eq!(events.len(), 1);
    for page in ["/settings/integrations", &format!("/integrations/{integration}/connect")] {
        assert_eq!(owner.get(page, &[]).await.status, 200, "{page}");
    }

    let seen = owner.seen.lock().expect("no panic").clone();
    for canary in [&id, &secret, PASSWORD, &token] {
        assert!(!seen.contains(canary), "an answer shows {canary}");
    }
    // The search works: what may be seen is found.
    assert!(seen.contains(&integration) && seen.contains(&site.simulator.base_url));
    for canary in [&id, &secret, wrong, PASSWORD, &token] {
        let files = files_with(folder.path(), canary.as_bytes());
        assert_eq!(files, Vec::<String>::new(), "{canary} is in the data folder");
    }
    assert!(files_with(folder.path(), b"NinjaOne").iter().any(|f| f.starts_with("msportal.db")));

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
