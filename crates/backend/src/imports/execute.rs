//! Executing an import: chunk by chunk, each one transaction with its results and the run's progress.

use super::{chunk, placed, serials::Serials, work::Work};
use crate::{
    Error, Result, db,
    runs::{RunContext, Selection},
    sql,
};
use domain::{
    import::ImportOutcome,
    run::{Counts, Phase},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;

/// Imports what `selection` asks for. Safe to repeat: what has a result is not looked at again.
pub(crate) async fn execute(ctx: &RunContext, selection: &Selection) -> Result<()> {
    let before = counts_so_far(ctx).await?;
    let mut work = Work::of(ctx, selection).await?;
    let mut done = total(before);
    ctx.phase(Phase::Importing, Some(done + work.left(ctx).await?));
    let known = minus(before, ctx.counts());
    if known != Counts::default() {
        let tx = db::begin(ctx.db()).await?;
        ctx.save(&tx, known, done).await?;
        tx.commit().await?;
    }
    db::refresh_statistics(ctx.db()).await?;
    let mut serials = Serials::default();
    while !ctx.cancelled() {
        let tx = db::begin(ctx.db()).await?;
        placed::lock(&tx, ctx.integration_id()).await?;
        let Some(chunk) = work.next(ctx, &tx).await? else { break };
        let counts = chunk::import(ctx, &tx, chunk, &mut serials).await?;
        done += total(counts);
        ctx.save(&tx, counts, done).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What the results of this run say, after an interruption.
async fn counts_so_far(ctx: &RunContext) -> Result<Counts> {
    #[derive(FromQueryResult)]
    struct Row {
        outcome: String,
        n: i64,
    }
    let select = "SELECT outcome, CAST(sum(n) AS bigint) AS n FROM (
            SELECT outcome, count(*) AS n FROM import_results WHERE run_id = $1 AND tenant_id = $2 GROUP BY outcome
            UNION ALL
            SELECT change, held FROM run_packs WHERE run_id = $1 AND tenant_id = $2 AND change = 'created') AS r
        GROUP BY outcome";
    let mut counts = Counts::default();
    for row in sql::all::<Row>(ctx.db(), select, vec![ctx.run_id().into(), ctx.tenant_id().into()]).await? {
        let outcome = ImportOutcome::from_str(&row.outcome).map_err(Error::internal)?;
        *counter(&mut counts, outcome) = row.n;
    }
    Ok(counts)
}

/// Where an outcome is counted.
pub(super) fn counter(counts: &mut Counts, outcome: ImportOutcome) -> &mut i64 {
    match outcome {
        ImportOutcome::Created => &mut counts.added,
        ImportOutcome::Linked => &mut counts.changed,
        ImportOutcome::Skipped => &mut counts.unchanged,
        ImportOutcome::Failed => &mut counts.failed,
    }
}

fn total(c: Counts) -> i64 {
    c.added + c.changed + c.unchanged + c.failed
}

fn minus(a: Counts, b: Counts) -> Counts {
    Counts {
        added: a.added - b.added,
        changed: a.changed - b.changed,
        unchanged: a.unchanged - b.unchanged,
        moved: a.moved - b.moved,
        missing: a.missing - b.missing,
        returned: a.returned - b.returned,
        failed: a.failed - b.failed,
    }
}
