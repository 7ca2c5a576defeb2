//! Random upstream histories: the fleet changes between syncs and while pages are read. What was there throughout is never
//! lost, nothing is doubled, and after each quiet sync the tables are the vendor's.
//!
//! `MSPORTAL_HISTORY_STEPS` sets how many changes are made on each engine, `MSPORTAL_HISTORY_SEED` where they begin.

mod inventory;
mod scripts;

use crate::rig::{Engine, Moments, Rig};
use domain::run::{RunKind, RunState};
use scripts::step;
use simulator::{Control, FleetSpec};
use testkit::{Dice, env_number};

on_engines!(tables_follow_every_history, rows_that_move_between_pages_are_not_lost);

/// Changes between two syncs: all of them together stay below the breaker's share.
const STEPS: u64 = 6;

fn fleet(seed: u64) -> FleetSpec {
    FleetSpec { seed, devices: 160, organizations: 14, ..FleetSpec::default() }
}

async fn tables_follow_every_history(engine: Engine) {
    let (steps, start) = (env_number("MSPORTAL_HISTORY_STEPS", 240), env_number("MSPORTAL_HISTORY_SEED", 1));
    let lanes = (0..3).map(|lane| history(engine, start + lane, steps / 3));
    let findings = futures::future::join_all(lanes).await.concat();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

async fn history(engine: Engine, seed: u64, steps: u64) -> Vec<String> {
    let rig = Rig::synced(engine, fleet(seed)).await;
    let mut dice = Dice::new(seed);
    inventory::import(&rig).await;
    assert!(inventory::fed(&rig).await > 100, "most devices are imported");
    let (mut done, mut rounds) = (0, 0);
    while done < steps {
        rounds += 1;
        let now = dice.between(1, STEPS);
        let made: Vec<String> = (0..now).map(|_| step(&rig.vendor, &mut dice)).collect();
        done += now;
        let kind = if dice.chance(50) { RunKind::All } else { RunKind::Devices };
        let moments = Moments::default();
        let during = if dice.chance(50) { meanwhile(&rig.vendor, &moments, &mut dice) } else { 0 };
        done += during;
        let (run, mut findings) = rig.judged(kind, &moments, false).await;
        rig.vendor.clear_moments();
        if during == 0 && run.state != RunState::Completed {
            findings
                .push(format!("nothing was in the way, but it ended {:?} {:?}", run.problem, run.warnings));
        }
        findings
            .extend(rig.mended(RunKind::All).await.into_iter().map(|f| format!("after a quiet sync: {f}")));
        findings.extend(inventory::differences(&rig).await);
        if rounds % 8 == 0 {
            inventory::import(&rig).await;
        }
        if !findings.is_empty() {
            let what =
                format!("seed {seed}, step {done}, {during} meanwhile, {kind} {}: {made:?}", run.state);
            return findings.into_iter().map(|finding| format!("{what}: {finding}")).collect();
        }
    }
    Vec::new()
}

/// Lets some changes happen while lists are read; how many.
fn meanwhile(vendor: &Control, moments: &Moments, dice: &mut Dice) -> u64 {
    let many = dice.between(1, STEPS);
    for _ in 0..many {
        let path = *dice.pick(&["/v2/devices-detailed", "/v2/devices-detailed", "/v2*"]);
        let after = u32::try_from(dice.below(8)).unwrap_or(0);
        let (moments, seed) = (moments.clone(), dice.below(u64::MAX));
        vendor.at_request(path, after, move |vendor| {
            moments.note(vendor);
            step(vendor, &mut Dice::new(seed));
            moments.note(vendor);
        });
    }
    many
}

/// Nothing but adding, deleting and moving while a list is read, many times over.
async fn rows_that_move_between_pages_are_not_lost(engine: Engine) {
    let rig = Rig::synced(engine, fleet(77)).await;
    let (mut dice, mut findings) = (Dice::new(77), Vec::new());
    for round in 0..env_number("MSPORTAL_HISTORY_STEPS", 240) / 20 {
        let moments = Moments::default();
        for page in 0..7 {
            let (moments, seed) = (moments.clone(), dice.below(u64::MAX));
            rig.vendor.at_request("/v2/devices-detailed", page, move |vendor| {
                moments.note(vendor);
                scripts::shuffle(vendor, &mut Dice::new(seed));
                moments.note(vendor);
            });
        }
        let (run, found) = rig.judged(RunKind::Devices, &moments, false).await;
        rig.vendor.clear_moments();
        findings.extend(found.into_iter().map(|f| format!("round {round}, {}: {f}", run.state)));
        findings
            .extend(rig.mended(RunKind::All).await.into_iter().map(|f| format!("round {round}, then: {f}")));
    }
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}
