//! Cells and columns of imported files.

use super::{NAMES, holds, kept, looks_harmless};
use crate::support::{Client, Setup};
use serde_json::{Value, json};

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// Lines of cells below a header.
fn file<'a>(header: &str, lines: impl IntoIterator<Item = Vec<&'a str>>) -> String {
    let line = |cells: Vec<&str>| cells.into_iter().map(quoted).collect::<Vec<_>>().join(",");
    let lines = lines.into_iter().map(line).collect::<Vec<_>>().join("\n");
    format!("{header}\n{lines}\n")
}

async fn imported(owner: &mut Client, what: &str, csv: &str) -> Value {
    let path = format!("{what}/import_csv");
    let looked = owner.post(&path, json!({ "csv": csv, "dry_run": true })).await.ok();
    let report = owner.post(&path, json!({ "csv": csv, "dry_run": false })).await.ok();
    assert_eq!(looked, report, "the dry run says what comes of it");
    report
}

async fn first(owner: &mut Client, path: &str) -> String {
    let found = owner.get(path, &[("search", "onerror")]).await.ok();
    found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{path}: {found}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cells_do_nothing() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let columns = "name,domain,phone,address,psa_ref";
    let made =
        imported(&mut owner, "companies", &file(columns, NAMES.iter().map(|name| vec![*name; 5]))).await;
    assert_eq!((&made["created"], &made["rejected"]), (&json!(NAMES.len()), &json!([])));
    // Once more, with other cells: the history tells both.
    let next = NAMES.iter().cycle().skip(1);
    let lines = NAMES.iter().zip(next).map(|(name, next)| vec![*name, *next, *next, *next, *next]);
    let changed = imported(&mut owner, "companies", &file(columns, lines)).await;
    assert_eq!((&changed["updated"], &changed["rejected"]), (&json!(NAMES.len()), &json!([])));
    let lines = NAMES.iter().map(|name| vec![*name; 4]);
    let made = imported(&mut owner, "locations", &file("company,name,address,psa_ref", lines)).await;
    assert_eq!((&made["created"], &made["rejected"]), (&json!(NAMES.len()), &json!([])));
    let all = owner.all("companies/list", &[]).await;
    for (name, next) in NAMES.iter().zip(NAMES.iter().cycle().skip(1)) {
        let found = all.iter().find(|company| company["name"] == kept(name));
        assert_eq!(found.map(|company| &company["address"]), Some(&json!(next)), "{name:?}");
    }
    let company = first(&mut owner, "companies/list").await;
    let location = first(&mut owner, "locations/list").await;
    for (page, shown) in [
        ("/companies".to_owned(), true),
        (format!("/companies/{company}"), true),
        (format!("/locations/{location}"), true),
        ("/settings/audit".to_owned(), false),
        ("/companies/import".to_owned(), false),
    ] {
        looks_harmless(&mut owner, &page, shown).await;
    }
    holds(&mut owner, ("audit/export.csv", &[]), &[]).await;
}

#[tokio::test]
async fn a_cell_that_is_no_text_is_refused_by_its_column() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let long = "x".repeat(1024 * 1024);
    let names = ["a\0b", "a\u{fffd}b", long.as_str()].map(|name| vec![name, "1"]);
    let phones = [("One", "a\0b"), ("Two", "a\u{fffd}b"), ("Three", long.as_str())];
    let phones = phones.map(|(name, phone)| vec![name, phone]);
    let csv = file("name,phone", names.into_iter().chain(phones));
    let report = imported(&mut owner, "companies", &csv).await;
    let rejected = report["rejected"].as_array().expect("lines");
    let fields: Vec<&str> = rejected.iter().filter_map(|line| line["field"].as_str()).collect();
    assert_eq!(fields, ["name", "name", "name", "phone", "phone", "phone"]);
    assert_eq!((&report["created"], &report["updated"]), (&json!(0), &json!(0)));
}

/// Columns that nobody asked for are left alone, whatever they are called.
#[tokio::test]
async fn columns_may_be_called_anything() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let odd = NAMES.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
    let cells = ["Harbour"].into_iter().chain(NAMES.iter().copied()).collect::<Vec<_>>();
    let report = imported(&mut owner, "companies", &file(&format!("name,{odd}"), [cells])).await;
    assert_eq!((&report["created"], &report["rejected"]), (&json!(1), &json!([])));
    let refused =
        owner.post("companies/import_csv", json!({ "csv": format!("{odd}\n"), "dry_run": true })).await;
    assert_eq!(refused.refused(422, "invalid").as_deref(), Some("csv"));
    looks_harmless(&mut owner, "/companies", false).await;
}
