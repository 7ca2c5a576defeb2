//! `GET /docs/api`: the description of the API as a page, with a search. It is made of `openapi.json`, and has no script.

mod entry;
mod page;

use crate::api;
use axum::{
    extract::Query,
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use entry::Entry;
use std::sync::LazyLock;

/// Loads this server's style sheet and pictures, runs nothing.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// Characters of a search that are looked at.
const LONGEST: usize = 200;

/// What the search form asks.
#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    search: String,
}

/// The page, with the endpoints that fit the search.
pub async fn page(Query(asked): Query<Asked>) -> Response {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| entry::all(api::description()));
    let search: String = asked.search.chars().take(LONGEST).collect();
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let found: Vec<&Entry> = ENTRIES.iter().filter(|entry| entry.has(&words)).collect();
    let mut response = Html(page::html(&search, &found)).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
