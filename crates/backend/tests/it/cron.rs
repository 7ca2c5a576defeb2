//! The clock's ticks on several portals of one database: each fires once.

use crate::{
    rig::{Engine, Rig},
    support::TestClock,
    truth::number,
};
use backend::{Config, Portal, clock::Clock, jobs::cron::start_due};
use domain::{
    Time,
    ids::IntegrationId,
    page::ListQuery,
    run::{RunKind, StartedBy},
};
use sea_orm::{ConnectionTrait, Statement};
use simulator::FleetSpec;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};
use testkit::Dice;

on_engines!(two_portals_start_each_tick_once, a_tick_is_followed_while_it_is_at_work);

const TICKS: i64 = 200;
const DAY: i64 = 86_400;

async fn two_portals_start_each_tick_once(engine: Engine) {
    let mut settings = None;
    let fleet = FleetSpec { devices: 20, ..FleetSpec::default() };
    let mut rig = Rig::open_with(engine, fleet, |config| settings = Some(config.clone())).await;
    rig.connect().await;
    let apart = Arc::new(Apart(rig.portal.clock.clone(), AtomicI64::new(0)));
    let config = Config { clock: apart.clone(), ..settings.expect("settings") };
    let other = Portal::open(config, None).await.expect("a second portal on the same database");
    let mut dice = Dice::new(5);
    for n in 1..=TICKS {
        let at = Time::from_timestamp(1_780_000_000 + n * DAY, 0).expect("in range");
        // Each clock is up to two minutes early or late, anew each day.
        let mut skew = || i64::try_from(dice.between(0, 240)).expect("a few") - 120;
        let (one, two) = (skew(), skew());
        rig.portal.clock.advance(at.timestamp() + one - rig.portal.clock.now().timestamp());
        apart.1.store(two - one, Ordering::SeqCst);
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

const ACCOUNTS: usize = 40;

/// A portal whose clock is ahead takes a tick for one that nobody has followed, while another one starts its runs; and runs
/// end at once.
async fn a_tick_is_followed_while_it_is_at_work(engine: Engine) {
    let mut settings = None;
    let fleet = FleetSpec { devices: 20, ..FleetSpec::default() };
    let mut rig = Rig::open_with(engine, fleet, |config| settings = Some(config.clone())).await;
    rig.connect().await;
    for _ in 1..ACCOUNTS {
        copy(&rig, rig.id()).await;
    }
    let ahead = Arc::new(Apart(rig.portal.clock.clone(), AtomicI64::new(120)));
    let config = Config { clock: ahead, ..settings.expect("settings") };
    let other = Portal::open(config, None).await.expect("a second portal on the same database");
    let at = Time::from_timestamp(1_780_000_000, 0).expect("in range");
    let busy = AtomicBool::new(true);
    let starts = async {
        let started = start_due(&rig.portal.portal, RunKind::Devices, at).await.expect("a tick");
        busy.store(false, Ordering::SeqCst);
        started
    };
    let follows = async {
        while busy.load(Ordering::SeqCst) {
            backend::jobs::sweep(&other).await.expect("a sweep");
        }
    };
    let ends = async {
        while busy.load(Ordering::SeqCst) {
            let end = "UPDATE runs SET state = 'cancelled' WHERE state = 'queued'";
            rig.portal.execute(end, vec![]).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    futures::join!(starts, follows, ends);
    backend::jobs::sweep(&other).await.expect("a sweep");
    let db = rig.portal.portal.db();
    let runs = "SELECT count(*) AS n FROM runs WHERE kind = 'devices'";
    assert_eq!(number(db, runs).await, i64::try_from(ACCOUNTS).expect("a few"));
    let accounts = "SELECT count(DISTINCT integration_id) AS n FROM runs WHERE kind = 'devices'";
    assert_eq!(number(db, accounts).await, i64::try_from(ACCOUNTS).expect("a few"));
}

/// One more account like that one.
async fn copy(rig: &Rig, id: IntegrationId) {
    let db = rig.portal.portal.db();
    let select = "SELECT * FROM integrations LIMIT 1";
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), select)).await;
    let row = row.expect("an answer").expect("an account");
    let columns: Vec<String> =
        row.column_names().into_iter().filter(|name| name != "id" && name != "account_hash").collect();
    let columns = columns.join(", ");
    let insert = format!(
        "INSERT INTO integrations (id, account_hash, {columns}) SELECT $1, $2, {columns} FROM integrations WHERE id = $3"
    );
    let new = backend::clock::new_id();
    assert_eq!(
        rig.portal.execute(&insert, vec![new.into(), new.as_bytes().to_vec().into(), id.0.into()]).await,
        1
    );
}

/// So many seconds apart from the other clock.
struct Apart(Arc<TestClock>, AtomicI64);

impl Clock for Apart {
    fn now(&self) -> Time {
        self.0.now() + chrono::TimeDelta::seconds(self.1.load(Ordering::SeqCst))
    }
}
