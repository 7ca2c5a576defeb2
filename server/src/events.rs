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
use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};
use uuid::Uuid;

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
    let open = Open::one_more(session.user_id.0)?;
    let runs = events::watch(tenant, id).await.map_err(backend::Error::into_user_error)?;
    let portal = portal.clone();
    let allowed = runs.take_while(move |_| {
        // As long as the stream is there.
        let _open = &open;
        let (portal, session) = (portal.clone(), session.clone());
        async move { portal.is_open(&session).await.unwrap_or(false) }
    });
    let stream = allowed.map(|run| Ok::<_, Infallible>(event(&run)));
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response())
}

/// Streams that one user may have open at a time: tabs of a browser, and programs with their tokens.
pub const MOST: usize = 20;

/// How many each user has open.
static OPEN: LazyLock<Mutex<HashMap<Uuid, usize>>> = LazyLock::new(Mutex::default);

/// A stream of a user, until it is dropped.
struct Open(Uuid);

impl Open {
    fn one_more(user: Uuid) -> Result<Self, UserError> {
        let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        let open = all.entry(user).or_default();
        if *open >= MOST {
            let message = format!(
                "You watch {MOST} runs already. Close some of the pages, or end the programs that watch."
            );
            return Err(UserError::throttled(message, 5));
        }
        *open += 1;
        Ok(Self(user))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut all = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = all.get_mut(&self.0) {
            *open -= 1;
            if *open == 0 {
                all.remove(&self.0);
            }
        }
    }
}

fn event(run: &Run) -> Event {
    Event::default().event("run").json_data(run).unwrap_or_else(|_| Event::default().comment("unprintable"))
}
