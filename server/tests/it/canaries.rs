//! What operators set for the processes: keys and passwords that go nowhere, whatever is logged.

use crate::{
    process::Place,
    secrets::{ACCESS, dump, files_with},
    support::{Client, PASSWORD, Setup},
};
use backend::clock::{Clock, SystemClock};
use serde_json::json;
use simulator::FleetSpec;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use testkit::{Mail, Mailbox};
use url::Url;

on_both!(what_operators_set_goes_nowhere);

/// 32 bytes each, and what they are in base64.
const MASTER: [&str; 2] =
    ["canary-master-key-32-bytes-long!", "Y2FuYXJ5LW1hc3Rlci1rZXktMzItYnl0ZXMtbG9uZyE="];
const FORMER: [&str; 2] =
    ["former-master-key-32-bytes-long!", "Zm9ybWVyLW1hc3Rlci1rZXktMzItYnl0ZXMtbG9uZyE="];
const FOREIGN: &str = "d3JvbmctLW1hc3Rlci1rZXktMzItYnl0ZXMtbG9uZyE=";
/// The password of the mail server, and how it is sent.
const MAIL: [&str; 3] = ["m41l-canary", "bTQxbC1jYW5hcnk=", "AHBvcnRhbABtNDFsLWNhbmFyeQ=="];
const DATABASE: &str = "database-canary-90ab";
/// Too short for a key.
const BROKEN: &str = "YnJva2VuLWNhbmFyeQ==";
/// Secrets of a configuration file that cannot be read.
const FILE: [&str; 2] = ["c0nfig-canary", "98765432109876543210"];

async fn what_operators_set_goes_nowhere(setup: Setup) {
    let mailbox = Mailbox::open().expect("a mail server");
    let mut place = Place::new(setup, FleetSpec { devices: 60, ..FleetSpec::default() }).await;
    let mut url = Url::parse(&place.url()).expect("a URL");
    let on_postgres = url.scheme().starts_with("postgres");
    if on_postgres {
        url.set_password(Some(DATABASE)).expect("a host");
    }
    let set = [
        ("DATABASE_URL", url.as_str()),
        ("MSPORTAL_LOG", "trace"),
        ("MSPORTAL_MASTER_KEY", MASTER[1]),
        ("MSPORTAL_PREVIOUS_MASTER_KEYS", FORMER[1]),
        ("MSPORTAL_SMTP_URL", &mailbox.url()),
        ("MSPORTAL_MAIL_FROM", "portal@msp.example"),
        ("MSPORTAL_PUBLIC_URL", "https://portal.example"),
        ("MSPORTAL_SIGN_UP", "true"),
    ];
    place.environment = set.map(|(name, value)| (name, value.to_owned())).to_vec();
    let server = place.serve();
    let mut owner = place.owner(&server).await;
    let (id, run) = place.connect(&mut owner).await;
    assert_eq!(owner.ended(&run).await["state"], "completed");
    let made = made(&place, &owner).await;
    owner.post("users/invite", json!({ "email": "robin@msp.example", "role": "read" })).await.ok();
    let asked = Instant::now();
    let mut mailed = Vec::new();
    for (path, body) in [
        ("users/forgot_password", json!({ "email": "sam@example.com" })),
        ("setup/request_sign_up", json!({ "portal_name": "Contoso", "email": "kim@contoso.example" })),
    ] {
        owner.post(path, body).await.ok();
    }
    while mailed.len() < 3 {
        assert!(asked.elapsed() < Duration::from_secs(60), "only {} mails came", mailed.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
        mailed.extend(mailbox.take().iter().filter_map(token));
    }
    mailbox.refuse(Some("535 5.7.8 who are you"));
    owner.post("users/invite", json!({ "email": "kim@msp.example", "role": "read" })).await.ok();
    owner.run(&id, "organizations").await;
    for page in [
        "/",
        "/settings/users",
        "/settings/integrations",
        "/readyz",
        "setup/state",
        "integrations/list",
        "users/list",
    ] {
        assert_eq!(owner.get(page, &[]).await.status, 200, "{page}");
    }
    drop(server);

    // What commands say, also those that fail.
    let mut said = owner.seen.lock().expect("no panic").clone();
    let mut call = |place: &Place, arguments: &[&str], succeeds: bool| {
        let (ok, text) = tokio::task::block_in_place(|| place.call(arguments));
        assert_eq!(ok, succeeds, "{arguments:?}: {text}");
        said.push_str(&text);
    };
    call(&place, &["vault", "check"], true);
    call(&place, &["serve", "--help"], true);
    call(&place, &["vault", "rotate"], true);
    call(&place, &["user", "reset-password", "--email", "who@msp.example"], false);
    let elsewhere = tempfile::tempdir().expect("a folder");
    let file = elsewhere.path().join("msportal.toml");
    for line in wrong_lines() {
        std::fs::write(&file, format!("log = \"info\"\n{line}\n")).expect("a file");
        call(&place, &["vault", "check", "--config", file.to_str().expect("a path")], false);
    }
    place.environment.push(("MSPORTAL_MASTER_KEY", FOREIGN.to_owned()));
    call(&place, &["vault", "check"], false);
    call(&place, &["serve", "--listen", "127.0.0.1:0"], false);
    place.environment.push(("MSPORTAL_MASTER_KEY", BROKEN.to_owned()));
    call(&place, &["serve", "--listen", "127.0.0.1:0"], false);
    if on_postgres {
        url.set_port(Some(9)).expect("a host");
        place.environment.push(("DATABASE_URL", url.to_string()));
        call(&place, &["migrate"], false);
    }

    let dumped = if on_postgres { dump(&place.url()) } else { String::new() };
    let folder = place.setup.folder.path();
    let log = std::fs::read_to_string(folder.join("log")).expect("a log");
    assert!(log.contains("TRACE"), "it is logged at trace level");
    let rest = [FOREIGN, DATABASE, BROKEN, FILE[0], FILE[1]];
    let mailed: Vec<&str> = mailed.iter().map(String::as_str).collect();
    let made: Vec<&str> = made.iter().map(String::as_str).collect();
    for canary in MASTER.iter().chain(&FORMER).chain(&MAIL).chain(&rest).chain(&mailed).chain(&made) {
        assert!(!said.contains(canary), "an answer or a command shows {canary}");
        let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!dumped.contains(canary) && !dumped.contains(&hex), "{canary} is in the dump");
        assert_eq!(files_with(folder, canary.as_bytes()), Vec::<String>::new(), "{canary} is in a file");
    }
    // The search works.
    let kept = "robin@msp.example";
    assert!(said.contains(kept));
    assert!(said.contains("line 2 of the configuration file") && said.contains("\"smtp-url\""));
    match on_postgres {
        true => assert!(dumped.contains(kept)),
        false => assert!(!files_with(folder, kept.as_bytes()).is_empty()),
    }
}

/// Lines with a secret that have a mistake, or another type than a text.
fn wrong_lines() -> [String; 5] {
    let [text, number] = FILE;
    [
        format!("database-url = postgres://portal:{text}@db.example/portal"),
        format!("master-key = \"{text}"),
        format!("log = \"{text}\""),
        format!("smtp-url = {{ url = \"{text}\" }}"),
        format!("master-key = {number}"),
    ]
}

/// What the portal makes for people and programs, shown to them once, and what it has of the vendor.
async fn made(place: &Place, owner: &Client) -> Vec<String> {
    // Answers that are meant to show it are not searched.
    let mut owner = owner.clone();
    owner.seen = Arc::default();
    let session =
        owner.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).expect("a session").1.to_owned();
    let token = owner.post("api_tokens/create", json!({ "name": "Export", "role": "read" })).await.ok();
    let password = json!({ "password": PASSWORD });
    let key = owner.post("session/begin_second_factor", password).await.ok()["key"].clone();
    let key = key.as_str().expect("a key").to_owned();
    let code = testkit::authenticator_code(&key, SystemClock.now().timestamp());
    let codes = owner.post("session/confirm_second_factor", json!({ "code": code })).await.ok();
    let codes: Vec<String> = serde_json::from_value(codes).expect("codes");
    let others =
        [place.vendor.client_id(), place.vendor.client_secret(), ACCESS.to_owned(), PASSWORD.to_owned()];
    let token = token["secret"].as_str().expect("a token").to_owned();
    [session, token, key].into_iter().chain(codes).chain(others).collect()
}

/// The token of the link in a mail.
fn token(mail: &Mail) -> Option<String> {
    let link = mail.word("https://portal.example/")?;
    Some(link.rsplit('/').next()?.to_owned())
}
