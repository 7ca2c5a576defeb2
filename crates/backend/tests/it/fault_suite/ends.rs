//! An empty page looks like the end of a list. New rows behind it are not known to be left out.

use super::{fleet, tried, verdict};
use crate::rig::{Engine, Rig};
use domain::run::{RunKind, RunState};
use simulator::{Fault, FaultKind};

on_engines!(new_devices_behind_an_empty_page_are_not_forgotten);

async fn new_devices_behind_an_empty_page_are_not_forgotten(engine: Engine) {
    let rig = Rig::synced(engine, fleet(44)).await;
    rig.vendor.set_behaviour(|b| b.page_size_clamp = Some(30));
    let mut findings = Vec::new();
    for times in [1, u32::MAX] {
        for pages in 0..9 {
            rig.vendor.add_devices(1);
            rig.vendor
                .inject(Fault::once("/v2/devices-detailed", FaultKind::EmptyList).times(times).after(pages));
            let what = format!("empty after {pages} ×{times}");
            let (run, found) = tried(&rig, &what, RunKind::All).await;
            findings.extend(found);
            if times == 1 && run.state != RunState::Completed {
                findings.push(format!("{what}: not asked again: {} {:?}", run.state, run.problem));
            }
        }
    }
    verdict(&findings);
}
