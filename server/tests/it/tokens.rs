//! Programs that come with an API token in place of a cookie.

use crate::support::{Client, Rows, Setup, Site, Writes, files, samples};
use domain::{ids::TenantId, role::Role};
use reqwest::{Method, header};
use serde_json::{Value, json};
use server::api::{Endpoint, server_functions};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
    time::{sleep, timeout},
};

on_both!(tokens_are_made_listed_and_revoked, a_token_that_is_worth_nothing_is_refused_everywhere);

fn allowed(endpoint: &Endpoint, role: Role) -> bool {
    let permission = endpoint.needs.permission();
    endpoint.takes_tokens() && permission.is_none_or(|(area, level)| role.permissions().allow(area, level))
}

fn sample(endpoint: &Endpoint) -> Value {
    samples(endpoint, &Rows::unknown()).into()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|t| t["name"].as_str()).collect()
}

async fn tokens_are_made_listed_and_revoked(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    assert_eq!(owner.get("api_tokens/list", &[]).await.ok(), json!([]));
    let make = |name: &str, role: &str| json!({ "name": name, "role": role, "expires_in_days": 30 });
    let made = owner.post("api_tokens/create", make(" Nightly  export ", "manage")).await.ok();
    let secret = made["secret"].as_str().expect("a token").to_owned();
    assert!(secret.starts_with("msp_") && secret.len() == 47, "{secret}");
    assert!(secret.ends_with(made["token"]["hint"].as_str().expect("a hint")));
    assert_eq!(made["token"]["name"], "Nightly export");

    let mut user = site.user(Role::Manage).await;
    let theirs = user.post("api_tokens/create", make("Nightly export", "read")).await.ok();
    let taken = user.post("api_tokens/create", make("NIGHTLY export", "read")).await;
    assert_eq!(taken.refused(409, "conflict").as_deref(), Some("name"));
    let above = user.post("api_tokens/create", make("Above", "admin")).await;
    assert_eq!(above.refused(422, "invalid").as_deref(), Some("role"));
    for days in [0, 367] {
        let body = json!({ "name": "Long", "role": "read", "expires_in_days": days });
        let refused = user.post("api_tokens/create", body).await.refused(422, "invalid");
        assert_eq!(refused.as_deref(), Some("expires_in_days"));
    }

    assert_eq!(names(&user.get("api_tokens/list", &[]).await.ok()), ["Nightly export"]);
    let all = owner.get("api_tokens/list", &[]).await.ok();
    assert_eq!(names(&all).len(), 2);
    assert!(!all.to_string().contains("msp_"), "the list shows a token");
    let id = |made: &Value| json!({ "token_id": made["token"]["id"] });
    user.post("api_tokens/revoke", id(&made)).await.refused(404, "not_found");
    user.post("api_tokens/revoke", id(&theirs)).await.ok();
    user.post("api_tokens/revoke", id(&theirs)).await.refused(404, "not_found");
    let again = user.post("api_tokens/create", make("Nightly export", "read")).await.ok();
    owner.post("api_tokens/revoke", id(&again)).await.ok();
    assert_eq!(user.get("api_tokens/list", &[]).await.ok(), json!([]));
}

async fn a_token_that_is_worth_nothing_is_refused_everywhere(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let mut user = site.user(Role::Manage).await;
    let program = site.program(&mut user, Role::Manage).await;
    let mut others = Vec::new();
    for name in ["", "msp_", "nonsense", &"A".repeat(5000)] {
        others.push(program.with_token(name));
    }
    // The cookie beside it does not help.
    others.push(owner.with_token("nonsense"));
    let (_, theirs) = site.stranger().await;
    let writes = site.watch_writes().await;
    let mut words = String::new();
    for bad in &mut others {
        words = refused_everywhere(bad, &writes, &theirs).await;
    }
    let mut alive = program.clone();
    alive.get("session/me", &[]).await.ok();
    for (kill, wake) in [
        ("UPDATE api_tokens SET expires_at = 1", "UPDATE api_tokens SET expires_at = 4000000000000000"),
        ("UPDATE users SET active = FALSE WHERE role = 'manage'", "UPDATE users SET active = TRUE"),
    ] {
        site.execute(kill).await;
        assert_eq!(refused_everywhere(&mut alive, &writes, &theirs).await, words);
        site.execute(wake).await;
        alive.get("session/me", &[]).await.ok();
    }
    let tokens = owner.get("api_tokens/list", &[]).await.ok();
    owner.post("api_tokens/revoke", json!({ "token_id": tokens[0]["id"] })).await.ok();
    assert_eq!(refused_everywhere(&mut alive, &writes, &theirs).await, words);
}

/// Asserts that nothing of the API lets a program in, or writes, whether it names what nothing has or what is `theirs`; answers
/// the words, which are the same everywhere.
async fn refused_everywhere(program: &mut Client, writes: &Writes, theirs: &Rows) -> String {
    let (mut words, before) = (String::new(), writes.version().await);
    for rows in [&Rows::unknown(), theirs] {
        for endpoint in server_functions() {
            let arguments = Value::Object(samples(&endpoint, rows));
            let answer = program.call(&endpoint.method, endpoint.path, &arguments).await;
            answer.refused(401, "unauthenticated");
            assert!(words.is_empty() || words == answer.text, "{}: {}", endpoint.path, answer.text);
            words = answer.text;
        }
        for path in files(rows) {
            assert_eq!(program.get(&path, &[]).await.text, words, "{path}");
        }
    }
    assert_eq!(writes.version().await, before, "a refused call wrote to the database");
    let request = program.request(Method::GET, "session/me").send().await.expect("an answer");
    assert_eq!(request.headers()[header::WWW_AUTHENTICATE], "Bearer error=\"invalid_token\"");
    words
}

#[tokio::test]
async fn a_token_does_what_its_role_allows_and_nothing_that_is_for_people() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    for role in Role::ALL {
        let mut program = site.program(&mut owner, *role).await;
        assert_eq!(program.get("session/me", &[]).await.ok()["role"], role.as_str());
        if *role != Role::Admin {
            program.refused_enough().await;
        }
        let (counts, writes) = (site.row_counts().await, site.watch_writes().await);
        let version = writes.version().await;
        for endpoint in server_functions().iter().filter(|e| !allowed(e, *role)) {
            let answer = program.call(&endpoint.method, endpoint.path, &sample(endpoint)).await;
            answer.refused(403, "forbidden");
        }
        assert_eq!(writes.version().await, version, "a refused call wrote to the database");
        assert_eq!(site.row_counts().await, counts);
        for endpoint in server_functions().iter().filter(|e| allowed(e, *role)) {
            let answer = program.call(&endpoint.method, endpoint.path, &sample(endpoint)).await;
            let let_in = matches!(answer.status, 200 | 404 | 409 | 422);
            assert!(let_in, "{role} at {}: {} {}", endpoint.path, answer.status, answer.text);
        }
    }
    for file in ["devices/export.csv", "reports/devices.csv", "reports/companies.csv", "audit/export.csv"] {
        let mut program = site.named_program(&mut owner, Role::Admin, file).await;
        assert_eq!(program.get(file, &[]).await.status, 200, "{file}");
    }
    for name in ["api_tokens/create", "session/sign_in", "session/change_password", "session/list"] {
        assert!(server_functions().iter().any(|e| e.name() == name && !e.takes_tokens()), "{name}");
    }
}

#[tokio::test]
async fn a_token_may_less_when_its_user_may() {
    let site = Setup::sqlite().start().await;
    site.owner().await;
    let mut user = site.user(Role::Manage).await;
    let mut program = site.program(&mut user, Role::Manage).await;
    program.post("device_types/create", json!({ "name": "Kiosk" })).await.ok();
    site.execute("UPDATE users SET role = 'read' WHERE role = 'manage'").await;
    let refused = program.post("device_types/create", json!({ "name": "Till" })).await;
    refused.refused(403, "forbidden");
    assert!(refused.text.contains("API token"), "{}", refused.text);
    assert_eq!(program.get("session/me", &[]).await.ok()["role"], "read");
}

#[tokio::test]
async fn the_token_counts_and_not_the_cookie_beside_it() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut program = site.program(&mut owner, Role::Read).await;
    program.cookie.clone_from(&owner.cookie);
    assert_eq!(program.get("session/me", &[]).await.ok()["role"], "read");
    program.post("device_types/create", json!({ "name": "Kiosk" })).await.refused(403, "forbidden");
    let (mut stranger, _) = site.stranger().await;
    let mut theirs = site.program(&mut stranger, Role::Admin).await;
    theirs.cookie.clone_from(&owner.cookie);
    assert_eq!(theirs.get("session/me", &[]).await.ok()["tenant"]["name"], "Strangers");
    assert_eq!(theirs.get("companies/list", &[]).await.ok()["total"], 1);
    assert_eq!(owner.get("companies/list", &[]).await.ok()["total"], 0);
    // Pages know nobody who sends one, be it good or bad.
    assert!(owner.get("/settings/audit", &[]).await.text.contains("Sam Owner"));
    let good = program.token.clone().expect("a token");
    for token in [good.as_str(), "nonsense"] {
        let mut visitor = owner.with_token(token);
        let page = visitor.get("/settings/audit", &[]).await.text;
        assert!(!page.contains("Sam Owner") && !page.contains("sam@northwind.example"), "{page}");
        assert_eq!(visitor.get("/healthz", &[]).await.status, 200);
    }
    // A scheme of somebody else, such as a proxy, is none of ours.
    let request = owner.request(Method::GET, "session/me").basic_auth("sam", Some("x"));
    owner.send(request).await.ok();
}

#[tokio::test]
async fn a_write_with_a_token_comes_from_anywhere_but_as_json() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut program = site.program(&mut owner, Role::Manage).await;
    let write = |client: &Client| {
        let request = client.request(Method::POST, "device_types/create");
        request.header(header::ORIGIN, "https://tools.example").header("sec-fetch-site", "cross-site")
    };
    let request = write(&program).json(&json!({ "name": "Kiosk" }));
    program.send(request).await.ok();
    let request = write(&program).body("{\"name\":\"Till\"}");
    program.send(request).await.refused(422, "invalid");
    let request = write(&owner).json(&json!({ "name": "Till" }));
    owner.send(request).await.refused(403, "forbidden");
}

#[tokio::test]
async fn what_a_program_did_names_its_token() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut program = site.named_program(&mut owner, Role::Manage, "Nightly export").await;
    program.post("companies/create", json!({ "name": "Harbour" })).await.ok();
    let events = owner.get("audit/list", &[("action", "company_created")]).await.ok();
    let event = &events["items"][0];
    assert_eq!(event["actor"], "Sam Owner (API token Nightly export)");
    assert_eq!(event["user_id"], owner.get("session/me", &[]).await.ok()["user"]["id"]);
    let found = owner.get("audit/list", &[("search", "nightly")]).await.ok();
    assert_eq!(found["total"], 2, "that it was made, and what it did: {found}");
}

#[tokio::test]
async fn the_last_use_is_kept_and_not_written_each_time() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut program = site.program(&mut owner, Role::Read).await;
    assert_eq!(owner.get("api_tokens/list", &[]).await.ok()[0]["last_used_at"], Value::Null);
    program.get("session/me", &[]).await.ok();
    let writes = site.watch_writes().await;
    let version = writes.version().await;
    program.get("session/me", &[]).await.ok();
    assert_eq!(writes.version().await, version);
    let seen = owner.get("api_tokens/list", &[]).await.ok();
    assert_eq!(seen[0]["last_address"], "127.0.0.1");
    site.execute("UPDATE api_tokens SET last_used_at = 1").await;
    program.get("session/me", &[]).await.ok();
    assert_eq!(
        owner.get("api_tokens/list", &[]).await.ok()[0]["last_used_at"].as_str().map(|t| &t[..2]),
        Some("20")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_stream_tells_nothing_once_its_token_is_revoked() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let run = row_of_run(&site, &mut owner).await;
    let follower = site.program(&mut owner, Role::Read).await;
    let followed = tokio::spawn(async move { follower.events(&run).await });
    let tokens = loop {
        let tokens = owner.get("api_tokens/list", &[]).await.ok();
        if tokens[0]["last_used_at"].is_string() {
            break tokens;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    tokio::time::sleep(Duration::from_secs(1)).await;
    owner.post("api_tokens/revoke", json!({ "token_id": tokens[0]["id"] })).await.ok();
    site.execute("UPDATE runs SET done = 777").await;
    let events =
        tokio::time::timeout(Duration::from_secs(20), followed).await.expect("it ends").expect("no panic");
    let seen: Vec<_> = events.iter().map(|(_, run)| &run["done"]).collect();
    assert_eq!(seen, [&json!(1)]);
}

/// So many devices, as copies of the only one, with names that fill 2 KB each.
async fn many_devices(site: &Site, many: usize) {
    site.execute(&format!(
        "INSERT INTO devices (id, tenant_id, company_id, device_type_id, search_key, name, ip_addresses, mac_addresses,
            version, created_at, updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})
            SELECT randomblob(16), d.tenant_id, d.company_id, d.device_type_id, 'copy',
                'Copy ' || n.i || ' ' || replace(hex(zeroblob(1000)), '00', 'x-'), '[]', '[]', 1, 0, 0
            FROM devices d, n"
    ))
    .await;
}

/// What is left of a file when its token is revoked is not sent: 16 MB, of which the connection holds a small part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_being_sent_ends_with_its_token() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    row_of_run(&site, &mut owner).await;
    many_devices(&site, 8_000).await;
    let program = site.program(&mut owner, Role::Read).await;
    let tokens = owner.get("api_tokens/list", &[]).await.ok();
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(16 * 1024).expect("a small one");
    let address = site.base.trim_start_matches("http://").parse().expect("an address");
    let mut stream = socket.connect(address).await.expect("a connection");
    let head = format!(
        "GET /api/v1/devices/export.csv HTTP/1.1\r\nHost: portal\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        program.token.as_deref().expect("a token")
    );
    stream.write_all(head.as_bytes()).await.expect("it is taken");
    let mut heard = vec![0; 4096];
    stream.read_exact(&mut heard).await.expect("the file begins");
    sleep(Duration::from_millis(1_200)).await;
    owner.post("api_tokens/revoke", json!({ "token_id": tokens[0]["id"] })).await.ok();
    // However the connection ends.
    _ = timeout(Duration::from_secs(60), stream.read_to_end(&mut heard)).await.expect("it ends");
    let heard = String::from_utf8_lossy(&heard);
    assert!(heard.starts_with("HTTP/1.1 200"), "{}", &heard[..200]);
    let rows = heard.matches("Copy ").count();
    assert!((1..8_000).contains(&rows), "{rows} rows were sent");
    assert!(!heard.ends_with("\r\n0\r\n\r\n"), "it looks whole");
}

/// A paused run of the owner's.
async fn row_of_run(site: &Site, owner: &mut Client) -> String {
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let run = Rows::insert(site, tenant, 0x200).await.run.to_string();
    site.execute("UPDATE runs SET state = 'paused'").await;
    site.execute("DELETE FROM api_tokens").await;
    run
}
