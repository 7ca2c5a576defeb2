//! Heartbeats: each device has one of its own, whichever way they are kept.

use crate::fleet::Fleet;
use domain::run::{RunKind, RunState};
use migrations::{Migrator, MigratorTrait};

on_both_with_fleet!(
    devices_that_come_later_get_heartbeats_of_their_own,
    heartbeats_outlive_the_way_they_are_kept,
);

const DEVICES: &str = "SELECT count(*) AS n FROM remote_device_status";
const NUMBERS: &str = "SELECT count(DISTINCT no) AS n FROM remote_device_status";
/// Devices whose heartbeat is found by their number.
const FOUND: &str =
    "SELECT count(*) AS n FROM remote_device_status s JOIN remote_device_beats b ON b.no = s.no";
/// Changes when any device gets another one's heartbeat.
const SUM: &str =
    "SELECT CAST(sum((b.last_contact % 1000003) * length(s.remote_id) * (CAST(s.remote_id AS integer) % 101)
        + CASE WHEN b.offline THEN 1 ELSE 0 END) AS bigint) AS n
    FROM remote_device_status s JOIN remote_device_beats b ON b.no = s.no";

async fn devices_that_come_later_get_heartbeats_of_their_own(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::All).await;
    // More than fit onto what is left of a page of 256, and in several steps.
    for more in [1_u32, 40, 300, 2] {
        fleet.control().add_devices(more);
        let before = fleet.number(DEVICES).await;
        let run = fleet.sync(integration, RunKind::Devices).await;
        assert_eq!((run.state, run.counts.added), (RunState::Completed, more.into()));
        let all = fleet.number(DEVICES).await;
        assert_eq!(all, before + i64::from(more));
        assert_eq!((fleet.number(NUMBERS).await, fleet.number(FOUND).await), (all, all));
    }
    fleet.control().heartbeat();
    let (before, devices) = (fleet.number(SUM).await, fleet.number(DEVICES).await);
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!((run.counts.unchanged, run.counts.changed), (devices, 0));
    assert_ne!(fleet.number(SUM).await, before);
    assert_eq!(fleet.number(FOUND).await, devices);
}

async fn heartbeats_outlive_the_way_they_are_kept(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::All).await;
    let (sum, devices) = (fleet.number(SUM).await, fleet.number(DEVICES).await);
    let db = fleet.portal.portal.db();
    Migrator::down(db, Some(1)).await.unwrap();
    assert_eq!((fleet.number(SUM).await, fleet.number(FOUND).await), (sum, devices));
    Migrator::up(db, None).await.unwrap();
    assert_eq!((fleet.number(SUM).await, fleet.number(FOUND).await), (sum, devices));
    assert_eq!(fleet.number(NUMBERS).await, devices);
    let other = "SELECT count(*) AS n FROM devices d JOIN remote_device_status s
        ON s.integration_id = d.integration_id AND s.remote_id = d.remote_id WHERE d.beat_no <> s.no";
    assert_eq!(fleet.number(other).await, 0);
    fleet.control().heartbeat();
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!((run.state, run.counts.unchanged), (RunState::Completed, devices));
    assert_ne!(fleet.number(SUM).await, sum);
}
