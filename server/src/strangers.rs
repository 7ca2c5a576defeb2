//! Who is not signed in sends little, and at once.

use crate::auth::refuse_with;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use backend::session::Session;
use std::time::Duration;
use tokio::time::timeout;

/// Largest body of a request without a session: a name, an e-mail address and a password fit many times.
pub const LARGEST: usize = 64 * 1024;
/// Time for such a body to arrive.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Reads the body of a request without a session before anything else is done for it. The session's middleware has to stand
/// outside of this one.
pub async fn small(request: Request, next: Next) -> Response {
    let known = request.extensions().get::<Session>().is_some();
    if known || matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(_)) => refuse_with(
            StatusCode::PAYLOAD_TOO_LARGE,
            "This is too large, or was cut off. Sign in to send more than 64 KB.",
        ),
        Err(_) => refuse_with(StatusCode::REQUEST_TIMEOUT, "The request did not arrive in time. Try again."),
    }
}
