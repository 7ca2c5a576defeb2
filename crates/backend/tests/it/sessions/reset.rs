//! Somebody has lost the phone.

use super::{at, refusal, switched_on};
use crate::support::{EMAIL, PASSWORD, TestPortal, kind_of};
use backend::tenant::Admin;
use domain::{
    audit::{AuditAction, AuditFilter},
    error::ErrorKind::{Conflict, NotFound},
    page::ListQuery,
};

on_both!(an_administrator_resets_it, an_operator_resets_it);

const ROBIN: &str = "robin@northwind.example";

/// Who did the last thing in the log, and what it was.
async fn last(test: &TestPortal) -> (String, AuditAction, String) {
    let log = test.admin().audit_events(ListQuery::default(), AuditFilter::default()).await.unwrap();
    let event = log.items.into_iter().next().expect("an event");
    (event.actor, event.action, event.subject)
}

/// Nothing is left of it: the password is enough, and no code of before does anything.
async fn is_off(test: &TestPortal) {
    assert_eq!(test.count("SELECT count(*) FROM second_factors").await, 0);
    assert_eq!(test.count("SELECT count(*) FROM recovery_codes").await, 0);
    test.portal.sign_in(&at("10.0.0.9"), ROBIN, PASSWORD, None).await.expect("the password alone");
}

async fn an_administrator_resets_it(test: TestPortal) {
    let robin = test.user(ROBIN).await;
    let (robins, owner) = (test.session(&robin).await, test.signs_in(&at("10.0.0.1")).await);
    let session = test.session(&owner).await;
    let admin = test.portal.tenant::<Admin>(&session, domain::permissions::Area::Users).unwrap();
    let nothing = admin.reset_second_factor(robins.user_id, &session).await;
    assert_eq!(kind_of(nothing), (Conflict, None), "there is none");
    switched_on(&test, &robin).await;
    let stranger = test.stranger().await;
    assert_eq!(kind_of(stranger.reset_second_factor(robins.user_id, &session).await), (NotFound, None));
    assert!(test.portal.second_factor(&robins).await.unwrap().on, "a stranger changes nothing");
    let refused = test.portal.sign_in(&at("10.0.0.9"), ROBIN, PASSWORD, None).await;
    assert_eq!(refusal(refused).field.as_deref(), Some("code"));

    admin.reset_second_factor(robins.user_id, &session).await.unwrap();
    let event = ("Sam Owner".to_owned(), AuditAction::SecondFactorReset, "Robin User".to_owned());
    assert_eq!(last(&test).await, event);
    assert!(test.behind(&robin).await.is_none(), "their sessions are over");
    assert!(test.behind(&owner).await.is_some());
    is_off(&test).await;

    // The own one takes the password and a code, whoever sits at the keyboard.
    switched_on(&test, &owner).await;
    let own = admin.reset_second_factor(session.user_id, &session).await;
    assert_eq!(kind_of(own), (Conflict, None));
    assert!(test.portal.second_factor(&session).await.unwrap().on);
}

async fn an_operator_resets_it(test: TestPortal) {
    let (robin, owner) = (test.user(ROBIN).await, test.signs_in(&at("10.0.0.1")).await);
    let portal = &test.portal;
    assert_eq!(kind_of(portal.reset_second_factor("nobody@northwind.example").await), (NotFound, None));
    assert_eq!(kind_of(portal.reset_second_factor(EMAIL).await), (Conflict, None), "there is none");
    switched_on(&test, &robin).await;
    portal.reset_second_factor(" Robin@Northwind.example").await.unwrap();
    let event = ("Operator".to_owned(), AuditAction::SecondFactorReset, "Robin User".to_owned());
    assert_eq!(last(&test).await, event);
    assert!(test.behind(&robin).await.is_none() && test.behind(&owner).await.is_some());
    is_off(&test).await;
}
