//! `GET /api/v1/runs/{id}/events`: the states of a run as server-sent events.

use crate::auth::refuse;
use axum::{
    Extension,
    extract::{Path, State},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use backend::{Portal, runs::events, session::Session, tenant::Read};
use domain::{
    error::{ErrorKind, UserError},
    permissions::Area,
    run::Run,
};
use futures::StreamExt;
use std::{convert::Infallible, time::Duration};

/// `event: run` with the run as JSON, whenever it moved on; ends with the final state, or with the session.
pub async fn run(
    State(portal): State<Portal>,
    session: Option<Extension<Session>>,
    Path(id): Path<String>,
) -> Response {
    match open(&portal, session, &id).await {
        Ok(stream) => stream,
        Err(error) => refuse(error),
    }
}

async fn open(portal: &Portal, session: Option<Extension<Session>>, id: &str) -> Result<Response, UserError> {
    let Some(Extension(session)) = session else {
        return Err(UserError::new(ErrorKind::Unauthenticated, "You are signed out. Sign in and try again."));
    };
    let id = id.parse().map_err(|_| UserError::not_found("run"))?;
    let tenant =
        portal.tenant::<Read>(&session, Area::Integrations).map_err(backend::Error::into_user_error)?;
    let runs = events::watch(tenant, id).await.map_err(backend::Error::into_user_error)?;
    let portal = portal.clone();
    let allowed = runs.take_while(move |_| {
        let (portal, session) = (portal.clone(), session.clone());
        async move { portal.is_open(&session).await.unwrap_or(false) }
    });
    let stream = allowed.map(|run| Ok::<_, Infallible>(event(&run)));
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

fn event(run: &Run) -> Event {
    Event::default().event("run").json_data(run).unwrap_or_else(|_| Event::default().comment("unprintable"))
}
