//! Syncs: collect page by page, plan with the ledger, apply in transactions that carry their progress.

mod apply;
mod beat_pages;
pub(crate) mod beats;
mod close;
mod clues;
mod count;
mod decided;
mod device_row;
mod devices;
mod doubt;
mod enrich;
mod entity;
mod hash;
mod held;
mod ledger;
mod list;
mod locations;
mod logons;
mod organizations;
mod proof;
mod pull;
mod reenrolled;
mod references;
mod settle;
mod sources;
mod write;

pub(crate) use decided::apply_held;
pub(crate) use device_row::{DeviceRecord, FACT_COLUMNS, search_key};
pub(crate) use entity::Entity;
pub(crate) use pull::Tally;
pub(crate) use sources::note_read;

use crate::{
    Error, Result, db, imports,
    integrations::open_account,
    runs::{self, RunContext, Selection},
    sql, staging,
};
use domain::{
    run::{Counts, Phase, RunKind, RunState, StartedBy},
    sync::Verdict,
    vendor::Problem,
};
use rmm::{Observer, RmmClient};
use std::{sync::Arc, time::Duration};

/// Carries out a sync and says how it ended.
pub(crate) async fn execute(ctx: &RunContext, kind: RunKind) -> Result<RunState> {
    let client = connect(ctx).await?;
    ctx.phase(Phase::Connecting, None);
    // A list that is not proven does not keep the others from being read, and what was read from being used.
    let mut unproven = None;
    if matches!(kind, RunKind::Organizations | RunKind::All) {
        go_on(&mut unproven, organizations::sync(ctx, &client).await)?;
        go_on(&mut unproven, locations::sync(ctx, &client).await)?;
    }
    match kind {
        RunKind::Organizations => go_on(&mut unproven, count::sync(ctx, &client).await)?,
        _ => go_on(&mut unproven, devices::sync(ctx, &client).await)?,
    }
    if kind == RunKind::All {
        let named = references::of_staging(ctx).await?;
        go_on(&mut unproven, references::check(ctx, &client, named).await)?;
    }
    go_on(&mut unproven, settle::demand_decisions(ctx).await)?;
    if let Some(problem) = unproven {
        return Err(Error::Problem(problem));
    }
    let clean = ctx.warnings() == 0 && ctx.counts().failed == 0;
    Ok(if clean { RunState::Completed } else { RunState::CompletedWithErrors })
}

/// Notes the first list that is not proven; any other error ends the run.
fn go_on(unproven: &mut Option<Box<Problem>>, outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(Error::Problem(problem)) => {
            unproven.get_or_insert(problem);
            Ok(())
        }
        other => other,
    }
}

/// A client for the run's account, that tells the run's page what it waits for.
async fn connect(ctx: &RunContext) -> Result<Arc<dyn RmmClient>> {
    let row = ctx.tenant().integration_row(ctx.integration()).await?;
    open_account(ctx.tenant(), &row, Arc::new(Watcher(ctx.clone())))
}

/// Shows requests and pauses of the client on the run's page.
struct Watcher(RunContext);

impl Observer for Watcher {
    fn request(&self) {
        self.0.count_request();
    }

    fn waiting(&self, _pause: Duration, reason: &str) {
        self.0.count_retry();
        self.0.notice(Some(reason.to_owned()));
    }

    fn resumed(&self) {
        self.0.notice(None);
    }
}

/// After a run has ended: notes on the integration whether its credentials work, and imports what has auto-sync on.
pub(crate) async fn ended(ctx: &RunContext, state: RunState, problem: Option<&Problem>) -> Result<()> {
    let kind = ctx.kind()?;
    if kind == RunKind::Remap {
        return imports::after_remap(ctx, state).await;
    }
    if matches!(kind, RunKind::Import | RunKind::Apply) || state == RunState::Cancelled {
        return Ok(());
    }
    note(ctx, problem).await?;
    // What waits for a decision does not keep new devices out.
    let asks = problem.is_some_and(|p| p.code == Problem::IMPLAUSIBLE);
    let synced = matches!(state, RunState::Completed | RunState::CompletedWithErrors) || asks;
    if synced && kind != RunKind::Organizations && staging::has_auto_import(ctx).await? {
        let selection = serde_json::to_string(&Selection::Auto).map_err(crate::Error::internal)?;
        let by = StartedBy::AutoImport;
        runs::start(ctx.tenant(), ctx.integration(), RunKind::Import, by, Some(selection)).await?;
    }
    Ok(())
}

/// Whether the end of a run leaves anything to do for [`ended`].
pub(crate) async fn follows(ctx: &RunContext, state: RunState, problem: Option<&Problem>) -> Result<bool> {
    let kind = ctx.kind()?;
    if kind == RunKind::Remap
        || matches!(kind, RunKind::Import | RunKind::Apply)
        || state == RunState::Cancelled
    {
        return Ok(kind == RunKind::Remap);
    }
    let noted = "SELECT count(*) AS n FROM integrations WHERE id = $1 AND tenant_id = $2 AND (refused OR problem IS NOT NULL)";
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    Ok(problem.is_some()
        || sql::count(ctx.db(), noted, values).await? > 0
        || kind != RunKind::Organizations && staging::has_auto_import(ctx).await?)
}

/// Codes of problems that only other credentials mend.
const REFUSALS: &[&str] =
    &["unknown_client", "wrong_secret", "missing_scope", "grant_refused", "unauthorized"];

async fn note(ctx: &RunContext, problem: Option<&Problem>) -> Result<()> {
    let refused = problem.is_some_and(|p| REFUSALS.contains(&p.code.as_str()));
    let text = problem.map(serde_json::to_string).transpose().map_err(crate::Error::internal)?;
    // What is noted late must not hide how a later run ended.
    let update = "UPDATE integrations SET refused = $3, problem = $4 WHERE id = $1 AND tenant_id = $2 AND NOT EXISTS (
        SELECT 1 FROM runs later WHERE later.integration_id = $1 AND later.kind IN ('organizations', 'devices', 'all')
            AND later.finished_at > $5)";
    let ended = ctx.row().finished_at.unwrap_or(ctx.now());
    let values =
        vec![ctx.integration_id().into(), ctx.tenant_id().into(), refused.into(), text.into(), ended.into()];
    db::write(ctx.db(), update, values).await?;
    Ok(())
}

/// Adds one verdict to the counts of a run.
fn count_verdict(counts: &mut Counts, verdict: Verdict) {
    match verdict {
        Verdict::Added => counts.added += 1,
        Verdict::Changed => counts.changed += 1,
        Verdict::Returned => counts.returned += 1,
        Verdict::Unchanged => counts.unchanged += 1,
        Verdict::Repeated => {}
    }
}
