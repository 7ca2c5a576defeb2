//! Signing in and out as a browser does it by itself: without JavaScript, or before the program is there.
//!
//! The API takes JSON alone. These two take what a form of our own pages sends, and answer with the page to go to.

use app::{
    pages::session::Refused,
    ui::url::{encode, local_path},
};
use axum::{
    Extension, Form,
    extract::{
        Query, Request, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::{
    Portal,
    session::{Session, Visitor},
};
use serde::Deserialize;

/// Where it is signed in, and out.
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";

/// Whether a request is a form that is taken here.
pub fn is_one(request: &Request) -> bool {
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    [SIGN_IN, SIGN_OUT].contains(&request.uri().path())
        && kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The fields of the sign-in page.
#[derive(Deserialize)]
pub struct Fields {
    email: String,
    password: String,
    #[serde(default)]
    code: String,
}

/// Where to go on, as the address of the sign-in page says it.
#[derive(Deserialize)]
pub struct Asked {
    next: Option<String>,
}

/// Signs in and goes on; back to the form with the reason when it is refused. Nothing of what was typed is in an address.
pub async fn sign_in(
    State(portal): State<Portal>,
    Extension(visitor): Extension<Visitor>,
    asked: Result<Query<Asked>, QueryRejection>,
    fields: Result<Form<Fields>, FormRejection>,
) -> Response {
    let next = asked.ok().and_then(|Query(asked)| local_path(&asked.next?));
    let back = |refused: Refused| {
        let next = next.as_deref().map(|next| format!("&next={}", encode(next))).unwrap_or_default();
        see(&format!("{SIGN_IN}?refused={}{next}", refused.word()), &[])
    };
    let Ok(Form(fields)) = fields else { return back(Refused::Other) };
    match portal.sign_in(&visitor, &fields.email, &fields.password, Some(&fields.code)).await {
        Ok(signed_in) => see(next.as_deref().unwrap_or("/"), &[&signed_in.cookie, &signed_in.device_cookie]),
        Err(error) => back(Refused::of(&error.into_user_error())),
    }
}

/// Ends the session, if there is one.
pub async fn sign_out(State(portal): State<Portal>, session: Option<Extension<Session>>) -> Response {
    if let Some(Extension(session)) = session
        && let Err(error) = portal.sign_out(&session).await
    {
        return crate::auth::refuse(error.into_user_error());
    }
    see(SIGN_IN, &[&portal.no_session()])
}

/// The page to go to, with cookies.
fn see(path: &str, cookies: &[&str]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, value(path));
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, value(cookie));
    }
    response
}
