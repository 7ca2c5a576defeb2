//! Names with markup, scripts, formulas and control characters are shown as what they are, and do nothing.

use crate::support::{Client, Setup};
use serde_json::{Value, json};

/// Names that would do something if they were let.
const NAMES: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "</title></textarea><svg/onload=alert(3)>",
    "\"><b onmouseover=alert(4)>",
    "'; DROP TABLE companies;--",
    "{{7*7}} ${7*7}",
    "<!-- --!> ]]>",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "line\r\nSet-Cookie: a=b",
    "tab\tand \"quotes\", commas; and semicolons",
    "\u{202e}gpj.exe\u{2066}",
    "javascript:alert(5)",
];

/// As the portal keeps a name: any white space is one blank.
fn kept(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn id(client: &mut Client, path: &str, body: Value) -> String {
    client.post(path, body).await.ok()["id"].as_str().expect("an id").to_owned()
}

/// What of a name would be alive in a page.
const ALIVE: &[&str] = &["<img src=x", "<script>alert", "<svg/onload", "<b onmouseover", "<!-- --!"];

async fn looks_harmless(client: &mut Client, page: &str, shown: bool) {
    let answer = client.get(page, &[]).await;
    // A page that names what is wrong with a query shows it, too.
    assert!(matches!(answer.status, 200 | 422), "{page}: {}", answer.status);
    for alive in ALIVE {
        assert!(!answer.text.contains(alive), "{page} holds {alive}");
    }
    let (opened, closed) = (answer.text.matches("<script").count(), answer.text.matches("</script>").count());
    assert_eq!(opened, closed, "{page}: a script ends early");
    assert!(!shown || answer.text.contains("&lt;img src=x"), "{page} does not show the name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_do_nothing_in_pages_and_files() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let mut first = None;
    for name in NAMES {
        let company = id(&mut owner, "companies/create", json!({ "name": name, "address": name })).await;
        let read = owner.get("companies/get", &[("company_id", &company)]).await.ok();
        assert_eq!(read["name"], kept(name), "it is kept as it is");
        id(&mut owner, "locations/create", json!({ "company_id": company, "name": name })).await;
        let kind = id(&mut owner, "device_types/create", json!({ "name": name })).await;
        let fields = json!([
            { "field": "name", "value": kept(name) },
            { "field": "company", "value": company },
            { "field": "device_type", "value": kind },
        ]);
        let device = id(&mut owner, "devices/create", json!({ "fields": fields })).await;
        first.get_or_insert((company, device));
        let found = owner.get("companies/list", &[("search", name)]).await;
        assert_eq!(found.status, 200, "{name:?}: {}", found.text);
    }
    let (company, device) = first.expect("a company");
    for (page, shown) in [
        ("/companies".to_owned(), true),
        ("/device-types".to_owned(), true),
        ("/devices".to_owned(), true),
        ("/reports/companies".to_owned(), false),
        ("/devices/edits".to_owned(), false),
        (format!("/companies/{company}"), true),
        (format!("/devices/{device}"), true),
        ("/companies?search=%3C%2Fscript%3E%3Cscript%3Ealert(9)%3C%2Fscript%3E".to_owned(), false),
        ("/why?search=%3Cimg%20src=x%20onerror=alert(9)%3E".to_owned(), false),
        ("/sign-in?next=%22%3E%3Cimg%20src=x%3E".to_owned(), false),
        ("/devices?sort=%3Cimg%20src=x%3E&cols=%3Cimg%20src=x%3E".to_owned(), false),
    ] {
        looks_harmless(&mut owner, &page, shown).await;
    }
    let columns: &[(&str, &str)] = &[("cols", "company,type")];
    for (path, query) in
        [("devices/export.csv", columns), ("reports/devices.csv", &[]), ("reports/companies.csv", &[])]
    {
        let file = owner.get(path, query).await.text;
        for name in ["'=HYPERLINK", "'+1+cmd", "'@SUM", "'-2+3"] {
            assert!(file.contains(name), "{path} lacks {name}: {file}");
        }
        for line in file.lines() {
            let mut cells = line.split(',').map(|cell| cell.trim_start_matches('"'));
            let formula = cells.find(|cell| cell.starts_with(['=', '@', '+', '-']));
            assert_eq!(formula, None, "{path}: a cell of {line} is a formula");
        }
    }
}

#[tokio::test]
async fn a_name_of_a_megabyte_is_refused_and_so_is_nul() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    for name in ["x".repeat(1024 * 1024), "a\0b".to_owned(), "\0".to_owned()] {
        for (path, body) in [
            ("companies/create", json!({ "name": name })),
            ("device_types/create", json!({ "name": name })),
            ("views/save", json!({ "name": name, "query": "status=offline" })),
        ] {
            let field = owner.post(path, body).await.refused(422, "invalid");
            assert_eq!(field.as_deref(), Some("name"), "{path}");
        }
    }
}
