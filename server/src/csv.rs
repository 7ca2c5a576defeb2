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
use std::{
    io,
    str::FromStr,
    sync::Arc,
    time::{Duration, Instant},
};

/// How often it is looked, while a file is sent, whether whoever asked may still have it.
const AGAIN: Duration = Duration::from_secs(1);

/// Whoever asks for a file.
pub struct Asker {
    portal: Portal,
    session: Session,
}

impl Asker {
    /// Whether their session or API token is there still, and allows the same.
    async fn is_let_in(&self) -> bool {
        match self.portal.is_open(&self.session).await {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "whether a file may go on is not known: it is cut");
                false
            }
        }
    }
}

/// The tenant of whoever asks, if they may view that area and are not limited to some companies.
pub fn reader(
    portal: &Portal,
    session: Option<Extension<Session>>,
    area: Area,
) -> Result<(Tenant<Read>, Asker), UserError> {
    let session = signed_in(session)?;
    let tenant = portal.tenant(&session, area).map_err(backend::Error::into_user_error)?;
    Ok((tenant, Asker { portal: portal.clone(), session }))
}

/// The same also for somebody who is limited to some companies: the file keeps to these.
pub fn scoped_reader(
    portal: &Portal,
    session: Option<Extension<Session>>,
    area: Area,
) -> Result<(Tenant<Read>, Asker), UserError> {
    let session = signed_in(session)?;
    let tenant = portal.scoped(&session, area).map_err(backend::Error::into_user_error)?;
    Ok((tenant, Asker { portal: portal.clone(), session }))
}

fn signed_in(session: Option<Extension<Session>>) -> Result<Session, UserError> {
    let nobody = || UserError::new(ErrorKind::Unauthenticated, "You are signed out. Sign in and try again.");
    session.map(|Extension(session)| session).ok_or_else(nobody)
}

/// An attachment of that name, which breaks off when whoever asked is let in no more.
pub fn attachment(
    asker: Asker,
    name: &str,
    pieces: impl Stream<Item = backend::Result<String>> + Send + 'static,
) -> Response {
    // The answer is under way by then: an error is logged, and cuts the file so that nobody takes it for whole.
    let pieces = pieces.map_err(|error| io::Error::other(error.into_user_error().message));
    let body = Body::from_stream(while_let_in(asker, pieces));
    let name = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, body).into_response()
}

/// The pieces, and an error in place of the next one once it is found that whoever asked is let in no more.
fn while_let_in(
    asker: Asker,
    pieces: impl Stream<Item = io::Result<String>> + Send + 'static,
) -> impl Stream<Item = io::Result<String>> + Send + 'static {
    let (asker, mut looked) = (Arc::new(asker), None::<Instant>);
    pieces.and_then(move |piece| {
        let due = looked.is_none_or(|at| at.elapsed() >= AGAIN);
        if due {
            looked = Some(Instant::now());
        }
        let asker = asker.clone();
        async move {
            match due && !asker.is_let_in().await {
                true => Err(io::Error::other("whoever asked for this file is let in no more")),
                false => Ok(piece),
            }
        }
    })
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
