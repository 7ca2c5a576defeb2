//! `GET /api/v1/openapi.json`: what the API offers, generated from the server functions and their types.
//!
//! [`table`] lists every server function once; it does not compile when arguments or answer differ from the function's,
//! and a test compares it with what is registered. [`shape`] says how a type appears in the document, [`document`]
//! puts the document together, [`examples`] makes the examples that are not written by hand.
//! [`plain`] keeps redirects away from answers.

mod arguments;
mod document;
mod endpoint;
mod examples;
mod plain;
mod query;
mod responses;
mod shape;
mod table;

pub use endpoint::{Argument, Endpoint, Needs, takes_tokens};
pub use plain::json_alone;
pub use query::{check as check_query, is_read};
pub use table::server_functions;

use axum::Json;
use serde_json::Value;
use std::{collections::HashMap, sync::LazyLock};

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Whether a path is one of the API.
pub fn is_inside(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|rest| rest.starts_with('/'))
}

/// The name of the endpoint at a path, such as `companies/list`.
pub fn name_of(path: &str) -> Option<&'static str> {
    static NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let functions = server_functions().into_iter().map(|endpoint| (endpoint.path, endpoint.name()));
        functions.chain(FILES).collect()
    });
    NAMES.get(path).copied().or_else(|| OF_A_RUN.iter().find(|name| is_of_a_run(path, name)).copied())
}

/// What is asked for by the id of a run, and is no server function.
const OF_A_RUN: [&str; 2] = ["runs/changes.csv", "runs/events"];

fn is_of_a_run(path: &str, name: &str) -> bool {
    let part = path.strip_prefix("/api/v1/runs/").and_then(|rest| rest.split_once('/')).map(|(_, part)| part);
    part.is_some() && part == name.strip_prefix("runs/")
}

/// Files, which are no server functions.
const FILES: [(&str, &str); 4] = [
    ("/api/v1/audit/export.csv", "audit/export.csv"),
    ("/api/v1/devices/export.csv", "devices/export.csv"),
    ("/api/v1/reports/companies.csv", "reports/companies.csv"),
    ("/api/v1/reports/devices.csv", "reports/devices.csv"),
];

/// The description of every endpoint, as OpenAPI 3.1.
pub async fn openapi() -> Json<&'static Value> {
    Json(description())
}

/// The same.
pub fn description() -> &'static Value {
    static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
        // A description always has a JSON form.
        let mut description = serde_json::to_value(document::document()).unwrap_or_default();
        examples::add(&mut description);
        description
    });
    &DESCRIPTION
}
