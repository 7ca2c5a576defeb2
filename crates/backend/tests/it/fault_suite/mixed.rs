//! Faults in random company, on servers of random habits.

use super::{
    fleet, stir,
    table::{ENDPOINTS, kinds},
    tried, verdict,
};
use crate::rig::{Engine, Rig};
use domain::run::RunKind;
use simulator::{Control, Fault};
use testkit::{Dice, env_number};

on_engines!(random_faults);

/// How many fleets are tried side by side.
const LANES: u64 = 8;

async fn random_faults(engine: Engine) {
    let (cases, start) = (env_number("MSPORTAL_FAULT_CASES", 40), env_number("MSPORTAL_FAULT_SEED", 1));
    let lanes = (0..LANES).map(|lane| lane_of(engine, (start + lane..start + cases).step_by(LANES as usize)));
    verdict(&futures::future::join_all(lanes).await.concat());
}

async fn lane_of(engine: Engine, seeds: impl Iterator<Item = u64>) -> Vec<String> {
    let mut findings = Vec::new();
    let mut rig = None;
    for seed in seeds {
        // A seed alone tells the whole case: the fleet too, unless a case before it went well.
        if rig.is_none() {
            rig = Some(Rig::synced(engine, fleet(seed)).await);
        }
        let here = rig.as_ref().expect("a rig");
        let mut dice = Dice::new(seed);
        stir(&here.vendor, &mut dice);
        let what = trouble(&here.vendor, &mut dice);
        let found = tried(here, &format!("seed {seed}: {what}"), RunKind::All).await.1;
        if !found.is_empty() {
            rig = None;
        }
        findings.extend(found);
    }
    findings
}

/// Sets up one to four faults, the server's habits, and now and then the end of all tokens; says what.
fn trouble(vendor: &Control, dice: &mut Dice) -> String {
    let clamp = *dice.pick(&[None, Some(9), Some(30)]);
    let bits = dice.below(8);
    vendor.set_behaviour(|b| {
        b.page_size_clamp = clamp;
        b.inclusive_after = bits & 1 != 0;
        b.cursor_count_is_total = bits & 2 != 0;
        b.cursor_absent_on_last_page = bits & 4 != 0;
    });
    let mut what = vec![format!("pages {clamp:?} {bits:03b}")];
    for _ in 0..dice.between(1, 4) {
        let path = if dice.chance(15) { "*" } else { dice.pick(&ENDPOINTS[1..]).path };
        let kind = dice.pick(&kinds()).clone();
        let times = *dice.pick(&[1, 1, 2, 3, u32::MAX]);
        let after = u32::try_from(dice.below(9)).unwrap_or(0);
        vendor.inject(Fault::once(path, kind.clone()).after(after).times(times));
        what.push(format!("{path} {kind:?} after {after} ×{times}"));
    }
    if dice.chance(20) {
        let after = u32::try_from(dice.below(20)).unwrap_or(0);
        vendor.at_request("/v2*", after, Control::expire_tokens);
        what.push(format!("tokens expire after {after}"));
    }
    what.join(", ")
}
