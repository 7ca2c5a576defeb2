//! The next attempt: a sync that did not complete is started again by itself, later each time, and only while nobody has
//! started another one.

use super::{Request, RunContext, request};
use crate::{Error, Portal, Result, db, error::chain, sql};
use domain::{
    ids::{IntegrationId, RunId, TenantId},
    run::{RunKind, RunState, StartedBy},
    vendor::Problem,
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

/// Minutes until the next attempt, by how many runs in a row did not complete. After the last the daily schedule goes on.
const MINUTES: [i64; 3] = [5, 15, 60];
const MINUTE: i64 = 60_000_000;

/// Codes of problems that another attempt cannot mend.
const LASTING: &[&str] = &[
    "unknown_client",
    "wrong_secret",
    "missing_scope",
    "grant_refused",
    "unauthorized",
    "bad_url",
    "blocked_host",
    "panic",
];

/// When the next attempt of a run that ended so is due, in microseconds since 1970; `None` when there is none.
pub(super) fn due(ctx: &RunContext, state: RunState, problem: Option<&Problem>) -> Option<i64> {
    let kind = ctx.kind().ok()?;
    let again = matches!(state, RunState::Failed | RunState::Incomplete)
        && matches!(kind, RunKind::Organizations | RunKind::Devices | RunKind::All)
        && !problem.is_some_and(|p| LASTING.contains(&p.code.as_str()));
    let minutes = *MINUTES.get(usize::try_from(ctx.tries()).ok()?)?;
    again.then(|| ctx.now() + minutes * MINUTE)
}

#[derive(FromQueryResult)]
struct Due {
    id: Uuid,
    tenant_id: Uuid,
    integration_id: Uuid,
    kind: String,
    retry_at: i64,
    tries: i64,
    /// A later run of an overlapping kind exists.
    passed: bool,
}

/// Starts the attempts that are due; of several servers one starts each.
pub(crate) async fn start_due(portal: &Portal) -> Result<()> {
    let select = "SELECT id, tenant_id, integration_id, kind, retry_at, tries, EXISTS (
            SELECT 1 FROM runs later WHERE later.integration_id = runs.integration_id AND (later.created_at > runs.created_at
                OR later.created_at = runs.created_at AND later.id > runs.id)
                AND (later.kind = runs.kind OR later.kind = 'all' OR (runs.kind = 'all' AND later.kind = 'devices'))
        ) AS passed
        FROM runs WHERE retry_at <= $1";
    let due: Vec<Due> = sql::all(portal.db(), select, vec![portal.now_micros().into()]).await?;
    for run in due {
        // Whoever takes it puts it off, and takes it away only when it is started: a process may die in between.
        let later = portal.now_micros() + MINUTE;
        let take = "UPDATE runs SET retry_at = $3 WHERE id = $1 AND retry_at = $2";
        let values = vec![run.id.into(), run.retry_at.into(), later.into()];
        if db::write(portal.db(), take, values).await? == 0 {
            continue;
        }
        if !run.passed
            && let Err(error) = start(portal, &run).await
        {
            tracing::error!(run = %run.id, error = %chain(&error), "next attempt not started");
            if matches!(error, Error::Busy(_) | Error::Unanswered(_)) {
                continue;
            }
        }
        let done = "UPDATE runs SET retry_at = NULL WHERE id = $1 AND retry_at = $2";
        db::write(portal.db(), done, vec![run.id.into(), later.into()]).await?;
    }
    Ok(())
}

async fn start(portal: &Portal, run: &Due) -> Result<()> {
    let kind = RunKind::from_str(&run.kind).map_err(crate::Error::internal)?;
    let tenant = portal.worker(TenantId(run.tenant_id));
    let wanted = Request {
        retry_of: Some((RunId(run.id), run.tries + 1)),
        ..Request::new(IntegrationId(run.integration_id), kind, StartedBy::Retry)
    };
    request(&tenant, wanted).await?;
    Ok(())
}
