//! What stands before every request: the session of its cookie, and the check that a write comes from our own pages.

use crate::visitor;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::Portal;
use domain::error::{ErrorKind, UserError};

/// Puts into the request who sent it, the session of a valid cookie, and who it is for the frame around the pages.
pub async fn session(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let visitor = visitor::of(&portal, &request);
    if let Some(token) = &visitor.session {
        match portal.authenticate(token).await {
            Ok(Some(mut session)) => {
                session.origin = visitor.origin();
                request.extensions_mut().insert(session.me());
                request.extensions_mut().insert(session);
            }
            Ok(None) => {}
            Err(error) => return refuse(error.into_user_error()),
        }
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Refuses writes that another site made the browser send. A program without `Origin` and `Sec-Fetch-Site` passes: it
/// carries no cookie that somebody else could ride on.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && !comes_from_us(request.headers()) {
        return refuse(UserError::new(
            ErrorKind::Forbidden,
            "This request came from another site and was refused.",
        ));
    }
    if !safe && !is_json(request.headers()) {
        let message = "Send the arguments as JSON, with the header \"Content-Type: application/json\".";
        return refuse(UserError::new(ErrorKind::Invalid, message));
    }
    next.run(request).await
}

/// Without asking the server first, another site can only send other types (a form, a text, nothing): every write is a
/// server function, and takes JSON alone.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|k| k.trim().eq_ignore_ascii_case("application/json"))
}

fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN) {
        None => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST)
        }
    }
}

/// An error in the form of every other.
pub fn refuse(error: UserError) -> Response {
    let status = StatusCode::from_u16(error.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(serde_json::json!({ "error": error }))).into_response()
}

/// A refusal that only HTTP has a word for, in the form of every other.
pub fn refuse_with(status: StatusCode, message: &str) -> Response {
    let error = UserError::new(ErrorKind::Invalid, message);
    (status, axum::Json(serde_json::json!({ "error": error }))).into_response()
}
