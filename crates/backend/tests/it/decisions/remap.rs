//! What decisions do to devices that are imported already.

use super::{named, state};
use crate::staged::Staged;
use crate::support::{TestPortal, page, refused};
use domain::error::ErrorKind::Conflict;
use domain::ids::CompanyId;
use domain::import::ImportSelection;
use domain::mapping::LocationChoice;
use domain::mapping::MappingStatus::Mapped;
use domain::mapping::OrganizationChoice::{Ignore, Link, Unmap};
use domain::page::ListQuery;
use domain::run::{ChangeKind, Run, RunKind, RunState};

on_both!(remap, remap_once, remap_of_locations, remap_of_types);

/// Executes the run that a decision started, if any, and answers it.
async fn execute_remap(fleet: &Staged<'_>) -> Option<Run> {
    let runs = fleet.admin().runs(fleet.id, page(1, 50), Some(RunKind::Remap), Some(RunState::Queued)).await;
    let run = runs.unwrap().items.pop()?;
    backend::runs::execute(&fleet.test.portal, run.id).await.unwrap();
    Some(fleet.admin().run(run.id).await.unwrap())
}

/// Two organizations with imported devices, in two companies.
async fn imported(fleet: &Staged<'_>) -> (CompanyId, CompanyId) {
    for id in ["1", "2"] {
        fleet.organization(id, &format!("Org {id}"), 2).await;
        fleet.location(&format!("{id}0"), id, "HQ").await;
        for device in ["a", "b"] {
            fleet.device(&format!("{id}{device}"), id, Some(&format!("{id}0")), "WINDOWS_SERVER").await;
        }
    }
    fleet.map_class("WINDOWS_SERVER", "Server").await;
    let (one, two) = (fleet.company("One").await, fleet.company("Two").await);
    fleet.link("1", one).await;
    fleet.link("2", two).await;
    let run = fleet.import(ImportSelection::All).await;
    assert_eq!(run.counts.added, 4);
    (one, two)
}

async fn companies_of_devices(fleet: &Staged<'_>) -> Vec<(String, String)> {
    let devices = fleet.admin().devices(ListQuery::default(), Default::default()).await.unwrap().items;
    let mut all: Vec<_> = devices.into_iter().map(|d| (d.name, d.company.name)).collect();
    all.sort();
    all
}

async fn remap(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    let (one, _) = imported(&fleet).await;
    let three = fleet.company("Three").await;
    assert_eq!(execute_remap(&fleet).await, None, "an import leaves nothing to move");

    let asked = refused(tenant.save_organization(it, "1", Link(three), None, false).await);
    assert_eq!((asked.kind, asked.field.as_deref()), (Conflict, Some("confirm")));
    assert!(asked.message.contains("2 imported devices from “One” to “Three”"), "{}", asked.message);
    assert_eq!(state(&fleet, "1").await, (Mapped, Some(one)), "nothing is saved before it is confirmed");
    assert_eq!(execute_remap(&fleet).await, None);

    let saved = tenant.save_organization(it, "1", Link(three), None, true).await.unwrap();
    let run = execute_remap(&fleet).await.expect("a run moves them");
    assert_eq!((run.state, run.counts.moved), (RunState::Completed, 2));
    let changes = tenant.changes(run.id, ListQuery::default(), None, None).await.unwrap().items;
    assert_eq!(changes.len(), 2);
    assert!(changes.iter().all(|c| c.change == ChangeKind::Moved), "{changes:?}");
    let company = changes[0].fields.iter().find(|f| f.field == "company").unwrap();
    assert_eq!((company.before.as_deref(), company.after.as_deref()), (Some("One"), Some("Three")));
    let of =
        |company: &str| [("PC-1a".to_owned(), company.to_owned()), ("PC-1b".to_owned(), company.to_owned())];
    assert_eq!(companies_of_devices(&fleet).await[..2], of("Three"));
    assert_eq!(execute_remap(&fleet).await, None, "no second run");

    let waiting = refused(tenant.save_organization(it, "1", Unmap, None, false).await);
    assert!(
        waiting.message.contains("2 imported devices in “Three” would stay and wait"),
        "{}",
        waiting.message
    );
    let unmapped = tenant.save_organization(it, "1", Unmap, None, true).await.unwrap();
    assert_eq!(execute_remap(&fleet).await, None, "nothing moves");
    assert_eq!(companies_of_devices(&fleet).await[..2], of("Three"), "none is orphaned");

    // Taking both back brings the devices back, once it is confirmed.
    tenant.undo_decision(unmapped.undo.unwrap(), false).await.unwrap();
    assert_eq!(execute_remap(&fleet).await, None);
    let asked = refused(tenant.undo_decision(saved.undo.unwrap(), false).await);
    assert_eq!(asked.field.as_deref(), Some("confirm"));
    let undone = tenant.undo_decision(saved.undo.unwrap(), true).await.unwrap();
    let run = execute_remap(&fleet).await.expect("a run moves them back");
    assert_eq!((undone.run, run.counts.moved), (Some(run.id), 2));
    assert_eq!(companies_of_devices(&fleet).await[..2], of("One"));
    assert_eq!(companies_of_devices(&fleet).await.len(), 4, "none is doubled");
}

/// Decisions that follow each other closely share a run, and none is left out.
async fn remap_once(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    imported(&fleet).await;
    let (three, four) = (fleet.company("Three").await, fleet.company("Four").await);
    let first = tenant.decide_organizations(it, named(&["1"]), Link(three), true).await.unwrap();
    let second = tenant.decide_organizations(it, named(&["2"]), Link(four), true).await.unwrap();
    assert!(first.run.is_some() && second.run.is_none(), "{first:?} {second:?}");
    let run = execute_remap(&fleet).await.unwrap();
    assert_eq!((Some(run.id), run.counts.moved), (first.run, 4));
    let third = tenant.decide_organizations(it, named(&["1", "2"]), Ignore, true).await.unwrap();
    assert_eq!((third.changed, third.run), (2, None));
    let back = tenant.undo_decision(third.undo.unwrap(), true).await.unwrap();
    assert_eq!((back.changed, back.run), (2, None), "they waited where they belong");
}

async fn remap_of_locations(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    let (one, _) = imported(&fleet).await;
    let hq = fleet.site(one, "Main Office").await;
    tenant.save_location(it, "10", LocationChoice::Link(hq), None).await.unwrap();
    let run = execute_remap(&fleet).await.expect("devices go to their site");
    assert_eq!((run.counts.moved, run.counts.changed), (0, 2));
    let changes = tenant.changes(run.id, ListQuery::default(), None, None).await.unwrap().items;
    assert_eq!(changes[0].fields[0].field, "psa_location");
    assert_eq!(changes[0].fields[0].after.as_deref(), Some("Main Office"));
    tenant.save_location(it, "10", LocationChoice::Unmap, None).await.unwrap();
    assert_eq!(execute_remap(&fleet).await.unwrap().counts.changed, 2);
}

async fn remap_of_types(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    imported(&fleet).await;
    fleet.map_class("WINDOWS_SERVER", "Workstation").await;
    let run = execute_remap(&fleet).await.expect("devices become workstations");
    assert_eq!(run.counts.changed, 4);
    let devices = fleet.admin().devices(ListQuery::default(), Default::default()).await.unwrap().items;
    assert!(devices.iter().all(|d| d.device_type.name == "Workstation"), "{devices:?}");
}
