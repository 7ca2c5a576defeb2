//! The real program as processes of its own, which can be killed, stopped and asked to end.

use crate::{
    support::{Client, PASSWORD, Setup},
    truth::{Held, rows},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use serde_json::{Value, json};
use simulator::{Control, FleetSpec, Simulator};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a run's lease holds in these tests.
pub const LEASE: &str = "2";

/// How long a command may take that is to end by itself.
const COMMAND: Duration = Duration::from_secs(60);

/// A data folder, a database and a simulated vendor that processes share.
pub struct Place {
    pub setup: Setup,
    pub simulator: Simulator,
    pub vendor: Control,
    /// Further variables of the processes' environment.
    pub environment: Vec<(&'static str, String)>,
}

impl Place {
    pub async fn new(setup: Setup, fleet: FleetSpec) -> Self {
        _ = rustls::crypto::ring::default_provider().install_default();
        let simulator = Simulator::start(fleet).await;
        Self { setup, vendor: simulator.control(), simulator, environment: Vec::new() }
    }

    pub fn url(&self) -> String {
        self.setup.config(&self.simulator).url()
    }

    /// A look into the database, closed again: on SQLite the next process finds the files as the last one left them.
    pub async fn look<T>(&self, look: impl AsyncFnOnce(&DatabaseConnection) -> T) -> T {
        let db = backend::db::connect(&self.url(), 1).await.expect("the database opens");
        let seen = look(&db).await;
        db.close().await.expect("the database closes");
        seen
    }

    pub async fn held(&self) -> Held {
        self.look(async |db| Held::read(db).await).await
    }

    /// As if the leases of a dead process had run out meanwhile.
    pub async fn leases_run_out(&self) {
        let update = "UPDATE runs SET lease_until = 0 WHERE state = 'running'";
        self.look(async |db| db.execute_unprepared(update).await.expect(update)).await;
    }

    /// Pages, API and workers in one process.
    pub fn serve(&self) -> Process {
        self.start(&["serve", "--listen", "127.0.0.1:0"], "listening on ")
    }

    /// Pages and API only.
    pub fn web(&self) -> Process {
        self.start(&["serve", "--role", "web", "--listen", "127.0.0.1:0"], "listening on ")
    }

    /// All in one, started where the soft limit of open files is as low as that.
    pub fn serve_with_files(&self, files: u32) -> Process {
        let mut shell = Command::new("sh");
        let program = self.program(&["serve", "--listen", "127.0.0.1:0"]);
        shell.args(["-c", &format!("ulimit -Sn {files}; exec \"$0\" \"$@\"")]);
        shell.arg(program.get_program()).args(program.get_args()).stdin(Stdio::null());
        shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        self.started(shell, "listening on ")
    }

    /// Workers only.
    pub fn worker(&self) -> Process {
        self.start(&["worker"], "worker ready")
    }

    /// A worker with a listener for figures, which is its `base`.
    pub fn watched_worker(&self) -> Process {
        let mut worker = self.start(&["worker", "--metrics-listen", "127.0.0.1:0"], "metrics on ");
        worker.base.truncate(worker.base.len() - "/metrics".len());
        worker
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msportal"));
        command.args(arguments).args(["--requests-per-second", "1000", "--data-dir"]);
        command.arg(self.setup.folder.path()).args(["--allow-private-hosts", &self.simulator.host_port()]);
        command.env("DATABASE_URL", self.url()).env("MSPORTAL_LEASE_SECONDS", LEASE);
        command.envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command.stdin(Stdio::null());
        command
    }

    /// A command that is to end by itself: whether it succeeded, and what it said.
    pub fn call(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = self.program(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let started = Instant::now();
        while child.try_wait().expect("a state").is_none() {
            if started.elapsed() > COMMAND {
                _ = child.kill();
                panic!("{arguments:?} did not end");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output().expect("its output");
        let said = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&said).into_owned())
    }

    /// A command that is killed unless it has come to its end by then; whether it has succeeded.
    pub fn succeeds_within(&self, arguments: &[&str], patience: Duration) -> bool {
        let mut command = self.program(arguments);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let started = Instant::now();
        while started.elapsed() < patience && child.try_wait().expect("a state").is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        _ = child.kill();
        child.wait().expect("an end").success()
    }

    fn start(&self, arguments: &[&str], ready: &str) -> Process {
        self.started(self.program(arguments), ready)
    }

    fn started(&self, mut command: Command, ready: &str) -> Process {
        let folder = self.setup.folder.path();
        let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).expect("a log");
        command.stderr(log).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let said = lines.find_map(|line| line.ok()?.strip_prefix(ready).map(str::to_owned));
        let base = said.unwrap_or_else(|| panic!("it did not say \"{ready}\":\n{}", self.log()));
        Process { child, base }
    }

    /// The end of what the processes logged.
    pub fn log(&self) -> String {
        let log = std::fs::read_to_string(self.setup.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// Creates the portal; its owner.
    pub async fn owner(&self, process: &Process) -> Client {
        let mut owner = Client::new(&process.base);
        let portal =
            json!({ "portal_name": "P", "name": "Sam", "email": "sam@example.com", "password": PASSWORD });
        owner.post("setup/create_portal", portal).await.ok();
        owner
    }

    /// Connects the vendor: the integration's id, and the first run, which is on its way.
    pub async fn connect(&self, owner: &mut Client) -> (String, Value) {
        let credentials = json!({
            "vendor": "ninjaone", "region": "custom", "base_url": self.simulator.base_url,
            "client_id": self.simulator.client_id(), "client_secret": self.simulator.client_secret(),
        });
        let integration = owner.post("integrations/connect", credentials).await.ok();
        let id = integration["id"].as_str().expect("an id").to_owned();
        let runs = owner.get("runs/list", &[("integration_id", &id)]).await.ok();
        (id, runs["items"][0].clone())
    }
}

/// A running program. It is killed when it is dropped.
pub struct Process {
    child: Child,
    /// Where it listens, if it does.
    pub base: String,
}

impl Process {
    /// As `kill -9` does.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }

    /// What it holds in memory, in MB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a figure");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
    }

    /// Sends a signal by its name, such as STOP.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill can be run");
        assert!(sent.success(), "SIG{name} could not be sent");
    }

    /// Waits for the program to end by itself; how long that took.
    pub fn ended(&mut self, patience: Duration) -> Duration {
        let started = Instant::now();
        while self.child.try_wait().expect("a state").is_none() {
            assert!(started.elapsed() < patience, "the process did not end in {patience:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        started.elapsed()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// What SQLite says about its own file; other engines look after themselves.
pub async fn integrity(db: &DatabaseConnection) {
    if db.get_database_backend() == DbBackend::Sqlite {
        let found = rows(db, "PRAGMA integrity_check").await;
        let said: String = found[0].try_get_by_index(0).expect("a text");
        assert_eq!(said, "ok");
    }
}
