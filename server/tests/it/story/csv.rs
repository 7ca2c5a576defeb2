//! Companies and PSA locations out of CSV files.

use crate::support::Client;
use serde_json::json;
use simulator::demo_companies;

/// Imports the demo's companies and locations; a second import of the same files changes nothing.
pub async fn import_companies_and_locations(owner: &mut Client) {
    let companies = demo_companies();
    let mut file = "\u{feff}name,domain,phone,address,psa_ref\r\n".to_owned();
    let mut sites = "company,name,address\n".to_owned();
    for c in &companies {
        let fields = [&c.name, &c.domain, &c.phone, &c.address, &c.psa_ref];
        file.push_str(&format!("{}\r\n", fields.map(|f| quoted(f)).join(",")));
        for l in &c.locations {
            sites.push_str(&format!("{}\n", [&c.name, &l.name, &l.address].map(|f| quoted(f)).join(",")));
        }
    }
    let locations = companies.iter().map(|c| c.locations.len()).sum();
    import(owner, "companies", &file, companies.len()).await;
    import(owner, "locations", &sites, locations).await;

    let file = "name,domain\nNew One,new.example\n,nameless.example\nNew One,twice.example\n";
    let report = owner.post("companies/import_csv", json!({ "csv": file, "dry_run": false })).await.ok();
    let lines: Vec<_> =
        report["rejected"].as_array().into_iter().flatten().map(|l| (&l["line"], &l["field"])).collect();
    assert_eq!(lines, [(&json!(3), &json!("name")), (&json!(4), &json!("name"))], "{report}");
    assert_eq!(owner.get("companies/list", &[("search", "new one")]).await.ok()["total"], report["created"]);
}

async fn import(owner: &mut Client, what: &str, file: &str, rows: usize) {
    let (path, list) = (format!("{what}/import_csv"), format!("{what}/list"));
    let counts = |created: usize, unchanged: usize| json!({ "created": created, "updated": 0, "unchanged": unchanged, "rejected": [] });
    let arguments = |dry_run: bool| json!({ "csv": file, "dry_run": dry_run });
    assert_eq!(owner.post(&path, arguments(true)).await.ok(), counts(rows, 0));
    assert_eq!(owner.get(&list, &[]).await.ok()["total"], 0);
    assert_eq!(owner.post(&path, arguments(false)).await.ok(), counts(rows, 0));
    assert_eq!(owner.get(&list, &[]).await.ok()["total"], rows);
    assert_eq!(owner.post(&path, arguments(false)).await.ok(), counts(0, rows));
    assert_eq!(owner.get(&list, &[]).await.ok()["total"], rows);
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}
