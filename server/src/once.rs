//! `Idempotency-Key`: a write that is sent twice with the same key is done once, and answered twice.

use crate::{
    api,
    auth::{refuse, refuse_with},
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use backend::{
    Portal,
    once::{Claim, Keyed},
    session::Session,
};
use domain::error::{ErrorKind, UserError};
use tracing::Instrument;

/// The header with the caller's key.
pub const KEY: &str = "idempotency-key";
/// Says that an answer is that of the first request with the key.
pub const REPLAYED: &str = "idempotency-replayed";
/// Longest key.
const LONGEST: usize = 200;
/// Bytes of an answer that is kept, at most.
const MOST_KEPT: usize = 256 << 10;

/// Stands before writes of those who are signed in. In: the session is known by now.
pub async fn once(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<Session>().cloned();
    let key = request.headers().get(KEY).cloned();
    let (Some(session), Some(key), Method::POST) = (session, key, request.method().clone()) else {
        return next.run(request).await;
    };
    let key = match checked(&key, request.uri().path()) {
        Ok(key) => key,
        Err(error) => return refuse(error),
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return refuse_with(StatusCode::PAYLOAD_TOO_LARGE, "This is too large, or was cut off.");
    };
    let held = parts.headers.get(header::IF_MATCH).map(HeaderValue::as_bytes).unwrap_or_default();
    let what = [parts.uri.path().as_bytes(), b"\n", held].concat();
    let keyed = match portal.keyed(&session, &key, &what, &body).await {
        Ok(keyed) => keyed,
        Err(error) => return refuse(error.into_user_error()),
    };
    // Taking the key saves nothing of what is asked for.
    match backend::db::hurried(portal.claim(&keyed)).await {
        Ok(Claim::New) => done(portal, keyed, Request::from_parts(parts, Body::from(body)), next).await,
        Ok(Claim::Answered { status, body }) => replayed(status, body),
        Ok(claim) => refuse(refusal(&claim)),
        Err(error) => refuse(error.into_user_error()),
    }
}

/// The key, if it is one and may be used there: answers with secrets are not kept.
fn checked(key: &HeaderValue, path: &str) -> Result<String, UserError> {
    let wrong = |message: &str| UserError::invalid("Idempotency-Key", message);
    if !api::is_inside(path) || !api::takes_tokens(path) {
        return Err(wrong("This cannot be repeated. Leave the header Idempotency-Key out."));
    }
    match key.to_str() {
        Ok(key) if (1..=LONGEST).contains(&key.len()) => Ok(key.to_owned()),
        _ => Err(wrong("Send a key of 1 to 200 letters, digits and signs, such as a UUID.")),
    }
}

/// Does the request to its end, also when the caller has hung up, and keeps the answer.
async fn done(portal: Portal, keyed: Keyed, request: Request, next: Next) -> Response {
    let work = async move {
        let (parts, body) = next.run(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        match parts.status {
            // Not done: it may be tried again with the same key.
            StatusCode::TOO_MANY_REQUESTS | StatusCode::BAD_GATEWAY => portal.give_back(&keyed).await,
            // The database was busy, and says when to try again.
            status if status.is_server_error() && parts.headers.contains_key(header::RETRY_AFTER) => {
                portal.give_back(&keyed).await
            }
            // It may have been done before something failed; and what is very long is not kept.
            status if status.is_server_error() || body.len() > MOST_KEPT => portal.leave_open(&keyed).await,
            status => portal.keep_answer(&keyed, status.as_u16(), &body).await,
        }
        Response::from_parts(parts, Body::from(body))
    };
    let cut_off =
        || refuse(UserError::new(ErrorKind::Internal, "The request was cut off. See whether it was done."));
    tokio::spawn(backend::db::hurried(work.in_current_span())).await.unwrap_or_else(|_| cut_off())
}

fn replayed(status: u16, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn refusal(claim: &Claim) -> UserError {
    match claim {
        Claim::Other => UserError::invalid(
            "Idempotency-Key",
            "This key came with another request before, or what you may do has changed since. Send a new key with each new request.",
        ),
        Claim::TooMany { seconds } => UserError::throttled(
            "There are 10,000 keys of yours already that are less than a day old. Leave the header Idempotency-Key out, or wait.",
            *seconds,
        ),
        Claim::CutOff => UserError::conflict(
            "The first request with this key was cut off, or its answer was not kept. See whether it was done, and send a new key if not.",
        ),
        _ => UserError::conflict("The first request with this key is under way. Try again in a moment."),
    }
}
