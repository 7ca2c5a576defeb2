//! Faults during the very first sync, when nothing is held that an answer could be compared with.

use super::{fleet, tried, verdict};
use crate::rig::{Engine, Rig};
use domain::run::RunKind;
use simulator::{BadRow, Fault, FaultKind};

on_engines!(a_first_sync_that_is_cut_short_is_never_complete);

async fn a_first_sync_that_is_cut_short_is_never_complete(engine: Engine) {
    use FaultKind::{BadRows, EmptyList, HalfPage, NotFound, RepeatPage, Status};
    let lists = ["/v2/organizations", "/v2/locations", "/v2/devices-detailed"];
    let bad = [BadRows(BadRow::NoId), BadRows(BadRow::TextsAreObjects)];
    let kinds = [EmptyList, HalfPage, RepeatPage, NotFound, Status(500)].into_iter().chain(bad);
    let kinds: Vec<FaultKind> = kinds.collect();
    let cases = lists.iter().flat_map(|path| kinds.iter().map(|kind| (*path, kind.clone())));
    let tries = cases.zip(60u64..).map(|((path, kind), seed)| first(engine, path, kind, seed));
    verdict(&futures::future::join_all(tries).await.concat());
}

async fn first(engine: Engine, path: &'static str, kind: FaultKind, seed: u64) -> Vec<String> {
    let mut rig = Rig::open(engine, fleet(seed)).await;
    rig.vendor.set_behaviour(|b| b.page_size_clamp = Some(20));
    // Connecting reads the list too; the devices come with the sync that follows.
    let probes = u32::from(path == "/v2/organizations");
    let pages_before = if path == "/v2/devices-detailed" { 2 } else { probes };
    rig.vendor.inject(Fault::always(path, kind.clone()).after(pages_before));
    let what = format!("first sync, {path} {kind:?}");
    let run = rig.connect().await;
    let truth = crate::truth::Truth::of(&rig.vendor);
    let held = rig.held().await;
    let ending = crate::rig::ending(&run);
    let unreadable = rig.told(&run).await;
    let empty = crate::truth::Held::default();
    let case = crate::judge::Case {
        before: &empty,
        after: &held,
        truths: std::slice::from_ref(&truth),
        ending,
        told: &unreadable,
        extras_stand: false,
    };
    let told = |f| format!("{what}: [connect: {}] {f}", run.state);
    let mut findings: Vec<String> = case.findings().into_iter().map(told).collect();
    findings.extend(tried(&rig, &what, RunKind::All).await.1);
    findings
}
