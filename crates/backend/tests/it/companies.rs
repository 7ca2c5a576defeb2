use crate::support::{TestPortal, kind_of, page, refused, search, sort};
use backend::{Tenant, clock::new_id, tenant::Admin};
use domain::{
    company::{Company, CompanyInput, LocationInput},
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::CompanyId,
    page::ListQuery,
};

on_both!(edit, archive, find, strangers);

fn named(name: &str) -> CompanyInput {
    CompanyInput { name: name.into(), ..CompanyInput::default() }
}

async fn names(tenant: &Tenant<Admin>, query: ListQuery) -> Vec<String> {
    let list = tenant.companies(query, false).await.unwrap();
    list.items.into_iter().map(|c: Company| c.name).collect()
}

async fn edit(test: TestPortal) {
    let tenant = test.admin();
    let input = CompanyInput {
        name: "  Contoso \t GmbH ".into(),
        domain: Some("Contoso.Example".into()),
        phone: Some(" ".into()),
        address: Some("1 Main St".into()),
        psa_ref: Some("C-17".into()),
    };
    let made = tenant.create_company(input).await.unwrap();
    assert_eq!(made.name, "Contoso GmbH");
    assert_eq!(made.domain.as_deref(), Some("contoso.example"));
    assert_eq!((made.phone.as_deref(), made.address.as_deref()), (None, Some("1 Main St")));
    assert_eq!((made.version, made.archived, made.location_count, made.device_count), (1, false, 0, 0));
    assert_eq!((made.created_at, made.updated_at), (test.portal.now(), test.portal.now()));
    assert_eq!(tenant.company(made.id).await.unwrap(), made);

    test.clock.advance(60);
    let changed = tenant.update_company(made.id, named("Contoso"), Some(1)).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.version, changed.psa_ref.as_deref()), ("Contoso", 2, None));
    assert_eq!((changed.created_at, changed.updated_at), (made.created_at, test.portal.now()));

    let late = refused(tenant.update_company(made.id, named("Contoso Late"), Some(1)).await);
    assert_eq!(late.kind, Conflict);
    assert!(late.message.starts_with("Somebody changed this company"), "{}", late.message);
    assert_eq!(tenant.company(made.id).await.unwrap(), changed, "a lost race writes nothing");
    assert_eq!(tenant.update_company(made.id, named("Contoso"), None).await.unwrap().version, 3);

    tenant.create_company(named("Ährenfeld")).await.unwrap();
    let taken = refused(tenant.create_company(named("ÄHRENFELD")).await);
    assert_eq!((taken.kind, taken.field.as_deref()), (Conflict, Some("name")));
    assert!(taken.message.contains("ÄHRENFELD"), "{}", taken.message);
    let rename = kind_of(tenant.update_company(made.id, named("ährenfeld"), None).await);
    assert_eq!(rename, (Conflict, Some("name".into())));

    assert_eq!(kind_of(tenant.create_company(named(" ")).await), (Invalid, Some("name".into())));
    let long = CompanyInput { phone: Some("1".repeat(501)), ..named("Long") };
    assert_eq!(kind_of(tenant.create_company(long).await), (Invalid, Some("phone".into())));
    let nobody = CompanyId(new_id());
    assert_eq!(kind_of(tenant.update_company(nobody, named("X"), Some(1)).await), (NotFound, None));
    assert_eq!(kind_of(tenant.company(nobody).await), (NotFound, None));
}

async fn archive(test: TestPortal) {
    let tenant = test.admin();
    let old = tenant.create_company(named("Fabrikam")).await.unwrap();
    let archived = tenant.archive_company(old.id, true).await.unwrap();
    assert_eq!((archived.archived, archived.version), (true, 2));
    assert_eq!(tenant.archive_company(old.id, true).await.unwrap(), archived, "again changes nothing");
    assert_eq!(tenant.companies(ListQuery::default(), false).await.unwrap().total, 0);
    assert_eq!(tenant.companies(ListQuery::default(), true).await.unwrap().items, vec![archived]);

    let young = tenant.create_company(named("fabrikam")).await.unwrap();
    let taken = refused(tenant.archive_company(old.id, false).await);
    assert_eq!((taken.kind, taken.field.as_deref()), (Conflict, Some("name")));
    assert!(taken.message.contains("Rename"), "{}", taken.message);

    tenant.update_company(young.id, named("Fabrikam 2"), None).await.unwrap();
    assert!(!tenant.archive_company(old.id, false).await.unwrap().archived);
    assert_eq!(names(&tenant, ListQuery::default()).await, ["Fabrikam", "Fabrikam 2"]);
    assert_eq!(kind_of(tenant.archive_company(CompanyId(new_id()), true).await), (NotFound, None));
}

async fn find(test: TestPortal) {
    let tenant = test.admin();
    let with = |name: &str, domain: Option<&str>, psa_ref: Option<&str>| CompanyInput {
        domain: domain.map(Into::into),
        psa_ref: psa_ref.map(Into::into),
        ..named(name)
    };
    let zeta = tenant.create_company(with("zeta 100%", None, Some("REF-9"))).await.unwrap();
    test.clock.advance(1);
    tenant.create_company(with("Alpha Électrique", Some("alpha.example"), None)).await.unwrap();
    test.clock.advance(1);
    tenant.create_company(with("beta_soft", Some("soft.example"), Some("x"))).await.unwrap();
    let site = LocationInput { name: "HQ".into(), ..LocationInput::default() };
    let shut = LocationInput { name: "Old".into(), ..LocationInput::default() };
    tenant.create_location(zeta.id, site).await.unwrap();
    let shut = tenant.create_location(zeta.id, shut).await.unwrap();
    tenant.archive_location(shut.id, true).await.unwrap();
    let zeta = tenant.company(zeta.id).await.unwrap();
    assert_eq!(zeta.location_count, 1, "archived locations do not count");

    let (a, b, z) = ("Alpha Électrique", "beta_soft", "zeta 100%");
    assert_eq!(names(&tenant, ListQuery::default()).await, [a, b, z]);
    assert_eq!(names(&tenant, sort("-name")).await, [z, b, a]);
    assert_eq!(names(&tenant, sort("domain")).await, [a, b, z]);
    assert_eq!(names(&tenant, sort("-domain")).await, [b, a, z]);
    assert_eq!(names(&tenant, sort("updated_at")).await, [z, a, b]);
    assert_eq!(names(&tenant, sort("-location_count")).await, [z, a, b]);
    assert_eq!(names(&tenant, sort("device_count")).await, [a, b, z]);
    assert_eq!(kind_of(tenant.companies(sort("phone"), false).await), (Invalid, Some("sort".into())));

    assert_eq!(names(&tenant, search("électr")).await, [a]);
    assert_eq!(names(&tenant, search(" BETA_ ")).await, [b]);
    assert_eq!(names(&tenant, search("a_s")).await, [b], "wildcards are taken literally");
    assert_eq!(names(&tenant, search("0%")).await, [z]);
    assert_eq!(names(&tenant, search("soft.exa")).await, [b]);
    assert_eq!(names(&tenant, search("ref-9")).await, [z]);
    assert_eq!(names(&tenant, search(r"\")).await, Vec::<String>::new());

    let second = tenant.companies(page(2, 2), false).await.unwrap();
    assert_eq!((second.pages(), second.total, second.items), (2, 3, vec![zeta]));
    let past = tenant.companies(page(9, 2), false).await.unwrap();
    assert_eq!((past.items.len(), past.total), (0, 3));
    let found = tenant.companies(ListQuery { page_size: Some(1), ..search("example") }, false).await.unwrap();
    assert_eq!((found.items.len(), found.total), (1, 2));
    assert_eq!(kind_of(tenant.companies(page(0, 2), false).await), (Invalid, Some("page".into())));
}

async fn strangers(test: TestPortal) {
    let (ours, theirs) = (test.admin(), test.stranger().await);
    let made = ours.create_company(named("Contoso")).await.unwrap();
    assert_eq!(theirs.companies(ListQuery::default(), false).await.unwrap().total, 0);
    assert_eq!(kind_of(theirs.company(made.id).await), (NotFound, None));
    assert_eq!(kind_of(theirs.update_company(made.id, named("Mine"), None).await), (NotFound, None));
    assert_eq!(kind_of(theirs.archive_company(made.id, true).await), (NotFound, None));
    theirs.create_company(named("Contoso")).await.unwrap();
    assert_eq!(ours.company(made.id).await.unwrap(), made);
}
