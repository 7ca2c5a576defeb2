//! Lists that do not come in the order of their ids: read on behind the largest one, they would pass rows over.

use super::{fleet, stir, verdict};
use crate::rig::{Engine, Moments, Rig};
use domain::run::{Run, RunKind, RunState};
use simulator::ListOrder;
use testkit::Dice;

on_engines!(a_list_in_another_order_is_never_taken_for_whole);

const ORDERS: [ListOrder; 2] = [ListOrder::Jumbled, ListOrder::Descending];

async fn a_list_in_another_order_is_never_taken_for_whole(engine: Engine) {
    let mut findings = later(engine).await;
    for (order, seed) in ORDERS.into_iter().zip(80..) {
        findings.extend(first(engine, order, seed).await);
    }
    verdict(&findings);
}

/// In which order rows come changes when all of them are held.
async fn later(engine: Engine) -> Vec<String> {
    let rig = Rig::synced(engine, fleet(45)).await;
    let (mut dice, mut findings) = (Dice::new(45), Vec::new());
    for order in ORDERS {
        for clamp in [None, Some(7)] {
            stir(&rig.vendor, &mut dice);
            findings.extend(in_order(&rig, order, clamp).await);
        }
    }
    findings
}

/// Nothing is held that rows could be missed of.
async fn first(engine: Engine, order: ListOrder, seed: u64) -> Vec<String> {
    let mut rig = Rig::open(engine, fleet(seed)).await;
    rig.vendor.set_behaviour(|b| (b.list_order, b.page_size_clamp) = (order, Some(20)));
    let connected = rig.connect().await;
    let mut findings = complete(order, &connected);
    findings.extend(in_order(&rig, order, Some(20)).await);
    findings
}

/// Runs while lists come in that order, then while they come in theirs.
async fn in_order(rig: &Rig, order: ListOrder, clamp: Option<u32>) -> Vec<String> {
    rig.vendor.set_behaviour(|b| (b.list_order, b.page_size_clamp) = (order, clamp));
    let (run, mut findings) = rig.judged(RunKind::All, &Moments::default(), true).await;
    findings.extend(complete(order, &run));
    rig.vendor.set_behaviour(|b| (b.list_order, b.page_size_clamp) = (ListOrder::Ascending, None));
    findings.extend(rig.mended(RunKind::All).await.into_iter().map(|f| format!("then: {f}")));
    findings.into_iter().map(|f| format!("{order:?} {clamp:?} {}: {f}", run.state)).collect()
}

fn complete(order: ListOrder, run: &Run) -> Vec<String> {
    let is = matches!(run.state, RunState::Completed | RunState::CompletedWithErrors);
    is.then(|| format!("{order:?}: it says that all was read")).into_iter().collect()
}
