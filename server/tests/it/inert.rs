//! Names with markup, scripts, formulas and control characters are shown as what they are, and do nothing.

mod devices;
mod files;
mod people;
mod vendor;

use crate::support::{Answer, Client, PASSWORD, Setup};
use domain::role::Role;
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
    "\u{ff1d}HYPERLINK(\"http://evil.example\",\"x\")",
    "line\r\nSet-Cookie: a=b",
    "tab\tand \"quotes\", commas; and semicolons",
    "\u{202e}gpj.exe\u{2066}",
    "javascript:alert(5)",
    "x;=1+1",
];

/// As the portal keeps a name: any white space is one blank.
fn kept(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All of them, as they are kept.
fn all_kept() -> Vec<String> {
    NAMES.iter().map(|name| kept(name)).collect()
}

/// What came of a text that was sent: what has it now, or `None` where it was refused by the name of its field.
#[track_caller]
fn taken(answer: Answer, field: &str) -> Option<Value> {
    if answer.status == 200 {
        return Some(answer.ok());
    }
    assert_eq!(answer.refused(422, "invalid").as_deref(), Some(field), "{}", answer.text);
    None
}

async fn id(client: &mut Client, path: &str, body: Value) -> String {
    client.post(path, body).await.ok()["id"].as_str().expect("an id").to_owned()
}

/// What of a name would be alive in a page.
const ALIVE: &[&str] =
    &["<img src=x", "<img/src=x", "<script>alert", "<svg/onload", "<b onmouseover", "<!-- --!"];

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
        holds(&mut owner, (path, query), &all_kept()).await;
    }
}

/// What a spreadsheet takes for the beginning of a formula.
const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A file has a cell for each of these texts, and no formula, wherever a spreadsheet ends its cells.
async fn holds(client: &mut Client, (path, query): (&str, &[(&str, &str)]), texts: &[String]) {
    let answer = client.get(path, query).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    for end in [',', ';', '\t'] {
        let cells = cells(&answer.text, end);
        assert_eq!(cells.iter().find(|cell| cell.starts_with(SIGNS)), None, "{path} has a formula: {end:?}");
    }
    let cells = cells(&answer.text, ',');
    for text in texts {
        assert!(cells.contains(&marked(text)), "{path} lacks {text:?}: {}", answer.text);
    }
}

/// As files have it: with an apostrophe before what might begin a formula.
fn marked(text: &str) -> String {
    let mut marked = String::new();
    for letter in text.chars() {
        let begins = marked.is_empty() || marked.ends_with([';', '\t']);
        if begins && SIGNS.contains(&letter) {
            marked.push('\'');
        }
        marked.push(letter);
    }
    marked
}

/// The cells of a CSV file (RFC 4180) for one whose cells end at that sign: only a quote that begins a cell keeps it together.
fn cells(file: &str, end: char) -> Vec<String> {
    let (mut cells, mut cell, mut quoted, mut begins) = (Vec::new(), String::new(), false, true);
    let mut letters = file.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let ends = !quoted && (letter == end || matches!(letter, '\r' | '\n'));
        match letter {
            _ if ends => cells.push(std::mem::take(&mut cell)),
            '"' if quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if quoted || begins => quoted = !quoted,
            letter => cell.push(letter),
        }
        begins = ends;
    }
    cells.push(cell);
    cells
}

/// The fields of a device that take any text.
const FIELDS: [&str; 10] = [
    "hostname",
    "owner_name",
    "asset_tag",
    "notes",
    "manufacturer",
    "model",
    "serial",
    "os_name",
    "os_version",
    "domain",
];

/// A device that was added by hand.
async fn device(client: &mut Client, (company, name): (&str, &str)) -> String {
    let kind = id(client, "device_types/create", json!({ "name": format!("Type of {name}") })).await;
    let fields = json!([
        { "field": "name", "value": name },
        { "field": "company", "value": company },
        { "field": "device_type", "value": kind },
    ]);
    id(client, "devices/create", json!({ "fields": fields })).await
}

/// Sets one field of a device.
async fn set(client: &mut Client, device: &str, (field, value): (&str, &str)) -> Answer {
    let fields = json!([{ "field": field, "value": value }]);
    client.post("devices/update", json!({ "device_id": device, "fields": fields })).await
}

/// Invites somebody; the token of the link.
async fn invited(client: &mut Client, email: &str, role: &Value) -> String {
    let made = client.post("users/invite", json!({ "email": email, "role": role })).await.ok();
    made["link"].as_str().and_then(|link| link.rsplit('/').next()).expect("a link").to_owned()
}

/// Texts that people write: the endpoint, the field, and what else has to be sent.
fn written(company: &str, token: &str, credentials: &Value) -> Vec<(&'static str, &'static str, Value)> {
    let named = || json!({ "name": "Harbour" });
    let role = || json!({ "name": "Desk", "permissions": Role::Read.permissions() });
    let site = || json!({ "company_id": company, "name": "Pier" });
    let portal = || json!({ "portal_name": "Contoso", "name": "Kim", "email": "kim@contoso.example", "password": PASSWORD });
    vec![
        ("companies/create", "name", named()),
        ("companies/create", "domain", named()),
        ("companies/create", "phone", named()),
        ("companies/create", "address", named()),
        ("companies/create", "psa_ref", named()),
        ("locations/create", "name", site()),
        ("locations/create", "address", site()),
        ("locations/create", "psa_ref", site()),
        ("device_types/create", "name", json!({})),
        ("views/save", "name", json!({ "query": "status=offline" })),
        ("views/save", "query", named()),
        ("roles/create", "name", role()),
        ("roles/create", "description", role()),
        ("api_tokens/create", "name", json!({ "role": "read" })),
        ("users/invite", "email", json!({ "role": "read" })),
        ("users/accept", "name", json!({ "token": token, "password": PASSWORD })),
        ("setup/create_portal", "portal_name", portal()),
        ("setup/create_portal", "name", portal()),
        ("setup/create_portal", "email", portal()),
        ("compliance/add_exception", "reason", json!({ "check": "offline", "company": company })),
        ("integrations/connect", "vendor", credentials.clone()),
        ("integrations/connect", "region", credentials.clone()),
        ("integrations/connect", "client_id", credentials.clone()),
        ("integrations/connect", "client_secret", credentials.clone()),
    ]
}

#[tokio::test]
async fn a_text_of_a_megabyte_is_refused_and_so_is_nul() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let company = id(&mut owner, "companies/create", json!({ "name": "Northwind" })).await;
    let device = device(&mut owner, (&company, "Front desk")).await;
    let token = invited(&mut owner, "kim@northwind.example", &json!("read")).await;
    let texts = written(&company, &token, &site.credentials());
    let before = site.row_counts().await;
    for text in ["x".repeat(1024 * 1024), "a\0b".to_owned(), "\0".to_owned()] {
        for (path, field, body) in &texts {
            // An address has keys, and what is none is left out.
            let sent = if *field == "query" { format!("search={text}") } else { text.clone() };
            let mut body = body.clone();
            body[*field] = json!(sent);
            let refused = owner.post(path, body).await.refused(422, "invalid");
            assert_eq!(refused.as_deref(), Some(*field), "{path}");
        }
        for field in FIELDS {
            let refused = set(&mut owner, &device, (field, &text)).await.refused(422, "invalid");
            assert_eq!(refused.as_deref(), Some(field));
        }
    }
    assert_eq!(site.row_counts().await, before);
}
