//! Built assets: embedded in a release binary, read from the build folder in a debug one.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$MSPORTAL_SITE"]
struct Site;

/// The asset of that path, if there is one.
pub fn find(uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let path = uri.path().trim_start_matches('/');
    if path.is_empty() || path.ends_with(".br") {
        return None;
    }
    let file = Site::get(path)?;
    Some(answer(path, file, headers))
}

/// The folder that a release build has put the parts of the program into.
pub fn parts_folder() -> Option<String> {
    let script = Site::iter().find(|path| path.starts_with(PARTS) && path.ends_with("/split.js"))?;
    Some(script.trim_end_matches("/split.js").to_owned())
}

/// How the paths of parts begin.
const PARTS: &str = "pkg/parts-";

fn answer(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    let common = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, cache_control(path).to_owned()),
        (header::CONTENT_TYPE, content_type(path).to_owned()),
        (header::VARY, "accept-encoding".to_owned()),
    ];
    if unchanged {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    match brotli(path, headers) {
        Some(packed) => (common, [(header::CONTENT_ENCODING, "br")], body(packed)).into_response(),
        None => (common, body(file)).into_response(),
    }
}

/// Parts of the program carry a hash in their path. Other names carry none: they are checked with every load, and an
/// unchanged file costs 304 and no body.
fn cache_control(path: &str) -> &'static str {
    if path.starts_with(PARTS) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// The packed sibling, when the browser takes it and the build made one.
fn brotli(path: &str, headers: &HeaderMap) -> Option<EmbeddedFile> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = accepted.split(',').any(|e| e.split(';').next().is_some_and(|name| name.trim() == "br"));
    if takes { Site::get(&format!("{path}.br")) } else { None }
}

fn body(file: EmbeddedFile) -> Body {
    match file.data {
        std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("wasm") => "application/wasm",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
