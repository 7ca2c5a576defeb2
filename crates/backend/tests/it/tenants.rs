//! Several tenants in one installation: created by operators and by visitors.

use crate::{
    support::{EMAIL, PASSWORD, TestPortal, kind_of},
    users::token,
};
use backend::{
    Portal, Result, Tenant,
    session::{SignedIn, Visitor},
    tenant::Admin,
    verify_audit_logs,
};
use domain::{
    audit::AuditAction,
    error::ErrorKind::{Conflict, Forbidden, Invalid, NotFound, Throttled, Unauthenticated},
    ids::TenantId,
    page::ListQuery,
    role::Role,
    session::Me,
    users::UserLink,
};

on_both!(an_operator_creates_a_tenant, the_first_who_comes_owns_it, an_operator_adds_users_to_a_tenant);

const KIM: &str = "kim@contoso.example";

async fn accepts(portal: &Portal, link: &UserLink, name: &str) -> SignedIn {
    portal.accept_invitation(&Visitor::default(), &token(link), name, PASSWORD).await.expect("a user")
}

async fn admin_of(portal: &Portal, signed_in: &SignedIn) -> Tenant<Admin> {
    let token = signed_in.cookie.split(['=', ';']).nth(1).expect("a token");
    let session = portal.authenticate(token).await.expect("an answer").expect("a session");
    portal.tenant(&session, domain::permissions::Area::Users).expect("an administrator")
}

async fn names(tenant: &Tenant<Admin>) -> Vec<String> {
    tenant
        .users(ListQuery::default(), None)
        .await
        .expect("a list")
        .items
        .into_iter()
        .map(|m| m.name)
        .collect()
}

/// How often the log of a tenant says that somebody was refused at the door.
async fn refusals(tenant: &Tenant<Admin>) -> usize {
    let events = tenant.audit_events(ListQuery::default(), Default::default()).await.unwrap();
    events.items.iter().filter(|e| e.action == AuditAction::SignInRefused).count()
}

async fn an_operator_creates_a_tenant(test: TestPortal) {
    let portal = &test.portal;
    let guess = async |email: &str| {
        kind_of(portal.sign_in(&Visitor::default(), email, "a guess", None).await.map(drop)).0
    };
    assert_eq!(guess("nobody@contoso.example").await, Unauthenticated);
    assert_eq!(refusals(&test.admin()).await, 1);
    let link = portal.create_tenant(" Contoso  IT ", KIM).await.unwrap();
    let found = portal.tenants().await.unwrap();
    let shown: Vec<_> = found.iter().map(|t| (t.name.as_str(), t.users, t.owner.as_deref())).collect();
    assert_eq!(shown, [("Northwind MSP", 1, Some(EMAIL)), ("Contoso IT", 0, None)]);

    let kim = accepts(portal, &link, "Kim").await;
    assert_eq!((kim.me.tenant.name.as_str(), kim.me.role), ("Contoso IT", Role::Admin.into()));
    assert_eq!(portal.tenants().await.unwrap()[1].owner.as_deref(), Some(KIM));
    let (theirs, ours) = (admin_of(portal, &kim).await, test.admin());
    assert_eq!(names(&theirs).await, ["Kim"]);
    assert_eq!(names(&ours).await, ["Sam Owner"]);
    for email in ["nobody@contoso.example", KIM] {
        assert_eq!(guess(email).await, Unauthenticated);
    }
    assert_eq!(refusals(&ours).await, 1, "who comes to another tenant's door is none of ours");
    assert_eq!(refusals(&theirs).await, 1, "that somebody tried to be Kim");
    let types = theirs.device_types(ListQuery::default(), false).await.unwrap().total;
    assert_eq!(types, ours.device_types(ListQuery::default(), false).await.unwrap().total);
    assert!(types > 0, "it begins with the default device types");
    let events = theirs.audit_events(ListQuery::default(), Default::default()).await.unwrap();
    let told = events.items.iter().filter(|e| e.action != AuditAction::SignInRefused);
    let actors: Vec<_> = told.map(|e| (e.actor.as_str(), e.action.as_str())).collect();
    let wanted = [("Kim", "user_joined"), ("Operator", "user_invited"), ("Operator", "portal_created")];
    assert_eq!(actors, wanted);
    assert!(verify_audit_logs(portal).await.unwrap().iter().all(|(_, check)| check.intact));
    for (name, email) in [(" ", KIM), ("Contoso", "kim")] {
        assert_eq!(kind_of(portal.create_tenant(name, email).await).0, Invalid);
    }
}

async fn the_first_who_comes_owns_it(test: TestPortal) {
    let portal = &test.portal;
    portal.create_tenant("Contoso IT", KIM).await.unwrap();
    // The link was lost: the operator makes another one.
    let tenant = portal.tenants().await.unwrap()[1].id;
    let link = portal.invite_admin(tenant, KIM).await.unwrap();
    let kim = accepts(portal, &link, "Kim").await;
    let theirs = admin_of(portal, &kim).await;
    let lee = theirs.invite_user("lee@contoso.example", Role::Admin, None).await.unwrap();
    accepts(portal, &lee, "Lee").await;
    let owners = theirs.users(ListQuery::default(), None).await.unwrap().items;
    assert_eq!(
        owners.iter().map(|m| (m.name.as_str(), m.owner)).collect::<Vec<_>>(),
        [("Kim", true), ("Lee", false)]
    );
    assert_eq!(kind_of(portal.invite_admin(tenant, KIM).await).0, Conflict);
    assert_eq!(kind_of(portal.invite_admin(TenantId(uuid::Uuid::nil()), KIM).await).0, NotFound);
}

async fn an_operator_adds_users_to_a_tenant(test: TestPortal) {
    let portal = &test.portal;
    portal.create_tenant("Contoso IT", KIM).await.unwrap();
    let tenant = portal.tenants().await.unwrap()[1].id;
    portal.add_user_to(tenant, "Lee", "lee@contoso.example", PASSWORD, Role::Read).await.unwrap();
    portal.add_user("Robin", "robin@northwind.example", PASSWORD, Role::Read).await.unwrap();
    let users: Vec<_> = portal.tenants().await.unwrap().into_iter().map(|t| t.users).collect();
    assert_eq!(users, [2, 1]);
    let nowhere = TenantId(uuid::Uuid::nil());
    let refused = portal.add_user_to(nowhere, "Lee", "lee@x.example", PASSWORD, Role::Read).await;
    assert_eq!(kind_of(refused).0, NotFound);
}

async fn signs_up(portal: &Portal, visitor: &Visitor, email: &str) -> Result<Me> {
    portal.sign_up(visitor, "Contoso IT", "Kim", email, PASSWORD).await.map(|signed_in| signed_in.me)
}

#[tokio::test]
async fn visitors_create_tenants_where_that_is_allowed() {
    let test = TestPortal::sqlite().await;
    assert!(!test.portal.state().await.unwrap().sign_up);
    assert_eq!(kind_of(signs_up(&test.portal, &Visitor::default(), KIM).await).0, Forbidden);

    let test = TestPortal::open_with(None, |config| config.sign_up = true).await;
    let portal = &test.portal;
    assert!(portal.state().await.unwrap().sign_up);
    let here = Visitor { address: Some([192, 0, 2, 1].into()), ..Visitor::default() };
    let me = signs_up(portal, &here, KIM).await.unwrap();
    assert_eq!((me.tenant.name.as_str(), me.role), ("Contoso IT", Role::Admin.into()));
    assert_eq!(portal.tenants().await.unwrap()[1].owner.as_deref(), Some(KIM));
    let taken = signs_up(portal, &here, &EMAIL.to_uppercase()).await;
    assert_eq!(kind_of(taken), (Conflict, Some("email".into())));
    assert_eq!(portal.tenants().await.unwrap().len(), 2, "nothing is left of it");
    assert_eq!(kind_of(signs_up(portal, &here, "kim").await).0, Invalid);
    for n in 2..10 {
        signs_up(portal, &here, &format!("kim{n}@contoso.example")).await.unwrap();
    }
    assert_eq!(kind_of(signs_up(portal, &here, "more@contoso.example").await).0, Throttled);
    let elsewhere = Visitor { address: Some([192, 0, 2, 2].into()), ..Visitor::default() };
    signs_up(portal, &elsewhere, "more@contoso.example").await.unwrap();
}

#[tokio::test]
async fn an_installation_begins_with_any_tenant() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = backend::Config::new(folder.path());
    config.sign_up = true;
    let portal = Portal::open(config, None).await.unwrap();
    let early = signs_up(&portal, &Visitor::default(), KIM).await;
    assert_eq!(kind_of(early).0, Conflict, "it is not set up");
    assert!(!portal.state().await.unwrap().created);
    portal.create_tenant("Contoso IT", KIM).await.unwrap();
    assert!(portal.state().await.unwrap().created);
    let late = portal.create_portal(&Visitor::default(), "Late", "Eve", "eve@example.com", PASSWORD).await;
    assert_eq!(kind_of(late.map(|s| s.me)).0, Conflict);
    portal.add_user("Lee", "lee@contoso.example", PASSWORD, Role::Read).await.unwrap();
    assert_eq!(portal.tenants().await.unwrap().len(), 1);
}
