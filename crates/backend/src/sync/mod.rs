//! Syncs: collect page by page, plan with the ledger, apply in transactions that carry their progress.

mod apply;
mod count;
mod device_row;
mod devices;
mod enrich;
mod hash;
mod locations;
mod missing;
mod organizations;
mod pull;

pub(crate) use device_row::{DeviceRecord, FACT_COLUMNS};

use crate::{
    Result,
    integrations::open_account,
    runs::{self, RunContext, Selection},
    sql, staging,
};
use domain::{
    run::{Counts, Phase, RunKind, RunState, StartedBy},
    sync::{Verdict, Written},
    vendor::Problem,
};
use rmm::{Observer, RmmClient};
use std::{sync::Arc, time::Duration};

/// Carries out a sync and says how it ended.
pub(crate) async fn execute(ctx: &RunContext, kind: RunKind) -> Result<RunState> {
    let client = connect(ctx).await?;
    ctx.phase(Phase::Connecting, None);
    if matches!(kind, RunKind::Organizations | RunKind::All) {
        organizations::sync(ctx, &client).await?;
        locations::sync(ctx, &client).await?;
    }
    match kind {
        RunKind::Organizations => count::sync(ctx, &client).await?,
        _ => devices::sync(ctx, &client).await?,
    }
    let clean = ctx.warnings() == 0 && ctx.counts().failed == 0;
    Ok(if clean { RunState::Completed } else { RunState::CompletedWithErrors })
}

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
        self.0.notice(Some(reason.to_owned()));
    }

    fn resumed(&self) {
        self.0.notice(None);
    }
}

/// After a run has ended: notes on the integration whether its credentials work, and imports what has auto-sync on.
pub(crate) async fn ended(ctx: &RunContext, state: RunState, problem: Option<&Problem>) -> Result<()> {
    let kind = ctx.kind()?;
    if kind == RunKind::Import || state == RunState::Cancelled {
        return Ok(());
    }
    note(ctx, problem).await?;
    let synced = matches!(state, RunState::Completed | RunState::CompletedWithErrors);
    if synced && kind != RunKind::Organizations && staging::has_auto_import(ctx).await? {
        let selection = serde_json::to_string(&Selection::Auto).map_err(crate::Error::internal)?;
        let by = StartedBy::AutoImport;
        runs::start(ctx.tenant(), ctx.integration(), RunKind::Import, by, Some(selection)).await?;
    }
    Ok(())
}

/// Codes of problems that only other credentials mend.
const REFUSALS: &[&str] =
    &["unknown_client", "wrong_secret", "missing_scope", "grant_refused", "unauthorized"];

async fn note(ctx: &RunContext, problem: Option<&Problem>) -> Result<()> {
    let refused = problem.is_some_and(|p| REFUSALS.contains(&p.code.as_str()));
    let text = problem.map(serde_json::to_string).transpose().map_err(crate::Error::internal)?;
    let update = "UPDATE integrations SET refused = $3, problem = $4 WHERE id = $1 AND tenant_id = $2";
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into(), refused.into(), text.into()];
    sql::execute(ctx.db(), update, values).await?;
    Ok(())
}

/// Adds one verdict to the counts of a run.
fn count_verdict(counts: &mut Counts, verdict: Verdict) {
    match verdict {
        Verdict::Added | Verdict::Before(Written::Added) => counts.added += 1,
        Verdict::Changed | Verdict::Returned | Verdict::Before(Written::Changed) => counts.changed += 1,
        Verdict::Unchanged => counts.unchanged += 1,
        Verdict::Repeated => {}
    }
}
