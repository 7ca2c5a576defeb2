//! The description says what there is: no more, no less, and in a form that tools read.

mod schema;

use crate::support::{Rows, Setup, asks_vendor, files, samples};
use axum::http::Method;
use domain::{ids::TenantId, role::Role};
use schema::Document;
use server::api::server_functions;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_server_function_is_in_the_table_and_nothing_else() {
    let registered: BTreeSet<String> =
        server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
    let table: BTreeSet<String> =
        server_functions().iter().map(|e| format!("{} {}", e.method, e.path)).collect();
    assert_eq!(table, registered);
    assert_eq!(server_functions().len(), table.len(), "an endpoint stands in the table twice");
}

#[tokio::test]
async fn it_is_open_to_all_and_every_endpoint_is_in_it() {
    let site = Setup::sqlite().start().await;
    let document = site.nobody().get("openapi.json", &[]).await.ok();
    assert_eq!(document["openapi"], "3.1.0");
    let operations = Document(&document).operations();
    let table = server_functions();
    for endpoint in &table {
        let operation = &operations[&(endpoint.path.to_owned(), endpoint.method.as_str().to_lowercase())];
        let names: Vec<&str> = match endpoint.method {
            Method::GET => operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|p| p["name"].as_str())
                .collect(),
            _ => {
                let body = &operation["requestBody"]["content"]["application/json"]["schema"];
                body["properties"]
                    .as_object()
                    .into_iter()
                    .flat_map(|p| p.keys())
                    .map(String::as_str)
                    .collect()
            }
        };
        let wanted: Vec<&str> = endpoint.arguments.iter().map(|a| a.name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>(), wanted.iter().collect(), "{}", endpoint.path);
    }
    let others: Vec<&str> = operations
        .keys()
        .map(|(path, _)| path.as_str())
        .filter(|path| !table.iter().any(|e| e.path == *path))
        .collect();
    let files = server::router::files().map(|(path, _)| path.replace("{id}", "{run_id}"));
    let mut known: Vec<&str> =
        files.iter().map(String::as_str).chain(["/api/v1/openapi.json", "/healthz"]).collect();
    known.sort_unstable();
    assert_eq!(others, known, "what the router sends is described, and nothing else");
}

#[tokio::test]
async fn it_is_well_formed() {
    let site = Setup::sqlite().start().await;
    let document = site.nobody().get("openapi.json", &[]).await.ok();
    let document = Document(&document);
    let references = document.references();
    assert!(references.len() > 200, "{} references", references.len());
    for reference in references {
        assert!(document.find(&reference).is_some(), "{reference} leads nowhere");
    }
    let mut ids = BTreeMap::new();
    for ((path, method), operation) in document.operations() {
        let id =
            operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no operationId"));
        assert_eq!(ids.insert(id.to_owned(), path.clone()), None, "operationId {id} of {path} is not unique");
        assert!(operation["summary"].as_str().is_some_and(|s| s.ends_with('.')), "{path} has no summary");
        assert!(operation["responses"]["200"]["content"].is_object(), "{path} answers nothing");
        if path.contains("/session/me") {
            let ways = serde_json::json!([{ "session": [] }, { "token": [] }]);
            assert_eq!(operation["security"], ways);
        }
    }
    let token = &document.0["components"]["securitySchemes"]["token"];
    assert_eq!((token["type"].as_str(), token["scheme"].as_str()), (Some("http"), Some("bearer")));
    let cookie = &document.0["components"]["securitySchemes"]["session"];
    assert_eq!((cookie["in"].as_str(), cookie["name"].as_str()), (Some("cookie"), Some("msportal_session")));
}

#[tokio::test]
async fn answers_are_as_described() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let me = owner.get("session/me", &[]).await.ok();
    let tenant = TenantId(me["tenant"]["id"].as_str().expect("an id").parse().expect("a UUID"));
    let rows = Rows::insert(&site, tenant, 0x200).await;
    let document = owner.get("openapi.json", &[]).await.ok();
    let document = Document(&document);
    let mut checked = 0;
    for endpoint in server_functions().iter().filter(|e| e.method == Method::GET && !asks_vendor(e)) {
        let arguments = samples(endpoint, &rows).into();
        let answer = owner.call(&endpoint.method, endpoint.path, &arguments).await.ok();
        document.check_answer(endpoint.path, &answer);
        checked += 1;
    }
    assert!(checked >= 20, "{checked} answers were checked");
    let refused = owner.get("companies/get", &[("company_id", "x")]).await;
    let error = document.find("#/components/schemas/ErrorAnswer").expect("the schema of errors");
    document.check(error, &refused.body, "error");
}

/// Each operation says what a program is answered that calls too often, and one whose token is worth nothing.
#[tokio::test]
async fn what_every_token_may_be_answered_is_described() {
    let site = Setup::sqlite().with(|config| config.api_rate = 1).start().await;
    let mut owner = site.owner().await;
    let mut busy = site.program(&mut owner, Role::Admin).await;
    let mut wrong = busy.with_token("nonsense");
    let document = owner.get("openapi.json", &[]).await.ok();
    let document = Document(&document);
    busy.get("session/me", &[]).await.ok();
    let unknown = Rows::unknown();
    let mut calls: Vec<_> = server_functions()
        .iter()
        .map(|e| (e.method.clone(), e.path.to_owned(), e.path.to_owned(), samples(e, &unknown).into()))
        .collect();
    let routes = server::router::files().map(|(route, _)| route.replace("{id}", "{run_id}"));
    let described = routes.into_iter().chain(["/api/v1/openapi.json".to_owned()]);
    let asked = files(&unknown).into_iter().chain(["openapi.json".to_owned()]);
    calls.extend(described.zip(asked).map(|(path, asked)| (Method::GET, path, asked, serde_json::json!({}))));
    for (method, path, asked, arguments) in calls {
        let operation = &document.operations()[&(path.clone(), method.as_str().to_lowercase())];
        for (client, status) in [(&mut busy, "429"), (&mut wrong, "401")] {
            let answer = client.call(&method, &asked, &arguments).await;
            assert_eq!(answer.status.to_string(), status, "{path}: {}", answer.text);
            assert!(operation["responses"][status].is_object(), "{method} {path} does not describe {status}");
        }
    }
}

#[tokio::test]
async fn every_endpoint_has_an_example_that_fits() {
    let site = Setup::sqlite().start().await;
    let document = site.nobody().get("openapi.json", &[]).await.ok();
    let document = Document(&document);
    for ((path, method), operation) in document.operations() {
        let answer = &operation["responses"]["200"]["content"]["application/json"];
        if answer.is_object() {
            document.check(&answer["schema"], &answer["example"], &path);
        }
        let body = &operation["requestBody"]["content"]["application/json"];
        if method == "post" {
            document.check(&body["schema"], &body["example"], &path);
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if parameter["required"] == true {
                document.check(&parameter["schema"], &parameter["example"], &path);
            }
        }
    }
}

/// A filter that is there twice is named, also by what sends a file; a company that is not there is not found.
#[tokio::test]
async fn filters_that_cannot_be_read_are_named() {
    let site = Setup::sqlite().start().await;
    let mut owner = site.owner().await;
    let document = owner.get("openapi.json", &[]).await.ok();
    let run = Rows::unknown().run;
    let changes = format!("runs/{run}/changes.csv");
    for file in ["devices/export.csv", "reports/devices.csv", "audit/export.csv", &changes] {
        let answer = owner.get(file, &[("search", "a"), ("search", "b")]).await;
        assert_eq!(answer.refused(422, "invalid").as_deref(), Some("search"), "{file}");
    }
    for report in ["reports/summary", "reports/trend"] {
        let company = Rows::unknown().company.to_string();
        owner.get(report, &[("company", &company)]).await.refused(404, "not_found");
        let responses = &document["paths"][format!("/api/v1/{report}")]["get"]["responses"];
        assert!(responses["404"].is_object(), "{report}: {responses}");
    }
}
