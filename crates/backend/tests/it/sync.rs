//! Syncs against the simulator: exact when they say completed, loud when they are not, and cheap when nothing changed.

use crate::fleet::Fleet;
use backend::jobs::cron::start_due;
use domain::{
    integration::{ConnectInput, IntegrationStatus},
    page::ListQuery,
    run::{ChangeKind, RunKind, RunState, StartedBy},
};
use sea_orm::{ConnectionTrait, Statement};
use simulator::{BackupModule, Control, Fault, FaultKind, RetryAfter};

async fn count(fleet: &Fleet, sql: &str) -> i64 {
    let db = fleet.portal.portal.db();
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql.to_owned())).await;
    row.expect(sql).expect("a row").try_get("", "n").expect("n")
}

async fn staged(fleet: &Fleet) -> i64 {
    count(fleet, "SELECT count(*) AS n FROM remote_devices WHERE missing_since IS NULL").await
}

fn approved(fleet: &Fleet) -> i64 {
    i64::try_from(fleet.control().approved_device_count()).expect("small")
}

on_both_with_fleet!(
    the_first_sync_is_complete_and_the_second_writes_nothing,
    changes_upstream_are_told_field_by_field,
    moves_hold_although_the_short_list_cannot_be_read,
    an_interrupted_list_is_never_complete,
    a_vanishing_fleet_is_held_back,
    an_optional_source_that_fails_blanks_nothing,
    refused_credentials_disconnect_and_new_ones_mend,
    one_active_run_per_kind,
    a_cancelled_run_ends_and_frees_its_place,
    a_run_that_lost_its_worker_is_taken_over,
    a_tick_fires_once,
    throttling_is_waited_for,
);

async fn the_first_sync_is_complete_and_the_second_writes_nothing(fleet: Fleet) {
    let integration = fleet.connect().await;
    let organizations = fleet.control().organizations().len();
    let listed = fleet.tenant().organizations(integration, ListQuery::default(), None).await.unwrap();
    assert_eq!(listed.total, i64::try_from(organizations).unwrap());
    let counted: i64 =
        count(&fleet, "SELECT CAST(sum(device_count) AS bigint) AS n FROM organizations").await;
    assert_eq!(counted, approved(&fleet), "devices are counted before they are synced");

    let first = fleet.sync(integration, RunKind::All).await;
    assert_eq!(first.state, RunState::Completed, "{:?} {:?}", first.problem, first.warnings);
    assert_eq!(staged(&fleet).await, approved(&fleet));
    assert_eq!(first.counts.added, approved(&fleet));
    let devices = first.evidence.iter().find(|e| e.entity == "devices").unwrap();
    assert!(
        devices.complete && devices.rows == approved(&fleet) && devices.distinct == devices.rows,
        "{devices:?}"
    );

    let again = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(again.state, RunState::Completed);
    assert_eq!((again.counts.added, again.counts.changed, again.counts.missing), (0, 0, 0));
    assert_eq!(again.counts.unchanged, approved(&fleet));
    assert!(fleet.changes(again.id).await.is_empty());
}

/// Moves a device to another organization, and answers which.
fn move_away(control: &Control, id: i64) -> i64 {
    let home = control.device(id).unwrap()["organizationId"].as_i64().unwrap();
    let (target, _) = control.organizations().into_iter().find(|(id, _)| *id != home).unwrap();
    assert!(control.move_device(id, target, control.locations(target).first().map_or(0, |l| l.0)));
    target
}

async fn changes_upstream_are_told_field_by_field(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::Devices).await;
    let control = fleet.control();
    let ids = control.approved_device_ids();
    let (renamed, deleted, moved) = (ids[0], ids[1], ids[2]);
    control.rename_device(renamed, "front desk");
    control.delete_device(deleted);
    move_away(&control, moved);
    control.heartbeat();

    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
    assert_eq!((run.counts.added, run.counts.changed, run.counts.moved, run.counts.missing), (0, 2, 1, 1));
    let changes = fleet.changes(run.id).await;
    let of = |id: i64| changes.iter().find(|c| c.remote_id == id.to_string()).expect("a change");
    assert_eq!(of(renamed).change, ChangeKind::Changed);
    let name = of(renamed).fields.iter().find(|f| f.field == "name").unwrap();
    assert_eq!(name.after.as_deref(), Some("front desk"));
    assert_eq!(of(deleted).change, ChangeKind::Missing);
    let place = changes.iter().find(|c| c.change == ChangeKind::Moved).expect("a move");
    assert_eq!(place.remote_id, moved.to_string());
    assert!(place.fields.iter().any(|f| f.field == "organization"), "{place:?}");
    // The moved one has another public address, too.
    assert_eq!(changes.len(), 4, "a heartbeat is no change: {changes:?}");
    assert_eq!(staged(&fleet).await, approved(&fleet));
}

/// Organizations count devices that the long list does not show: the short one would decide.
async fn moves_hold_although_the_short_list_cannot_be_read(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::Devices).await;
    let control = fleet.control();
    let moved = control.approved_device_ids()[0];
    // Counted, and gone before anybody has read more of them.
    let passing = control.add_devices(20);
    fleet.sync(integration, RunKind::Organizations).await;
    assert!(passing.into_iter().all(|id| control.delete_device(id)));
    let target = move_away(&control, moved);
    control.inject(Fault::always("/v2/devices", FaultKind::NotFound));
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Incomplete, "{:?}", run.problem);
    assert_eq!((run.counts.moved, run.counts.missing), (1, 0), "{:?}", run.problem);
    let there = format!(
        "SELECT count(*) AS n FROM remote_devices WHERE remote_id = '{moved}' AND organization_id = '{target}'"
    );
    assert_eq!(count(&fleet, &there).await, 1);
    let changes = fleet.changes(run.id).await;
    assert!(changes.iter().any(|c| c.change == ChangeKind::Moved && c.remote_id == moved.to_string()));
}

async fn an_interrupted_list_is_never_complete(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::Devices).await;
    let before = staged(&fleet).await;
    for kind in [
        FaultKind::Status(500),
        FaultKind::Truncated,
        FaultKind::Malformed,
        FaultKind::Empty,
        FaultKind::Reset,
    ] {
        fleet.control().inject(Fault::always("/v2/devices-detailed", kind.clone()).after(1));
        let run = fleet.sync(integration, RunKind::Devices).await;
        fleet.control().clear_faults();
        // Failed when not even one page came through before.
        assert!(matches!(run.state, RunState::Incomplete | RunState::Failed), "{kind:?} {}", run.state);
        assert!(run.problem.is_some() && run.next_attempt_at.is_some(), "{kind:?}");
        assert_eq!(run.counts.missing, 0, "{kind:?}");
        assert_eq!(staged(&fleet).await, before, "{kind:?}");
    }
    let card = fleet.tenant().integration(integration).await.unwrap();
    assert_eq!(card.status, IntegrationStatus::Error);
    let mended = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(mended.state, RunState::Completed);
    assert_eq!(fleet.tenant().integration(integration).await.unwrap().status, IntegrationStatus::Connected);
}

async fn a_vanishing_fleet_is_held_back(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::Devices).await;
    let before = staged(&fleet).await;
    fleet.control().keep_devices(0.4);
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Incomplete);
    assert_eq!(run.problem.unwrap().code, "implausible");
    assert_eq!(staged(&fleet).await, before, "nothing was marked missing");

    fleet.control().inject(Fault::always("/v2/devices-detailed", FaultKind::EmptyList));
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.problem.unwrap().code, "implausible", "an empty list is no proof that all are gone");
    assert_eq!(staged(&fleet).await, before);
}

async fn an_optional_source_that_fails_blanks_nothing(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::Devices).await;
    let owners = "SELECT count(*) AS n FROM remote_devices WHERE owner_name IS NOT NULL";
    let backups = "SELECT count(*) AS n FROM remote_devices WHERE backup_total_bytes > 0";
    let (owned, backed_up) = (count(&fleet, owners).await, count(&fleet, backups).await);
    assert!(owned > 0 && backed_up > 0, "the fleet has owners ({owned}) and backups ({backed_up})");

    fleet.control().inject(Fault::always("/v2/users", FaultKind::Status(500)));
    fleet.control().set_behaviour(|b| b.backup_module = BackupModule::Missing404);
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::CompletedWithErrors);
    assert_eq!(run.warnings.len(), 2, "{:?}", run.warnings);
    assert_eq!((count(&fleet, owners).await, count(&fleet, backups).await), (owned, backed_up));
    assert_eq!(run.counts.unchanged, approved(&fleet));
}

async fn refused_credentials_disconnect_and_new_ones_mend(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.control().set_behaviour(|b| b.credentials_revoked = true);
    let run = fleet.sync(integration, RunKind::Organizations).await;
    assert_eq!(run.state, RunState::Failed);
    let card = fleet.tenant().integration(integration).await.unwrap();
    assert_eq!(card.status, IntegrationStatus::Disconnected);
    assert!(card.problem.is_some());
    let test = ConnectInput { integration_id: Some(integration), ..ConnectInput::default() };
    assert!(!fleet.tenant().test_connection(test.clone()).await.unwrap().ok);

    fleet.control().set_behaviour(|b| b.credentials_revoked = false);
    assert!(
        fleet.tenant().test_connection(test.clone()).await.unwrap().ok,
        "the stored credentials are tried"
    );
    let again = fleet.tenant().connect(test).await.unwrap();
    assert_eq!(again.id, integration);
    fleet.execute(again.active_run.unwrap().id).await;
    assert_eq!(fleet.tenant().integration(integration).await.unwrap().status, IntegrationStatus::Connected);
}

async fn one_active_run_per_kind(fleet: Fleet) {
    let integration = fleet.connect().await;
    let tenant = fleet.tenant();
    let many =
        futures::future::join_all((0..8).map(|_| tenant.start_run(integration, RunKind::Devices))).await;
    let first = many[0].as_ref().unwrap().id;
    assert!(many.iter().all(|r| r.as_ref().unwrap().id == first), "eight clicks, one run");
    let organizations = tenant.start_run(integration, RunKind::Organizations).await.unwrap();
    assert_ne!(organizations.id, first, "the other kind has a place of its own");
    let all = tenant.start_run(integration, RunKind::All).await.unwrap();
    assert!([first, organizations.id].contains(&all.id), "a full sync needs both places");
    assert_eq!(fleet.execute(first).await.state, RunState::Completed);
    assert_ne!(tenant.start_run(integration, RunKind::Devices).await.unwrap().id, first);
}

async fn a_cancelled_run_ends_and_frees_its_place(fleet: Fleet) {
    let integration = fleet.connect().await;
    let tenant = fleet.tenant();
    let queued = tenant.start_run(integration, RunKind::Devices).await.unwrap();
    assert_eq!(tenant.cancel_run(queued.id).await.unwrap().state, RunState::Cancelled);
    assert_eq!(fleet.execute(queued.id).await.state, RunState::Cancelled, "a cancelled run is not executed");
    assert_eq!(staged(&fleet).await, 0);

    fleet.control().inject(
        Fault::always("/v2/devices-detailed", FaultKind::Slow(std::time::Duration::from_secs(20))).after(1),
    );
    let run = tenant.start_run(integration, RunKind::Devices).await.unwrap();
    let portal = fleet.portal.portal.clone();
    let working = tokio::spawn(async move { backend::runs::execute(&portal, run.id).await });
    while fleet.control().request_count() == 0
        || tenant.run(run.id).await.unwrap().phase != domain::run::Phase::Devices
    {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    tenant.cancel_run(run.id).await.unwrap();
    working.await.unwrap().unwrap();
    assert_eq!(tenant.run(run.id).await.unwrap().state, RunState::Cancelled);
    assert_eq!(staged(&fleet).await % 50, 0, "whole pages only");
}

async fn a_run_that_lost_its_worker_is_taken_over(fleet: Fleet) {
    let integration = fleet.connect().await;
    let tenant = fleet.tenant();
    fleet.control().inject(
        Fault::once("/v2/devices-detailed", FaultKind::Slow(std::time::Duration::from_secs(30))).after(1),
    );
    let run = tenant.start_run(integration, RunKind::Devices).await.unwrap();
    let portal = fleet.portal.portal.clone();
    let working = tokio::spawn(async move { backend::runs::execute(&portal, run.id).await });
    while tenant.run(run.id).await.unwrap().phase != domain::run::Phase::Devices {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    working.abort();
    assert!(working.await.unwrap_err().is_cancelled());
    assert_eq!(fleet.execute(run.id).await.state, RunState::Running, "while the lease holds nobody else may");
    fleet.control().clear_faults();
    fleet.portal.clock.advance(60);
    let taken = fleet.execute(run.id).await;
    assert_eq!(taken.state, RunState::Completed, "{:?}", taken.problem);
    assert_eq!(staged(&fleet).await, approved(&fleet));
}

async fn a_tick_fires_once(fleet: Fleet) {
    let integration = fleet.connect().await;
    let at = "2026-05-02T03:15:00Z".parse().unwrap();
    let portal = &fleet.portal.portal;
    let started = futures::future::join_all((0..5).map(|_| start_due(portal, RunKind::Devices, at))).await;
    assert_eq!(started.into_iter().map(Result::unwrap).sum::<usize>(), 1);
    let runs = fleet.tenant().runs(integration, ListQuery::default(), None, None).await.unwrap().items;
    assert_eq!(runs[0].started_by, StartedBy::Schedule);
    assert_eq!(runs.iter().filter(|r| r.kind == RunKind::Devices).count(), 1);
    let next = fleet.tenant().integration(integration).await.unwrap().next_device_sync.unwrap();
    assert_eq!(next, "2026-05-02T03:15:00Z".parse::<domain::Time>().unwrap());
}

async fn throttling_is_waited_for(fleet: Fleet) {
    let integration = fleet.connect().await;
    let retry_after = Some(RetryAfter::Seconds(1));
    fleet
        .control()
        .inject(Fault::once("/v2/devices-detailed", FaultKind::TooManyRequests { retry_after }).after(1));
    fleet.control().inject(Fault::once("/v2/devices-detailed", FaultKind::HtmlThrottle).after(1));
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
    assert_eq!(staged(&fleet).await, approved(&fleet));
    assert_eq!(run.notice, None);
}
