//! What a sync of a fleet costs that is as it was: no write, and a request a page.

use crate::{
    rig::{Engine, Rig},
    truth::number,
};
use domain::{
    import::ImportSelection,
    mapping::OrganizationChoice,
    page::ListQuery,
    run::{RunKind, RunState},
};
use simulator::FleetSpec;
use std::time::Duration;

on_engines!(an_unchanged_fleet_costs_no_write_and_a_request_a_page);

/// Rows of a page.
const PAGE: usize = 250;
/// Requests that do not grow with the fleet: the token, roles, owners, reports, and the end of the list asked for twice.
const FIXED: usize = 10;

async fn an_unchanged_fleet_costs_no_write_and_a_request_a_page(engine: Engine) {
    let few = beside_pages(engine, 300).await;
    let many = beside_pages(engine, 2_500).await;
    assert_eq!(few, many, "requests beside the pages of devices");
    assert!(many <= FIXED, "{many} requests beside the pages of devices");
}

/// Syncs a fleet of that size, imports it, syncs it again without a change; the requests of that beside the pages.
async fn beside_pages(engine: Engine, devices: u32) -> usize {
    let fleet = FleetSpec { devices, ..FleetSpec::default() };
    let mut rig = Rig::open_with(engine, fleet, |config| {
        config.limits.page_size = u32::try_from(PAGE).expect("small");
        config.batch_rows = 1_000;
        // A request that is repeated because the machine is slow would be counted.
        config.limits.timeout = Duration::from_secs(120);
    })
    .await;
    rig.connect().await;
    assert_eq!(rig.sync(RunKind::Devices).await.state, RunState::Completed);
    import(&rig).await;
    // Whatever the import has left for a sync to do is done by then.
    assert_eq!(rig.sync(RunKind::Devices).await.state, RunState::Completed);

    let approved = rig.vendor.approved_device_count();
    let known = i64::try_from(approved).expect("small");
    let db = rig.portal.portal.db();
    let imported = number(db, "SELECT count(*) AS n FROM devices").await;
    assert!(imported * 10 > known * 7, "{imported} of {known} devices are imported");
    let before = rig.portal.portal.now().timestamp_micros();
    rig.portal.clock.advance(3_600);
    rig.vendor.reset_log();
    let run = rig.sync(RunKind::Devices).await;
    assert_eq!(run.state, RunState::Completed, "{:?} {:?}", run.problem, run.warnings);
    assert_eq!((run.counts.unchanged, run.counts.changed, run.counts.added), (known, 0, 0));
    for table in ["remote_devices", "devices"] {
        let written = format!("SELECT count(*) AS n FROM {table} WHERE updated_at > {before}");
        assert_eq!(number(db, &written).await, 0, "rows of {table} were written");
    }
    let requests = rig.vendor.requests();
    let single = requests.iter().filter(|r| r.path.starts_with("/v2/device/")).count();
    assert_eq!(single, 0, "devices are asked for one by one");
    requests.len() - approved.div_ceil(PAGE)
}

/// Maps everything and imports all devices.
async fn import(rig: &Rig) {
    let (tenant, it) = (rig.portal.admin(), rig.id());
    let every = ListQuery { page_size: Some(200), ..ListQuery::default() };
    for row in tenant.organizations(it, every, None).await.expect("a list").items {
        // Two organizations of one name cannot both become a company: the second one stays unmapped.
        _ = tenant.save_organization(it, &row.remote_id, OrganizationChoice::Create, None, true).await;
    }
    tenant.quick_create_node_classes(it).await.expect("types");
    let run = tenant.start_import(it, ImportSelection::All).await.expect("an import");
    backend::runs::execute(&rig.portal.portal, run.id).await.expect("an ending");
}
