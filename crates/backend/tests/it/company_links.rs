//! Companies beside the organizations that they are in each integration.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, search, sort},
};
use domain::{
    company_links::{CompanyLinkCounts, CompanyLinks},
    error::ErrorKind::{Conflict, Invalid, NotFound},
    page::ListQuery,
};

on_both!(grid, swap, strangers);

fn names(items: &[CompanyLinks]) -> Vec<&str> {
    items.iter().map(|c| c.company.name.as_str()).collect()
}

async fn grid(test: TestPortal) {
    let (first, second) = (Staged::new(&test).await, Staged::new(&test).await);
    let tenant = first.admin();
    for fleet in [&first, &second] {
        for (id, name) in [("1", "Acme Inc"), ("2", "Blue"), ("3", "Blue West")] {
            fleet.organization(id, name, 3).await;
        }
    }
    let (acme, blue) = (first.company("Acme").await, first.company("Blue").await);
    first.company("Contoso").await;
    let old = first.company("Old").await;
    tenant.archive_company(old, true).await.unwrap();
    first.link("1", acme).await;
    second.link("1", acme).await;
    first.link("2", blue).await;
    first.link("3", blue).await;
    second.lose("organizations", "1").await;

    let all = tenant.company_links(ListQuery::default(), false, None).await.unwrap();
    assert_eq!(names(&all.items), ["Acme", "Blue", "Contoso"]);
    let links = |at: usize| {
        let of = all.items[at].links.iter();
        of.map(|l| (l.integration_id, l.name.as_str(), l.missing, l.version)).collect::<Vec<_>>()
    };
    let mut of_acme = links(0);
    of_acme.sort_by_key(|l| l.2);
    assert_eq!(of_acme, [(first.id, "Acme Inc", false, 1), (second.id, "Acme Inc", true, 1)]);
    assert_eq!(links(1), [(first.id, "Blue", false, 1), (first.id, "Blue West", false, 1)]);
    assert_eq!(links(2), []);

    let lacking = tenant.company_links(ListQuery::default(), true, None).await.unwrap();
    assert_eq!(names(&lacking.items), ["Blue", "Contoso"]);
    let in_first = tenant.company_links(ListQuery::default(), true, Some(first.id)).await.unwrap();
    assert_eq!(names(&in_first.items), ["Contoso"]);
    let counts = tenant.company_link_counts(None).await.unwrap();
    assert_eq!(counts, CompanyLinkCounts { all: 3, missing: 2 });
    let found = tenant.company_links(search("west"), false, None).await.unwrap();
    assert_eq!(names(&found.items), ["Blue"], "organizations are searched too");
    assert_eq!(tenant.company_link_counts(Some("con".into())).await.unwrap().all, 1);
    first.inventory(blue, "SN-1").await;
    let by_devices = tenant.company_links(sort("-device_count"), false, None).await.unwrap();
    assert_eq!(names(&by_devices.items)[0], "Blue");
}

async fn swap(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let (tenant, it) = (fleet.admin(), fleet.id);
    for (id, name) in [("1", "Acme Old"), ("2", "Acme New"), ("3", "Blue")] {
        fleet.organization(id, name, 3).await;
    }
    let acme = fleet.company("Acme").await;
    fleet.link("1", acme).await;
    let late = tenant.swap_organization(it, "1", "2", Some(7), false).await;
    assert_eq!(kind_of(late).0, Conflict);
    let swapped = tenant.swap_organization(it, "1", "2", Some(1), false).await.unwrap();
    assert_eq!(swapped.changed, 2);
    let linked = async || {
        let all = tenant.company_links(ListQuery::default(), false, None).await.unwrap().items;
        all[0].links.iter().map(|l| l.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(linked().await, ["Acme New"]);
    tenant.undo_decision(swapped.undo.unwrap(), false).await.unwrap();
    assert_eq!(linked().await, ["Acme Old"]);
    assert_eq!(
        kind_of(tenant.swap_organization(it, "3", "1", None, false).await),
        (Invalid, Some("remote_id".into()))
    );
    assert_eq!(
        kind_of(tenant.swap_organization(it, "1", "1", None, false).await),
        (Invalid, Some("by".into()))
    );
    assert_eq!(kind_of(tenant.swap_organization(it, "1", "9", None, false).await), (NotFound, None));
}

async fn strangers(test: TestPortal) {
    let fleet = Staged::new(&test).await;
    let theirs = test.stranger().await;
    fleet.organization("1", "Acme", 1).await;
    let acme = fleet.company("Acme").await;
    fleet.link("1", acme).await;
    assert_eq!(theirs.company_links(ListQuery::default(), false, None).await.unwrap().total, 0);
    assert_eq!(theirs.company_link_counts(None).await.unwrap().all, 0);
    assert_eq!(kind_of(theirs.swap_organization(fleet.id, "1", "1", None, true).await), (NotFound, None));
    let foreign = theirs.company_links(ListQuery::default(), true, Some(fleet.id)).await;
    assert_eq!(kind_of(foreign), (NotFound, None));
}
