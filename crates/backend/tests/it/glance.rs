//! What a sync decides by a glance at a row's print, and what it writes beside and after the devices.

use crate::fleet::Fleet;
use domain::run::{RunKind, RunState};
use sea_orm::ConnectionTrait;
use simulator::{Fault, FaultKind};

on_both_with_fleet!(
    a_device_as_it_was_is_not_read_again,
    users_are_written_when_their_report_differs_or_was_not_written,
    a_source_that_fails_keeps_prints_and_moves_heartbeats,
    a_deleted_integration_leaves_no_heartbeats,
);

const DEVICES: &str = "SELECT count(*) AS n FROM remote_devices";
const PRINTED: &str = "SELECT count(*) AS n FROM remote_device_status WHERE print <> 0";

async fn run(fleet: &Fleet, sql: &str) {
    fleet.portal.portal.db().execute_unprepared(sql).await.expect(sql);
}

async fn a_device_as_it_was_is_not_read_again(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::All).await;
    let all = fleet.number(DEVICES).await;
    assert_eq!(fleet.number(PRINTED).await, all);
    // A row that were read would differ from this.
    run(&fleet, "UPDATE remote_device_status SET content = 1").await;
    let again = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!((again.state, again.counts.unchanged), (RunState::Completed, all));
    let wrong = "SELECT count(*) AS n FROM remote_device_status WHERE content = 1";
    assert_eq!(fleet.number(wrong).await, all, "the print alone decides");
    run(&fleet, "UPDATE remote_device_status SET print = 0").await;
    let read = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!((read.counts.unchanged, read.counts.changed), (all, 0), "without a print, field by field");
    assert_eq!((fleet.number(wrong).await, fleet.number(PRINTED).await), (0, all));
    let id = fleet.control().approved_device_ids()[3];
    fleet.control().rename_device(id, "ANOTHER-NAME");
    let renamed = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!((renamed.counts.changed, renamed.counts.unchanged), (1, all - 1));
}

async fn users_are_written_when_their_report_differs_or_was_not_written(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::All).await;
    let nobody = "SELECT count(*) AS n FROM remote_device_status WHERE last_user = 'nobody'";
    run(&fleet, "UPDATE remote_device_status SET last_user = 'nobody' WHERE last_user IS NOT NULL").await;
    let told = fleet.number(nobody).await;
    assert!(told > 50);
    fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(fleet.number(nobody).await, told, "the same report is not written again");
    // As a run leaves it that wrote devices and did not come to its end.
    run(&fleet, "UPDATE source_states SET named_hash = NULL WHERE source = 'logged-on users'").await;
    fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(fleet.number(nobody).await, 0);
    let noted =
        "SELECT count(*) AS n FROM source_states WHERE source = 'logged-on users' AND named_hash IS NOT NULL";
    assert_eq!(fleet.number(noted).await, 1);
    // A device that is written while the report is on its way takes its user from there.
    run(
        &fleet,
        "UPDATE remote_device_status SET last_user = 'nobody', print = 1 WHERE last_user IS NOT NULL",
    )
    .await;
    fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(fleet.number(nobody).await, 0);
}

async fn a_source_that_fails_keeps_prints_and_moves_heartbeats(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::All).await;
    let all = fleet.number(DEVICES).await;
    let last = "SELECT max(last_contact) AS n FROM remote_device_beats";
    let before = fleet.number(last).await;
    fleet.control().heartbeat();
    fleet.control().inject(Fault::always("/v2/queries/backup/usage", FaultKind::Status(502)));
    let without = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!((without.state, without.counts.unchanged), (RunState::CompletedWithErrors, all));
    assert_eq!(fleet.number(PRINTED).await, all);
    assert!(fleet.number(last).await > before);
    fleet.control().clear_faults();
    run(&fleet, "UPDATE remote_device_status SET content = 1").await;
    let again = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!((again.state, again.counts.unchanged), (RunState::Completed, all));
    let wrong = "SELECT count(*) AS n FROM remote_device_status WHERE content = 1";
    assert_eq!(fleet.number(wrong).await, all, "the prints are good again at once");
}

async fn a_deleted_integration_leaves_no_heartbeats(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::All).await;
    assert_eq!(
        fleet.number("SELECT count(*) AS n FROM remote_device_beats").await,
        fleet.number(DEVICES).await
    );
    let name = fleet.tenant().integration(integration).await.unwrap().name;
    fleet
        .tenant()
        .delete_integration(integration, &name, domain::integration::DeviceFate::Remove)
        .await
        .unwrap();
    for table in ["remote_devices", "remote_device_status", "remote_device_beats"] {
        assert_eq!(fleet.number(&format!("SELECT count(*) AS n FROM {table}")).await, 0, "{table}");
    }
}
