//! Every fault at every endpoint that a sync reads, alone and in random company. After each run the state is true, no row
//! is lost, doubled or wrongly missing, nothing is blanked; and a clean run reaches exactly what the vendor has.
//!
//! `MSPORTAL_FAULT_CASES` sets how many random cases are tried on each engine, `MSPORTAL_FAULT_SEED` where they begin.

mod alone;
mod ends;
mod first;
mod mixed;
mod order;
mod table;

use crate::{
    judge::{Case, Ending, Told},
    rig::{Moments, Rig},
    truth::{Held, HeldRow, Row, Truth},
};
use domain::run::{Run, RunKind, RunState};
use simulator::{Control, FleetSpec};
use testkit::Dice;

/// A fleet of some pages.
fn fleet(seed: u64) -> FleetSpec {
    FleetSpec { seed, devices: 130, ..FleetSpec::default() }
}

/// A few changes upstream, far below the breaker's share, that leave alone what optional sources tell.
fn stir(vendor: &Control, dice: &mut Dice) {
    let ids = vendor.approved_device_ids();
    vendor.rename_device(*dice.pick(&ids), &format!("RENAMED-{}", dice.below(1_000_000)));
    let (target, _) = dice.pick(&vendor.organizations()).clone();
    if let Some((location, _)) = vendor.locations(target).first() {
        vendor.move_device(*dice.pick(&ids), target, *location);
    }
    match dice.below(4) {
        0 if ids.len() > 100 => drop(vendor.delete_device(*dice.pick(&ids))),
        1 => drop(vendor.add_devices(1)),
        2 => drop(vendor.rename_organization(target, &format!("Renamed {}", dice.below(1_000_000)))),
        _ => drop(vendor.decommission_device(*dice.pick(&ids))),
    }
}

/// Runs into what was set up, judges it, clears the trouble and demands the exact truth. Findings begin with `what`.
async fn tried(rig: &Rig, what: &str, kind: RunKind) -> (Run, Vec<String>) {
    let (run, mut findings) = rig.judged(kind, &Moments::default(), true).await;
    rig.vendor.clear_faults();
    rig.vendor.clear_moments();
    rig.vendor.set_behaviour(|b| b.credentials_revoked = false);
    let clean = run.state == RunState::Completed && kind == RunKind::All;
    if !clean {
        findings
            .extend(rig.mended(RunKind::All).await.into_iter().map(|f| format!("after a clean run: {f}")));
    }
    let told = |f: String| format!("{what}: [{} {:?}] {f}", run.state, run.problem.as_ref().map(|p| &p.code));
    let findings = findings.into_iter().map(told).collect();
    (run, findings)
}

/// Fails with all findings, a line each.
fn verdict(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

/// A row that moved and keeps its old place is fine only while the move has not been carried out.
#[test]
fn a_complete_run_leaves_no_row_half_moved() {
    let row = |organization: &str, name: &str| {
        Row::from([("organization_id", organization.to_owned()), ("name", name.to_owned())])
    };
    let held = |fields| {
        let row = HeldRow { fields, extras: Row::new(), beat: Row::new(), missing: false };
        Held { devices: [("1".to_owned(), row)].into(), ..Held::default() }
    };
    let (before, after) = (held(row("a", "old")), held(row("a", "new")));
    let truths = ["old", "new"].map(|name| {
        let place = if name == "new" { "b" } else { "a" };
        Truth { devices: [("1".to_owned(), row(place, name))].into(), ..Truth::default() }
    });
    for completed in [false, true] {
        let ending = Ending {
            completed,
            clean: completed,
            ended: true,
            explained: !completed,
            organizations: true,
            devices: true,
        };
        let (before, after, truths, told) = (&before, &after, &truths, &Told::new());
        let case = Case { before, after, truths, ending, told, extras_stand: false };
        assert_eq!(case.findings().is_empty(), !completed, "{:?}", case.findings());
    }
}
