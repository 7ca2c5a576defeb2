//! A request whose last byte comes late does what its sender may by then, not what they might when it began.

use crate::support::{Client, PASSWORD, Setup, Site};
use domain::role::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

on_both!(who_is_shut_out_sends_the_last_byte_for_nothing, who_goes_on_may_take_their_time);

/// The head of a request and half of its body; the server knows whose it is.
struct Held {
    stream: TcpStream,
    rest: String,
}

impl Held {
    async fn open(site: &Site, who: &Client, path: &str, body: &Value) -> Self {
        let (host, body) = (site.base.trim_start_matches("http://"), body.to_string());
        // The headers that this client sends.
        let request = who.request(Method::POST, path).build().expect("a request");
        let own = request.headers().iter();
        let own: String = own.map(|(k, v)| format!("{k}: {}\r\n", v.to_str().expect("a text"))).collect();
        let (half, rest) = body.split_at(body.len() / 2);
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\n{own}Content-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{half}",
            request.url().path(),
            body.len()
        );
        let mut stream = TcpStream::connect(host).await.expect("a connection");
        stream.write_all(head.as_bytes()).await.expect("it is taken");
        sleep(Duration::from_millis(600)).await;
        Self { stream, rest: rest.to_owned() }
    }

    /// Sends the rest; the status and all else of the answer.
    async fn end(mut self) -> (u16, String) {
        self.stream.write_all(self.rest.as_bytes()).await.expect("it is taken");
        let mut heard = Vec::new();
        let read = timeout(Duration::from_secs(60), self.stream.read_to_end(&mut heard));
        read.await.expect("an answer").expect("the connection holds");
        let heard = String::from_utf8_lossy(&heard).into_owned();
        let status = heard.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no status: {heard}")), heard)
    }

    async fn refused(self, status: u16, kind: &str) -> String {
        let (got, heard) = self.end().await;
        assert_eq!(got, status, "{heard}");
        assert!(heard.contains(&format!("\"kind\":\"{kind}\"")), "{heard}");
        heard
    }
}

async fn id_of(client: &mut Client) -> Value {
    client.get("session/me", &[]).await.ok()["user"]["id"].clone()
}

/// Everybody's address and role.
async fn roles_of(owner: &mut Client) -> Vec<String> {
    let users = owner.get("users/list", &[]).await.ok();
    let users = users["items"].as_array().expect("a list").iter();
    let mut roles: Vec<String> = users.map(|user| format!("{} {}", user["email"], user["role"])).collect();
    roles.sort_unstable();
    roles
}

async fn who_is_shut_out_sends_the_last_byte_for_nothing(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let mut user = site.user(Role::Manage).await;
    let mut other = site.user(Role::Admin).await;
    let program = site.program(&mut owner, Role::Manage).await;
    let (id, admin) = (id_of(&mut user).await, id_of(&mut other).await);
    let token = json!({ "name": "Left behind", "role": "read", "expires_in_days": 366 });
    let files = json!({ "csv": "name\nHarbour Dental Group\nContoso\n", "dry_run": false });
    let roles = roles_of(&mut owner).await;

    // The password is chosen anew by a link, which ends whatever somebody else has opened.
    let made = Held::open(&site, &user, "api_tokens/create", &token).await;
    let link = owner.post("users/reset_password", json!({ "user_id": id })).await.ok();
    let link = link["link"].as_str().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned();
    let choose = json!({ "token": link, "password": PASSWORD });
    site.nobody().post("users/choose_password", choose).await.ok();
    made.refused(401, "unauthenticated").await;

    // They are shut out.
    let user = site.signed_in("manage@northwind.example").await;
    let made = Held::open(&site, &user, "api_tokens/create", &token).await;
    let imported = Held::open(&site, &user, "companies/import_csv", &files).await;
    let promoted = json!({ "user_id": id, "role": "admin" });
    let promoted = Held::open(&site, &other, "users/set_role", &promoted).await;
    let created = Held::open(&site, &program, "companies/create", &json!({ "name": "Fabrikam" })).await;
    let less = Held::open(&site, &program, "device_types/create", &json!({ "name": "Kiosk" })).await;
    for id in [&id, &admin] {
        owner.post("users/deactivate", json!({ "user_id": id })).await.ok();
    }
    for held in [made, imported, promoted] {
        held.refused(401, "unauthenticated").await;
    }
    // A program does what its token allows by then, and nothing with one that is gone.
    site.execute("UPDATE api_tokens SET role = 'read'").await;
    less.refused(403, "forbidden").await;
    let tokens = owner.get("api_tokens/list", &[]).await.ok();
    assert_eq!(tokens.as_array().map(Vec::len), Some(1), "nothing but the program's is there: {tokens}");
    owner.post("api_tokens/revoke", json!({ "token_id": tokens[0]["id"] })).await.ok();
    let heard = created.refused(401, "unauthenticated").await;
    assert!(heard.to_lowercase().contains("www-authenticate: bearer"), "{heard}");

    assert_eq!(owner.get("companies/list", &[]).await.ok()["total"], 0);
    assert_eq!(roles_of(&mut owner).await, roles);
    let kiosks = owner.get("device_types/list", &[("search", "Kiosk")]).await.ok();
    assert_eq!(kiosks["total"], 0);
}

async fn who_goes_on_may_take_their_time(setup: Setup) {
    let site = setup.start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let user = site.user(Role::Manage).await;
    let made = Held::open(&site, &user, "companies/create", &json!({ "name": "Fabrikam" })).await;
    let file = json!({ "csv": "name\nHarbour Dental Group\n", "dry_run": false });
    let imported = Held::open(&site, &program, "companies/import_csv", &file).await;
    for held in [made, imported] {
        let (status, heard) = held.end().await;
        assert_eq!(status, 200, "{heard}");
    }
    assert_eq!(owner.get("companies/list", &[]).await.ok()["total"], 2);
    // Whoever is to set up a second factor still reaches what that takes.
    site.execute("UPDATE tenants SET second_factor_required = TRUE").await;
    let begin = json!({ "password": PASSWORD });
    let (status, heard) = Held::open(&site, &user, "session/begin_second_factor", &begin).await.end().await;
    assert_eq!(status, 200, "{heard}");
    let more = json!({ "name": "Contoso" });
    Held::open(&site, &user, "companies/create", &more).await.refused(403, "forbidden").await;
}
