//! Deleting an integration and connecting the same account again: kept devices are found, not made twice.

use crate::{fleet::Fleet, support::refused};
use domain::{
    device::{DeviceFilter, DeviceStatus},
    error::ErrorKind,
    ids::IntegrationId,
    import::ImportSelection,
    integration::{ConnectInput, DeviceFate},
    mapping::OrganizationChoice,
    page::ListQuery,
    run::{Run, RunKind},
};

on_both_with_fleet!(
    kept_devices_are_linked_again,
    removed_devices_are_gone,
    a_change_of_credentials_notices_another,
);

/// Maps the largest organization and every node class, and imports.
async fn import(
    fleet: &Fleet,
    integration: IntegrationId,
    choice: Option<OrganizationChoice>,
) -> (Run, OrganizationChoice) {
    let tenant = fleet.tenant();
    fleet.sync(integration, RunKind::Devices).await;
    let query = ListQuery { sort: Some("-device_count".into()), ..ListQuery::default() };
    let largest = tenant.organizations(integration, query, None).await.unwrap().items.remove(0);
    let choice = choice.unwrap_or(OrganizationChoice::Create);
    let saved = tenant.save_organization(integration, &largest.remote_id, choice, None, true).await.unwrap();
    tenant.quick_match_node_classes(integration).await.unwrap();
    tenant.quick_create_node_classes(integration).await.unwrap();
    let run = tenant.start_import(integration, ImportSelection::All).await.unwrap();
    (fleet.execute(run.id).await, OrganizationChoice::Link(saved.company.unwrap().id))
}

async fn devices(fleet: &Fleet, status: Option<DeviceStatus>) -> i64 {
    let filter = DeviceFilter { status, ..DeviceFilter::default() };
    fleet.tenant().devices(ListQuery::default(), filter).await.unwrap().total
}

async fn kept_devices_are_linked_again(fleet: Fleet) {
    let integration = fleet.connect().await;
    let (first, company) = import(&fleet, integration, None).await;
    let made = first.counts.added;
    assert!(made > 0);
    let name = fleet.tenant().integration(integration).await.unwrap().name;
    let counts = fleet.tenant().delete_integration(integration, &name, DeviceFate::Keep).await.unwrap();
    assert_eq!((counts.devices_kept, counts.devices_removed), (made, 0));
    assert_eq!(devices(&fleet, Some(DeviceStatus::Detached)).await, made);

    let again = fleet.connect().await;
    let (second, _) = import(&fleet, again, Some(company)).await;
    assert_eq!((second.counts.added, second.counts.changed), (0, made), "linked, not made twice");
    assert_eq!(devices(&fleet, None).await, made);
    assert_eq!(devices(&fleet, Some(DeviceStatus::Detached)).await, 0);
}

async fn a_change_of_credentials_notices_another(fleet: Fleet) {
    let integration = fleet.connect().await;
    let read = fleet.tenant().integration(integration).await.unwrap();
    let change = || ConnectInput {
        integration_id: Some(integration),
        version: Some(read.version),
        ..ConnectInput::default()
    };
    let saved = fleet.tenant().connect(change()).await.unwrap();
    assert!(saved.version > read.version);
    fleet.execute(saved.active_run.expect("a sync").id).await;
    let asked = fleet.control().request_count();
    let late = refused(fleet.tenant().connect(change()).await);
    assert_eq!(fleet.control().request_count(), asked, "the vendor was asked for nothing");
    assert_eq!(late.kind, ErrorKind::Conflict);
    assert!(late.message.starts_with("Somebody changed NinjaOne"), "{}", late.message);
    let now = fleet.tenant().integration(integration).await.unwrap();
    assert_eq!((now.version, now.active_run.is_none()), (saved.version, true), "nothing was started");
}

async fn removed_devices_are_gone(fleet: Fleet) {
    let integration = fleet.connect().await;
    let (first, _) = import(&fleet, integration, None).await;
    let tenant = fleet.tenant();
    let refused = tenant.delete_integration(integration, "something else", DeviceFate::Remove).await;
    assert!(refused.is_err(), "the name must be typed");
    let classes = tenant.node_classes(integration).await.unwrap().items;
    let mapped = classes.iter().filter(|class| class.device_type.is_some()).count() as i64;
    let of_places = tenant.integration(integration).await.unwrap().counts;
    let counts = tenant.delete_integration(integration, "NinjaOne", DeviceFate::Remove).await.unwrap();
    assert_eq!(counts.mappings, of_places.organizations_mapped + of_places.locations_mapped + mapped);
    assert_eq!(counts.devices_removed, first.counts.added);
    assert_eq!(devices(&fleet, None).await, 0);
    assert!(tenant.integration(integration).await.is_err());
}
