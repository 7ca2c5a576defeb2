//! What stands before every request: the session of its cookie or of its API token, and the check that a write comes from our
//! own pages.

use crate::{api, bearer, forms, rate::Rate, visitor};
use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{
    Portal,
    session::{Session, Visitor},
};
use domain::{
    error::{ErrorKind, UserError},
    session::Me,
};
use std::time::{Duration, Instant};

/// What was found for a request counts so long; a body that takes longer is asked again whose it is.
const SOON: Duration = Duration::from_millis(250);

/// When it was looked who sends a request.
#[derive(Clone, Copy)]
struct Looked(Instant);

/// What the session's middleware needs.
#[derive(Clone)]
pub struct Door {
    pub portal: Portal,
    pub rate: Rate,
}

/// Puts into the request who sent it, the session of a valid cookie or API token, and who it is for the frame around the pages.
pub async fn session(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let looked = Looked(Instant::now());
    let mut visitor = visitor::of(&door.portal, &request);
    let by_tls = door.portal.is_behind_tls();
    let found = match bearer::token(request.headers()) {
        Some(token) => {
            // Whatever the token is worth: who sends one does not mean the cookies.
            (visitor.session, visitor.device) = (None, None);
            by_token(&door, token, request.uri().path(), &visitor).await
        }
        // Another site's page that may call the API does so with a token: its visitor's cookies are none of its business. A proxy
        // may have put another host into the request; the browser says whether the page is ours.
        None if request.headers().contains_key(header::ORIGIN)
            && !comes_from_us(request.headers(), by_tls) =>
        {
            Ok(None)
        }
        // Nor does another site's link or picture download files, which the audit log would note as the user's deed.
        None if api::is_inside(request.uri().path()) && !comes_from_us(request.headers(), by_tls) => Ok(None),
        None => by_cookie(&door.portal, &visitor).await,
    };
    match found {
        Ok(session) => enter(request.extensions_mut(), session),
        Err(refusal) => return refusal,
    }
    request.extensions_mut().insert(visitor);
    request.extensions_mut().insert(looked);
    next.run(request).await
}

/// Says in a request whose it is; without a session, nobody's.
fn enter(extensions: &mut Extensions, session: Option<Session>) {
    extensions.remove::<Me>();
    extensions.remove::<Session>();
    if let Some(session) = session {
        extensions.insert(session.me());
        extensions.insert(session);
    }
}

/// Looks again whose a request is, once its body is there, if that took a while: whoever was shut out or signed out meanwhile is
/// nobody, and who may something else by now may that. A token that was revoked is refused, as at the beginning.
pub async fn look_again(portal: &Portal, parts: &mut Parts) -> Result<(), Response> {
    let still = parts.extensions.get::<Looked>().is_some_and(|looked| looked.0.elapsed() < SOON);
    if still || parts.extensions.get::<Session>().is_none() {
        return Ok(());
    }
    let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
    let session = match bearer::token(&parts.headers) {
        Some(token) => Some(bearer::session(portal, token, &visitor).await?),
        None => by_cookie(portal, &visitor).await?,
    };
    enter(&mut parts.extensions, session);
    Ok(())
}

async fn by_cookie(portal: &Portal, visitor: &Visitor) -> Result<Option<Session>, Response> {
    let Some(token) = &visitor.session else { return Ok(None) };
    let found = portal.authenticate(token).await.map_err(|error| refuse(error.into_user_error()))?;
    Ok(found.map(|session| Session { origin: visitor.origin(), ..session }))
}

/// Tokens are for the API: pages know nobody who sends one.
async fn by_token(
    door: &Door,
    token: &str,
    path: &str,
    visitor: &Visitor,
) -> Result<Option<Session>, Response> {
    if !api::is_inside(path) {
        return Ok(None);
    }
    let session = bearer::session(&door.portal, token, visitor).await?;
    if let Some(refusal) = session.token.as_ref().and_then(|token| door.rate.count(token)) {
        return Err(refusal);
    }
    if api::takes_tokens(path) {
        return Ok(Some(session));
    }
    // Whoever tries what is for people with a token is worth a line.
    if let Some(endpoint) = api::name_of(path)
        && let Err(error) = door.portal.note_forbidden(&session, endpoint).await
    {
        tracing::warn!(%error, endpoint, "a refusal was not noted");
    }
    Err(bearer::for_people())
}

/// Refuses writes that another site made the browser send. A program without `Origin` and `Sec-Fetch-Site` passes, since no browser
/// can send JSON to another site without the first, unless the operator demands one of them; and one with an API token: it
/// carries no cookie that somebody else could ride on. A form has to name where it comes from.
pub async fn same_origin(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let by_token = bearer::token(request.headers()).is_some();
    let by_form = forms::is_one(&request);
    let told = is_told(request.headers());
    let ours = comes_from_us(request.headers(), portal.is_behind_tls());
    if !safe && !by_token && !ours || by_form && !told {
        return refuse(UserError::new(
            ErrorKind::Forbidden,
            "This request came from another site and was refused.",
        ));
    }
    if !safe && !by_token && !told && portal.demands_origin() {
        let message = "This request does not say where it comes from. Send the header \"Origin\" with the address of this portal, or use an API token.";
        return refuse(UserError::new(ErrorKind::Forbidden, message));
    }
    if !safe && !by_form && !is_json(request.headers()) {
        let message = "Send the arguments as JSON, with the header \"Content-Type: application/json\".";
        return refuse(UserError::new(ErrorKind::Invalid, message));
    }
    next.run(request).await
}

/// Without asking the server first, another site can only send other types (a form, a text, nothing): every write is a
/// server function, and takes JSON alone. But for signing in and out ([`forms`]).
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|k| k.trim().eq_ignore_ascii_case("application/json"))
}

/// Whether the browser says at all where a request comes from.
fn is_told(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site")
}

fn comes_from_us(headers: &HeaderMap, by_tls: bool) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    has_our_origin(headers, by_tls)
}

/// Whether the page that asks, if the browser names one, is ours. Behind TLS a page without it is somebody else's.
fn has_our_origin(headers: &HeaderMap, by_tls: bool) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    match text(header::ORIGIN) {
        None => true,
        Some(origin) => {
            let (scheme, host) = origin.split_once("://").unzip();
            host.is_some() && host == text(header::HOST) && (!by_tls || scheme == Some("https"))
        }
    }
}

/// An error in the form of every other.
pub fn refuse(error: UserError) -> Response {
    let status = StatusCode::from_u16(error.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let wait = error.retry_after;
    let mut response = (status, axum::Json(serde_json::json!({ "error": error }))).into_response();
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A refusal that only HTTP has a word for, in the form of every other.
pub fn refuse_with(status: StatusCode, message: &str) -> Response {
    let error = UserError::new(ErrorKind::Invalid, message);
    (status, axum::Json(serde_json::json!({ "error": error }))).into_response()
}
