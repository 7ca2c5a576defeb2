//! What stands before every request: the session of its cookie, and the check that a write comes from our own pages.

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{Portal, session::COOKIE, tenant::Origin};
use domain::error::{ErrorKind, UserError};
use std::net::SocketAddr;

/// Puts the session of a valid cookie into the request, and who it is for the frame around the pages.
pub async fn session(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let origin = origin(&request);
    request.extensions_mut().insert(origin.clone());
    if let Some(token) = cookie(request.headers()) {
        match portal.authenticate(&token).await {
            Ok(Some(mut session)) => {
                session.origin = origin;
                request.extensions_mut().insert(session.me());
                request.extensions_mut().insert(session);
            }
            Ok(None) => {}
            Err(error) => return refuse(error.into_user_error()),
        }
    }
    next.run(request).await
}

/// The peer's address, and what the browser or program calls itself.
fn origin(request: &Request) -> Origin {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let agent = request.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok());
    Origin {
        address: peer.map(|peer| peer.0.ip().to_canonical().to_string()),
        agent: agent.map(str::to_owned),
    }
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

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then(|| value.to_owned())
    })
}

/// An error in the form of every other.
pub fn refuse(error: UserError) -> Response {
    let status = StatusCode::from_u16(error.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(serde_json::json!({ "error": error }))).into_response()
}
