//! Decisions are told, and taken back.

use super::{named, row, state};
use crate::staged::Staged;
use crate::support::{PASSWORD, TestPortal, page, refused, stand};
use domain::compliance::{Check, SubjectInput, TermsInput};
use domain::decision::{DecisionKind, MappingSubject};
use domain::error::ErrorKind::Conflict;
use domain::mapping::LocationChoice;
use domain::mapping::MappingStatus::{Ignored, Mapped, Unmapped};
use domain::mapping::OrganizationChoice::{Create, Ignore, Link, Unmap};
use domain::page::ListQuery;
use domain::role::Role;

on_both!(
    undo,
    undo_passes_on,
    undo_after_others,
    quick_match_is_undone,
    created_goes,
    created_stays_where_it_is_wanted,
    history,
);

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

/// Somebody is limited to a company that was created, and another one has an exception: both stay, and so does what names them.
async fn created_stays_where_it_is_wanted(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for id in ["1", "2", "3"] {
        fleet.organization(id, &format!("Org {id}"), 1).await;
    }
    let made = tenant.decide_organizations(it, named(&["1", "2", "3"]), Create, false).await.unwrap();
    let (one, two) = (state(&fleet, "1").await.1.unwrap(), state(&fleet, "2").await.1.unwrap());
    let robin = test.portal.add_user("Robin", "robin@northwind.example", PASSWORD, Role::Read).await.unwrap();
    tenant.set_user_companies(robin, Some(vec![one]), None).await.unwrap();
    let whose = SubjectInput { company: Some(two), ..SubjectInput::default() };
    let because = TermsInput { reason: "Kiosk".into(), ..TermsInput::default() };
    tenant.add_compliance_exception(Check::NoOwner, whose, because).await.unwrap();
    let undone = tenant.undo_decision(made.undo.unwrap(), false).await.unwrap();
    assert_eq!(undone.changed, 3);
    let left = tenant.companies(ListQuery::default(), false).await.unwrap().items;
    let left: Vec<&str> = left.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(left, ["Org 1", "Org 2"]);
    let limits = tenant.user_companies(robin).await.unwrap().unwrap();
    assert_eq!(limits.iter().map(|c| c.id).collect::<Vec<_>>(), [one]);
    let exceptions = tenant.compliance_exceptions(ListQuery::default(), None, Some(two)).await.unwrap();
    assert_eq!(exceptions.total, 1);
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
