//! Edits that are done only while what the caller has read is what there is.

use crate::support::{Rows, Setup};
use axum::http::HeaderMap;
use domain::role::Role;
use reqwest::{Method, header};
use serde_json::json;

async fn see(request: reqwest::RequestBuilder) -> (u16, HeaderMap, String) {
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.headers().clone(), answer.text().await.expect("a text"))
}

#[tokio::test]
async fn an_edit_is_done_while_its_tag_is_that_of_what_there_is() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let program = site.program(&mut owner, Role::Manage).await;
    let made = owner.post("companies/create", json!({ "name": "Harbour" })).await.ok();
    let one = format!("companies/get?company_id={}", made["id"].as_str().expect("an id"));
    let rename = |tag: &str, name: &str, version: Option<i64>| {
        let body = json!({ "company_id": made["id"], "name": name, "version": version });
        program.request(Method::POST, "companies/update").header(header::IF_MATCH, tag).json(&body)
    };
    let tag_of = |headers: &HeaderMap| headers[header::ETAG].to_str().expect("a text").to_owned();
    let first = tag_of(&see(program.request(Method::GET, &one)).await.1);
    let (status, _, text) = see(rename(&first, "Harbour Ltd", None)).await;
    assert!(status == 200 && text.contains("Harbour Ltd"), "{text}");
    // The same tag once more: refused, with the tag that would do.
    let (status, headers, text) = see(rename(&first, "Harbour Inc", None)).await;
    assert!(status == 412 && text.contains("conflict"), "{status} {text}");
    let second = tag_of(&headers);
    assert_eq!(second, tag_of(&see(program.request(Method::GET, &one)).await.1));
    assert_eq!(see(rename("\"made-up\"", "Harbour Inc", None)).await.0, 412);
    assert_eq!(see(rename(&second, "Harbour Inc", Some(1))).await.0, 412, "the version still counts");
    assert_eq!(see(rename(&format!("\"x\", {second}"), "Harbour Dental", Some(2))).await.0, 200);
    assert_eq!(see(rename("*", "Harbour", None)).await.0, 200);
    // What is in the way for another reason is no failed precondition.
    owner.post("companies/create", json!({ "name": "Contoso" })).await.ok();
    assert_eq!(see(rename("*", "Contoso", None)).await.0, 409);

    let request = program.request(Method::POST, "companies/archive").header(header::IF_MATCH, "*");
    let (status, _, text) = see(request.json(&json!({ "company_id": made["id"] }))).await;
    assert!(status == 422 && text.contains("takes no If-Match"), "{text}");
    let gone = json!({ "company_id": "01980000-0000-7000-8000-000000000000", "name": "X" });
    let request = program.request(Method::POST, "companies/update").header(header::IF_MATCH, "*").json(&gone);
    assert_eq!(see(request).await.0, 404);
    let nobody = site.nobody();
    let request = nobody.request(Method::POST, "companies/update").header(header::IF_MATCH, "*").json(&gone);
    assert_eq!(see(request).await.0, 401);
    let reader = site.program(&mut owner, Role::Read).await;
    let body = json!({ "company_id": made["id"], "name": "X" });
    let request = reader.request(Method::POST, "companies/update").header(header::IF_MATCH, "*").json(&body);
    assert_eq!(see(request).await.0, 403);
}

/// Each edit that takes a tag takes that of its read.
#[tokio::test]
async fn the_tag_of_each_read_fits_its_edit() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = domain::ids::TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(&site, tenant, 0x200).await;
    let location = json!({ "location_id": rows.location, "name": "Yard" });
    let kind = json!({ "device_type_id": rows.device_type, "name": "Kiosk" });
    let note = json!([{ "field": "notes", "value": "by tag" }]);
    let device = json!({ "device_id": rows.device, "fields": note });
    let limits = json!({ "integration_id": rows.integration, "percent": 30, "rows": 12 });
    let integration = format!("integrations/get?integration_id={}", rows.integration);
    for (read, edit, body) in [
        (integration, "integrations/update_breaker", limits),
        (format!("locations/overview?location_id={}", rows.location), "locations/update", location),
        (format!("device_types/get?device_type_id={}", rows.device_type), "device_types/update", kind),
        (format!("devices/get?device_id={}", rows.device), "devices/update", device),
        ("compliance/rules".to_owned(), "compliance/save_rules", json!({ "rules": [] })),
    ] {
        let (_, headers, _) = see(owner.request(Method::GET, &read)).await;
        let tag = headers[header::ETAG].to_str().expect("a text").to_owned();
        let send = || owner.request(Method::POST, edit).header(header::IF_MATCH, &tag).json(&body);
        let (status, _, text) = see(send()).await;
        assert_eq!(status, 200, "{edit}: {text}");
        assert_eq!(see(send()).await.0, 412, "{edit} a second time");
    }
}

/// Of many who come with the same tag at the same time one is let through.
#[tokio::test]
async fn one_of_many_with_the_same_tag_is_let_through() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let made = owner.post("companies/create", json!({ "name": "Harbour" })).await.ok();
    let one = format!("companies/get?company_id={}", made["id"].as_str().expect("an id"));
    let (_, headers, _) = see(owner.request(Method::GET, &one)).await;
    let tag = headers[header::ETAG].to_str().expect("a text").to_owned();
    let all = (0..8).map(|n| {
        let body = json!({ "company_id": made["id"], "name": format!("Harbour {n}") });
        see(owner.request(Method::POST, "companies/update").header(header::IF_MATCH, &tag).json(&body))
    });
    let mut outcomes: Vec<u16> =
        futures::future::join_all(all).await.into_iter().map(|(status, ..)| status).collect();
    outcomes.sort_unstable();
    assert_eq!(outcomes, [200, 412, 412, 412, 412, 412, 412, 412]);
}
