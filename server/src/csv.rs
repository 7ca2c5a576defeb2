//! Files that are sent while they are read.

use crate::auth::refuse;
use axum::{
    Extension,
    body::Body,
    extract::{Query, rejection::QueryRejection},
    http::header,
    response::{IntoResponse, Response},
};
use backend::{Portal, Tenant, session::Session, tenant::Read};
use domain::{
    error::{ErrorKind, UserError},
    permissions::Area,
};
use futures::{Stream, TryStreamExt};
use std::{io, str::FromStr};

/// The tenant of whoever asks, if they may view that area and are not limited to some companies.
pub fn reader(
    portal: &Portal,
    session: Option<Extension<Session>>,
    area: Area,
) -> Result<Tenant<Read>, UserError> {
    portal.tenant(&signed_in(session)?, area).map_err(backend::Error::into_user_error)
}

/// The same also for somebody who is limited to some companies: the file keeps to these.
pub fn scoped_reader(
    portal: &Portal,
    session: Option<Extension<Session>>,
    area: Area,
) -> Result<Tenant<Read>, UserError> {
    portal.scoped(&signed_in(session)?, area).map_err(backend::Error::into_user_error)
}

fn signed_in(session: Option<Extension<Session>>) -> Result<Session, UserError> {
    let nobody = || UserError::new(ErrorKind::Unauthenticated, "You are signed out. Sign in and try again.");
    session.map(|Extension(session)| session).ok_or_else(nobody)
}

/// An attachment of that name.
pub fn attachment(
    name: &str,
    pieces: impl Stream<Item = backend::Result<String>> + Send + 'static,
) -> Response {
    // The answer is under way by then: an error is logged, and cuts the file so that nobody takes it for whole.
    let body = Body::from_stream(pieces.map_err(|error| io::Error::other(error.into_user_error().message)));
    let name = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, body).into_response()
}

/// The file, or the refusal.
pub fn answer(file: Result<Response, UserError>) -> Response {
    file.unwrap_or_else(refuse)
}

/// The filters of an address, if they can be read.
pub type Asked<T> = Result<Query<T>, QueryRejection>;

/// What the address asks for.
pub fn asked<T>(asked: Asked<T>) -> Result<T, UserError> {
    let unreadable = |rejection: QueryRejection| {
        let said = rejection.body_text();
        let field = said.split('`').nth(1).unwrap_or("query").to_owned();
        let message =
            format!("The filters of this address cannot be read: give \"{field}\" once, and as text.");
        UserError::invalid(&field, message)
    };
    asked.map(|Query(filters)| filters).map_err(unreadable)
}

/// A value of a query; an empty one is none.
pub fn given(text: Option<String>) -> Option<String> {
    text.filter(|t| !t.trim().is_empty())
}

/// The same as one of a closed set of values. `field` is its name.
pub fn word<T: FromStr>(field: &str, text: Option<String>) -> Result<Option<T>, UserError> {
    let read = |word: String| {
        let message = format!("\"{word}\" cannot be a value of \"{field}\". See /api/v1/openapi.json.");
        word.trim().parse().map_err(|_| UserError::invalid(field, message))
    };
    given(text).map(read).transpose()
}
