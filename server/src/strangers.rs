//! Who is not signed in sends little, and at once; who is, sends files where files are taken.

use crate::{api, auth::refuse_with};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use backend::session::Session;
use domain::{
    csv_import::MAX_BYTES,
    permissions::{Area, Level},
};
use std::time::Duration;
use tokio::time::timeout;

/// Largest body of all: a CSV file in a JSON text, with room for escapes.
pub const MAX_BODY: usize = MAX_BYTES * 2;
/// Largest body of a request without a session: a name, an e-mail address and a password fit many times.
pub const LARGEST: usize = 64 * 1024;
/// Largest body of a request with a session: the longest list of ids fits several times.
pub const LARGE: usize = 2 * 1024 * 1024;
/// Where files are taken, of those who may manage companies; they may be as large as the server takes anything.
const FILES: [&str; 2] = ["companies/import_csv", "locations/import_csv"];
/// Time for the body of a request without a session to arrive.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Refuses a request that says itself that its body is larger than any may be. The limit behind it has no JSON for that.
pub async fn bounded(request: Request, next: Next) -> Response {
    let said = request.headers().get(header::CONTENT_LENGTH);
    let said: Option<usize> = said.and_then(|length| length.to_str().ok()?.parse().ok());
    if said.is_some_and(|length| length > MAX_BODY) {
        return refuse_with(
            StatusCode::PAYLOAD_TOO_LARGE,
            "This is too large. Nothing may be larger than 32 MB.",
        );
    }
    next.run(request).await
}

/// Reads the body of a request, if it is no file, before anything else is done for it. The session's middleware has to stand
/// outside of this one.
pub async fn small(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let session = request.extensions().get::<Session>();
    let known = session.is_some();
    let may = session.is_some_and(|session| session.permissions.allow(Area::Companies, Level::Manage));
    if may && api::name_of(request.uri().path()).is_some_and(|name| FILES.contains(&name)) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    if known {
        return match to_bytes(body, LARGE).await {
            Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
            Err(_) => refuse_with(
                StatusCode::PAYLOAD_TOO_LARGE,
                "This is too large, or was cut off. Send at most 2 MB; only CSV files may be larger.",
            ),
        };
    }
    match timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => refuse_with(
            StatusCode::PAYLOAD_TOO_LARGE,
            "This is too large, or was cut off. Sign in to send more than 64 KB.",
        ),
        Err(_) => refuse_with(StatusCode::REQUEST_TIMEOUT, "The request did not arrive in time. Try again."),
    }
}
