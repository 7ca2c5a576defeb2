//! A run that is stopped saves the pages that it holds.

use crate::rig::{Engine, Rig};
use domain::run::{Phase, RunKind};
use sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};
use simulator::{Fault, FaultKind, FleetSpec};
use std::time::Duration;

on_engines!(a_tick_that_waits_keeps_no_page_back);

/// More than anything here takes.
const LONG: Duration = Duration::from_secs(300);

async fn until(comes: impl AsyncFn() -> bool) {
    let looking = async {
        loop {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if comes().await {
                return;
            }
        }
    };
    tokio::time::timeout(LONG, looking).await.expect("it comes");
}

/// Whether a tick of the run waits for what somebody else holds.
async fn a_tick_waits(rig: &Rig) -> bool {
    let db = rig.portal.portal.db();
    match db.get_database_backend() {
        // While its work waits for a page, nothing else of the portal uses a connection.
        DbBackend::Sqlite => {
            let pool = db.get_sqlite_connection_pool();
            pool.num_idle() < pool.size() as usize
        }
        _ => rig.portal.waiting().await > 0,
    }
}

/// The tick holds the turn to write, or the row of the run, that the last pages need.
async fn a_tick_that_waits_keeps_no_page_back(engine: Engine) {
    let fleet = FleetSpec { devices: 200, ..FleetSpec::default() };
    let mut rig = Rig::open_with(engine, fleet, |config| {
        config.batch_rows = 10_000;
        config.limits.timeout = LONG;
    })
    .await;
    rig.connect().await;
    rig.vendor.inject(Fault::always("/v2/devices-detailed", FaultKind::Slow(LONG)).after(3));
    let admin = rig.portal.admin();
    let id = admin.start_run(rig.id(), RunKind::Devices).await.unwrap().id;
    let portal = rig.portal.portal.clone();
    let working = tokio::spawn(async move { backend::runs::execute(&portal, id).await });
    until(async || {
        let run = admin.run(id).await.unwrap();
        run.phase == Phase::Devices && run.done >= 50
    })
    .await;

    let elsewhere = rig.portal.elsewhere().await;
    let tx = elsewhere.begin().await.unwrap();
    tx.execute_unprepared("UPDATE runs SET state = state").await.unwrap();
    until(async || a_tick_waits(&rig).await).await;
    assert_eq!(admin.run(id).await.unwrap().counts.added, 0, "two pages are held");
    rig.portal.portal.stopping().cancel();
    // The tick gets what it waits for when nobody goes on with it any more.
    tx.rollback().await.unwrap();
    working.await.expect("no panic").expect("an ending");
    let run = admin.run(id).await.unwrap();
    assert!(run.state.is_active() && run.counts.added >= 50, "{run:?}");
}
