//! Decisions about mappings: many at once, taken back, remembered, and what they do to what is imported.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, page, refused, search, stand},
};
use domain::{
    decision::{DecisionKind, MappingFilter, MappingSelection, MappingSubject},
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::{CompanyId, DecisionId},
    import::ImportSelection,
    mapping::{
        LocationChoice, MappedBy,
        MappingStatus::{self, Ignored, Mapped, Pending, Unmapped},
        OrganizationChoice::{Accept, Create, Ignore, Link, Unmap},
        OrganizationRow,
    },
    page::ListQuery,
    run::{ChangeKind, Run, RunKind, RunState},
};

on_both!(
    bulk,
    undo,
    undo_passes_on,
    undo_after_others,
    quick_match_is_undone,
    rejected,
    created_goes,
    locations_follow,
    preview,
    evidence,
    history,
    sharing_is_confirmed,
    remap,
    remap_once,
    remap_of_locations,
    remap_of_types,
    strangers
);

async fn rows(fleet: &Staged<'_>) -> Vec<OrganizationRow> {
    fleet.admin().organizations(fleet.id, ListQuery::default(), None).await.unwrap().items
}

async fn row(fleet: &Staged<'_>, id: &str) -> OrganizationRow {
    rows(fleet).await.into_iter().find(|r| r.remote_id == id).unwrap()
}

async fn state(fleet: &Staged<'_>, id: &str) -> (MappingStatus, Option<CompanyId>) {
    let row = row(fleet, id).await;
    (row.status, row.company.map(|c| c.id))
}

fn named(ids: &[&str]) -> MappingSelection {
    MappingSelection::RemoteIds(ids.iter().map(|id| (*id).to_owned()).collect())
}

fn all_of(status: MappingStatus) -> MappingSelection {
    MappingSelection::Filter(MappingFilter { status: Some(status), ..MappingFilter::default() })
}

/// Executes the run that a decision started, if any, and answers it.
async fn execute_remap(fleet: &Staged<'_>) -> Option<Run> {
    let runs = fleet.admin().runs(fleet.id, page(1, 50), Some(RunKind::Remap), Some(RunState::Queued)).await;
    let run = runs.unwrap().items.pop()?;
    backend::runs::execute(&fleet.test.portal, run.id).await.unwrap();
    Some(fleet.admin().run(run.id).await.unwrap())
}

async fn bulk(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for (id, name) in [("1", "Acme"), ("2", "Blue"), ("3", "Contoso Dentl"), ("4", "Fabrikam"), ("5", "Zeta")]
    {
        fleet.organization(id, name, 1).await;
    }
    fleet.location("31", "4", "HQ").await;
    fleet.company("Contoso Dental").await;
    fleet.company("zeta").await;
    tenant.quick_match_organizations(it, Some(1.0)).await.unwrap();
    assert_eq!(row(&fleet, "3").await.status, Pending);

    let accepted = tenant.decide_organizations(it, named(&["1", "3"]), Accept, false).await.unwrap();
    assert_eq!((accepted.changed, accepted.skipped_count), (1, 1));
    assert_eq!(accepted.skipped[0].name, "Acme");
    assert!(accepted.skipped[0].reason.contains("Nothing is proposed"), "{:?}", accepted.skipped);
    let contoso = row(&fleet, "3").await;
    assert_eq!((contoso.status, contoso.mapped_by), (Mapped, Some(MappedBy::Manual)));
    assert_eq!(contoso.mapped_by_name.as_deref(), Some(tenant_name(&fleet).await.as_str()));

    tenant.decide_organizations(it, named(&["5"]), Unmap, false).await.unwrap();
    let created = tenant.decide_organizations(it, all_of(Unmapped), Create, false).await.unwrap();
    assert_eq!((created.changed, created.skipped_count), (3, 1), "{created:?}");
    assert!(created.skipped[0].reason.contains("exists already"), "{:?}", created.skipped);
    let companies = tenant.companies(search("Fabrikam"), false).await.unwrap().items;
    assert_eq!(companies[0].address.as_deref(), Some("1 Main St"), "the address of its location is copied");

    let ignored = tenant.decide_organizations(it, all_of(Mapped), Ignore, false).await.unwrap();
    assert_eq!(ignored.changed, 4);
    let narrow =
        MappingSelection::Filter(MappingFilter { search: Some("fabri".into()), ..MappingFilter::default() });
    assert_eq!(tenant.decide_organizations(it, narrow, Unmap, false).await.unwrap().changed, 1);
    assert_eq!((row(&fleet, "4").await.status, row(&fleet, "1").await.status), (Unmapped, Ignored));

    let gone = tenant.decide_organizations(it, named(&["1", "99"]), Unmap, false).await.unwrap();
    assert_eq!((gone.changed, gone.skipped[0].remote_id.as_str()), (1, "99"));
    for wrong in [named(&[]), MappingSelection::RemoteIds(vec!["1".into(); 2_001])] {
        let refusal = kind_of(tenant.decide_organizations(it, wrong, Ignore, false).await);
        assert_eq!(refusal, (Invalid, Some("select".into())));
    }
    let nothing = tenant.decide_organizations(it, named(&["1"]), Unmap, false).await.unwrap();
    assert_eq!((nothing.changed, nothing.undo), (0, None), "what is so already is no decision");
}

async fn tenant_name(fleet: &Staged<'_>) -> String {
    fleet.admin().me().await.unwrap().user.name
}

async fn undo(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for id in ["1", "2"] {
        fleet.organization(id, &format!("Org {id}"), 1).await;
    }
    let (one, two) = (fleet.company("One").await, fleet.company("Two").await);
    fleet.link("1", one).await;
    let saved = tenant.save_organization(it, "1", Link(two), None, false).await.unwrap();
    let undone = tenant.undo_decision(saved.undo.unwrap(), false).await.unwrap();
    assert_eq!((undone.changed, undone.skipped_count), (1, 0));
    let back = row(&fleet, "1").await;
    assert_eq!((back.company.map(|c| c.id), back.version), (Some(one), 3));
    assert_eq!(refused(tenant.undo_decision(saved.undo.unwrap(), false).await).kind, Conflict, "once");

    let ignored = tenant.decide_organizations(it, named(&["1", "2"]), Ignore, false).await.unwrap();
    tenant.undo_decision(ignored.undo.unwrap(), false).await.unwrap();
    assert_eq!((state(&fleet, "1").await, state(&fleet, "2").await), ((Mapped, Some(one)), (Unmapped, None)));
    tenant.archive_company(one, true).await.unwrap();
    let unmapped = tenant.save_organization(it, "1", Unmap, None, false).await.unwrap();
    let refusal = refused(tenant.undo_decision(unmapped.undo.unwrap(), false).await);
    assert_eq!(refusal.kind, Conflict, "its company is archived");
    tenant.archive_company(one, false).await.unwrap();
    tenant.undo_decision(unmapped.undo.unwrap(), false).await.unwrap();
    assert_eq!(state(&fleet, "1").await, (Mapped, Some(one)));
}

/// Several decisions about one row are taken back one after the other.
async fn undo_passes_on(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "Org", 1).await;
    let (one, two) = (fleet.company("One").await, fleet.company("Two").await);
    let mut undos = Vec::new();
    for choice in [Link(one), Link(two), Ignore, Unmap] {
        test.clock.advance(1);
        undos.push(tenant.save_organization(it, "1", choice, None, false).await.unwrap().undo.unwrap());
    }
    let expected = [(Ignored, None), (Mapped, Some(two)), (Mapped, Some(one)), (Unmapped, None)];
    for (decision, expected) in undos.into_iter().rev().zip(expected) {
        tenant.undo_decision(decision, false).await.unwrap();
        assert_eq!(state(&fleet, "1").await, expected);
    }
}

/// What somebody else has changed since stays.
async fn undo_after_others(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for id in ["1", "2"] {
        fleet.organization(id, &format!("Org {id}"), 1).await;
    }
    let one = fleet.company("One").await;
    let ignored = tenant.decide_organizations(it, named(&["1", "2"]), Ignore, false).await.unwrap();
    fleet.link("2", one).await;
    let undone = tenant.undo_decision(ignored.undo.unwrap(), false).await.unwrap();
    assert_eq!((undone.changed, undone.skipped_count), (1, 1));
    assert_eq!(undone.skipped[0].name, "Org 2");
    assert_eq!((state(&fleet, "1").await, state(&fleet, "2").await), ((Unmapped, None), (Mapped, Some(one))));
    let alone = tenant.save_organization(it, "1", Ignore, None, false).await.unwrap();
    tenant.save_organization(it, "1", Unmap, None, false).await.unwrap();
    let refusal = refused(tenant.undo_decision(alone.undo.unwrap(), false).await);
    assert_eq!(refusal.kind, Conflict);
    assert!(refusal.message.contains("changed again"), "{}", refusal.message);
}

async fn quick_match_is_undone(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for (id, name) in [("1", "Acme"), ("2", "Blue Yonder"), ("3", "Nobody Knows"), ("4", "Contoso")] {
        fleet.organization(id, name, 1).await;
    }
    for name in ["ACME", "Blue Yonder Ltd", "Contoso"] {
        fleet.company(name).await;
    }
    tenant.save_organization(it, "4", Ignore, None, false).await.unwrap();
    let result = tenant.quick_match_organizations(it, None).await.unwrap();
    assert_eq!((result.newly_mapped, stand(result)), (2, (2, 0, 1)));
    let told = tenant.decision_rows(result.undo.unwrap(), page(1, 50)).await.unwrap();
    let told: Vec<_> = told.items.iter().map(|r| (r.name.as_str(), r.after_target.as_deref())).collect();
    assert_eq!(told, [("Acme", Some("ACME")), ("Blue Yonder", Some("Blue Yonder Ltd"))]);
    assert_eq!(tenant.undo_decision(result.undo.unwrap(), false).await.unwrap().changed, 2);
    let counts = tenant.organization_counts(it, None).await.unwrap();
    assert_eq!((counts.mapped, counts.unmapped, counts.ignored), (0, 3, 1));
    let again = tenant.quick_match_organizations(it, None).await.unwrap();
    assert_eq!(again.newly_mapped, 2, "taking Quick Match back rejects nothing");
    let nothing = tenant.quick_match_organizations(it, None).await.unwrap();
    assert_eq!((nothing.newly_mapped, nothing.undo), (0, None));
}

async fn rejected(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "Acme", 1).await;
    let acme = fleet.company("Acme").await;
    let quick = async || stand(tenant.quick_match_organizations(it, None).await.unwrap());
    assert_eq!(quick().await, (1, 0, 0));
    let unmapped = tenant.save_organization(it, "1", Unmap, None, false).await.unwrap();
    assert_eq!(quick().await, (0, 0, 1), "a pair that somebody took apart is not put together again");
    tenant.undo_decision(unmapped.undo.unwrap(), false).await.unwrap();
    tenant.save_organization(it, "1", Unmap, None, false).await.unwrap();
    fleet.link("1", acme).await;
    let ignored = tenant.save_organization(it, "1", Ignore, None, false).await.unwrap();
    tenant.save_organization(it, "1", Unmap, Some(ignored.version), false).await.unwrap();
    assert_eq!(quick().await, (1, 0, 0), "linking it by hand took the rejection back");
}

async fn created_goes(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for id in ["1", "2"] {
        fleet.organization(id, &format!("Org {id}"), 1).await;
        fleet.location(&format!("{id}1"), id, "HQ").await;
    }
    let made = tenant.decide_organizations(it, named(&["1", "2"]), Create, false).await.unwrap();
    tenant.save_location(it, "21", LocationChoice::Create, None).await.unwrap();
    let undone = tenant.undo_decision(made.undo.unwrap(), false).await.unwrap();
    assert_eq!(undone.changed, 2);
    let left = tenant.companies(ListQuery::default(), false).await.unwrap().items;
    let left: Vec<&str> = left.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(left, ["Org 2"], "a company that has a location stays");
}

async fn locations_follow(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "Org", 1).await;
    for id in ["11", "12"] {
        fleet.location(id, "1", &format!("Site {id}")).await;
    }
    let (one, two) = (fleet.company("One").await, fleet.company("Two").await);
    let (hq, far) = (fleet.site(one, "HQ").await, fleet.site(two, "Far").await);
    fleet.link("1", one).await;
    let of = MappingSelection::Filter(MappingFilter {
        organization: Some("1".into()),
        ..MappingFilter::default()
    });
    let all = tenant.decide_locations(it, of.clone(), LocationChoice::Link(hq)).await.unwrap();
    assert_eq!((all.changed, all.skipped_count), (2, 0));
    let mapped = async || tenant.remote_location_counts(it, None).await.unwrap().mapped;
    assert_eq!(mapped().await, 2);
    let elsewhere = tenant.decide_locations(it, of.clone(), LocationChoice::Link(far)).await.unwrap();
    assert_eq!((elsewhere.changed, elsewhere.skipped_count), (0, 2));
    assert!(elsewhere.skipped[0].reason.contains("another company"), "{:?}", elsewhere.skipped);

    let moved = tenant.save_organization(it, "1", Link(two), None, false).await.unwrap();
    assert_eq!(mapped().await, 0);
    tenant.undo_decision(moved.undo.unwrap(), false).await.unwrap();
    assert_eq!(mapped().await, 2, "they come back with the organization");
    tenant.undo_decision(all.undo.unwrap(), false).await.unwrap();
    assert_eq!(mapped().await, 0);
    let created = tenant.decide_locations(it, of, LocationChoice::Create).await.unwrap();
    assert_eq!(created.changed, 2);
    let sites = tenant.locations(ListQuery::default(), Some(one), false).await.unwrap().items;
    assert_eq!(sites.len(), 3);
    assert_eq!(sites.iter().filter(|s| s.address.as_deref() == Some("1 Main St")).count(), 2);
}

async fn preview(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for (id, name) in [("1", "Acme"), ("2", "Contoso Dentl"), ("3", "Nobody Knows")] {
        fleet.organization(id, name, 1).await;
    }
    for name in ["Acme", "Contoso Dental"] {
        fleet.company(name).await;
    }
    let preview = tenant.preview_organizations(it).await.unwrap();
    assert_eq!((preview.proposed, preview.unmatched), (2, 1));
    assert_eq!(rows(&fleet).await.iter().filter(|r| r.status != Unmapped).count(), 0, "nothing is written");
    for step in preview.thresholds {
        let result = tenant.quick_match_organizations(it, Some(step.threshold)).await.unwrap();
        assert_eq!(result.newly_mapped, step.mapped, "at {}", step.threshold);
        if let Some(undo) = result.undo {
            tenant.undo_decision(undo, false).await.unwrap();
        }
    }
}

/// More than names: what devices and companies say of each other.
async fn evidence(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "NWD", 2).await;
    fleet.organization("2", "Unheard Of", 2).await;
    for id in ["1", "2", "3", "4"] {
        fleet.device(id, if id < "3" { "1" } else { "2" }, None, "WINDOWS_SERVER").await;
    }
    test.execute(
        "UPDATE remote_devices SET domain = 'corp.northwind.local' WHERE organization_id = '1'",
        vec![],
    )
    .await;
    let northwind = domain::company::CompanyInput {
        name: "Northwind Traders".into(),
        domain: Some("northwind.example".into()),
        ..Default::default()
    };
    let northwind = tenant.create_company(northwind).await.unwrap().id;
    let known = fleet.company("Contoso").await;
    fleet.inventory(known, "SN-3").await;
    fleet.inventory(known, "SN-4").await;
    tenant.quick_match_organizations(it, None).await.unwrap();
    let by_domain = row(&fleet, "1").await.suggestion.expect("the domain speaks for it");
    assert_eq!(by_domain.company.id, northwind);
    assert!(by_domain.reasons.contains(&"Same domain".to_owned()), "{:?}", by_domain.reasons);
    let by_serial = row(&fleet, "2").await.suggestion.expect("its devices are known there");
    assert_eq!(by_serial.company.id, known);
    assert!(by_serial.reasons.contains(&"Its devices are known there".to_owned()), "{:?}", by_serial.reasons);
    // A serial number that two devices have says nothing.
    fleet.inventory(northwind, "SN-3").await;
    fleet.inventory(northwind, "SN-4").await;
    tenant.quick_match_organizations(it, None).await.unwrap();
    assert_eq!(row(&fleet, "2").await.suggestion, None);
}

async fn history(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for id in ["1", "2"] {
        fleet.organization(id, &format!("Org {id}"), 1).await;
    }
    let one = fleet.company("One").await;
    fleet.link("1", one).await;
    test.clock.advance(5);
    let ignored =
        tenant.decide_organizations(it, named(&["1", "2"]), Ignore, false).await.unwrap().undo.unwrap();
    test.clock.advance(5);
    tenant.undo_decision(ignored, false).await.unwrap();
    let all = tenant.mapping_decisions(it, None, None, page(1, 10)).await.unwrap();
    let told: Vec<_> = all.items.iter().map(|d| (d.kind, d.rows, d.undone_at.is_some())).collect();
    assert_eq!(told, [(DecisionKind::Ignore, 2, true), (DecisionKind::Link, 1, false)]);
    assert_eq!(all.items[0].undone_by, all.items[0].user_name);
    let of_two =
        tenant.mapping_decisions(it, Some(MappingSubject::Organization), Some("2".into()), page(1, 10)).await;
    assert_eq!(of_two.unwrap().total, 1);
    let of_sites = tenant.mapping_decisions(it, Some(MappingSubject::Location), None, page(1, 10)).await;
    assert_eq!(of_sites.unwrap().total, 0);
    let rows = tenant.decision_rows(ignored, page(1, 1)).await.unwrap();
    assert_eq!((rows.total, rows.items.len()), (2, 1));
    let first = &rows.items[0];
    assert_eq!(
        (first.name.as_str(), first.before, first.after, first.undone),
        ("Org 1", Mapped, Ignored, true)
    );
    assert_eq!((first.before_target.as_deref(), first.after_target.as_deref()), (Some("One"), None));
}

async fn sharing_is_confirmed(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for id in ["1", "2", "3"] {
        fleet.organization(id, &format!("Org {id}"), 1).await;
    }
    let (one, two) = (fleet.company("One").await, fleet.company("Two").await);
    fleet.link("1", one).await;
    let asked = refused(tenant.save_organization(it, "2", Link(one), None, false).await);
    assert_eq!((asked.kind, asked.field.as_deref()), (Conflict, Some("confirm")));
    assert!(
        asked.message.contains("“One” is the company of the organization “Org 1” already"),
        "{}",
        asked.message
    );
    assert_eq!(state(&fleet, "2").await, (Unmapped, None));
    let several = refused(tenant.decide_organizations(it, named(&["2", "3"]), Link(two), false).await);
    assert_eq!(several.field.as_deref(), Some("confirm"));
    let done = tenant.decide_organizations(it, named(&["2", "3"]), Link(two), true).await.unwrap();
    assert_eq!((done.changed, done.run), (2, None));
    assert_eq!(state(&fleet, "3").await, (Mapped, Some(two)));
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
    assert_eq!(changes[0].fields[0].field, "location");
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

async fn strangers(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let theirs = test.stranger().await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "Org", 1).await;
    let one = fleet.company("One").await;
    let ours = tenant.save_organization(it, "1", Link(one), None, false).await.unwrap().undo.unwrap();
    let none = (NotFound, None);
    assert_eq!(kind_of(theirs.undo_decision(ours, true).await), none);
    assert_eq!(kind_of(theirs.decision_rows(ours, page(1, 1)).await), none);
    assert_eq!(kind_of(theirs.mapping_decisions(it, None, None, page(1, 1)).await), none);
    assert_eq!(kind_of(theirs.preview_organizations(it).await), none);
    assert_eq!(kind_of(theirs.preview_locations(it).await), none);
    assert_eq!(kind_of(theirs.decide_organizations(it, named(&["1"]), Ignore, true).await), none);
    assert_eq!(kind_of(theirs.decide_locations(it, named(&["1"]), LocationChoice::Ignore).await), none);
    let unknown: DecisionId = backend::clock::new_id().into();
    assert_eq!(kind_of(tenant.undo_decision(unknown, true).await), none);
    assert_eq!(state(&fleet, "1").await, (Mapped, Some(one)));
}
