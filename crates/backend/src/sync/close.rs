//! Closing the pull of one entity: proof, then what it did not show.

use super::{
    entity::{DEVICES, Entity},
    held,
    proof::{self, Absent},
    pull::Tally,
    settle::settle,
    sources,
};
use crate::{Error, Result, db, runs::RunContext};
use domain::{run::Counts, sync::Ledger};
use rmm::RmmClient;
use std::{future::Future, sync::Arc};

/// Proves that the pull is complete, marks what is gone and moves what moved. `verify` asks the vendor once more for rows
/// that the list left out.
pub async fn close<V, F>(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    entity: Entity,
    ledger: &Ledger,
    tally: &Tally,
    verify: V,
) -> Result<()>
where
    V: FnOnce(Vec<String>) -> F,
    F: Future<Output = Result<Absent>>,
{
    let (tally, order) = proof::settle_order(ctx, client, entity, ledger, tally).await?;
    let (tally, expected) = (&tally, Some(ledger.present()).filter(|n| *n > 0));
    let prove = |words: String, complete: bool| {
        let mut evidence = proof::evidence(entity.plural, tally, ledger.distinct(), expected, words);
        evidence.complete &= complete;
        ctx.prove(evidence);
    };
    if let Err(error) = proof::demand_end(entity, tally) {
        prove(error.to_string(), false);
        moved_all_the_same(ctx, entity).await?;
        return Err(error);
    }
    let unseen: Vec<String> = ledger.unseen().iter().map(ToString::to_string).collect();
    let settings = ctx.tenant().integration_row(ctx.integration()).await?.breaker();
    let implausible = settings.trips(i64::try_from(unseen.len()).unwrap_or(i64::MAX), ledger.present());
    if let Some(error) = proof::demand_true_end(entity, tally).err().filter(|_| !implausible) {
        prove(error.to_string(), false);
        moved_all_the_same(ctx, entity).await?;
        return Err(error);
    }
    let absent = match (unseen.is_empty(), implausible) {
        (true, _) => Absent::default(),
        // So many are asked for when somebody decides; until then none of them is marked.
        (_, true) => Absent { gone: unseen, ..Absent::default() },
        (_, false) => match verify(unseen).await {
            Ok(absent) => absent,
            Err(Error::Vendor(error)) if !error.is_credentials() => {
                let words = format!(
                    "{} Rows that it left out could not be asked for: {error}.",
                    proof::ending(tally)
                );
                prove(words.clone(), false);
                moved_all_the_same(ctx, entity).await?;
                return Err(proof::unproven(
                    "unverified",
                    format!("{words} Nothing was marked missing."),
                    vec![],
                ));
            }
            Err(error) => return Err(error),
        },
    };
    let (ending, became) = (proof::ending(tally), proof::absent_words(entity, &absent, !implausible));
    let words = [ending.as_str(), order, became.as_str()].into_iter().filter(|words| !words.is_empty());
    let words = words.collect::<Vec<_>>().join(" ");
    if absent.left_out > 0 {
        prove(words, false);
        moved_all_the_same(ctx, entity).await?;
        return Err(proof::left_out(entity, absent.left_out));
    }
    if entity.beats {
        contradiction(ctx, client, ledger, &absent, tally.unreadable, |words| prove(words, false)).await?;
    }
    prove(words, !implausible);
    for (change, ids) in proof::kinds(&absent) {
        held::plan_missing(ctx, entity, change, ids).await?;
    }
    settle(ctx, entity).await?;
    ctx.close(entity.plural);
    ctx.has_read(entity.plural);
    let tx = db::begin(ctx.db()).await?;
    sources::note_read(ctx, &tx).await?;
    ctx.save(&tx, Counts::default(), ctx.done()).await?;
    Ok(tx.commit().await?)
}

/// A pull that is not proven marks nothing missing, but what it has read of moves holds.
pub async fn moved_all_the_same(ctx: &RunContext, entity: Entity) -> Result<()> {
    if entity.beats {
        held::forget_missing(ctx, entity).await?;
        settle(ctx, entity).await?;
    }
    Ok(())
}

/// Compares with the organizations' counts; when they speak of many more devices, the short list decides.
async fn contradiction(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    ledger: &Ledger,
    absent: &Absent,
    unreadable: i64,
    prove: impl FnOnce(String),
) -> Result<()> {
    let Some(counted) = proof::counted(ctx).await? else { return Ok(()) };
    let gone = i64::try_from(absent.gone.len() + absent.decommissioned.len()).unwrap_or_default();
    if !proof::contradicts(ledger.distinct() + unreadable, gone, counted) {
        return Ok(());
    }
    let left_out = match proof::compare_with_short_list(ctx, client, ledger).await {
        Ok(compared) => compared.left_out,
        Err(error) => {
            if matches!(error, Error::Vendor(_)) {
                moved_all_the_same(ctx, DEVICES).await?;
            }
            return Err(error);
        }
    };
    if left_out == 0 {
        return Ok(());
    }
    prove(format!(
        "The organizations count {counted} devices. NinjaOne's short list shows {left_out} that the long one left out."
    ));
    moved_all_the_same(ctx, DEVICES).await?;
    Err(proof::left_out(DEVICES, left_out))
}
