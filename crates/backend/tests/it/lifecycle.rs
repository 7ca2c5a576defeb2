//! The life of a remote row: moved, decommissioned, enrolled again, returned; and of a run: paused, interrupted, tried again.

use crate::{
    fleet::Fleet,
    staged::Staged,
    support::{TestPortal, refused},
};
use domain::{
    device::{DeviceFilter, DeviceStatus},
    device_edit::HistoryKind,
    error::ErrorKind::Conflict,
    ids::{DeviceId, IntegrationId},
    import::{BlockedBy, ImportSelection, SameChoice, StagedFilter, StagedStatus},
    mapping::OrganizationChoice,
    page::ListQuery,
    run::{ChangeKind, Phase, Run, RunKind, RunState, StartedBy},
};
use simulator::{Fault, FaultKind};
use std::time::Duration;

on_both_with_fleet!(
    a_decommissioned_device_is_told_apart,
    a_device_enrolled_again_is_proposed,
    another_machine_with_that_serial_is_imported,
    a_returned_device_is_told,
    a_move_into_an_unmapped_organization_waits_visibly,
    a_paused_run_goes_on_where_it_was,
    an_interrupted_run_reads_on_where_it_was,
    a_run_that_failed_is_tried_again,
    a_source_that_fails_is_stale_with_its_date,
    old_changes_are_pruned,
);

on_both!(a_device_that_goes_on_elsewhere_is_not_taken_over);

async fn map_and_import(fleet: &Fleet, it: IntegrationId) -> Run {
    let tenant = fleet.tenant();
    for row in tenant.organizations(it, ListQuery::default(), None).await.unwrap().items {
        tenant.save_organization(it, &row.remote_id, OrganizationChoice::Create, None, true).await.unwrap();
    }
    tenant.quick_create_node_classes(it).await.unwrap();
    let import = tenant.start_import(it, ImportSelection::All).await.unwrap();
    fleet.execute(import.id).await
}

/// A device whose serial number nobody else has.
async fn with_own_serial(fleet: &Fleet) -> i64 {
    let row = "SELECT CAST(min(CAST(remote_id AS bigint)) AS bigint) AS n FROM remote_devices r
        WHERE serial IS NOT NULL AND EXISTS (SELECT 1 FROM devices d WHERE d.integration_id = r.integration_id
            AND d.remote_id = r.remote_id) AND (SELECT count(*) FROM remote_devices t WHERE t.serial = r.serial) = 1";
    fleet.number(row).await
}

async fn inventory(fleet: &Fleet) -> i64 {
    fleet.tenant().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().total
}

async fn staged(fleet: &Fleet, it: IntegrationId, remote_id: i64) -> domain::import::StagedDevice {
    for page in 1.. {
        let query = ListQuery { page: Some(page), page_size: Some(200), ..ListQuery::default() };
        let listed = fleet.tenant().staged_devices(it, query, StagedFilter::default()).await.unwrap();
        let found = listed.items.iter().find(|d| d.remote_id == remote_id.to_string()).cloned();
        if found.is_some() || page >= listed.pages() {
            return found.expect("the staged device");
        }
    }
    unreachable!()
}

async fn a_decommissioned_device_is_told_apart(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    map_and_import(&fleet, it).await;
    let ids = fleet.control().approved_device_ids();
    fleet.control().decommission_device(ids[0]);
    fleet.control().delete_device(ids[1]);
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.state, run.counts.missing), (RunState::Completed, 2), "{:?}", run.problem);
    let mut kinds: Vec<_> =
        fleet.changes(run.id).await.into_iter().map(|c| (c.remote_id, c.change)).collect();
    kinds.sort();
    let mut expected =
        vec![(ids[0].to_string(), ChangeKind::Decommissioned), (ids[1].to_string(), ChangeKind::Missing)];
    expected.sort();
    assert_eq!(kinds, expected);
    let retired = "SELECT count(*) AS n FROM remote_devices WHERE approval = 'DECOMMISSIONED'";
    assert_eq!(fleet.number(retired).await, 1);
    let evidence = run.evidence.iter().find(|e| e.entity == "devices").unwrap();
    assert!(evidence.complete && evidence.words.contains("decommissioned"), "{}", evidence.words);

    let missing = DeviceFilter { status: Some(DeviceStatus::Missing), ..DeviceFilter::default() };
    let gone = fleet.tenant().devices(ListQuery::default(), missing).await.unwrap().items;
    assert_eq!(gone.len(), 2);
    for device in gone {
        let source = fleet.tenant().device(device.id).await.unwrap().source.unwrap();
        assert!(source.missing_since.is_some());
        assert_eq!(source.decommissioned, source.remote_id == ids[0].to_string());
    }
}

async fn a_device_enrolled_again_is_proposed(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    map_and_import(&fleet, it).await;
    let (old, before) = (with_own_serial(&fleet).await, inventory(&fleet).await);
    let new = fleet.control().reenroll_device(old);
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Completed);
    let proposed =
        fleet.changes(run.id).await.into_iter().find(|c| c.change == ChangeKind::Reenrolled).unwrap();
    assert_eq!(proposed.remote_id, new.to_string());
    assert_eq!(proposed.fields[0].before, Some(old.to_string()));
    let row = staged(&fleet, it, new).await;
    assert_eq!((row.status, row.blocked_by), (StagedStatus::Blocked, Some(BlockedBy::Reenrolled)));
    let same = row.same_as.expect("the device that it looks like");
    assert_eq!(same.remote_id, old.to_string());

    let import = fleet.tenant().start_import(it, ImportSelection::All).await.unwrap();
    fleet.execute(import.id).await;
    assert_eq!(inventory(&fleet).await, before, "not doubled");
    let so_far = history(&fleet, same.device_id).await;
    assert!(so_far.contains(&HistoryKind::Imported), "{so_far:?}");
    fleet.portal.clock.advance(1);
    let row = fleet.tenant().resolve_same(it, &new.to_string(), SameChoice::Same).await.unwrap();
    assert_eq!((row.status, row.device_id), (StagedStatus::Imported, Some(same.device_id)));
    let device = fleet.tenant().device(same.device_id).await.unwrap();
    assert_eq!(device.source.unwrap().remote_id, new.to_string());
    let again = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((again.counts.added, again.counts.changed, inventory(&fleet).await), (0, 0, before));
    assert!(
        fleet.tenant().resolve_same(it, &new.to_string(), SameChoice::New).await.is_err(),
        "decided once"
    );
    fleet.portal.clock.advance(1);
    fleet.control().rename_device(new, "renamed since");
    fleet.sync(it, RunKind::Devices).await;
    let since = vec![HistoryKind::Changed, HistoryKind::Linked];
    assert_eq!(history(&fleet, same.device_id).await, [since, so_far].concat(), "what was before stays");

    // The old row is there again after all: it is a device of its own by now.
    let back = "UPDATE remote_devices SET missing_since = NULL WHERE tenant_id = $1 AND remote_id = $2";
    fleet.portal.execute(back, vec![fleet.portal.tenant_id(), old.to_string().into()]).await;
    let only = ImportSelection::RemoteIds(vec![old.to_string()]);
    let import = fleet.tenant().start_import(it, only).await.unwrap();
    assert_eq!(fleet.execute(import.id).await.counts.added, 1);
    assert_eq!(inventory(&fleet).await, before + 1);
}

async fn history(fleet: &Fleet, device: DeviceId) -> Vec<HistoryKind> {
    let found = fleet.tenant().device_history(device, ListQuery::default()).await.unwrap().items;
    found.into_iter().map(|entry| entry.kind).collect()
}

async fn another_machine_with_that_serial_is_imported(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    map_and_import(&fleet, it).await;
    let (old, before) = (with_own_serial(&fleet).await, inventory(&fleet).await);
    let new = fleet.control().reenroll_device(old);
    fleet.sync(it, RunKind::Devices).await;
    let row = fleet.tenant().resolve_same(it, &new.to_string(), SameChoice::New).await.unwrap();
    assert_eq!((row.status, row.same_as), (StagedStatus::Ready, None));
    fleet.control().rename_device(new, "another machine");
    fleet.sync(it, RunKind::Devices).await;
    let import = fleet.tenant().start_import(it, ImportSelection::All).await.unwrap();
    fleet.execute(import.id).await;
    assert_eq!(inventory(&fleet).await, before + 1);
}

async fn a_returned_device_is_told(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let id = fleet.control().approved_device_ids()[0];
    fleet.control().decommission_device(id);
    fleet.sync(it, RunKind::Devices).await;
    fleet.control().approve_device(id);
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.counts.returned, run.counts.added, run.counts.changed), (1, 0, 0));
    assert_eq!(fleet.changes(run.id).await[0].change, ChangeKind::Returned);
}

async fn a_move_into_an_unmapped_organization_waits_visibly(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    map_and_import(&fleet, it).await;
    let control = fleet.control();
    let (home, _) = control.organizations()[0].clone();
    let id = control.devices_of_organization(home)[0];
    let target = control.add_organization("Fresh Start");
    control.move_device(id, target, 0);
    fleet.sync(it, RunKind::All).await;
    let row = staged(&fleet, it, id).await;
    let device = fleet.tenant().device(row.device_id.unwrap()).await.unwrap();
    assert_ne!(device.company.name, "Fresh Start");
    let why = device.waiting.expect("a reason");
    assert!(why.contains("Fresh Start") && why.contains("not mapped"), "{why}");
    assert_eq!(fleet.tenant().integration(it).await.unwrap().counts.devices_waiting, 1);
    let choice = OrganizationChoice::Create;
    fleet.tenant().save_organization(it, &target.to_string(), choice, None, true).await.unwrap();
    let run = fleet.sync(it, RunKind::Devices).await;
    let moved: Vec<_> =
        fleet.changes(run.id).await.into_iter().filter(|c| c.change == ChangeKind::Moved).collect();
    assert_eq!(moved.len(), 1, "{moved:?}");
    let device = fleet.tenant().device(device.id).await.unwrap();
    assert_eq!((device.company.name.as_str(), device.waiting), ("Fresh Start", None));
}

/// Starts a device sync whose fourth page of devices does not come, and waits until two pages are saved.
async fn stuck(fleet: &Fleet, it: IntegrationId) -> (Run, tokio::task::JoinHandle<()>) {
    let slow = FaultKind::Slow(Duration::from_secs(60));
    // Not when it is asked for again either: on a busy machine that may be before anybody has looked.
    fleet.control().inject(Fault::once("/v2/devices-detailed", slow).after(3).times(3));
    let run = fleet.tenant().start_run(it, RunKind::Devices).await.unwrap();
    let portal = fleet.portal.portal.clone();
    let working = tokio::spawn(async move {
        backend::runs::execute(&portal, run.id).await.expect("an ending");
    });
    while fleet.tenant().run(run.id).await.unwrap().phase != Phase::Devices
        || fleet.tenant().run(run.id).await.unwrap().done < 100
    {
        assert!(!working.is_finished(), "the run ended before anybody looked");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (run, working)
}

fn approved(fleet: &Fleet) -> i64 {
    i64::try_from(fleet.control().approved_device_count()).unwrap()
}

async fn a_paused_run_goes_on_where_it_was(fleet: Fleet) {
    let it = fleet.connect().await;
    let (run, working) = stuck(&fleet, it).await;
    let asked = fleet.tenant().pause_run(run.id).await.unwrap();
    assert!(asked.pause_requested);
    working.await.unwrap();
    let paused = fleet.tenant().run(run.id).await.unwrap();
    assert_eq!((paused.state, paused.pause_requested), (RunState::Paused, false));
    let other = fleet.tenant().start_run(it, RunKind::Devices).await.unwrap();
    assert_eq!(other.id, run.id, "it keeps its place");
    assert_eq!(fleet.execute(run.id).await.state, RunState::Paused, "nobody executes it");
    fleet.control().clear_faults();
    assert_eq!(fleet.tenant().resume_run(run.id).await.unwrap().state, RunState::Queued);
    let ended = fleet.execute(run.id).await;
    assert_eq!((ended.state, ended.counts.added), (RunState::Completed, approved(&fleet)));
    assert!(fleet.tenant().pause_run(run.id).await.is_err(), "what has ended is not paused");
}

async fn an_interrupted_run_reads_on_where_it_was(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let deleted = fleet.control().approved_device_ids()[3];
    fleet.control().delete_device(deleted);
    // Something to write on every page, so that each is saved with its place.
    fleet.control().heartbeat();
    let (run, working) = stuck(&fleet, it).await;
    while fleet.number("SELECT count(*) AS n FROM runs WHERE checkpoint LIKE '%\"after\"%'").await == 0 {
        assert!(!working.is_finished(), "the run ended before a page was saved");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    working.abort();
    assert!(working.await.unwrap_err().is_cancelled());
    fleet.control().clear_faults();
    fleet.control().reset_log();
    fleet.portal.clock.advance(60);
    let ended = fleet.execute(run.id).await;
    assert_eq!(ended.state, RunState::Completed, "{:?}", ended.problem);
    let firsts = fleet.control().requests().into_iter().filter(|r| r.path.ends_with("/v2/devices-detailed"));
    let paths: Vec<_> = firsts.map(|r| r.query).collect();
    assert!(paths.iter().all(|q| q.contains("after=")), "the first page is not read again: {paths:?}");
    assert_eq!((ended.counts.missing, ended.counts.unchanged), (1, approved(&fleet)));
    let evidence = ended.evidence.iter().find(|e| e.entity == "devices").unwrap();
    assert_eq!((evidence.distinct, evidence.complete), (approved(&fleet), true), "{evidence:?}");
}

async fn a_run_that_failed_is_tried_again(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.control().inject(Fault::always("/v2/devices-detailed", FaultKind::Status(500)));
    let mut failed = fleet.sync(it, RunKind::Devices).await;
    for minutes in [5, 15, 60] {
        let due = failed.next_attempt_at.expect("a next attempt");
        assert_eq!((due - failed.finished_at.unwrap()).num_minutes(), minutes);
        fleet.portal.clock.advance(minutes * 60 + 1);
        let next = fleet.start_due_retries(it).await.expect("it is started");
        assert_eq!((next.started_by, next.retry_of), (StartedBy::Retry, Some(failed.id)));
        assert_eq!(fleet.tenant().run(failed.id).await.unwrap().retried_by, Some(next.id));
        assert_eq!(fleet.start_due_retries(it).await.map(|r| r.id), Some(next.id), "once");
        failed = fleet.execute(next.id).await;
    }
    assert_eq!(failed.next_attempt_at, None, "after the last the schedule goes on");
    let by_hand = fleet.tenant().retry_failed(failed.id).await.unwrap();
    assert_eq!((by_hand.started_by, by_hand.retry_of), (StartedBy::User, Some(failed.id)));
    let ended = fleet.execute(by_hand.id).await;
    let retried = fleet.tenant().run(failed.id).await.unwrap().retried_by;
    let stands = ended.state != RunState::Failed;
    assert_eq!(retried, stands.then_some(by_hand.id), "a run that failed has tried nothing again");

    fleet.control().clear_faults();
    fleet.control().inject(Fault::once("/v2/devices-detailed", FaultKind::Status(500)).times(3));
    let failed = fleet.sync(it, RunKind::Devices).await;
    assert!(failed.next_attempt_at.is_some(), "{}", failed.state);
    assert_eq!(fleet.sync(it, RunKind::Devices).await.state, RunState::Completed);
    fleet.portal.clock.advance(3600);
    assert!(fleet.start_due_retries(it).await.is_none(), "somebody was faster");
}

async fn a_source_that_fails_is_stale_with_its_date(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    fleet.portal.clock.advance(3600);
    fleet.control().inject(Fault::always("/v2/queries/backup/usage", FaultKind::Status(500)));
    fleet.sync(it, RunKind::Devices).await;
    let card = fleet.tenant().integration(it).await.unwrap();
    let backup = card.sources.iter().find(|s| s.source == "backup usage").unwrap();
    let (read, failed) = (backup.read_at.unwrap(), backup.failed_at.unwrap());
    assert!(failed > read && backup.problem.is_some());
    fleet.control().clear_faults();
    fleet.sync(it, RunKind::Devices).await;
    let card = fleet.tenant().integration(it).await.unwrap();
    assert!(card.sources.iter().all(|s| s.failed_at.is_none()));
}

async fn old_changes_are_pruned(fleet: Fleet) {
    let it = fleet.connect().await;
    let run = fleet.sync(it, RunKind::Devices).await;
    fleet.portal.clock.advance(179 * 86_400);
    let portal = &fleet.portal.portal;
    backend::jobs::prune::prune(portal).await.unwrap();
    assert!(!fleet.changes(run.id).await.is_empty());
    fleet.portal.clock.advance(2 * 86_400);
    backend::jobs::prune::prune(portal).await.unwrap();
    assert!(fleet.changes(run.id).await.is_empty());
    let kept = fleet.tenant().run(run.id).await.unwrap();
    assert_eq!(kept.counts, run.counts, "the run stays, with its counts and its proof");
    assert_eq!(kept.evidence, run.evidence);
}

/// A proposal may be older than what feeds the device that it names.
async fn a_device_that_goes_on_elsewhere_is_not_taken_over(test: TestPortal) {
    let (staged, other) = (Staged::new(&test).await, Staged::new(&test).await);
    let company = staged.company("Contoso").await;
    for (account, id) in [(&staged, "old"), (&other, "theirs")] {
        account.organization("1", "Contoso", 1).await;
        account.device(id, "1", None, "MAC").await;
    }
    staged.link("1", company).await;
    staged.map_class("MAC", "Laptop").await;
    staged.import(ImportSelection::All).await;
    let tenant = staged.admin();
    let id = tenant.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items[0].id;
    staged.lose("remote_devices", "old").await;
    staged.device("new", "1", None, "MAC").await;
    let propose = "UPDATE remote_devices SET same_as = $2 WHERE tenant_id = $1 AND remote_id = 'new'";
    test.execute(propose, vec![test.tenant_id(), id.0.into()]).await;
    let swap = "UPDATE devices SET integration_id = $2, remote_id = 'theirs' WHERE tenant_id = $1";
    test.execute(swap, vec![test.tenant_id(), other.id.0.into()]).await;
    // Whether their row is listed or not.
    for lose in [false, true] {
        if lose {
            other.lose("remote_devices", "theirs").await;
        }
        let refusal = refused(tenant.resolve_same(staged.id, "new", SameChoice::Same).await);
        assert_eq!(refusal.kind, Conflict);
        assert!(refusal.message.contains("is fed by NinjaOne by now"), "{}", refusal.message);
        let source = tenant.device(id).await.unwrap().source.unwrap();
        assert_eq!((source.integration_id, source.remote_id.as_str()), (other.id, "theirs"));
        let proposed =
            "UPDATE remote_devices SET same_as = same_as WHERE tenant_id = $1 AND same_as IS NOT NULL";
        assert_eq!(test.execute(proposed, vec![test.tenant_id()]).await, 1, "it can still be decided");
        let history = tenant.device_history(id, ListQuery::default()).await.unwrap().items;
        assert!(history.iter().all(|entry| entry.kind != HistoryKind::Linked), "{history:?}");
    }
    let row = tenant.resolve_same(staged.id, "new", SameChoice::New).await.unwrap();
    assert_eq!((row.status, row.same_as), (StagedStatus::Ready, None));
    // Nothing feeds it.
    test.execute(propose, vec![test.tenant_id(), id.0.into()]).await;
    let cut = "UPDATE devices SET integration_id = NULL, remote_id = NULL WHERE tenant_id = $1";
    test.execute(cut, vec![test.tenant_id()]).await;
    let refusal = refused(tenant.resolve_same(staged.id, "new", SameChoice::Same).await);
    assert!(refusal.message.contains("is fed by no integration by now"), "{}", refusal.message);
}
