use crate::support::{TestPortal, kind_of, refused, search, sort};
use backend::{Tenant, clock::new_id, tenant::Admin};
use domain::{
    company::{Company, CompanyInput, LocationInput},
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::{CompanyId, LocationId},
    page::ListQuery,
};

on_both!(edit, lists, archived_company, strangers);

fn site(name: &str) -> LocationInput {
    LocationInput { name: name.into(), ..LocationInput::default() }
}

async fn company(tenant: &Tenant<Admin>, name: &str) -> Company {
    tenant.create_company(CompanyInput { name: name.into(), ..CompanyInput::default() }).await.unwrap()
}

async fn names(tenant: &Tenant<Admin>, query: ListQuery, company: Option<CompanyId>) -> Vec<String> {
    let list = tenant.locations(query, company, false).await.unwrap();
    list.items.into_iter().map(|l| format!("{}: {}", l.company_name, l.name)).collect()
}

async fn edit(test: TestPortal) {
    let tenant = test.admin();
    let (acme, bolt) = (company(&tenant, "Acme").await, company(&tenant, "Bolt").await);
    let input = LocationInput { address: Some(" 2 Side Rd ".into()), psa_ref: None, ..site("Main  Office") };
    let made = tenant.create_location(acme.id, input).await.unwrap();
    assert_eq!((made.name.as_str(), made.address.as_deref()), ("Main Office", Some("2 Side Rd")));
    assert_eq!((made.company_id, made.company_name.as_str()), (acme.id, "Acme"));
    assert_eq!((made.version, made.device_count, made.archived), (1, 0, false));

    let twice = tenant.create_location(acme.id, site("MAIN OFFICE")).await;
    assert_eq!(kind_of(twice), (Conflict, Some("name".into())));
    tenant.create_location(bolt.id, site("Main Office")).await.expect("another company may use the name");

    let changed = tenant.update_location(made.id, site("Annex"), Some(1)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.address.as_deref(), changed.version), ("Annex", None, 2));
    let late = refused(tenant.update_location(made.id, site("Late"), Some(1)).await);
    assert_eq!(late.kind, Conflict);
    assert!(late.message.starts_with("Somebody changed this location"), "{}", late.message);
    assert_eq!(tenant.location(made.id).await.unwrap(), changed);

    assert_eq!(kind_of(tenant.create_location(acme.id, site("")).await), (Invalid, Some("name".into())));
    assert_eq!(kind_of(tenant.create_location(CompanyId(new_id()), site("X")).await), (NotFound, None));
    assert_eq!(
        kind_of(tenant.update_location(LocationId(new_id()), site("X"), None).await),
        (NotFound, None)
    );
}

async fn lists(test: TestPortal) {
    let tenant = test.admin();
    let (acme, bolt) = (company(&tenant, "Acme").await, company(&tenant, "Bolt").await);
    for (id, name) in [(acme.id, "Zürich"), (acme.id, "Basel"), (bolt.id, "Lyon")] {
        tenant.create_location(id, site(name)).await.unwrap();
    }
    let all = ["Acme: Basel", "Bolt: Lyon", "Acme: Zürich"];
    assert_eq!(names(&tenant, ListQuery::default(), None).await, all);
    assert_eq!(names(&tenant, sort("-company"), None).await, ["Bolt: Lyon", "Acme: Basel", "Acme: Zürich"]);
    assert_eq!(names(&tenant, sort("device_count"), Some(bolt.id)).await, ["Bolt: Lyon"]);
    assert_eq!(names(&tenant, search("ZÜR"), None).await, ["Acme: Zürich"]);
    assert_eq!(names(&tenant, search("acme"), None).await, ["Acme: Basel", "Acme: Zürich"]);
    assert_eq!(names(&tenant, search("acme"), Some(bolt.id)).await, Vec::<String>::new());
    let gone = tenant.locations(ListQuery::default(), Some(CompanyId(new_id())), false).await;
    assert_eq!(kind_of(gone), (NotFound, None));
}

async fn archived_company(test: TestPortal) {
    let tenant = test.admin();
    let acme = company(&tenant, "Acme").await;
    let hq = tenant.create_location(acme.id, site("HQ")).await.unwrap();
    let old = tenant.create_location(acme.id, site("Old")).await.unwrap();
    let old = tenant.archive_location(old.id, true).await.unwrap();
    assert!(old.archived);
    assert_eq!(tenant.locations(ListQuery::default(), None, true).await.unwrap().items, vec![old.clone()]);

    tenant.archive_company(acme.id, true).await.unwrap();
    assert_eq!(names(&tenant, ListQuery::default(), None).await, Vec::<String>::new());
    assert_eq!(names(&tenant, ListQuery::default(), Some(acme.id)).await, ["Acme: HQ"]);
    let blocked = refused(tenant.create_location(acme.id, site("New")).await);
    assert_eq!(blocked.kind, Conflict);
    assert!(blocked.message.contains("archived"), "{}", blocked.message);
    assert_eq!(refused(tenant.archive_location(old.id, false).await).kind, Conflict);

    tenant.archive_company(acme.id, false).await.unwrap();
    assert_eq!(tenant.archive_location(old.id, false).await.unwrap().version, 3);
    assert_eq!(tenant.location(hq.id).await.unwrap(), hq, "the company's archive left it alone");
}

async fn strangers(test: TestPortal) {
    let (ours, theirs) = (test.admin(), test.stranger().await);
    let acme = company(&ours, "Acme").await;
    let hq = ours.create_location(acme.id, site("HQ")).await.unwrap();
    assert_eq!(theirs.locations(ListQuery::default(), None, false).await.unwrap().total, 0);
    assert_eq!(kind_of(theirs.locations(ListQuery::default(), Some(acme.id), false).await), (NotFound, None));
    assert_eq!(kind_of(theirs.create_location(acme.id, site("X")).await), (NotFound, None));
    assert_eq!(kind_of(theirs.update_location(hq.id, site("X"), None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.archive_location(hq.id, true).await), (NotFound, None));
    let report = theirs.import_locations("company,name\nAcme,Stolen\n", false).await.unwrap();
    assert_eq!((report.created, report.rejected.len()), (0, 1));
    assert_eq!(ours.locations(ListQuery::default(), None, false).await.unwrap().items, vec![hq]);
}
