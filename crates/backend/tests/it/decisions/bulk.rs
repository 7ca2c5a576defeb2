//! Decisions about many rows at once, what follows for locations, and what has to be confirmed.

use super::{all_of, named, row, state};
use crate::staged::Staged;
use crate::support::{TestPortal, kind_of, page, refused, search};
use domain::decision::{MappingFilter, MappingSelection};
use domain::error::ErrorKind::{Conflict, Invalid, NotFound};
use domain::ids::DecisionId;
use domain::mapping::MappingStatus::{Ignored, Mapped, Pending, Unmapped};
use domain::mapping::OrganizationChoice::{Accept, Create, Ignore, Link, Unmap};
use domain::mapping::{LocationChoice, MappedBy};
use domain::page::ListQuery;

on_both!(bulk, locations_follow, sharing_is_confirmed, strangers);

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
    assert_eq!(contoso.mapped_by_name.as_deref(), Some("Sam Owner"));

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
    let mapped = async || tenant.remote_location_counts(it, None, None).await.unwrap().mapped;
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
