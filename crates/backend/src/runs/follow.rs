//! What follows the end of a run, such as an auto-import: noted with the end itself, so that it happens although the process
//! dies in between.

use super::{RunContext, retry};
use crate::{Portal, Result, duplicates, error::chain, sql, sync};
use domain::{ids::RunId, run::RunState, vendor::Problem};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

/// How long whoever ended a run has for what follows, in microseconds.
const PATIENCE: i64 = 60_000_000;

/// When somebody else is to take up what follows, if it is not done by then.
pub(super) fn due(now: i64) -> i64 {
    now + PATIENCE
}

/// Does what follows the end of a run, and notes that it is done. To do it twice is the same as once.
pub(super) async fn follow(ctx: &RunContext, state: RunState, problem: Option<&Problem>) -> Result<()> {
    sync::ended(ctx, state, problem).await?;
    duplicates::after_run(ctx).await;
    let done = "UPDATE runs SET follow_at = NULL WHERE id = $1";
    sql::execute(ctx.db(), done, vec![ctx.run_id().into()]).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Left {
    id: Uuid,
    follow_at: i64,
}

/// Takes up what others have left undone; of several servers one takes each.
pub(crate) async fn follow_up(portal: &Portal) -> Result<()> {
    let now = portal.now_micros();
    let select = "SELECT id, follow_at FROM runs WHERE follow_at <= $1";
    for left in sql::all::<Left>(portal.db(), select, vec![now.into()]).await? {
        let take = "UPDATE runs SET follow_at = $3 WHERE id = $1 AND follow_at = $2";
        let values = vec![left.id.into(), left.follow_at.into(), due(now).into()];
        if sql::execute(portal.db(), take, values).await? == 0 {
            continue;
        }
        if let Err(error) = again(portal, RunId(left.id)).await {
            tracing::error!(run = %left.id, error = %chain(&error), "what follows the run is not done");
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
