//! Refusals of those who are signed in, for the audit log.

use crate::api;
use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use backend::{Portal, session::Session};

/// Notes what somebody asked for and their role does not allow. In: the session is known by now.
pub async fn note(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<Session>().cloned();
    let endpoint = api::name_of(request.uri().path());
    let response = next.run(request).await;
    if let (Some(session), Some(endpoint), StatusCode::FORBIDDEN) = (session, endpoint, response.status())
        && let Err(error) = portal.note_forbidden(&session, endpoint).await
    {
        // The refusal stands.
        tracing::warn!(%error, endpoint, "a refusal was not noted");
    }
    response
}
