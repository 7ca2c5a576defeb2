//! What follows the end of a run, such as an auto-import: noted with the end itself, so that it happens although the process
//! dies in between.

use super::{RunContext, retry};
use crate::{Portal, Result, db, duplicates, error::chain, sql, sync};
use domain::{ids::RunId, run::RunState, vendor::Problem};
use futures::FutureExt;
use sea_orm::FromQueryResult;
use std::{panic::AssertUnwindSafe, str::FromStr};
use uuid::Uuid;

/// How long whoever ended a run has for what follows, in microseconds.
const PATIENCE: i64 = 60_000_000;
/// How long it is tried, in microseconds: a day.
const GIVEN_UP: i64 = 24 * 3600 * 1_000_000;

/// When somebody else is to take up what follows, if it is not done by then.
pub(super) fn due(now: i64) -> i64 {
    now + PATIENCE
}

/// Does what follows the end of a run, and notes that it is done. Duplicates are looked for again by whoever asks for them.
pub(super) async fn follow(ctx: &RunContext, state: RunState, problem: Option<&Problem>) -> Result<()> {
    sync::ended(ctx, state, problem).await?;
    done(ctx.tenant().portal(), ctx.run_id()).await?;
    duplicates::after_run(ctx).await;
    Ok(())
}

async fn done(portal: &Portal, run: Uuid) -> Result<()> {
    db::write(portal.db(), "UPDATE runs SET follow_at = NULL WHERE id = $1", vec![run.into()]).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Left {
    id: Uuid,
    follow_at: i64,
    finished_at: Option<i64>,
}

/// Takes up what others have left undone; of several servers one takes each.
pub(crate) async fn follow_up(portal: &Portal) -> Result<()> {
    let now = portal.now_micros();
    let select = "SELECT id, follow_at, finished_at FROM runs WHERE follow_at <= $1";
    for left in sql::all::<Left>(portal.db(), select, vec![now.into()]).await? {
        let take = "UPDATE runs SET follow_at = $3 WHERE id = $1 AND follow_at = $2";
        let values = vec![left.id.into(), left.follow_at.into(), due(now).into()];
        if db::write(portal.db(), take, values).await? == 0 {
            continue;
        }
        // A fault of ours must not end the sweep.
        let again = AssertUnwindSafe(again(portal, RunId(left.id))).catch_unwind().await;
        match again {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => {
                tracing::error!(run = %left.id, error = %chain(&error), "what follows the run is not done");
            }
            Err(_) => tracing::error!(run = %left.id, "what follows the run panicked"),
        }
        if left.finished_at.is_none_or(|at| at < now - GIVEN_UP) {
            done(portal, left.id).await?;
        }
    }
    retry::start_due(portal).await
}

async fn again(portal: &Portal, run: RunId) -> Result<()> {
    let Some(ctx) = RunContext::of_ended(portal, run).await? else { return Ok(()) };
    tracing::info!(%run, "what follows the run is done now");
    let state = RunState::from_str(&ctx.row().state).map_err(crate::Error::internal)?;
    let problem: Option<Problem> =
        ctx.row().problem.as_deref().map(serde_json::from_str).transpose().map_err(crate::Error::internal)?;
    follow(&ctx, state, problem.as_ref()).await
}
