//! What people write about devices: their fields, saved views of their list, and why one may fail a check.

use super::{FIELDS, NAMES, all_kept, device, holds, id, kept, looks_harmless, set, taken};
use crate::support::{Client, Setup};
use serde_json::json;

/// Every column of the list.
pub const COLUMNS: &str = "company,location,type,status,os_name,os_version,serial,asset_tag,model,ip,mac,last_contact,last_user,\
    owner,backup,warranty_end,source,created_at";

/// Sets every field of a device: all but the notes are one line.
async fn described(owner: &mut Client, device: &str, name: &str) {
    for field in FIELDS {
        let now = taken(set(owner, device, (field, name)).await, field);
        let lines = name.chars().any(char::is_control) && field != "notes";
        assert_eq!(now.is_none(), lines, "{field}: {name:?}");
        if let Some(now) = now {
            let value = if now[field].is_null() { &now["facts"][field] } else { &now[field] };
            assert_eq!(value, name, "{field}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_about_devices_does_nothing() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let company = id(&mut owner, "companies/create", json!({ "name": "Harbour" })).await;
    let mut devices = Vec::new();
    for (n, name) in NAMES.iter().copied().enumerate() {
        let device = device(&mut owner, (&company, &format!("Device {n}"))).await;
        described(&mut owner, &device, name).await;
        let exception = json!({ "check": "not_in_rmm", "device": device, "reason": name });
        assert_eq!(owner.post("compliance/add_exception", exception).await.ok()["reason"], name);
        let view = json!({ "name": name, "query": "status=offline", "shared": true });
        assert_eq!(owner.post("views/save", view).await.ok()["name"], kept(name));
        devices.push(device);
    }
    let (first, excepted) = (&devices[0], "check=not_in_rmm&outcome=excepted");
    for (page, shown) in [
        ("/devices".to_owned(), true),
        (format!("/devices?cols={COLUMNS}"), true),
        (format!("/devices/{first}"), true),
        ("/devices/edits".to_owned(), false),
        (format!("/why?device={first}"), false),
        ("/why?search=onerror".to_owned(), false),
        (format!("/reports/devices?{excepted}"), true),
        (format!("/reports/companies/{company}"), true),
        ("/settings/compliance".to_owned(), true),
        ("/settings/audit".to_owned(), false),
        ("/settings/audit?search=onerror".to_owned(), true),
    ] {
        looks_harmless(&mut owner, &page, shown).await;
    }
    let in_one_line = NAMES.iter().filter(|name| !name.chars().any(char::is_control));
    let in_one_line: Vec<String> = in_one_line.map(|name| (*name).to_owned()).collect();
    holds(&mut owner, ("devices/export.csv", &[("cols", COLUMNS)]), &in_one_line).await;
    let reasons: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    let excepted = [("check", "not_in_rmm"), ("outcome", "excepted")];
    holds(&mut owner, ("reports/devices.csv", &excepted), &reasons).await;
    holds(&mut owner, ("audit/export.csv", &[]), &all_kept()).await;
}

#[tokio::test]
async fn a_saved_view_leads_to_the_list_and_nowhere_else() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    for (n, query) in [
        "search=</script><script>alert(2)</script>",
        "search=\"><img/src=x/onerror=alert(1)>",
        "search=javascript:alert(5)&sort=//evil.example",
    ]
    .into_iter()
    .enumerate()
    {
        let view = json!({ "name": format!("View {n}"), "query": query });
        let view = owner.post("views/save", view).await.ok();
        assert_eq!(view["query"], query);
        let opened = owner.get("/devices", &[("view", view["id"].as_str().expect("an id"))]).await;
        let to = opened.location.unwrap_or_else(|| format!("/devices?{query}"));
        assert!(to.starts_with("/devices?"), "{query} leads to {to}");
        for page in [to.as_str(), "/devices"] {
            looks_harmless(&mut owner, page, false).await;
        }
    }
    for query in ["search=a b", "search=a\r\nSet-Cookie: a=b", "search=\u{202e}a"] {
        let answer = owner.post("views/save", json!({ "name": "Odd", "query": query })).await;
        assert_eq!(taken(answer, "query"), None, "{query:?}");
    }
}
