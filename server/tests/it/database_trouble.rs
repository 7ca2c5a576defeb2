//! The database fails in the middle of a run: pages answer, and the run ends right when it is back.

use crate::{
    judge::differences,
    process::{Place, Process},
    support::{Client, Setup},
    truth::Truth,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use simulator::FleetSpec;
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// Longest wait for an answer, whatever the database does, on a machine that has nothing else to do.
const PROMISED: Duration = Duration::from_secs(2);
/// Whoever waits for the lock itself, waits longer.
const LOCK: Duration = Duration::from_secs(12);
/// The run ends this soon when the database is back: a lease may have to run out first.
const SOON: Duration = Duration::from_secs(45);

/// A server whose vendor is slow, and a run that has written some of its pages.
struct Story {
    place: Place,
    _server: Process,
    owner: Client,
    id: String,
    run: Value,
    patience: Duration,
}

impl Story {
    async fn midway(setup: Setup) -> Self {
        let place = Place::new(setup, FleetSpec { devices: 900, ..FleetSpec::default() }).await;
        let server = place.serve();
        let mut owner = place.owner(&server).await;
        let (id, run) = place.connect(&mut owner).await;
        owner.ended(&run).await;
        let patience = patience(&mut owner).await;
        place.vendor.set_behaviour(|b| {
            b.page_size_clamp = Some(25);
            b.latency = Duration::from_millis(40);
        });
        let run = owner.post("runs/start", json!({ "integration_id": id, "kind": "devices" })).await.ok();
        let run = owner.until(&run, |r| r["counts"]["added"].as_i64() > Some(0)).await;
        Self { place, _server: server, owner, id, run, patience }
    }

    /// The run ends, complete; the tables are the vendor's; and so it is with the next run.
    async fn right_afterwards(mut self, patience: Duration) {
        let approved = self.place.vendor.approved_device_count();
        let (back, run) = (Instant::now(), self.run.clone());
        let run = self.ended(run, patience).await;
        println!("ended {} {:?} after the database was back", run["state"], back.elapsed());
        assert_eq!(run["state"], "completed", "{run}\n{}", self.place.log());
        assert_eq!(run["counts"]["added"], approved, "{run}");
        let wrong = differences(&self.place.held().await, &Truth::of(&self.place.vendor));
        assert!(wrong.is_empty(), "{wrong:#?}");
        let next = self.owner.run(&self.id, "all").await;
        assert_eq!(next["state"], "completed", "{next}");
    }

    /// Waits for the end of a run, and past answers that say that the database is not there.
    async fn ended(&mut self, mut run: Value, patience: Duration) -> Value {
        let (since, id) = (Instant::now(), run["id"].as_str().expect("an id").to_owned());
        while matches!(run["state"].as_str(), Some("queued" | "running")) {
            assert!(
                since.elapsed() < patience,
                "still {} after {patience:?}: {run}\n{}",
                run["state"],
                self.place.log()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
            let answer = self.owner.get("runs/get", &[("run_id", &id)]).await;
            if answer.status == 200 {
                run = answer.body;
            }
        }
        run
    }
}

/// How long an answer may take: on a machine that is busy with other things more than is promised.
async fn patience(owner: &mut Client) -> Duration {
    let mut longest = Duration::ZERO;
    for n in 0..3 {
        let asked = Instant::now();
        owner.post("companies/create", json!({ "name": format!("Before {n}") })).await.ok();
        longest = longest.max(asked.elapsed());
    }
    (PROMISED + longest * 10).min(LOCK)
}

/// Asks for pages until then; each must answer in time.
async fn pages_answer(story: &mut Story, until: Instant) {
    let Story { owner, id, patience, .. } = story;
    while Instant::now() < until {
        for path in ["organizations/list", "staged_devices/list", "runs/list", "integrations/get"] {
            let asked = Instant::now();
            owner.get(path, &[("integration_id", id.as_str())]).await.ok();
            assert!(asked.elapsed() < *patience, "{path} took {:?} of {patience:?}", asked.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Whoever writes is told soon that it cannot be done now, and when to try again.
async fn writes_are_refused_in_time(story: &mut Story) {
    let (asked, patience) = (Instant::now(), story.patience);
    let answer = story.owner.post("companies/create", json!({ "name": "Meanwhile" })).await;
    assert!(asked.elapsed() < patience, "it took {:?} of {patience:?}", asked.elapsed());
    assert_eq!(answer.status, 500, "{}", answer.text);
    let message = answer.body["error"]["message"].as_str().expect("a sentence");
    assert!(message.starts_with("The database is busy. Nothing was changed"), "{message}");
    assert_eq!(answer.body["error"]["retry_after"], 2);
}

async fn locked_for(seconds: u64) {
    let mut story = Story::midway(Setup::sqlite()).await;
    let other = backend::db::connect(&story.place.url(), 1).await.expect("a second connection");
    other.execute_unprepared("BEGIN IMMEDIATE").await.expect("the lock");
    writes_are_refused_in_time(&mut story).await;
    pages_answer(&mut story, Instant::now() + Duration::from_secs(seconds)).await;
    other.execute_unprepared("ROLLBACK").await.expect("the lock is given back");
    other.close().await.expect("closed");
    story.owner.post("companies/create", json!({ "name": "Meanwhile" })).await.ok();
    story.right_afterwards(SOON).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_waited_for() {
    locked_for(4).await;
}

/// Longer than a statement waits for the lock, and longer than a lease.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_locked_for_long_is_waited_for_too() {
    locked_for(22).await;
}

/// A PostgreSQL of this test's own, since it will not have a good time; `None` where there is none.
async fn own_postgres() -> Option<(testkit::Postgres, String)> {
    let started = tokio::task::spawn_blocking(|| {
        let server = testkit::Postgres::start()?;
        let url = server.create_database()?;
        durable(&server, &url)?;
        Ok((server, url))
    });
    match started.await.expect("no panic") {
        Ok(server) => Some(server),
        Err::<_, testkit::Error>(e) if std::env::var_os(testkit::TEST_PG).is_some() => panic!("{e}"),
        Err(e) => {
            eprintln!("skipped: {e}");
            None
        }
    }
}

/// What is committed must survive a crash of the server, which test servers do not promise.
fn durable(server: &testkit::Postgres, url: &str) -> testkit::Result<()> {
    let name = url.rsplit('/').next().unwrap_or_default();
    let alter = format!("ALTER DATABASE {name} SET synchronous_commit = on");
    server.execute(&alter)
}

/// Kills one of PostgreSQL's processes: it then closes all connections, recovers, and comes back.
async fn crash(db: &DatabaseConnection) {
    let sql = "SELECT CAST(pg_backend_pid() AS text) AS pid";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect(sql);
    let pid: String = row.expect("a row").try_get("", "pid").expect("a number");
    let killed = Command::new("kill").args(["-s", "KILL", &pid]).status().expect("kill can be run");
    assert!(killed.success(), "process {pid} could not be killed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_crashes_is_waited_for() {
    let Some((server, url)) = own_postgres().await else { return };
    let story = Story::midway(Setup::postgres_at(url)).await;
    for _ in 0..2 {
        crash(&backend::db::connect(&server.url("postgres"), 1).await.expect("a connection")).await;
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    story.right_afterwards(SOON).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_refuses_connections_for_a_while_is_waited_for() {
    let Some((server, url)) = own_postgres().await else { return };
    let name = url.rsplit('/').next().expect("a name").to_owned();
    let mut story = Story::midway(Setup::postgres_at(url)).await;
    let admin = backend::db::connect(&server.url("postgres"), 1).await.expect("a connection");
    let close = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
    admin.execute_unprepared(&close).await.expect("closed");
    let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    admin.execute_unprepared(&end).await.expect("all are sent away");
    // An answer that says so, in time, and no page of a proxy or a hanging browser.
    let asked = Instant::now();
    let answer = story.owner.get("runs/list", &[("integration_id", &story.id)]).await;
    println!("without a database: {} after {:?}: {}", answer.status, asked.elapsed(), answer.text);
    let rest = Duration::from_secs(4).saturating_sub(asked.elapsed());
    tokio::time::sleep(rest).await;
    let open = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true");
    admin.execute_unprepared(&open).await.expect("open again");
    story.right_afterwards(SOON).await;
}
