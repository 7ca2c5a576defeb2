//! The inventory goes along with the history.

use crate::{rig::Rig, truth::number};
use domain::{
    import::ImportSelection,
    mapping::{MappingStatus, OrganizationChoice},
    page::ListQuery,
    run::{RunKind, RunState},
};

/// Maps what is not mapped yet, and imports everything.
pub async fn import(rig: &Rig) {
    let (tenant, it) = (rig.portal.admin(), rig.id());
    let every = ListQuery { page_size: Some(200), ..ListQuery::default() };
    let open = tenant.organizations(it, every, Some(MappingStatus::Unmapped)).await.expect("a list").items;
    for row in open {
        // Two organizations of one name cannot both become a company: the second one stays unmapped.
        _ = tenant.save_organization(it, &row.remote_id, OrganizationChoice::Create, None, true).await;
    }
    tenant.quick_match_node_classes(it).await.expect("a match");
    tenant.quick_create_node_classes(it).await.expect("types");
    let run = tenant.start_import(it, ImportSelection::All).await.expect("an import");
    backend::runs::execute(&rig.portal.portal, run.id).await.expect("an ending");
    // Mappings that changed move devices in runs of their own.
    let queued = tenant.runs(it, ListQuery::default(), Some(RunKind::Remap), Some(RunState::Queued)).await;
    for run in queued.expect("a list").items {
        backend::runs::execute(&rig.portal.portal, run.id).await.expect("an ending");
    }
}

/// What is wrong with the inventory after a sync: doubled devices, and such that differ from the row that feeds them.
pub async fn differences(rig: &Rig) -> Vec<String> {
    let db = rig.portal.portal.db();
    let fed = "FROM devices d JOIN remote_devices r ON r.integration_id = d.integration_id AND r.remote_id = d.remote_id
        JOIN organization_mappings m ON m.integration_id = r.integration_id AND m.remote_id = r.organization_id
            AND m.company_id IS NOT NULL
        WHERE r.missing_since IS NULL";
    let doubled =
        "SELECT count(*) AS n FROM (SELECT remote_id FROM devices GROUP BY integration_id, remote_id
        HAVING count(*) > 1) AS twice";
    let checks = [
        ("devices are there twice", doubled.to_owned()),
        ("devices have another name", format!("SELECT count(*) AS n {fed} AND d.name <> r.name")),
        (
            "devices have another class",
            format!("SELECT count(*) AS n {fed} AND d.node_class <> r.node_class"),
        ),
        (
            "devices have another serial",
            format!("SELECT count(*) AS n {fed} AND COALESCE(d.serial, '') <> COALESCE(r.serial, '')"),
        ),
        (
            "devices belong to another company",
            format!("SELECT count(*) AS n {fed} AND d.company_id <> m.company_id"),
        ),
    ];
    let mut found = Vec::new();
    for (what, sql) in checks {
        let n = number(db, &sql).await;
        if n > 0 {
            found.push(format!("{n} inventory {what}"));
        }
    }
    found
}

/// How many devices are fed by a row of staging.
pub async fn fed(rig: &Rig) -> i64 {
    number(rig.portal.portal.db(), "SELECT count(*) AS n FROM devices WHERE remote_id IS NOT NULL").await
}
