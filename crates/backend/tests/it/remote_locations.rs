//! Remote locations and the PSA locations that they are.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, refused, search, sort, stand},
};
use backend::clock::new_id;
use domain::{
    error::ErrorKind::{Conflict, Invalid, NotFound},
    mapping::{
        LocationChoice::{Create, Ignore, Link, Unmap},
        MappingStatus::{Ignored, Mapped, Pending, Unmapped},
        RemoteLocationRow, StatusCounts,
    },
    page::ListQuery,
};

on_both!(save, find, quick, strangers);

async fn save(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (tenant, it) = (staged.admin(), staged.id);
    staged.organization("1", "Contoso", 2).await;
    staged.location("11", "1", "Head Office").await;
    staged.device("d1", "1", Some("11"), "MAC").await;
    staged.device("d2", "1", Some("11"), "MAC").await;
    staged.lose("remote_devices", "d2").await;
    let (one, two) = (staged.company("One").await, staged.company("Two").await);
    let (hq, elsewhere) = (staged.site(one, "HQ").await, staged.site(two, "HQ").await);

    let early = refused(tenant.save_location(it, "11", Link(hq), None).await);
    assert_eq!((early.kind, early.field.as_deref()), (Invalid, Some("choice")));
    assert_eq!(early.message, "Map the organization \"Contoso\" to a company first, in step 2.");
    assert_eq!(kind_of(tenant.save_location(it, "11", Create, None).await).0, Invalid);
    staged.link("1", one).await;

    let linked = tenant.save_location(it, "11", Link(hq), Some(0)).await.unwrap();
    assert_eq!((linked.status, linked.version, linked.device_count), (Mapped, 1, 1));
    assert_eq!((linked.company.as_ref().unwrap().id, linked.location.as_ref().unwrap().id), (one, hq));
    assert_eq!((linked.organization.as_str(), linked.organization_remote_id.as_str()), ("Contoso", "1"));
    let listed = tenant.remote_locations(it, ListQuery::default(), None, None).await.unwrap();
    assert_eq!((listed.items, listed.total), (vec![RemoteLocationRow { undo: None, ..linked }], 1));

    let foreign = refused(tenant.save_location(it, "11", Link(elsewhere), None).await);
    assert_eq!(foreign.message, "This location belongs to another company. Choose one of \"One\".");
    let unknown = kind_of(tenant.save_location(it, "11", Link(new_id().into()), None).await);
    assert_eq!(unknown, (NotFound, Some("choice".into())));
    assert_eq!(kind_of(tenant.save_location(it, "11", Ignore, Some(0)).await), (Conflict, None));

    let made = tenant.save_location(it, "11", Create, Some(1)).await.unwrap();
    assert_eq!(made.location.as_ref().unwrap().name, "Head Office");
    let site = tenant.locations(search("head"), Some(one), false).await.unwrap().items.remove(0);
    assert_eq!((site.address.as_deref(), Some(site.id)), (Some("1 Main St"), made.location.map(|l| l.id)));
    let again = kind_of(tenant.save_location(it, "11", Create, None).await);
    assert_eq!(again, (Conflict, Some("choice".into())));
    assert_eq!(tenant.save_location(it, "11", Ignore, None).await.unwrap().status, Ignored);
    let unmapped = tenant.save_location(it, "11", Unmap, Some(3)).await.unwrap();
    assert_eq!((unmapped.status, unmapped.location, unmapped.version), (Unmapped, None, 4));
    assert_eq!(kind_of(tenant.save_location(it, "12", Ignore, None).await), (NotFound, None));
}

async fn find(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (tenant, it) = (staged.admin(), staged.id);
    staged.organization("1", "Beta", 0).await;
    staged.organization("2", "Alpha", 0).await;
    for (id, organization, name) in
        [("a", "1", "Zoo"), ("b", "2", "Attic"), ("c", "3", "Mill"), ("d", "1", "Barn")]
    {
        staged.location(id, organization, name).await;
    }
    let company = staged.company("Company").await;
    staged.link("1", company).await;
    let site = staged.site(company, "Main Site").await;
    tenant.save_location(it, "a", Link(site), None).await.unwrap();

    let ids = async |query: ListQuery, status, organization: Option<&str>| {
        let organization = organization.map(str::to_owned);
        let rows = tenant.remote_locations(it, query, status, organization).await.unwrap().items;
        rows.into_iter().map(|r| r.remote_id).collect::<Vec<_>>().join("")
    };
    assert_eq!(ids(ListQuery::default(), None, None).await, "bdca");
    assert_eq!(ids(sort("-name"), None, None).await, "acdb");
    assert_eq!(ids(sort("organization"), None, None).await, "bdac", "an unknown organization comes last");
    assert_eq!(ids(sort("location"), None, None).await, "abdc");
    assert_eq!(ids(sort("-company"), None, None).await, "dabc");
    assert_eq!(ids(sort("-status"), None, None).await, "abdc");
    assert_eq!(ids(ListQuery::default(), Some(Mapped), None).await, "a");
    assert_eq!(ids(ListQuery::default(), None, Some("1")).await, "da");
    assert_eq!(ids(ListQuery::default(), Some(Unmapped), Some("1")).await, "d");
    assert_eq!(ids(search("MAIN S"), None, None).await, "a");
    assert_eq!(ids(search("alph"), None, None).await, "b");
    let unknown = tenant.remote_locations(it, search("mill"), None, None).await.unwrap().items.remove(0);
    assert_eq!((unknown.organization.as_str(), unknown.company), ("Organization 3", None));
    let counts = StatusCounts { all: 4, mapped: 1, unmapped: 3, ..StatusCounts::default() };
    assert_eq!(tenant.remote_location_counts(it, None, None).await.unwrap(), counts);
    let of_one = StatusCounts { all: 2, mapped: 1, unmapped: 1, ..StatusCounts::default() };
    assert_eq!(tenant.remote_location_counts(it, None, Some("1".into())).await.unwrap(), of_one);
    let found = StatusCounts { all: 1, unmapped: 1, ..StatusCounts::default() };
    assert_eq!(tenant.remote_location_counts(it, Some("bar".into()), Some("1".into())).await.unwrap(), found);
    let figures = tenant.integration(it).await.unwrap().counts;
    assert_eq!((figures.locations, figures.locations_mapped), (4, 1));
}

async fn quick(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (tenant, it) = (staged.admin(), staged.id);
    let (one, two) = (staged.company("One").await, staged.company("Two").await);
    for (organization, company) in [("1", Some(one)), ("2", Some(two)), ("3", None)] {
        staged.organization(organization, organization, 0).await;
        staged.location(&format!("{organization}1"), organization, "Warehouse").await;
        if let Some(company) = company {
            staged.link(organization, company).await;
        }
    }
    staged.location("12", "1", "warehouse").await;
    staged.location("22", "2", "Office").await;
    let (first, second) = (staged.site(one, "Warehouse").await, staged.site(two, "WAREHOUSE").await);
    staged.site(two, "Office").await;
    tenant.save_location(it, "22", Ignore, None).await.unwrap();

    let result = tenant.quick_match_locations(it, None).await.unwrap();
    assert_eq!(stand(result), (1, 2, 1));
    let rows = tenant.remote_locations(it, sort("organization"), None, None).await.unwrap().items;
    let told: Vec<_> = rows
        .iter()
        .map(|r| {
            (
                r.remote_id.as_str(),
                r.status,
                r.location.as_ref().map(|l| l.id),
                r.suggestion.as_ref().map(|s| s.location.id),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("11", Pending, None, Some(first)),
            ("12", Pending, None, Some(first)),
            ("22", Ignored, None, None),
            ("21", Mapped, Some(second), None),
            ("31", Unmapped, None, None),
        ]
    );
    tenant.save_organization(it, "1", domain::mapping::OrganizationChoice::Unmap, None, true).await.unwrap();
    let after = tenant.quick_match_locations(it, None).await.unwrap();
    assert_eq!(stand(after), (1, 0, 3), "proposals go with the company");
    assert_eq!(
        kind_of(tenant.quick_match_locations(it, Some(0.0)).await),
        (Invalid, Some("threshold".into()))
    );
}

async fn strangers(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (theirs, it) = (test.stranger().await, staged.id);
    staged.location("11", "1", "HQ").await;
    assert_eq!(
        kind_of(theirs.remote_locations(it, ListQuery::default(), None, None).await),
        (NotFound, None)
    );
    assert_eq!(kind_of(theirs.remote_location_counts(it, None, None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.save_location(it, "11", Ignore, None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.quick_match_locations(it, None).await), (NotFound, None));
}
