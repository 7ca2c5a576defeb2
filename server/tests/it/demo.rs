//! The demo over restarts, and beside a portal in real use.

use crate::support::{Client, PASSWORD};
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// `msportal serve` with a data folder; killed when it is dropped.
struct Process(Child);

impl Process {
    /// Starts it; the address, or what it said instead.
    fn start(folder: &Path, flags: &[&str]) -> Result<(Self, String), String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder).args(flags);
        command.env_remove("DATABASE_URL").stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Self(command.spawn().expect("the program starts"));
        let stdout = process.0.stdout.take().expect("its output");
        let said = BufReader::new(stdout).lines().map_while(Result::ok);
        match said.filter_map(|line| line.strip_prefix("listening on ").map(str::to_owned)).next() {
            Some(base) => Ok((process, base)),
            None => {
                let stderr = process.0.stderr.take().expect("its errors");
                Err(BufReader::new(stderr).lines().map_while(Result::ok).collect::<Vec<_>>().join("\n"))
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connected_demo_works_after_a_restart() {
    _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a temp folder");
    let (process, base) = Process::start(folder.path(), &["--demo"]).expect("the demo starts");
    let mut technician = Client::new(&base);
    let state = technician.get("setup/state", &[]).await.ok();
    let (account, ninja) = (&state["demo"], &state["demo_integration"]);
    let sign_in = json!({ "email": account["email"], "password": account["password"] });
    technician.post("session/sign_in", sign_in.clone()).await.ok();
    let credentials = json!({
        "vendor": "ninjaone", "region": "custom", "base_url": ninja["base_url"],
        "client_id": ninja["client_id"], "client_secret": ninja["client_secret"],
    });
    let integration = technician.post("integrations/connect", credentials).await.ok();
    let id = integration["id"].as_str().expect("an id").to_owned();
    let first = technician.ended(&integration["active_run"]).await;
    assert_eq!(first["state"], "completed", "{first}");
    drop(process);

    let (_process, base) = Process::start(folder.path(), &["--demo"]).expect("the demo starts again");
    let mut technician = technician.at(&base);
    assert_eq!(technician.get("setup/state", &[]).await.ok()["demo_integration"], *ninja);
    technician.post("session/sign_in", sign_in).await.ok();
    let again = technician.run(&id, "all").await;
    assert_eq!(again["state"], "completed", "{again}");
    assert_eq!(again["counts"]["missing"], 0, "{again}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_in_real_use_is_no_demo() {
    _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a temp folder");
    let (process, base) = Process::start(folder.path(), &[]).expect("the portal starts");
    let portal = json!({ "portal_name": "P", "name": "S", "email": "s@example.com", "password": PASSWORD });
    Client::new(&base).post("setup/create_portal", portal).await.ok();
    drop(process);
    let said = Process::start(folder.path(), &["--demo"]).err().expect("the demo is refused");
    assert!(said.contains("this portal is not a demo"), "{said}");
}
