//! What operators rely on: probes, figures, logs with ids, backups.

use crate::{
    process::{Place, integrity},
    support::{Client, PASSWORD, Setup, Site},
};
use backend::db::{Schema, inspect};
use reqwest::{Method, header::HeaderName};
use sea_orm::ConnectionTrait;
use serde_json::json;
use simulator::FleetSpec;
use std::time::{Duration, Instant};
use testkit::env_number;
use tokio::io::AsyncWriteExt;

on_both!(readiness_follows_the_database, an_older_program_refuses_a_newer_schema);

const FUTURE: &str = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

async fn readiness_follows_the_database(setup: Setup) {
    let site = setup.start().await;
    let mut visitor = site.nobody();
    let answer = visitor.get("/readyz", &[]).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({ "ready": true })));
    site.execute(FUTURE).await;
    let answer = visitor.get("/readyz", &[]).await;
    assert_eq!((answer.status, &answer.body["ready"]), (503, &json!(false)));
    assert!(answer.text.contains("newer program"), "{}", answer.text);
    site.execute("DELETE FROM seaql_migrations WHERE version LIKE 'm0001%'").await;
    site.execute("DELETE FROM seaql_migrations WHERE version = 'm9999_future'").await;
    assert!(visitor.get("/readyz", &[]).await.text.contains("older schema"));
    site.portal.db().clone().close().await.expect("closed");
    let answer = visitor.get("/readyz", &[]).await;
    assert_eq!(answer.status, 503);
    assert!(answer.text.contains("The database answers with an error"), "{}", answer.text);
    assert_eq!(visitor.get("/healthz", &[]).await.status, 200, "alive all the same");
}

async fn an_older_program_refuses_a_newer_schema(setup: Setup) {
    let place = Place::new(setup, FleetSpec { devices: 20, ..FleetSpec::default() }).await;
    drop(place.serve());
    place.look(async |db| db.execute_unprepared(FUTURE).await.expect(FUTURE)).await;
    for arguments in
        [["serve", "--listen", "127.0.0.1:0"].as_slice(), &["worker"], &["migrate"], &["vault", "check"]]
    {
        let (ok, said) = place.call(arguments);
        assert!(
            !ok && said.contains("the schema of a newer msportal than this one"),
            "{arguments:?}: {said}"
        );
    }
}

/// A thousand connections that send nothing more use up neither the files that a process may open (the limit that shells set is
/// raised) nor the memory.
#[tokio::test]
async fn slow_visitors_do_not_shut_others_out() {
    // Their other ends are files of this process.
    rlimit::increase_nofile_limit(4096).expect("a limit");
    let place = Place::new(Setup::sqlite(), FleetSpec { devices: 20, ..FleetSpec::default() }).await;
    let process = place.serve_with_files(128);
    let host = process.base.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for _ in 0..1_000 {
        let mut visitor = tokio::net::TcpStream::connect(&host).await.expect("a connection");
        visitor.write_all(b"GET / HTTP/1.1\r\nHost: portal\r\nX-Slow: ").await.expect("it is taken");
        slow.push(visitor);
    }
    let mut times = Vec::new();
    for _ in 0..100 {
        let (started, mut visitor) = (Instant::now(), Client::new(&process.base));
        assert_eq!(visitor.get("/healthz", &[]).await.status, 200);
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let held = process.memory();
    println!("beside 1,000 slow visitors: 99 of 100 answers within {:?}, {held} MB", times[98]);
    assert!(held < 300, "{held} MB");
    let log = place.log();
    assert!(!log.contains("Too many open files"), "{log}");
}

/// The figures of a site, as Prometheus gets them.
async fn figures(site: &Site) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let app = server::metrics::router(site.portal.clone());
    let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("a server") });
    let answer = site.nobody().at(&base).get("/metrics", &[]).await;
    server.abort();
    assert_eq!(answer.status, 200);
    answer.text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_tell_routes_and_outcomes_but_no_ids() {
    let mut site = Setup::sqlite().start().await;
    site.work();
    let mut owner = site.owner().await;
    let integration = crate::cancel::connected(&site, &mut owner).await;
    let run = owner.run(&integration, "organizations").await;
    let run = run["id"].as_str().expect("an id").to_owned();
    owner.events(&run).await;
    owner.get("/canary-path", &[("q", "canary-query")]).await;
    let odd = owner.request(Method::from_bytes(b"CANARY").expect("a method"), "/healthz");
    owner.send(odd).await;
    // Not on the listener of the pages.
    assert_eq!(owner.get("/metrics", &[]).await.status, 404);

    let text = figures(&site).await;
    for line in [
        "msportal_http_requests_total{method=\"POST\",route=\"/api/v1/integrations/connect\",status=\"200\"} 1",
        "msportal_http_requests_total{method=\"GET\",route=\"/api/v1/runs/{id}/events\",status=\"200\"} 1",
        "msportal_http_request_duration_seconds_count{method=\"POST\",route=\"/api/v1/integrations/connect\"} 1",
        "msportal_runs_started_total{kind=\"organizations\"} 2",
        "msportal_runs_ended_total{kind=\"organizations\",state=\"completed\"} 2",
        "msportal_runs{state=\"queued\"} 0",
        "msportal_database_up 1",
        "msportal_vendor_requests_total{vendor=\"ninjaone\",outcome=\"ok\"}",
        "msportal_database_connections{state=\"most\"} 6",
    ] {
        assert!(text.contains(line), "no {line} in\n{text}");
    }
    for word in [run.as_str(), &integration, "canary", "CANARY", "NinjaOne", "northwind"] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_tells_its_figures_where_it_is_told_to() {
    let place = Place::new(Setup::sqlite(), FleetSpec { devices: 20, ..FleetSpec::default() }).await;
    let worker = place.watched_worker();
    let mut visitor = Client::new(&worker.base);
    assert!(visitor.get("/metrics", &[]).await.text.contains("msportal_database_up 1"));
    assert_eq!(visitor.get("/readyz", &[]).await.body, json!({ "ready": true }));
    assert_eq!(visitor.get("/healthz", &[]).await.text, "ok");
    assert_eq!(visitor.get("/", &[]).await.status, 404, "no pages there");

    // So many at a time and not more; whoever asks for figures waits for one of them.
    drop(visitor);
    let host = worker.base.trim_start_matches("http://").to_owned();
    let mut idle = Vec::new();
    for _ in 0..64 {
        idle.push(tokio::net::TcpStream::connect(&host).await.expect("a connection"));
    }
    let waiting = tokio::spawn(async move { Client::new(&worker.base).get("/healthz", &[]).await.status });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!waiting.is_finished(), "it has to wait");
    drop(idle);
    assert_eq!(waiting.await.expect("an answer"), 200);
}

/// A folder that was mistyped is no portal: whoever asks for something that is there learns that it is not.
#[tokio::test]
async fn commands_do_not_begin_a_portal() {
    let mut place = Place::new(Setup::sqlite(), FleetSpec { devices: 1, ..FleetSpec::default() }).await;
    place.environment.push(("MSPORTAL_PASSWORD", PASSWORD.into()));
    let [name, email] = [["--name", "Northwind"], ["--email", "sam@northwind.example"]];
    let admin = ["--admin-email", email[1]];
    let copy = place.setup.folder.path().join("copy.db").to_str().expect("a name").to_owned();
    let nobody = "00000000-0000-4000-8000-000000000000";
    let commands: [&[&str]; 10] = [
        &["user", "add", name[0], name[1], email[0], email[1], "--role", "admin"],
        &["user", "reset-second-factor", email[0], email[1]],
        &["user", "reset-password", email[0], email[1]],
        &["tenant", "create", name[0], name[1], admin[0], admin[1]],
        &["tenant", "list"],
        &["tenant", "invite", "--tenant", nobody, admin[0], admin[1]],
        &["vault", "check"],
        &["vault", "rotate"],
        &["audit", "verify"],
        &["backup", &copy],
    ];
    for arguments in commands {
        let (ok, said) = place.call(arguments);
        assert!(!ok && said.to_lowercase().contains("there is no database at"), "{arguments:?}: {said}");
        let left: Vec<_> = std::fs::read_dir(place.setup.folder.path()).expect("a folder").collect();
        assert!(left.is_empty(), "{arguments:?} left {left:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_and_runs_are_found_in_the_log_by_their_ids() {
    let mut place = Place::new(Setup::sqlite(), FleetSpec { devices: 20, ..FleetSpec::default() }).await;
    place.environment =
        vec![("MSPORTAL_LOG", "info,tower_http=debug".into()), ("MSPORTAL_LOG_JSON", "true".into())];
    let server = place.serve();
    let mut owner = place.owner(&server).await;
    let (_, run) = place.connect(&mut owner).await;
    owner.ended(&run).await;
    let id_of = async |given: Option<&str>| {
        let request = owner.request(Method::GET, "runs/get?run_id=canary-query");
        let request = given.into_iter().fold(request, |r, id| r.header(REQUEST_ID, id));
        let answer = request.send().await.expect("an answer");
        answer.headers()[REQUEST_ID].to_str().expect("a text").to_owned()
    };
    assert_eq!(id_of(Some("proxy-17.a_B")).await, "proxy-17.a_B");
    let (made, other) = (id_of(None).await, id_of(Some("not well formed")).await);
    assert_eq!((made.len(), other.len()), (32, 32));
    assert_ne!(made, other);

    let log = std::fs::read_to_string(place.setup.folder.path().join("log")).expect("a log");
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    let within = |name: &str, id: &str| {
        lines.iter().any(|line| {
            let spans = line["spans"].as_array().into_iter().flatten();
            spans.into_iter().any(|span| span["name"] == name && span["id"] == id)
        })
    };
    for id in ["proxy-17.a_B", &made, &other] {
        assert!(within("request", id), "{id} is not in\n{log}");
    }
    assert!(within("run", run["id"].as_str().expect("an id")), "{log}");
    assert!(log.contains("\"tenant\""), "{log}");
    assert!(!log.contains("canary-query") && !log.contains("not well formed"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_during_a_sync_is_whole_and_can_be_put_back() {
    let place = Place::new(Setup::sqlite(), FleetSpec { devices: 1200, ..FleetSpec::default() }).await;
    // More of them on request.
    let number = env_number("MSPORTAL_BACKUPS", 4);
    let mut server = place.serve();
    let mut owner = place.owner(&server).await;
    let (id, run) = place.connect(&mut owner).await;
    owner.ended(&run).await;
    place.vendor.set_behaviour(|b| {
        b.page_size_clamp = Some(25);
        b.latency = Duration::from_millis(100 * number);
    });
    let run = owner.post("runs/start", json!({ "integration_id": id, "kind": "devices" })).await.ok();
    owner.until(&run, |r| r["state"] == "running" && r["requests"].as_i64() > Some(2)).await;
    let backups = tempfile::tempdir().expect("a folder");
    let file = |n: u64| backups.path().join(format!("{n}.db")).to_str().expect("a name").to_owned();
    let whole = file(number);
    let call = |arguments: &[&str]| tokio::task::block_in_place(|| place.call(arguments));
    for n in 0..number {
        let (ok, said) = call(&["backup", &file(n)]);
        assert!(ok, "{said}");
        assert_eq!(inspect(file(n).as_ref()).await.expect("a whole copy"), Schema::Current);
    }
    let now = owner.get("runs/get", &[("run_id", run["id"].as_str().expect("an id"))]).await.ok();
    assert_eq!(now["state"], "running", "all of them during the sync");
    let (ok, said) = call(&["backup", &file(0)]);
    assert!(!ok && said.contains("exists"), "{said}");
    let (ok, said) = call(&["restore", &file(0), "--force"]);
    assert!(!ok && said.contains("A server or a worker is using this database"), "{said}");
    place.vendor.set_behaviour(|b| b.latency = Duration::ZERO);
    assert_eq!(owner.ended(&run).await["state"], "completed");
    let (ok, said) = call(&["backup", &whole, "--with-keyring"]);
    assert!(ok, "{said}");

    server.signal("TERM");
    server.ended(Duration::from_secs(15));
    let (ok, said) = call(&["restore", &whole]);
    assert!(!ok && said.contains("--force"), "{said}");
    let held = place.held().await;
    std::fs::remove_file(place.setup.folder.path().join("keyring.json")).expect("removed");
    let (ok, said) = call(&["restore", &whole, "--force", "--with-keyring"]);
    assert!(ok && said.contains(".before-restore-1"), "{said}");
    assert!(place.setup.folder.path().join("msportal.db.before-restore-1").exists());
    place.look(async |db| integrity(db).await).await;
    assert_eq!(place.held().await.devices.len(), held.devices.len());
    // A copy from the middle of the sync: the run in it goes on.
    assert!(call(&["restore", &file(2), "--force"]).0);
    let server = place.serve();
    let mut owner = owner.at(&server.base);
    // What may have been ended since does not come back.
    owner.get("session/me", &[]).await.refused(401, "unauthenticated");
    let sam = json!({ "email": "sam@example.com", "password": PASSWORD });
    owner.post("session/sign_in", sam).await.ok();
    assert_eq!(owner.ended(&run).await["state"], "completed", "{}", place.log());
    let next = owner.run(&id, "all").await;
    assert_eq!(next["state"], "completed", "{next}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_backup_is_not_restored() {
    let place = Place::new(Setup::sqlite(), FleetSpec { devices: 20, ..FleetSpec::default() }).await;
    drop(place.serve());
    let (folder, database) = (place.setup.folder.path(), place.setup.folder.path().join("msportal.db"));
    let file = folder.join("copy.db").to_str().expect("a name").to_owned();
    assert!(place.call(&["backup", &file]).0);
    let held = std::fs::read(&database).expect("a database");
    let whole = std::fs::read(&file).expect("a copy");
    let mut damaged = whole.clone();
    damaged[4096 * 3..4096 * 6].fill(0x5a);
    for (what, bytes) in [("a text", b"not a database, but long enough".repeat(200)), ("damaged", damaged)] {
        std::fs::write(&file, bytes).expect("written");
        let (ok, said) = place.call(&["restore", &file, "--force"]);
        assert!(!ok && said.contains("nothing was restored"), "{what}: {said}");
    }
    assert!(std::fs::read(&database).expect("a database") == held, "it is as it was");
    assert!(!folder.join("msportal.db.before-restore-1").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_its_own_tools_are_named() {
    let Some(setup) = Setup::postgres().await else { return };
    let place = Place::new(setup, FleetSpec { devices: 20, ..FleetSpec::default() }).await;
    for (command, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let (ok, said) = place.call(&[command, "/nowhere/file"]);
        assert!(!ok && said.contains(tool), "{said}");
    }
}

/// The words of docs/operations.md on PostgreSQL, as commands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_postgres_can_be_put_back() {
    let Some(setup) = Setup::postgres().await else { return };
    let mut place = Place::new(setup, FleetSpec { devices: 60, ..FleetSpec::default() }).await;
    let server = place.serve();
    let mut owner = place.owner(&server).await;
    let (id, run) = place.connect(&mut owner).await;
    assert_eq!(owner.ended(&run).await["state"], "completed");
    let file = place.setup.folder.path().join("portal.dump");
    let run = |program: &str, arguments: &[&str]| {
        let program = testkit::postgres_program(program).expect("PostgreSQL comes with it");
        let output = std::process::Command::new(program).args(arguments).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let path = file.to_str().expect("a text");
    run("pg_dump", &["--format=custom", "--no-owner", "--file", path, &place.url()]);
    owner.post("companies/create", json!({ "name": "After the dump" })).await.ok();
    drop(server);

    let new = testkit::postgres_url().expect("a database");
    let restore = ["--no-owner", "--exit-on-error", "--single-transaction", "--dbname", &new, path];
    run("pg_restore", &restore);
    let end = "DELETE FROM sessions; DELETE FROM known_devices; DELETE FROM password_links; DELETE FROM mails; \
        DELETE FROM idempotency_keys";
    run("psql", &[&new, "--command", end]);
    place.environment = vec![("DATABASE_URL", new)];
    let (ok, said) = tokio::task::block_in_place(|| place.call(&["vault", "check"]));
    assert!(ok && said.contains("all 1 can be opened"), "{said}");
    let server = place.serve();
    owner = owner.at(&server.base);
    owner.get("session/me", &[]).await.refused(401, "unauthenticated");
    owner.post("session/sign_in", json!({ "email": "sam@example.com", "password": PASSWORD })).await.ok();
    assert_eq!(owner.get("companies/list", &[("search", "After the dump")]).await.ok()["total"], 0);
    assert_eq!(owner.run(&id, "all").await["state"], "completed", "{}", place.log());
}
