//! A run outlives the process that executes it.

use crate::{
    cancel::{connected, staged},
    support::{PASSWORD, Setup},
};
use serde_json::json;
use simulator::{FleetSpec, Simulator};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

on_both!(a_run_goes_on_after_a_restart);

async fn a_run_goes_on_after_a_restart(setup: Setup) {
    let mut site = setup.start().await;
    site.work();
    let mut owner = site.owner().await;
    let integration = connected(&site, &mut owner).await;
    let vendor = site.simulator.control();
    vendor.set_behaviour(|b| b.latency = Duration::from_millis(300));
    let run =
        owner.post("runs/start", json!({ "integration_id": integration, "kind": "devices" })).await.ok();
    owner.until(&run, |r| r["counts"]["added"].as_i64() > Some(0)).await;

    let site = site.restart().await;
    vendor.set_behaviour(|b| b.latency = Duration::ZERO);
    let mut owner = owner.at(&site.base);
    let started = std::time::Instant::now();
    let run = owner.ended(&run).await;
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert_eq!(run["state"], "completed", "{run}");
    let approved = vendor.approved_device_count();
    assert_eq!(staged(&mut owner, &integration).await, approved);
    // Each device once: added before or after, never both.
    assert_eq!(run["counts"]["added"], approved, "{run}");
    let changes = owner.all("runs/changes", &[("run_id", run["id"].as_str().expect("an id"))]).await;
    assert_eq!(changes.len(), approved);
    let runs = owner.get("runs/list", &[("integration_id", &integration)]).await.ok();
    assert_eq!(runs["total"], 2);
}

/// A server process that is killed when it is dropped.
struct Process {
    child: Child,
    base: String,
}

impl Process {
    fn start(folder: &Path, simulator: &Simulator) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--requests-per-second", "500", "--data-dir"])
            .arg(folder);
        command.args(["--allow-private-hosts", &simulator.host_port()]);
        command.env_remove("DATABASE_URL").stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let base = lines.find_map(|line| line.ok()?.strip_prefix("listening on ").map(str::to_owned));
        Self { child, base: base.expect("it says where it listens") }
    }
}

impl Drop for Process {
    /// As `kill -9` does.
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_goes_on_after_the_process_was_killed() {
    _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a temp folder");
    let simulator = Simulator::start(FleetSpec { devices: 12_000, ..FleetSpec::default() }).await;
    let vendor = simulator.control();
    let process = Process::start(folder.path(), &simulator);
    let mut owner = crate::support::Client::new(&process.base);
    let portal =
        json!({ "portal_name": "P", "name": "Sam", "email": "sam@example.com", "password": PASSWORD });
    owner.post("setup/create_portal", portal).await.ok();
    let credentials = json!({
        "vendor": "ninjaone", "region": "custom", "base_url": simulator.base_url,
        "client_id": simulator.client_id(), "client_secret": simulator.client_secret(),
    });
    let integration = owner.post("integrations/connect", credentials).await.ok();
    let id = integration["id"].as_str().expect("an id").to_owned();
    let runs = owner.get("runs/list", &[("integration_id", &id)]).await.ok();
    owner.ended(&runs["items"][0]).await;

    vendor.set_behaviour(|b| b.latency = Duration::from_millis(500));
    let run = owner.post("runs/start", json!({ "integration_id": id, "kind": "devices" })).await.ok();
    let run = owner.until(&run, |r| r["counts"]["added"].as_i64() > Some(0)).await;
    assert_eq!(run["state"], "running");
    drop(process);
    let killed = Instant::now();
    vendor.set_behaviour(|b| b.latency = Duration::ZERO);

    let process = Process::start(folder.path(), &simulator);
    let mut owner = owner.at(&process.base);
    let shown = owner.get("runs/get", &[("run_id", run["id"].as_str().expect("an id"))]).await.ok();
    assert_eq!(shown["state"], "running", "no half run is shown as complete: {shown}");
    // The lease is the one that everybody has who sets none.
    let taken_up = owner.until(&run, |r| r["attempt"].as_i64() > Some(1)).await;
    assert!(killed.elapsed() < Duration::from_secs(30), "taken up after {:?}: {taken_up}", killed.elapsed());
    let run = owner.ended(&run).await;
    assert_eq!(run["state"], "completed", "{run}");
    let approved = vendor.approved_device_count();
    assert_eq!(run["counts"]["added"], approved, "{run}");
    assert_eq!(staged(&mut owner, &id).await, approved);
}
