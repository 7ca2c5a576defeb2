//! Clients that dawdle are let go, and nobody waits for them.

use crate::support::{Client, Rows, Setup};
use axum::{Router, http::Method, routing::get};
use domain::role::Role;
use serde_json::json;
use server::{
    doors::{Limits, serve},
    events,
    router::{AppState, router},
    strangers,
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Serves until the test ends.
async fn open(router: Router, limits: Limits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(listener, router, CancellationToken::new(), limits));
    address
}

fn healthy() -> Router {
    Router::new().route("/healthz", get(|| async { "ok" }))
}

fn limits() -> Limits {
    Limits { head: Duration::from_secs(3), stuck: Duration::from_secs(1), ..Limits::USUAL }
}

async fn connect(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("it is taken");
    stream
}

/// All that comes until the server ends the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    _ = stream.read_to_end(&mut heard).await;
    String::from_utf8_lossy(&heard).into_owned()
}

/// So many clients that are connected and dawdle.
async fn slow(address: SocketAddr, clients: usize) -> Vec<JoinHandle<()>> {
    let mut slow = Vec::new();
    for _ in 0..clients {
        let stream = connect(address, "GET /healthz HTTP/1.1\r\nHost: portal\r\nX-Slow: ").await;
        slow.push(tokio::spawn(drip(stream)));
    }
    slow
}

/// Sends a byte of a header now and then, for as long as somebody listens.
async fn drip(mut stream: TcpStream) {
    loop {
        let mut byte = [0];
        tokio::select! {
            _ = stream.read(&mut byte) => break,
            () = sleep(Duration::from_millis(100)) => if stream.write_all(b"x").await.is_err() { break },
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_slow_clients_hold_up_nobody() {
    let site = Setup::sqlite().start().await;
    let patient = Limits { head: Duration::from_secs(3600), ..limits() };
    let address = open(router(AppState::new(site.portal.clone())), patient).await;
    let slow = slow(address, 200).await;
    for _ in 0..100 {
        let mut client = Client::new(&format!("http://{address}"));
        assert_eq!(client.get("/healthz", &[]).await.text, "ok");
    }
    assert!(slow.iter().all(|one| !one.is_finished()), "they are still there, all of them");
    slow.into_iter().for_each(|one| one.abort());
}

#[tokio::test]
async fn slow_clients_are_let_go() {
    let address = open(healthy(), limits()).await;
    for one in slow(address, 20).await {
        let ended = timeout(Duration::from_secs(60), one).await.expect("the server ends it");
        ended.expect("no panic");
    }
}

#[tokio::test]
async fn no_more_connections_than_there_may_be() {
    let patient = Limits { head: Duration::from_secs(3600), connections: 4, ..limits() };
    let address = open(healthy(), patient).await;
    let mut silent = Vec::new();
    for _ in 0..4 {
        // One request each: their places are taken.
        let mut one = connect(address, "GET /healthz HTTP/1.1\r\nHost: portal\r\n\r\n").await;
        one.read_exact(&mut [0; 15]).await.expect("an answer");
        silent.push(one);
    }
    let mut waiting =
        connect(address, "GET /healthz HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n").await;
    let mut first = [0];
    assert!(timeout(Duration::from_millis(500), waiting.read(&mut first)).await.is_err(), "it has to wait");
    drop(silent.pop());
    let heard = rest(&mut waiting).await;
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let address = open(healthy(), limits()).await;
    let head = format!("GET /healthz HTTP/1.1\r\nHost: portal\r\nX-Large: {}\r\n\r\n", "x".repeat(80 * 1024));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    _ = stream.write_all(head.as_bytes()).await;
    let heard = rest(&mut stream).await;
    assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 431"), "{heard}");
    let many = (0..200).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
    let mut stream = connect(address, &format!("GET /healthz HTTP/1.1\r\nHost: portal\r\n{many}\r\n")).await;
    assert!(rest(&mut stream).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_let_go() {
    let large = || async { vec![b'x'; 64 * 1024 * 1024] };
    let address = open(Router::new().route("/", get(large)), limits()).await;
    let mut stream = connect(address, "GET / HTTP/1.1\r\nHost: portal\r\n\r\n").await;
    sleep(Duration::from_secs(3)).await;
    let heard = rest(&mut stream).await.len();
    assert!(heard < 60 * 1024 * 1024, "all of it was kept for a client that did not read: {heard}");
}

/// Each open stream holds a connection and asks the database: one user does not take them all.
#[tokio::test]
async fn a_user_watches_a_number_of_runs() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = domain::ids::TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(&site, tenant, 0x300).await;
    site.execute("UPDATE runs SET state = 'running'").await;
    let path = format!("runs/{}/events", rows.run);
    let watch = async || owner.request(Method::GET, &path).send().await.expect("an answer");
    let mut open = Vec::new();
    for n in 0..events::MOST {
        open.push(watch().await);
        assert_eq!(open[n].status(), 200);
    }
    let refused = watch().await;
    assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (429, true));
    open.clear();
    // The server hears of it when it next has something to say.
    site.execute("UPDATE runs SET done = done + 1").await;
    let mut patience = 100;
    while watch().await.status() != 200 {
        patience -= 1;
        assert!(patience > 0, "what is closed counts no more");
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn who_is_not_signed_in_sends_little() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut nobody = site.nobody();
    let csv = json!({ "csv": format!("name\n{}", "x\n".repeat(strangers::LARGEST)), "dry_run": true });
    assert_eq!(nobody.post("companies/import_csv", csv.clone()).await.status, 413);
    assert_eq!(
        nobody.post("companies/import_csv", json!({ "csv": "name\n", "dry_run": true })).await.status,
        401
    );
    let large = json!({ "name": "x".repeat(strangers::LARGE) });
    assert_eq!(owner.post("companies/create", large).await.status, 413, "what is no file");
    let file = json!({ "csv": "x".repeat(strangers::LARGE), "dry_run": true });
    let mut reader = site.user(Role::Read).await;
    assert_eq!(reader.post("companies/import_csv", file).await.status, 413, "who may import nothing");
    // Told that it is too many lines, which is to say that all were read.
    owner.post("companies/import_csv", csv).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let site = Setup::sqlite().start().await;
    let address: SocketAddr = site.base.trim_start_matches("http://").parse().expect("an address");
    let head = "POST /api/v1/session/sign_in HTTP/1.1\r\nHost: portal\r\nContent-Type: application/json\r\n\
                Content-Length: 100\r\n\r\n{";
    let mut stream = connect(address, head).await;
    let mut heard = [0; 12];
    stream.read_exact(&mut heard).await.expect("an answer");
    assert_eq!(&heard, b"HTTP/1.1 408");
}
