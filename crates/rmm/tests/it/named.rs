//! Asking for devices by id: the proof that one is really gone.

use crate::support::Bench;
use rmm::{DeviceState, RmmError};
use simulator::{Fault, FaultKind};

fn texts(ids: &[i64]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn each_state_names_its_own() {
    let site = Bench::with(60, |_| {}).await;
    let control = site.control();
    let ids = control.approved_device_ids();
    control.delete_device(ids[0]);
    control.decommission_device(ids[1]);
    let asked = texts(&ids[..4]);
    let approved = site.client.devices_named(&asked, DeviceState::Approved).await.unwrap();
    assert_eq!(approved, texts(&ids[2..4]));
    let retired = site.client.devices_named(&asked, DeviceState::Decommissioned).await.unwrap();
    assert_eq!(retired, texts(&ids[1..2]));
    assert!(site.client.devices_named(&asked, DeviceState::Pending).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_that_ignores_the_filter_proves_nothing() {
    let site = Bench::with(60, |_| {}).await;
    let control = site.control();
    let ids = control.approved_device_ids();
    control.inject(Fault::always("/v2/devices", FaultKind::RepeatPage));
    // The page that is repeated has other devices than those asked for.
    site.client.device_refs(&rmm::Position::Start).await.unwrap();
    let asked = texts(&ids[ids.len() - 1..]);
    let answer = site.client.devices_named(&asked, DeviceState::Approved).await;
    assert!(matches!(answer, Err(RmmError::BadBody(_))), "{answer:?}");
}
