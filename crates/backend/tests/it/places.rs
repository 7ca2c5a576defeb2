//! What a sync counts when mappings and the vendor have changed at the same time.

use crate::fleet::Fleet;
use domain::{
    import::{StagedDevice, StagedFilter, StagedStatus},
    mapping::NodeClassChoice,
    page::ListQuery,
    run::{Change, ChangeKind, RunKind, RunState},
};
use std::collections::{BTreeMap, BTreeSet};

on_both_with_fleet!(what_is_counted_is_what_is_told);

/// A node class gets another type; of its devices the vendor has renamed one and moved one. Each is told once of a kind, with
/// all that became of it, and counted as often as it is told.
async fn what_is_counted_is_what_is_told(fleet: Fleet) {
    let integration = fleet.all_imported().await;
    let (tenant, control) = (fleet.tenant(), fleet.control());
    let all = ListQuery { page_size: Some(200), ..ListQuery::default() };
    let imported = StagedFilter { status: Some(StagedStatus::Imported), ..StagedFilter::default() };
    let listed = tenant.staged_devices(integration, all, imported.clone()).await.unwrap().items;
    let mut classes: BTreeMap<&str, Vec<&StagedDevice>> = BTreeMap::new();
    for device in &listed {
        classes.entry(&device.node_class).or_default().push(device);
    }
    let (class, devices) = classes.iter().filter(|c| c.1.len() > 2).min_by_key(|c| c.1.len()).unwrap();
    let of_class = StagedFilter { node_class: Some((*class).to_owned()), ..imported };
    let total = tenant.staged_devices(integration, ListQuery::default(), of_class).await.unwrap().total;

    let [renamed, moved] = [0, 1].map(|n| devices[n].remote_id.parse::<i64>().unwrap());
    control.rename_device(renamed, "front desk");
    let home = control.device(moved).unwrap()["organizationId"].as_i64().unwrap();
    let (target, _) = control.organizations().into_iter().find(|(id, _)| *id != home).unwrap();
    control.move_device(moved, target, control.locations(target).first().map_or(0, |l| l.0));
    let kiosk = tenant.create_device_type("Kiosk").await.unwrap().id;
    let choice = NodeClassChoice { device_type_id: Some(kiosk), ..NodeClassChoice::default() };
    tenant.save_node_class(integration, class, choice).await.unwrap();

    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Completed, "{:?}", run.problem);
    let changes = fleet.changes(run.id).await;
    let told = |kind: ChangeKind| changes.iter().filter(|c| c.change == kind).count() as i64;
    assert_eq!(
        (run.counts.changed, run.counts.moved),
        (told(ChangeKind::Changed), told(ChangeKind::Moved)),
        "{changes:?}"
    );
    assert_eq!(told(ChangeKind::Moved), 1);
    let ids: BTreeSet<&str> = changes.iter().map(|c| c.remote_id.as_str()).collect();
    assert_eq!(ids.len() as i64, total, "{changes:?}");
    let holds = |id: i64, kind: ChangeKind, fields: &[&str]| {
        let of = |c: &&Change| c.remote_id == id.to_string() && c.change == kind;
        let change = changes.iter().find(of).expect("a change");
        let holds = |field: &&str| change.fields.iter().filter(|f| f.field == **field).count() == 1;
        assert!(fields.iter().all(holds), "{change:?}");
    };
    holds(renamed, ChangeKind::Changed, &["name", "device_type"]);
    holds(moved, ChangeKind::Moved, &["organization", "company", "device_type"]);
}
