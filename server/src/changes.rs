//! `GET /api/v1/runs/{id}/changes.csv`: what a run changed, as a file, sent while it is read.

use crate::csv::{Asked, answer, asked, attachment, given, reader, word};
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use backend::{Portal, runs::ChangeFilter, session::Session};
use domain::{error::UserError, ids::RunId};

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
    filters: Asked<Filters>,
) -> Response {
    answer(open(&portal, session, &id, filters).await)
}

async fn open(
    portal: &Portal,
    session: Option<Extension<Session>>,
    id: &str,
    filters: Asked<Filters>,
) -> Result<Response, UserError> {
    let (tenant, asker) = reader(portal, session, domain::permissions::Area::Integrations)?;
    let filters = asked(filters)?;
    let id: RunId = id.parse().map_err(|_| UserError::not_found("run"))?;
    let pieces = tenant.export_changes(id, filters.read()?).await.map_err(backend::Error::into_user_error)?;
    Ok(attachment(asker, &format!("msportal-changes-{id}.csv"), pieces))
}

impl Filters {
    fn read(self) -> Result<ChangeFilter, UserError> {
        Ok(ChangeFilter {
            entity: given(self.entity),
            change: word("change", self.change)?,
            search: given(self.search),
        })
    }
}
