//! Imported devices to where changed mappings say: a run of its own, started with the decision.

use super::{placed, refresh::refresh};
use crate::{Result, db, mappings, runs, runs::RunContext};
use domain::run::{Phase, RunKind, RunState, StartedBy};

/// Puts the imported devices where their mappings say. Safe to repeat.
pub(crate) async fn remap(ctx: &RunContext) -> Result<()> {
    ctx.phase(Phase::Applying, None);
    refresh(ctx).await
}

/// After a run that re-mapped: mappings that changed while it was at work want another one. Decisions wait for this look,
/// so that each either finds the run active, and is seen here, or starts a run of its own.
pub(crate) async fn after_remap(ctx: &RunContext, state: RunState) -> Result<()> {
    if state != RunState::Completed {
        return Ok(());
    }
    let tx = db::begin(ctx.db()).await?;
    mappings::lock(&tx, ctx.integration_id()).await?;
    let hash = placed::hash_in(ctx, &tx).await?;
    tx.commit().await?;
    if !placed::are_cared_for(ctx, hash).await? {
        runs::start(ctx.tenant(), ctx.integration(), RunKind::Remap, StartedBy::User, None).await?;
    }
    Ok(())
}
