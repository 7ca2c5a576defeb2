//! Organizations and the companies that they are.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, page, refused, search, sort, stand},
};
use backend::clock::new_id;
use domain::{
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::IntegrationId,
    mapping::{
        LocationChoice, MappedBy,
        MappingStatus::{self, Ignored, Mapped, Pending, Unmapped},
        OrganizationChoice::{Create, Ignore, Link, Unmap},
        OrganizationRow, StatusCounts,
    },
    page::ListQuery,
};

on_both!(save, find, quick, quick_keeps, locations_follow, strangers);

async fn rows(fleet: &Staged<'_>, query: ListQuery, status: Option<MappingStatus>) -> Vec<OrganizationRow> {
    fleet.admin().organizations(fleet.id, query, status).await.unwrap().items
}

async fn ids(fleet: &Staged<'_>, query: ListQuery) -> Vec<String> {
    rows(fleet, query, None).await.into_iter().map(|r| r.remote_id).collect()
}

async fn save(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    fleet.organization("1", "Contoso Ltd", 7).await;
    fleet.location("11", "1", "HQ").await;
    let contoso = fleet.company("Contoso").await;

    let untouched = rows(&fleet, ListQuery::default(), None).await.remove(0);
    assert_eq!((untouched.status, untouched.version, untouched.company.clone()), (Unmapped, 0, None));
    assert_eq!((untouched.device_count, untouched.location_count), (7, 1));
    let linked = tenant.save_organization(it, "1", Link(contoso), Some(0), true).await.unwrap();
    assert_eq!((linked.status, linked.version, linked.mapped_by), (Mapped, 1, Some(MappedBy::Manual)));
    assert_eq!(linked.company.as_ref().map(|c| (c.id, c.name.as_str())), Some((contoso, "Contoso")));
    assert_eq!(linked.mapped_at, Some(test.portal.now()));
    let linked = OrganizationRow { undo: None, ..linked };
    assert_eq!(rows(&fleet, ListQuery::default(), None).await, vec![linked.clone()]);

    let late = refused(tenant.save_organization(it, "1", Ignore, Some(0), true).await);
    assert_eq!(late.kind, Conflict);
    assert!(late.message.contains("a moment ago"), "{}", late.message);
    assert_eq!(rows(&fleet, ListQuery::default(), None).await, [linked], "a lost race writes nothing");

    let taken = refused(tenant.save_organization(it, "1", Link(new_id().into()), None, true).await);
    assert_eq!((taken.kind, taken.field.as_deref()), (NotFound, Some("choice")));
    let old = fleet.company("Old").await;
    tenant.archive_company(old, true).await.unwrap();
    let archived = refused(tenant.save_organization(it, "1", Link(old), None, true).await);
    assert!(archived.message.contains("archived"), "{}", archived.message);

    let made = tenant.save_organization(it, "1", Create, Some(1), true).await.unwrap();
    assert_eq!((made.version, made.company.map(|c| c.name)), (2, Some("Contoso Ltd".into())));
    let again = refused(tenant.save_organization(it, "1", Create, None, true).await);
    assert_eq!((again.kind, again.field.as_deref()), (Conflict, Some("choice")));
    assert!(again.message.contains("Link it instead"), "{}", again.message);

    let ignored = tenant.save_organization(it, "1", Ignore, None, true).await.unwrap();
    assert_eq!((ignored.status, ignored.version, ignored.company), (Ignored, 3, None));
    let unmapped = tenant.save_organization(it, "1", Unmap, Some(3), true).await.unwrap();
    assert_eq!((unmapped.status, unmapped.version, unmapped.mapped_by), (Unmapped, 4, None));
    assert_eq!(kind_of(tenant.save_organization(it, "2", Ignore, None, true).await), (NotFound, None));
}

async fn find(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for (id, name, devices) in [("a", "Zeta", 1), ("b", "alpha", 30), ("c", "Émile", 2), ("d", "beta", 30)] {
        fleet.organization(id, name, devices).await;
    }
    fleet.lose("organizations", "d").await;
    let yellow = fleet.company("Yellow").await;
    fleet.link("a", yellow).await;
    tenant.save_organization(it, "b", Ignore, None, true).await.unwrap();

    let (a, b, c, d) = ("a", "b", "c", "d");
    assert_eq!(ids(&fleet, sort("-device_count")).await, [b, d, c, a]);
    assert_eq!(ids(&fleet, sort("company")).await[0], a);
    assert_eq!(ids(&fleet, sort("-company")).await[0], a, "unmapped ones come last either way");
    assert_eq!(ids(&fleet, sort("status")).await[2..], [a, b]);
    assert_eq!(ids(&fleet, search("ÉMI")).await, [c]);
    assert_eq!(ids(&fleet, search("yell")).await, [a], "the company's name is searched too");
    assert_eq!(ids(&fleet, ListQuery { page_size: Some(2), ..sort("-device_count") }).await, [b, d]);
    assert!(rows(&fleet, search("beta"), None).await[0].missing_since.is_some());
    let unmapped = tenant.organizations(it, page(1, 1), Some(Unmapped)).await.unwrap();
    assert_eq!((unmapped.total, unmapped.items.len()), (2, 1));
    let counts = StatusCounts { all: 4, mapped: 1, pending: 0, unmapped: 2, ignored: 1 };
    assert_eq!(tenant.organization_counts(it, None).await.unwrap(), counts);
    let narrow = StatusCounts { all: 1, mapped: 1, ..StatusCounts::default() };
    assert_eq!(tenant.organization_counts(it, Some(" zeta ".into())).await.unwrap(), narrow);
    assert_eq!(kind_of(tenant.organizations(it, sort("x"), None).await), (Invalid, Some("sort".into())));
    let counts = tenant.integration(it).await.unwrap().counts;
    let figures = (counts.organizations, counts.organizations_mapped, counts.organizations_ignored);
    assert_eq!(figures, (4, 1, 1));
}

async fn quick(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    let names = ["Contoso", "Fabrikam", "fabrikam", "Gone", "Kept", "Nobody Knows", "Taken"];
    for (n, name) in names.iter().enumerate() {
        fleet.organization(&n.to_string(), name, 1).await;
    }
    fleet.lose("organizations", "3").await;
    for name in ["CONTOSO", "Fabrikam", "Gone", "Kept", "Taken"] {
        fleet.company(name).await;
    }
    let other = fleet.company("Other").await;
    fleet.organization("7", "Something", 1).await;
    let all = tenant.companies(search("Taken"), false).await.unwrap().items;
    fleet.link("7", all[0].id).await;
    tenant.save_organization(it, "4", Ignore, None, true).await.unwrap();

    let result = tenant.quick_match_organizations(it, None).await.unwrap();
    assert_eq!(stand(result), (2, 3, 2));
    let by_id = rows(&fleet, ListQuery::default(), None).await;
    let row = |id: &str| by_id.iter().find(|r| r.remote_id == id).unwrap();
    let contoso = row("0");
    assert_eq!((contoso.status, contoso.mapped_by, contoso.version), (Mapped, Some(MappedBy::QuickMatch), 1));
    assert_eq!(contoso.company.as_ref().map(|c| c.name.as_str()), Some("CONTOSO"));
    for id in ["1", "2"] {
        let suggestion = row(id).suggestion.as_ref().unwrap();
        assert_eq!((row(id).status, row(id).company.clone(), suggestion.confidence), (Pending, None, 0.5));
        assert_eq!(suggestion.company.name, "Fabrikam");
        assert_eq!(suggestion.reasons.last().unwrap(), "Another one wants the same match");
    }
    let taken = row("6").suggestion.as_ref().unwrap();
    assert_eq!(taken.reasons.last().unwrap(), "Another organization is mapped to it already");
    assert_eq!((row("3").status, row("3").version), (Unmapped, 0), "a missing one is left alone");
    assert_eq!((row("4").status, row("5").status), (Ignored, Unmapped));
    assert_eq!(row("7").mapped_by, Some(MappedBy::Manual));

    test.clock.advance(60);
    assert_eq!(stand(tenant.quick_match_organizations(it, None).await.unwrap()), stand(result));
    assert_eq!(rows(&fleet, ListQuery::default(), None).await, by_id, "again changes nothing");
    let accepted =
        tenant.save_organization(it, "1", Link(other), Some(row("1").version), true).await.unwrap();
    assert_eq!((accepted.status, accepted.suggestion), (Mapped, None));
    let next = tenant.quick_match_organizations(it, Some(1.0)).await.unwrap();
    assert_eq!(stand(next), (4, 1, 2), "the rival is gone");
    for wrong in [0.4, 1.5, f64::NAN] {
        let refusal = kind_of(tenant.quick_match_organizations(it, Some(wrong)).await);
        assert_eq!(refusal, (Invalid, Some("threshold".into())));
    }
}

async fn quick_keeps(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for n in 0..1200 {
        fleet.organization(&n.to_string(), &format!("Customer Number{n}x"), 1).await;
    }
    let mut csv = "name\n".to_owned();
    for n in 0..1200 {
        csv.push_str(&format!("Customer Number{n}x\n"));
    }
    tenant.import_companies(&csv, false).await.unwrap();
    let result = tenant.quick_match_organizations(it, None).await.unwrap();
    assert_eq!(stand(result), (1200, 0, 0));
    let first = rows(&fleet, search("number777x"), None).await.remove(0);
    assert_eq!(first.company.unwrap().name, "Customer Number777x");
}

async fn locations_follow(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    let (one, two) = (fleet.company("One").await, fleet.company("Two").await);
    let hq = fleet.site(one, "HQ").await;
    for organization in ["1", "2"] {
        fleet.organization(organization, organization, 1).await;
        fleet.location(&format!("{organization}1"), organization, "HQ").await;
        fleet.link(organization, one).await;
        tenant.save_location(it, &format!("{organization}1"), LocationChoice::Link(hq), None).await.unwrap();
    }
    let states = async || {
        let rows = tenant.remote_locations(it, sort("organization"), None, None).await.unwrap().items;
        rows.into_iter().map(|r| (r.status, r.location.map(|l| l.id), r.version)).collect::<Vec<_>>()
    };
    fleet.link("1", one).await;
    assert_eq!(
        states().await,
        [(Mapped, Some(hq), 1), (Mapped, Some(hq), 1)],
        "the same company changes nothing"
    );
    fleet.link("1", two).await;
    assert_eq!(states().await, [(Unmapped, None, 2), (Mapped, Some(hq), 1)]);
    tenant.save_organization(it, "2", Unmap, None, true).await.unwrap();
    assert_eq!(states().await, [(Unmapped, None, 2), (Unmapped, None, 2)]);
    fleet.link("2", one).await;
    assert_eq!(states().await[1], (Unmapped, None, 2), "taken back for good");
}

async fn strangers(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let theirs = test.stranger().await;
    fleet.organization("1", "Contoso", 1).await;
    let ours = fleet.company("Contoso").await;
    let it = fleet.id;
    assert_eq!(kind_of(theirs.organizations(it, ListQuery::default(), None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.organization_counts(it, None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.save_organization(it, "1", Link(ours), None, true).await), (NotFound, None));
    assert_eq!(kind_of(theirs.quick_match_organizations(it, None).await), (NotFound, None));
    let nothing = IntegrationId(new_id());
    assert_eq!(
        refused(theirs.organization_counts(it, None).await),
        refused(fleet.admin().organization_counts(nothing, None).await)
    );
}
