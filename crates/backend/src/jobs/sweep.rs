//! The sweep: runs that nobody executes any more are queued again, and what those who stood still hold is let go.

use super::cron;
use crate::{Portal, Result, db, runs, sql};
use domain::ids::RunId;
use sea_orm::FromQueryResult;
use std::time::Duration;
use uuid::Uuid;

const PAUSE: Duration = Duration::from_secs(2);
/// A queued run is given this long to be taken by a worker, in microseconds.
const GRACE: i64 = 10_000_000;

#[derive(FromQueryResult)]
struct Lost {
    id: Uuid,
    attempt: i64,
}

/// Sweeps until the portal stops.
pub async fn run(portal: Portal) {
    let stop = portal.stopping().clone();
    let mut grace = 0;
    while !stop.is_cancelled() {
        if let Err(error) = end_stuck(&portal).await {
            tracing::warn!(error = %crate::error::chain(&error), "stuck sessions were not looked for");
        }
        if let Err(error) = sweep(&portal, grace).await {
            tracing::warn!(error = %crate::error::chain(&error), "sweep failed");
        }
        if let Err(error) = follow_up(&portal).await {
            tracing::warn!(error = %crate::error::chain(&error), "what is due was not looked for");
        }
        // At start nothing of this process is at work yet: what is due then is taken at once.
        grace = GRACE;
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Takes their locks from workers that stand still inside a statement.
async fn end_stuck(portal: &Portal) -> Result<()> {
    let ended = db::end_stuck(portal.db(), portal.config().lease_seconds).await?;
    if ended > 0 {
        tracing::warn!(ended, "sessions of a worker that stands still were ended");
    }
    Ok(())
}

/// One sweep of what is due now: runs that nobody executes any more, what should have followed the end of others, and the next
/// attempts of those that failed.
pub async fn once(portal: &Portal) -> Result<()> {
    end_stuck(portal).await?;
    sweep(portal, GRACE).await?;
    follow_up(portal).await
}

/// What should have followed and did not, and the next attempts.
async fn follow_up(portal: &Portal) -> Result<()> {
    runs::follow_up(portal).await?;
    cron::follow_up(portal).await
}

/// How long a job of the sweep is given before another one is queued for the same attempt, in microseconds.
const AGAIN: i64 = 15_000_000;

/// Queues runs whose lease is over, once per attempt and while.
async fn sweep(portal: &Portal, grace: i64) -> Result<()> {
    let now = portal.now_micros();
    let lost: Vec<Lost> = sql::all(
        portal.db(),
        "SELECT id, attempt FROM runs WHERE (state = 'running' AND lease_until < $1)
            OR (state = 'queued' AND created_at < $2)",
        vec![now.into(), (now - grace).into()],
    )
    .await?;
    for run in lost {
        tracing::debug!(run = %run.id, attempt = run.attempt, "run queued again");
        portal.queue().push(RunId(run.id), run.attempt, 1 + now / AGAIN).await?;
    }
    Ok(())
}
