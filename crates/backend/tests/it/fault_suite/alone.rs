//! Each fault alone.

use super::{
    fleet, stir,
    table::{CUSTOM_FIELDS, ENDPOINTS, Endpoint, kinds, passes},
    tried, verdict,
};
use crate::rig::{Engine, Rig};
use domain::run::{RunKind, RunState};
use simulator::{BackupModule, Behaviour, Fault, FaultKind};
use std::time::Duration;
use testkit::{Dice, env_number};

on_engines!(every_fault_at_every_endpoint, a_huge_body, every_way_of_paging, credentials_that_die_mid_run);

/// Endpoints side by side, since most of the time goes into waiting.
async fn every_fault_at_every_endpoint(engine: Engine) {
    let all = ENDPOINTS
        .iter()
        .chain([&CUSTOM_FIELDS])
        .zip(1u64..)
        .map(|(endpoint, seed)| at(engine, *endpoint, seed));
    let findings = futures::future::join_all(all).await;
    verdict(&findings.concat());
}

async fn at(engine: Engine, endpoint: Endpoint, seed: u64) -> Vec<String> {
    let rig = Rig::synced(engine, fleet(seed)).await;
    let mut dice = Dice::new(seed);
    let mut findings = Vec::new();
    for (kind, n) in kinds().into_iter().zip(seed..) {
        for lasting in durations(&kind, n) {
            stir(&rig.vendor, &mut dice);
            if endpoint.path == "/ws/oauth/token" {
                rig.vendor.expire_tokens();
            }
            // Reports and lists of more than one page.
            rig.vendor.set_behaviour(|b| b.page_size_clamp = Some(30));
            let fault = Fault::once(endpoint.path, kind.clone());
            let fault = fault.times(if lasting { u32::MAX } else { 1 }).after(page(&mut dice, endpoint));
            rig.vendor.inject(fault.clone());
            let what = format!("{} {kind:?} after {} ×{}", endpoint.path, fault.after, fault.times);
            // Devices are counted, from their short list, where they are not synced.
            let of = if endpoint.path == "/v2/devices" { RunKind::Organizations } else { RunKind::All };
            let (run, found) = tried(&rig, &what, of).await;
            findings.extend(found);
            if !lasting && passes(endpoint, &kind) && run.state != RunState::Completed {
                findings.push(format!(
                    "{what}: not tried again: {} {:?} {:?}",
                    run.state, run.problem, run.warnings
                ));
            }
        }
    }
    findings
}

/// Once or for good: both for what looks like a good answer, in turns for the others, so that the suite stays short.
fn durations(kind: &FaultKind, n: u64) -> Vec<bool> {
    let treacherous = matches!(kind, FaultKind::EmptyList | FaultKind::HalfPage | FaultKind::RepeatPage);
    if treacherous || env_number("MSPORTAL_FAULT_CASES", 0) > 200 {
        vec![false, true]
    } else {
        vec![n.is_multiple_of(2)]
    }
}

fn page(dice: &mut Dice, endpoint: Endpoint) -> u32 {
    u32::try_from(dice.below(endpoint.pages)).unwrap_or(0)
}

async fn a_huge_body(engine: Engine) {
    let rig = Rig::synced(engine, fleet(41)).await;
    let mut findings = Vec::new();
    for path in ["/v2/devices-detailed", "/v2/queries/backup/usage"] {
        rig.vendor.inject(Fault::once(path, FaultKind::Huge).after(1).times(3));
        findings.extend(tried(&rig, &format!("{path} huge"), RunKind::All).await.1);
    }
    verdict(&findings);
}

/// Whatever the server's way of paging is, a run without trouble is complete.
async fn every_way_of_paging(engine: Engine) {
    let rig = Rig::synced(engine, fleet(42)).await;
    let mut dice = Dice::new(42);
    let mut findings = Vec::new();
    for clamp in [None, Some(1), Some(7), Some(30)] {
        for bits in 0..8 {
            if clamp == Some(1) && bits % 2 == 1 {
                // The boundary row alone: such a server never shows its second row.
                continue;
            }
            stir(&rig.vendor, &mut dice);
            rig.vendor.set_behaviour(|b| {
                b.page_size_clamp = clamp;
                b.inclusive_after = bits & 1 != 0;
                b.cursor_count_is_total = bits & 2 != 0;
                b.cursor_absent_on_last_page = bits & 4 != 0;
            });
            findings.extend(
                rig.mended(RunKind::All).await.into_iter().map(|f| format!("{clamp:?} {bits:03b}: {f}")),
            );
            if clamp == Some(1) {
                break;
            }
        }
    }
    verdict(&findings);
}

/// Changes the server's habits.
type Habit = fn(&mut Behaviour);

/// Tokens that expire, cursors that expire, credentials that are revoked, and modules that are not there.
async fn credentials_that_die_mid_run(engine: Engine) {
    let rig = Rig::synced(engine, fleet(43)).await;
    let mut dice = Dice::new(43);
    let mut findings = Vec::new();
    for path in
        ENDPOINTS.iter().chain([&CUSTOM_FIELDS]).map(|e| e.path).skip(1).filter(|p| *p != "/v2/devices")
    {
        for revoked in [false, true] {
            stir(&rig.vendor, &mut dice);
            rig.vendor.at_request(path, 1, move |vendor| {
                vendor.expire_tokens();
                vendor.set_behaviour(|b| b.credentials_revoked = revoked);
            });
            let what = format!("{path} token gone, revoked {revoked}");
            let (run, found) = tried(&rig, &what, RunKind::All).await;
            findings.extend(found);
            if !revoked && run.state != RunState::Completed {
                findings.push(format!("{what}: an expired token was not renewed: {:?}", run.problem));
            }
        }
    }
    let odd: [(&str, Habit); 6] = [
        ("tokens of no life", |b| b.token_lifetime = Duration::ZERO),
        ("cursors of 1 ms", |b| b.cursor_lifetime = Duration::from_millis(1)),
        ("a fed instance", |b| b.fed_instance = true),
        ("no backup module, 404", |b| b.backup_module = BackupModule::Missing404),
        ("no backup module, 403", |b| b.backup_module = BackupModule::Forbidden403),
        ("no backup module, empty", |b| b.backup_module = BackupModule::Empty),
    ];
    let normal = rig.vendor.behaviour();
    for (what, change) in odd {
        stir(&rig.vendor, &mut dice);
        rig.vendor.set_behaviour(|b| b.page_size_clamp = Some(30));
        rig.vendor.set_behaviour(change);
        let (_, found) = rig.judged(RunKind::All, &crate::rig::Moments::default(), true).await;
        findings.extend(found.into_iter().map(|f| format!("{what}: {f}")));
        rig.vendor.set_behaviour(|b| *b = normal.clone());
        findings.extend(rig.mended(RunKind::All).await.into_iter().map(|f| format!("after {what}: {f}")));
    }
    verdict(&findings);
}
