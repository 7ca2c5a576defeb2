//! Executing a run: take the lease, do the work, say how it ended.

use super::{RunContext, Selection, context::TICK, follow, note::note_run, retry};
use crate::{Error, Portal, Result, db, duplicates, imports, sql, sync};
use domain::{
    audit::AuditAction,
    error::ErrorKind,
    ids::RunId,
    run::{RunKind, RunState},
    vendor::Problem,
};
use futures::FutureExt;
use serde_json::json;
use std::{panic::AssertUnwindSafe, str::FromStr};
use tracing::Instrument;

/// Times in a row that a run is taken up without saving a row, before it is given up.
const MOST_STALLED: i64 = 10;

/// How a run ends.
struct Ending {
    state: RunState,
    problem: Option<Problem>,
}

/// Executes a run to its end, unless it has ended already or somebody else is at it.
pub async fn execute(portal: &Portal, run: RunId) -> Result<()> {
    let Some(ctx) = RunContext::claim(portal, run).await? else { return Ok(()) };
    let row = ctx.row();
    let span = tracing::info_span!("run", id = %run, kind = %row.kind, tenant = %row.tenant_id);
    conduct(portal, &ctx).instrument(span).await?;
    portal.hub().wake(run);
    Ok(())
}

async fn conduct(portal: &Portal, ctx: &RunContext) -> Result<()> {
    tracing::info!(attempt = ctx.row().attempt, "run started");
    if ctx.row().attempt == 1 {
        portal.metrics().run_started(&ctx.row().kind);
    }
    match supervise(ctx).await {
        Some(ending) => finish(ctx, ending).await,
        None => release(ctx).await,
    }
}

/// Does the work until it ends, is cancelled, or the process stops (`None`: to be taken up again).
async fn supervise(ctx: &RunContext) -> Option<Ending> {
    if ctx.stalled() > MOST_STALLED {
        return Some(failed(
            "interrupted",
            "The run was interrupted too often and was given up. Start it again.",
        ));
    }
    let result = {
        let work = AssertUnwindSafe(work(ctx)).catch_unwind();
        tokio::pin!(work);
        let mut ticks = Box::pin(tick_for_ever(ctx));
        // In this order: work that leaves early because the run was stopped must not look like work that is done.
        tokio::select! {
            biased;
            () = ctx.leaving() => {
                // One that nobody goes on with might hold what the work waits for.
                drop(ticks);
                ctx.holding().wait(&mut work).await;
                None
            }
            result = &mut work => Some(result),
            () = &mut ticks => None,
        }
    };
    // The work is gone by now, and with it whatever transaction it was in.
    let Some(result) = result else { return if ctx.cancelled() { stopped(ctx).await } else { None } };
    match result {
        Ok(Ok(state)) => Some(Ending { state, problem: None }),
        Ok(Err(Error::LeaseLost)) => None,
        // The database comes back, and the run goes on where it was.
        Ok(Err(Error::Busy(error) | Error::Unanswered(error))) => {
            tracing::warn!(run = %ctx.run_id(), %error, "the database does not answer; the run goes on later");
            None
        }
        Ok(Err(error)) => Some(explain(ctx, error)),
        Err(_) => Some(failed(
            "panic",
            "The run hit a fault of ours and stopped. Nothing half-written was kept; start it again.",
        )),
    }
}

async fn work(ctx: &RunContext) -> Result<RunState> {
    let kind = RunKind::from_str(&ctx.row().kind).map_err(Error::internal)?;
    match kind {
        RunKind::Import => {
            let text = ctx.row().selection.as_deref().unwrap_or("null");
            let selection: Selection = serde_json::from_str(text).map_err(Error::internal)?;
            imports::execute(ctx, &selection).await?;
            let failed = ctx.counts().failed > 0;
            Ok(if failed { RunState::CompletedWithErrors } else { RunState::Completed })
        }
        RunKind::Apply => {
            let text = ctx.row().selection.as_deref().unwrap_or("null");
            match serde_json::from_str(text).map_err(Error::internal)? {
                Selection::Held(question) => sync::apply_held(ctx, question).await,
                _ => Err(Error::internal("a run of held changes without a question")),
            }
        }
        RunKind::Remap => imports::remap(ctx).await.map(|()| RunState::Completed),
        kind => sync::execute(ctx, kind).await,
    }
}

/// Ticks until cancelled. A database that does not answer for a while is waited for: the lease decides.
async fn tick_for_ever(ctx: &RunContext) {
    loop {
        tokio::time::sleep(TICK).await;
        if let Err(error) = ctx.tick().await {
            tracing::warn!(run = %ctx.run_id(), error = %crate::error::chain(&error), "progress not saved");
        }
    }
}

/// A user's cancel ends the run, a pause lays it aside; a lost lease leaves it to whoever has it.
async fn stopped(ctx: &RunContext) -> Option<Ending> {
    let values = || vec![ctx.run_id().into(), ctx.owner().into()];
    let asked = "SELECT count(*) AS n FROM runs WHERE id = $1 AND lease_owner = $2 AND cancel_requested";
    if sql::count(ctx.db(), asked, values()).await.unwrap_or(0) > 0 {
        return Some(Ending { state: RunState::Cancelled, problem: None });
    }
    let pause = "UPDATE runs SET state = 'paused', pause_requested = FALSE, notice = NULL, rate = NULL, lease_until = 0
        WHERE id = $1 AND lease_owner = $2 AND state = 'running' AND pause_requested";
    if let Err(error) = db::write(ctx.db(), pause, values()).await {
        tracing::warn!(run = %ctx.run_id(), %error, "pause not noted");
    }
    None
}

fn failed(code: &str, message: &str) -> Ending {
    let problem = Problem { code: code.into(), message: message.into(), hints: vec![], field: None };
    Ending { state: RunState::Failed, problem: Some(problem) }
}

/// Before anything was saved a run has failed; after that it is incomplete.
fn explain(ctx: &RunContext, error: Error) -> Ending {
    let c = ctx.counts();
    let some = unproven(&error)
        || c.added + c.changed + c.unchanged + c.moved + c.returned + c.missing + c.failed > 0;
    let state = if some { RunState::Incomplete } else { RunState::Failed };
    let problem = match error {
        Error::Vendor(error) => error.problem("NinjaOne"),
        Error::Problem(problem) => *problem,
        other => {
            let error = other.into_user_error();
            let code = if error.kind == ErrorKind::Internal { "internal" } else { "refused" };
            Problem { code: code.into(), message: error.message, hints: vec![], field: None }
        }
    };
    Ending { state, problem: Some(problem) }
}

/// A pull that came to an end of some kind, but not to a proven one.
fn unproven(error: &Error) -> bool {
    matches!(error, Error::Problem(problem) if ["incomplete", "implausible", "unreadable"].contains(&problem.code.as_str()))
}

/// Writes the final state.
async fn finish(ctx: &RunContext, ending: Ending) -> Result<()> {
    let live = ctx.live().clone();
    let follows = sync::follows(ctx, ending.state, ending.problem.as_ref()).await?;
    tracing::info!(run = %ctx.run_id(), state = %ending.state, requests = live.requests, "run ended");
    let update = "UPDATE runs SET state = $3, phase = 'done', finished_at = $4, problem = $5, warnings = $6, evidence = $7,
            requests = $8, done = $9, total = $10, retry_at = $11, retries = $12, follow_at = $13, rate = NULL, pause_requested = FALSE,
            notice = NULL, lease_until = 0
        WHERE id = $1 AND lease_owner = $2 AND state = 'running'";
    let values = vec![
        ctx.run_id().into(),
        ctx.owner().into(),
        ending.state.as_str().into(),
        ctx.now().into(),
        ending.problem.as_ref().map(to_json).transpose()?.into(),
        to_json(&live.warnings)?.into(),
        to_json(&live.evidence)?.into(),
        live.requests.into(),
        live.done.into(),
        live.total.into(),
        retry::due(ctx, ending.state, ending.problem.as_ref()).into(),
        live.retries.into(),
        follows.then(|| follow::due(ctx.now())).into(),
    ];
    let tx = db::begin(ctx.db()).await?;
    let is_ours = sql::execute(&tx, update, values).await? == 1;
    if is_ours {
        sync::note_read(ctx, &tx).await?;
        let details = json!({ "kind": ctx.row().kind, "state": ending.state.as_str() });
        let run = (RunId(ctx.row().id), ctx.integration_id());
        note_run(ctx.tenant(), &tx, AuditAction::RunEnded, run, details).await?;
    }
    tx.commit().await?;
    if is_ours {
        ctx.tenant().portal().metrics().run_ended(&ctx.row().kind, ending.state.as_str());
        match follows {
            true => follow::follow(ctx, ending.state, ending.problem.as_ref()).await?,
            false => duplicates::after_run(ctx).await,
        }
    }
    Ok(())
}

/// Gives the lease back, so that the run is taken up again at once.
async fn release(ctx: &RunContext) -> Result<()> {
    let update = "UPDATE runs SET lease_until = 0, notice = NULL WHERE id = $1 AND lease_owner = $2 AND state = 'running'";
    db::write(ctx.db(), update, vec![ctx.run_id().into(), ctx.owner().into()]).await?;
    Ok(())
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
