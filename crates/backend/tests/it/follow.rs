//! What a process that died has left undone: what follows the end of a run, and the runs of a tick.

use crate::fleet::Fleet;
use domain::{
    ids::IntegrationId,
    mapping::{NodeClassChoice, OrganizationChoice},
    page::ListQuery,
    run::{Run, RunKind, RunState, StartedBy},
};
use sea_orm::ConnectionTrait;

on_both_with_fleet!(an_auto_import_follows_late, a_tick_starts_its_runs_late);

async fn set(fleet: &Fleet, statement: &str) {
    fleet.portal.portal.db().execute_unprepared(statement).await.expect(statement);
}

async fn sweep(fleet: &Fleet) {
    backend::jobs::sweep(&fleet.portal.portal).await.expect("a sweep");
}

async fn started_by(fleet: &Fleet, it: IntegrationId, by: StartedBy) -> Vec<Run> {
    let runs = fleet.tenant().runs(it, ListQuery::default(), None, None).await.expect("runs").items;
    runs.into_iter().filter(|r| r.started_by == by).collect()
}

async fn an_auto_import_follows_late(fleet: Fleet) {
    let it = fleet.connect().await;
    let tenant = fleet.tenant();
    let sync = fleet.sync(it, RunKind::Devices).await;
    assert_eq!(fleet.number("SELECT count(*) AS n FROM runs WHERE follow_at IS NOT NULL").await, 0, "done");
    // One organization waits for its company, and one class is not imported by itself.
    let organizations = tenant.organizations(it, ListQuery::default(), None).await.unwrap().items;
    let (waits, mapped) = organizations.split_first().expect("organizations");
    for row in mapped {
        tenant.save_organization(it, &row.remote_id, OrganizationChoice::Create, None, true).await.unwrap();
    }
    tenant.quick_create_node_classes(it).await.unwrap();
    let auto = || NodeClassChoice { auto_sync: Some(true), ..NodeClassChoice::default() };
    let classes = tenant.node_classes(it).await.unwrap().items;
    let by_hand = classes.iter().max_by_key(|row| row.device_count).expect("classes");
    for row in classes.iter().filter(|row| row.node_class != by_hand.node_class) {
        tenant.save_node_class(it, &row.node_class, auto()).await.unwrap();
    }
    sweep(&fleet).await;
    assert!(started_by(&fleet, it, StartedBy::AutoImport).await.is_empty(), "nothing was left undone");
    // As a process leaves it that dies when the end is noted and nothing has followed.
    set(
        &fleet,
        &format!("UPDATE runs SET follow_at = 1 WHERE kind = 'devices' AND state = '{}'", sync.state),
    )
    .await;
    sweep(&fleet).await;
    let started = started_by(&fleet, it, StartedBy::AutoImport).await;
    assert_eq!(started.len(), 1);
    let import = fleet.execute(started[0].id).await;
    assert_eq!(import.state, RunState::Completed, "{import:?}");
    let wanted = format!(
        "SELECT count(*) AS n FROM remote_devices WHERE missing_since IS NULL AND node_class <> '{}'
            AND organization_id <> '{}'",
        by_hand.node_class, waits.remote_id
    );
    let wanted = fleet.number(&wanted).await;
    assert!(wanted > 0 && wanted < fleet.number("SELECT count(*) AS n FROM remote_devices").await);
    assert_eq!(import.counts.added, wanted, "those, and no others");
    for (what, n) in [
        ("import_results_told WHERE outcome = 'created'", wanted),
        ("import_results_told", wanted),
        ("devices", wanted),
        (&format!("devices WHERE node_class = '{}'", by_hand.node_class), 0),
    ] {
        assert_eq!(fleet.number(&format!("SELECT count(*) AS n FROM {what}")).await, n, "{what}");
    }
    fleet.portal.clock.advance(3600);
    sweep(&fleet).await;
    assert_eq!(started_by(&fleet, it, StartedBy::AutoImport).await.len(), 1, "once");
}

async fn a_tick_starts_its_runs_late(fleet: Fleet) {
    let it = fleet.connect().await;
    set(
        &fleet,
        "INSERT INTO schedule_ticks (schedule, tick_at, created_at, follow_at) VALUES ('devices', 7, 1, 2)",
    )
    .await;
    sweep(&fleet).await;
    let started = started_by(&fleet, it, StartedBy::Schedule).await;
    assert_eq!(started.iter().map(|r| r.kind).collect::<Vec<_>>(), [RunKind::Devices]);
    assert_eq!(fleet.execute(started[0].id).await.state, RunState::Completed);
    // One that was started before the process died is not started again.
    set(&fleet, "UPDATE schedule_ticks SET follow_at = 2 WHERE schedule = 'devices'").await;
    sweep(&fleet).await;
    assert_eq!(started_by(&fleet, it, StartedBy::Schedule).await.len(), 1, "once");
    assert_eq!(fleet.number("SELECT count(*) AS n FROM schedule_ticks WHERE follow_at IS NOT NULL").await, 0);
}
