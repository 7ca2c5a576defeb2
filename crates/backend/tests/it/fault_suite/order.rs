//! Lists that do not come in the order of their ids: read on behind the largest one, they would pass rows over.

use super::{fleet, stir, tried, verdict};
use crate::rig::{Engine, Moments, Rig};
use domain::run::{Evidence, Run, RunKind, RunState};
use simulator::{Fault, FaultKind, ListOrder};
use testkit::Dice;

on_engines!(
    a_list_in_another_order_is_never_taken_for_whole,
    devices_out_of_order_that_the_short_list_shows_too_are_all,
    devices_that_the_short_list_alone_shows_were_passed_over,
);

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
    // Backwards, a list does not even go on.
    let silent = order == ListOrder::Jumbled && !says_why(run);
    let is = is.then(|| format!("{order:?}: it says that all was read"));
    let silent = silent.then(|| format!("{order:?}: it does not say that it stays so: {:?}", run.problem));
    is.into_iter().chain(silent).collect()
}

/// Whoever reads it knows that to wait for the next attempt is of no use.
fn says_why(run: &Run) -> bool {
    run.problem.as_ref().is_some_and(|problem| {
        let lasts = problem.hints.iter().any(|hint| hint.contains("will be the same each time"));
        lasts
            && problem.message.contains("out of order")
            && problem.message.contains("nothing was marked missing")
    })
}

/// The two lists of devices.
const LONG: &str = "/v2/devices-detailed";
const SHORT: &str = "/v2/devices";

/// Each page comes backwards; nothing is left out.
async fn devices_out_of_order_that_the_short_list_shows_too_are_all(engine: Engine) {
    let rig = Rig::synced(engine, fleet(46)).await;
    let (mut dice, mut findings) = (Dice::new(46), Vec::new());
    for clamp in [None, Some(7), Some(30)] {
        stir(&rig.vendor, &mut dice);
        rig.vendor.set_behaviour(|b| b.page_size_clamp = clamp);
        rig.vendor.inject(Fault::always(LONG, FaultKind::Unsorted));
        let (run, found) = tried(&rig, &format!("backwards {clamp:?}"), RunKind::All).await;
        findings.extend(found);
        let proven = |e: &Evidence| e.entity == "devices" && e.complete && e.words.contains("short list");
        if run.state != RunState::Completed || !run.evidence.iter().any(proven) {
            findings.push(format!("{clamp:?}: {} {:?} {:?}", run.state, run.problem, run.evidence));
        }
    }
    verdict(&findings);
}

/// A first sync, which can miss nothing of what it knows. What the short list leaves out, too, it does not speak for.
async fn devices_that_the_short_list_alone_shows_were_passed_over(engine: Engine) {
    let hides = |path: &str, kind: FaultKind| Fault::once(path, kind).after(1);
    let mut findings = Vec::new();
    for (seed, lacks) in [
        (47, hides(LONG, FaultKind::HalfPage)),
        (48, hides(SHORT, FaultKind::EmptyList).times(u32::MAX)),
        (49, Fault::always(SHORT, FaultKind::Unsorted)),
    ] {
        let mut rig = Rig::open(engine, fleet(seed)).await;
        rig.connect().await;
        rig.vendor.set_behaviour(|b| b.page_size_clamp = Some(20));
        let what = format!("{lacks:?}");
        rig.vendor.inject(lacks);
        rig.vendor.inject(Fault::always(LONG, FaultKind::Unsorted));
        let (run, found) = tried(&rig, &what, RunKind::Devices).await;
        findings.extend(found);
        if run.state != RunState::Incomplete || !says_why(&run) {
            findings.push(format!("{what}: {} {:?} {:?}", run.state, run.problem, run.evidence));
        }
    }
    verdict(&findings);
}
