//! Single rows that cannot be read: the others are applied, each of them is told with its reason, what is held of them stays,
//! and nothing goes missing that is there.

use crate::{
    fleet::Fleet,
    judge::differences,
    truth::{Held, HeldTable, Truth},
};
use domain::{
    ids::{IntegrationId, RunId},
    page::{ListQuery, Listing},
    run::{Run, RunError, RunKind, RunState},
};
use simulator::{BadRow, Fault, FaultKind};
use std::collections::BTreeSet;

on_both_with_fleet!(
    a_device_that_cannot_be_read_stays_as_it_was,
    a_device_without_a_readable_id_might_be_any,
    so_it_is_with_organizations_and_locations,
    rows_of_optional_sources_cost_a_warning_and_blank_nothing,
    devices_that_cannot_be_read_are_not_counted_away,
    a_second_answer_that_hides_rows_proves_nothing_gone,
);

const DEVICES: &str = "/v2/devices-detailed";

async fn held(fleet: &Fleet) -> Held {
    Held::read(fleet.portal.portal.db()).await
}

async fn errors(fleet: &Fleet, run: RunId) -> Listing<RunError> {
    let query = ListQuery { page_size: Some(200), ..ListQuery::default() };
    fleet.tenant().run_errors(run, query).await.expect("errors")
}

/// A later sync without trouble has everything, and no errors.
async fn is_mended(fleet: &Fleet, it: IntegrationId) -> Run {
    fleet.control().clear_faults();
    let run = fleet.sync(it, RunKind::All).await;
    assert_eq!(run.state, RunState::Completed, "{:?} {:?}", run.problem, run.warnings);
    assert_eq!((run.counts.failed, errors(fleet, run.id).await.total), (0, 0));
    let found = differences(&held(fleet).await, &Truth::of(&fleet.control()));
    assert!(found.is_empty(), "{found:#?}");
    run
}

/// Devices of the second page, renamed since the last sync, and which of them cannot be read; and one that is gone.
struct Page {
    all: BTreeSet<String>,
    bad: BTreeSet<String>,
    gone: String,
}

impl Page {
    fn spoilt(fleet: &Fleet, how: BadRow) -> Self {
        let vendor = fleet.control();
        let ids = vendor.approved_device_ids();
        let (page, gone) = (&ids[50..100], ids[ids.len() - 1]);
        for id in page {
            assert!(vendor.rename_device(*id, &format!("{how:?} {id}")));
        }
        assert!(vendor.delete_device(gone));
        vendor.inject(Fault::once(DEVICES, FaultKind::BadRows(how)).after(1));
        let all = page.iter().map(ToString::to_string).collect();
        Self { all, bad: every_fifth(page), gone: gone.to_string() }
    }

    /// Rows that could be read are as the vendor has them, the others as they were; neither is missing.
    fn is_applied(&self, before: &HeldTable, after: &HeldTable, truth: &Truth) {
        for id in &self.all {
            let expected = if self.bad.contains(id) { &before[id].fields } else { &truth.devices[id] };
            assert_eq!((&after[id].fields, after[id].missing), (expected, false), "{id}");
        }
    }
}

/// The rows of a page that the simulator spoils.
fn every_fifth(ids: &[i64]) -> BTreeSet<String> {
    ids.iter().skip(1).step_by(5).map(ToString::to_string).collect()
}

async fn a_device_that_cannot_be_read_stays_as_it_was(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::All).await;
    for how in BadRow::ALL.into_iter().filter(|how| how.is_named()) {
        let (before, page) = (held(&fleet).await.devices, Page::spoilt(&fleet, how));
        let run = fleet.sync(it, RunKind::Devices).await;
        assert_eq!(run.state, RunState::CompletedWithErrors, "{how:?} {:?}", run.problem);
        assert_eq!((run.counts.failed, run.counts.changed, run.counts.missing), (10, 40, 1), "{how:?}");
        let after = held(&fleet).await.devices;
        page.is_applied(&before, &after, &Truth::of(&fleet.control()));
        assert!(after[&page.gone].missing, "the rest of the list is proven");

        let told = errors(&fleet, run.id).await;
        assert_eq!((told.total, run.errors), (10, 10), "{how:?}");
        let ids: BTreeSet<String> = told.items.iter().filter_map(|e| e.remote_id.clone()).collect();
        assert_eq!(ids, page.bad, "{how:?}");
        for error in &told.items {
            let name = error.remote_id.as_ref().map(|id| format!("Device {id}"));
            assert_eq!((error.entity.as_str(), &error.name), ("device", &name));
            assert!(error.reason.contains("another form than expected"), "{error:?}");
        }
        let proof = run.evidence.iter().find(|e| e.entity == "devices").expect("a proof");
        assert_eq!((proof.complete, proof.unreadable, proof.duplicates), (true, 10, 0), "{proof:?}");
        assert_eq!(is_mended(&fleet, it).await.counts.changed, 10, "{how:?}");
    }
}

async fn a_device_without_a_readable_id_might_be_any(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::All).await;
    for how in BadRow::ALL.into_iter().filter(|how| !how.is_named()) {
        let (before, page) = (held(&fleet).await.devices, Page::spoilt(&fleet, how));
        let run = fleet.sync(it, RunKind::Devices).await;
        assert_eq!(run.state, RunState::Incomplete, "{how:?} {:?}", run.problem);
        assert_eq!(run.problem.map(|p| p.code).as_deref(), Some("unreadable"), "{how:?}");
        assert_eq!((run.counts.failed, run.counts.changed, run.counts.missing), (10, 40, 0), "{how:?}");
        let after = held(&fleet).await.devices;
        page.is_applied(&before, &after, &Truth::of(&fleet.control()));
        assert!(!after[&page.gone].missing, "it might be one of those that could not be told apart");

        let told = errors(&fleet, run.id).await;
        assert_eq!((told.total, run.errors), (10, 10), "{how:?}");
        let told = told.items.iter().filter(|e| e.entity == "device" && e.remote_id.is_none());
        assert_eq!(told.filter(|e| e.reason.ends_with('.')).count(), 10, "{how:?}");
        let proof = run.evidence.iter().find(|e| e.entity == "devices").expect("a proof");
        assert_eq!((proof.complete, proof.unreadable), (false, 10), "{proof:?}");
        let run = is_mended(&fleet, it).await;
        assert_eq!((run.counts.changed, run.counts.missing), (10, 1), "{how:?}");
    }
}

async fn so_it_is_with_organizations_and_locations(fleet: Fleet) {
    let vendor = fleet.control();
    // A list goes on behind the last id that could be read: that of its last row, so that each row comes once.
    while vendor.organizations().len() % 5 == 2 {
        vendor.add_organization("Fresh Start");
    }
    while vendor.location_count() % 5 == 2 {
        vendor.add_location(vendor.organizations()[0].0, "Second Site");
    }
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::All).await;
    let organizations: Vec<i64> = vendor.organizations().into_iter().map(|(id, _)| id).collect();
    let mut locations: Vec<i64> =
        organizations.iter().flat_map(|id| vendor.locations(*id)).map(|(id, _)| id).collect();
    locations.sort_unstable();
    let lists = [("/v2/organizations", "organization"), ("/v2/locations", "location")];
    for ((path, entity), ids) in lists.into_iter().zip([organizations, locations]) {
        for how in BadRow::ALL.into_iter().filter(|how| spoils(entity, *how)) {
            for id in &ids {
                let name = format!("{how:?} {id}");
                assert!(match entity {
                    "organization" => vendor.rename_organization(*id, &name),
                    _ => vendor.rename_location(*id, &name),
                });
            }
            vendor.inject(Fault::once(path, FaultKind::BadRows(how)));
            let run = fleet.sync(it, RunKind::Organizations).await;
            let (bad, all) = (every_fifth(&ids), i64::try_from(ids.len()).expect("few"));
            let n = i64::try_from(bad.len()).expect("few");
            let what = format!("{entity} {how:?} {:?}", run.problem);
            let state = if how.is_named() { RunState::CompletedWithErrors } else { RunState::Incomplete };
            assert_eq!(run.state, state, "{what}");
            assert_eq!(
                (run.counts.failed, run.counts.changed, run.counts.missing),
                (n, all - n, 0),
                "{what}"
            );
            let told = errors(&fleet, run.id).await;
            assert!(told.items.iter().all(|e| e.entity == entity && !e.reason.is_empty()), "{what}");
            let told: BTreeSet<String> = told.items.into_iter().filter_map(|e| e.remote_id).collect();
            assert_eq!(told, if how.is_named() { bad } else { BTreeSet::new() }, "{what}");
            assert_eq!(is_mended(&fleet, it).await.counts.changed, n, "{what}");
        }
    }
}

/// Organizations have no number that anybody reads.
fn spoils(entity: &str, how: BadRow) -> bool {
    entity != "organization" || how != BadRow::NumbersAreWords
}

async fn rows_of_optional_sources_cost_a_warning_and_blank_nothing(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::All).await;
    let before = held(&fleet).await;
    for (path, source) in [
        ("/v2/queries/scoped-custom-fields", "custom fields"),
        ("/v2/roles", "roles"),
        ("/v2/users", "owners"),
        ("/v2/queries/backup/usage", "backup usage"),
        ("/v2/queries/logged-on-users", "logged-on users"),
    ] {
        for how in BadRow::ALL.into_iter().filter(|how| !how.is_named()) {
            fleet.portal.clock.advance(60);
            fleet.control().inject(Fault::once(path, FaultKind::BadRows(how)));
            let run = fleet.sync(it, RunKind::All).await;
            let what = format!("{source} {how:?} {:?}", run.warnings);
            assert_eq!((run.state, run.counts.changed), (RunState::CompletedWithErrors, 0), "{what}");
            let told = |w: &String| w.contains(source) && w.contains("could not be read");
            assert!(run.warnings.iter().any(told), "{what}");
            assert!(held(&fleet).await == before, "{what}");
            let stale = fleet.tenant().integration(it).await.unwrap().sources;
            let stale: Vec<String> = stale.into_iter().filter(|s| s.is_stale()).map(|s| s.source).collect();
            assert_eq!(stale, [source], "{what}");

            fleet.portal.clock.advance(60);
            assert_eq!(is_mended(&fleet, it).await.counts.changed, 0, "{what}");
            let card = fleet.tenant().integration(it).await.unwrap();
            assert!(card.sources.iter().all(|s| !s.is_stale()), "{what}");
        }
    }
}

async fn devices_that_cannot_be_read_are_not_counted_away(fleet: Fleet) {
    let it = fleet.connect().await;
    let counted = "SELECT CAST(sum(device_count) AS bigint) AS n FROM organizations";
    let before = fleet.number(counted).await;
    fleet.control().add_devices(3);
    for how in [BadRow::NoId, BadRow::NumbersAreWords] {
        fleet.control().inject(Fault::once("/v2/devices", FaultKind::BadRows(how)));
        let run = fleet.sync(it, RunKind::Organizations).await;
        assert_eq!(run.state, RunState::CompletedWithErrors, "{how:?} {:?}", run.problem);
        assert!(
            run.warnings.iter().any(|w| w.contains("could not be counted")),
            "{how:?} {:?}",
            run.warnings
        );
        assert!(run.evidence.iter().any(|e| e.entity == "device counts" && !e.complete), "{how:?}");
        assert_eq!(fleet.number(counted).await, before, "{how:?}");
    }
    let run = fleet.sync(it, RunKind::Organizations).await;
    assert_eq!(run.state, RunState::Completed, "{:?} {:?}", run.problem, run.warnings);
    assert_eq!(fleet.number(counted).await, before + 3);
}

/// The long list leaves out some devices, and each of them is a row without an id in the short list that is asked then.
async fn a_second_answer_that_hides_rows_proves_nothing_gone(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::All).await;
    let before = held(&fleet).await.devices;
    fleet.control().set_behaviour(|b| b.page_size_clamp = Some(3));
    // The middle one of three each; that many of them that the answer by ids hides one, too.
    fleet.control().inject(Fault::once(DEVICES, FaultKind::HalfPage).after(1).times(7));
    fleet.control().inject(Fault::always("/v2/devices", FaultKind::BadRows(BadRow::NoId)));
    let run = fleet.sync(it, RunKind::Devices).await;
    assert_eq!((run.state, run.counts.missing), (RunState::Incomplete, 0), "{:?}", run.problem);
    assert_eq!(run.problem.map(|p| p.code).as_deref(), Some("unverified"));
    assert!(held(&fleet).await.devices == before);
    fleet.control().set_behaviour(|b| b.page_size_clamp = None);
    is_mended(&fleet, it).await;
}
