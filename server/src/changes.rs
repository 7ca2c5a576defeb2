//! `GET /api/v1/runs/{id}/changes.csv`: what a run changed, as a file, sent while it is read.

use crate::auth::refuse;
use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use backend::{Portal, runs::ChangeFilter, session::Session, tenant::Read};
use domain::{
    error::{ErrorKind, UserError},
    ids::RunId,
};
use futures::TryStreamExt;
use std::io;

/// The filters of `runs/changes`; an empty one is none.
#[derive(serde::Deserialize)]
pub struct Filters {
    entity: Option<String>,
    change: Option<String>,
    search: Option<String>,
}

/// An attachment whose name says which run it is of.
pub async fn csv(
    State(portal): State<Portal>,
    session: Option<Extension<Session>>,
    Path(id): Path<String>,
    Query(filters): Query<Filters>,
) -> Response {
    match open(&portal, session, &id, filters).await {
        Ok(file) => file,
        Err(error) => refuse(error),
    }
}

async fn open(
    portal: &Portal,
    session: Option<Extension<Session>>,
    id: &str,
    filters: Filters,
) -> Result<Response, UserError> {
    let Some(Extension(session)) = session else {
        return Err(UserError::new(ErrorKind::Unauthenticated, "You are signed out. Sign in and try again."));
    };
    let id: RunId = id.parse().map_err(|_| UserError::not_found("run"))?;
    let tenant = portal.tenant::<Read>(&session).map_err(backend::Error::into_user_error)?;
    let pieces = tenant.export_changes(id, filters.read()?).await.map_err(backend::Error::into_user_error)?;
    // The answer is under way by then: an error is logged, and cuts the file so that nobody takes it for whole.
    let body = Body::from_stream(pieces.map_err(|error| io::Error::other(error.into_user_error().message)));
    let name = format!("attachment; filename=\"msportal-changes-{id}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

impl Filters {
    fn read(self) -> Result<ChangeFilter, UserError> {
        let given = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
        let change = given(self.change).map(|word| {
            word.parse().map_err(|_| {
                UserError::invalid(
                    "change",
                    format!("\"{word}\" is no kind of change. See /api/v1/openapi.json."),
                )
            })
        });
        Ok(ChangeFilter {
            entity: given(self.entity),
            change: change.transpose()?,
            search: given(self.search),
        })
    }
}
