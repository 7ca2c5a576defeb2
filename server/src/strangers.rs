//! Who is not signed in sends little, and at once; who is, sends files where files are taken.

use crate::{
    api,
    auth::{self, refuse_with},
    router::LONGEST,
};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use backend::{Portal, session::Session};
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

/// How large the body of a request may be and how long it may take, and what is said when there is more.
struct Limit {
    bytes: usize,
    patience: Duration,
    beyond: &'static str,
}

impl Limit {
    fn of(request: &Request) -> Self {
        let Some(session) = request.extensions().get::<Session>() else {
            let beyond = "This is too large, or was cut off. Sign in to send more than 64 KB.";
            return Self { bytes: LARGEST, patience: PATIENCE, beyond };
        };
        let is_file = session.permissions.allow(Area::Companies, Level::Manage)
            && api::name_of(request.uri().path()).is_some_and(|name| FILES.contains(&name));
        let (bytes, beyond) = match is_file {
            true => (MAX_BODY, "This is too large, or was cut off. Send at most 32 MB."),
            false => {
                (LARGE, "This is too large, or was cut off. Send at most 2 MB; only CSV files may be larger.")
            }
        };
        Self { bytes, patience: LONGEST, beyond }
    }
}

/// Reads the body of a request before anything else is done for it, and then looks again who sends it. The session's middleware
/// has to stand outside of this one.
pub async fn small(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let limit = Limit::of(&request);
    let (mut parts, body) = request.into_parts();
    let bytes = match timeout(limit.patience, to_bytes(body, limit.bytes)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return refuse_with(StatusCode::PAYLOAD_TOO_LARGE, limit.beyond),
        Err(_) => {
            return refuse_with(
                StatusCode::REQUEST_TIMEOUT,
                "The request did not arrive in time. Try again.",
            );
        }
    };
    match auth::look_again(&portal, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refusal) => refusal,
    }
}
