//! Nothing that a limited user can read names what is outside: answers, pages and files, each of them as it comes.

use super::{Stage, takes};
use crate::support::{Client, Rows, Setup, asks_vendor, pages, samples};
use axum::http::Method;
use serde_json::{Map, Value, json};
use server::api::{Endpoint, server_functions};

/// What only somebody who sees the company of these rows may read. Types of devices are the whole tenant's.
fn words(rows: &Rows) -> Vec<String> {
    let named =
        ["Company", "Site", "Account", "Device", "Organization", "Remote site", "Reason", "SERIAL", "View"];
    let named = named.iter().map(|word| format!("{word} {}", rows.remote));
    let ids =
        [rows.company, rows.location, rows.integration, rows.run, rows.device, rows.edit, rows.exception];
    named.chain(ids.iter().map(ToString::to_string)).collect()
}

fn found<'a>(words: &'a [String], text: &str) -> Option<&'a String> {
    words.iter().find(|word| text.contains(word.as_str()))
}

/// Arguments to try: those that are needed, each of the others by itself, and searches for what is outside.
fn tries(endpoint: &Endpoint, mine: &Rows, other: &Rows) -> Vec<Map<String, Value>> {
    let own = samples(endpoint, mine);
    let mut all = vec![own.clone()];
    let with = |name: &str, value: Value| {
        let mut arguments = own.clone();
        arguments.insert(name.to_owned(), value);
        arguments
    };
    for argument in &endpoint.arguments {
        all.extend(mine.named(argument.name).map(|value| with(argument.name, value)));
        all.extend(other.named(argument.name).map(|value| with(argument.name, value)));
        match argument.name {
            "search" => {
                let sought = ["Company", "Device", "SERIAL"].map(|word| format!("{word} {}", other.remote));
                all.extend(sought.map(|text| with("search", text.into())));
                all.push(with("search", other.remote.clone().into()));
                all.push(with("search", "device".into()));
            }
            "archived" if endpoint.name() == "devices/list" => all.push(with("archived", "with".into())),
            "outcome" => all.push(with("outcome", "unknown".into())),
            "page_size" => all.push(with("page_size", json!(200))),
            _ => {}
        }
    }
    all
}

/// Every way to read an endpoint; answers how often one of the words was there.
async fn read(client: &mut Client, stage: (&Rows, &Rows), words: &[String], allowed: bool) -> usize {
    let mut seen = 0;
    let reads = |e: &&Endpoint| e.method == Method::GET && takes(e) && !asks_vendor(e);
    for endpoint in server_functions().iter().filter(reads) {
        for arguments in tries(endpoint, stage.0, stage.1) {
            let asked = Value::Object(arguments);
            let answer = client.call(&endpoint.method, endpoint.path, &asked).await;
            // What was asked for is said back.
            let text = match asked["search"].as_str() {
                Some(search) => answer.text.replace(&format!("\"search\":\"{search}\""), ""),
                None => answer.text,
            };
            let word = found(words, &text);
            assert!(allowed || word.is_none(), "{} {asked} tells {word:?}: {text}", endpoint.path);
            seen += usize::from(word.is_some());
        }
    }
    seen
}

on_both!(answers_name_nothing_outside);

async fn answers_name_nothing_outside(setup: Setup) {
    let mut stage = Stage::set(setup).await;
    let words = words(&stage.other);
    let (mine, other) = (stage.mine.clone(), stage.other.clone());
    let rows = (&mine, &other);
    assert_eq!(read(&mut stage.user, rows, &words, false).await, 0);
    let seen = read(&mut stage.owner, rows, &words, true).await;
    assert!(seen >= 40, "the owner sees them {seen} times: what is looked for is there");
}

#[tokio::test]
async fn pages_name_nothing_outside() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let words: Vec<String> =
        words(&stage.other).into_iter().filter(|word| word.contains(&stage.other.remote)).collect();
    let (mut seen, mut open) = (0, 0);
    for (_, page) in pages(&stage.mine).into_iter().chain(pages(&stage.other)) {
        let shown = stage.user.get(&page, &[]).await;
        let word = found(&words, &shown.text);
        assert!(word.is_none(), "{page} shows {word:?}");
        assert!(shown.status < 500, "{page}: {}", shown.status);
        let is_shut = shown.text.contains("You may not see this page");
        assert_eq!(is_shut, shown.status == 403, "{page}: {}", shown.status);
        assert!(is_shut || !shown.text.contains("about the whole portal"), "{page} asks for what is refused");
        open += usize::from(shown.status == 200 && !is_shut);
        seen += usize::from(found(&words, &stage.owner.get(&page, &[]).await.text).is_some());
    }
    assert!(open >= 15, "{open} pages are open to them");
    assert!(seen >= 15, "the owner sees them on {seen} pages: what is looked for is there");
    for page in ["/", "/companies", "/devices", "/reports", "/why"] {
        assert_eq!(stage.user.get(page, &[]).await.status, 200, "{page}");
    }
}

#[tokio::test]
async fn files_name_nothing_outside() {
    let mut stage = Stage::set(Setup::sqlite()).await;
    let words = words(&stage.other);
    let company = stage.other.company.to_string();
    for file in ["devices/export.csv", "reports/devices.csv", "reports/companies.csv"] {
        for query in [&[][..], &[("company", company.as_str())], &[("search", stage.other.remote.as_str())]] {
            let answer = stage.user.get(file, query).await;
            let outside = query.iter().any(|(key, _)| *key == "company") && file != "reports/companies.csv";
            assert_eq!(answer.status, if outside { 404 } else { 200 }, "{file}: {}", answer.text);
            assert_eq!(found(&words, &answer.text), None, "{file} {query:?}: {}", answer.text);
        }
        assert!(found(&words, &stage.owner.get(file, &[]).await.text).is_some(), "{file} of the owner");
        let own = stage.user.get(file, &[]).await.text;
        assert!(own.contains(&format!("Company {}", stage.mine.remote)), "{file}: {own}");
    }
}
