//! The clock's ticks on several portals of one database: each fires once.

use crate::{
    rig::{Engine, Rig},
    truth::number,
};
use backend::{Config, Portal, jobs::cron::start_due};
use domain::{
    Time,
    page::ListQuery,
    run::{RunKind, StartedBy},
};
use simulator::FleetSpec;
use testkit::Dice;

on_engines!(two_portals_start_each_tick_once);

const TICKS: i64 = 60;
const DAY: i64 = 86_400;

async fn two_portals_start_each_tick_once(engine: Engine) {
    let mut settings = None;
    let fleet = FleetSpec { devices: 20, ..FleetSpec::default() };
    let mut rig = Rig::open_with(engine, fleet, |config| settings = Some(config.clone())).await;
    rig.connect().await;
    let config: Config = settings.expect("settings");
    let other = Portal::open(config, None).await.expect("a second portal on the same database");
    let mut dice = Dice::new(5);
    for n in 1..=TICKS {
        let at = Time::from_timestamp(1_780_000_000 + n * DAY, 0).expect("in range");
        let started = tick(&rig.portal.portal, &other, at, &mut dice).await;
        assert_eq!(started, 1, "tick {n}");
        // A portal whose clock is late sees the tick once more, when its run has ended.
        let runs =
            rig.portal.admin().runs(rig.id(), ListQuery::default(), None, None).await.expect("runs").items;
        assert_eq!(runs[0].started_by, StartedBy::Schedule);
        rig.portal.admin().cancel_run(runs[0].id).await.expect("cancelled");
        assert_eq!(start_due(&other, RunKind::Devices, at).await.expect("a tick"), 0, "tick {n}, late");
    }
    let runs = "SELECT count(*) AS n FROM runs WHERE kind = 'devices'";
    assert_eq!(number(rig.portal.portal.db(), runs).await, TICKS);
}

/// Both portals see a tick several times, in random order; answers how many runs they started.
async fn tick(one: &Portal, two: &Portal, at: Time, dice: &mut Dice) -> usize {
    let seen: Vec<_> = (0..dice.between(2, 6)).map(|_| if dice.chance(50) { one } else { two }).collect();
    let ticks = seen.into_iter().map(|portal| start_due(portal, RunKind::Devices, at));
    futures::future::join_all(ticks).await.into_iter().map(|started| started.expect("a tick")).sum()
}
