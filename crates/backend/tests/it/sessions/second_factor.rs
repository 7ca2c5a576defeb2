//! Codes of an authenticator app, and recovery codes.

use super::{at, code, figure, refusal, returning};
use crate::support::{EMAIL, PASSWORD, TestPortal, kind_of, refused};
use backend::{Result, session::SignedIn, vault::Operator};
use domain::{
    audit::{AuditAction, AuditFilter},
    error::ErrorKind::{Conflict, Internal, Invalid, Throttled, Unauthenticated},
    page::ListQuery,
};
use sea_orm::{ConnectionTrait, TransactionTrait};
use std::time::Duration;

on_both!(
    it_is_switched_on_and_asked_for,
    a_code_is_accepted_once,
    a_recovery_code_is_accepted_once,
    codes_are_not_guessed,
    an_app_that_nobody_confirms_is_forgotten,
    a_secret_belongs_to_its_user,
    a_new_master_key_seals_it_anew,
    a_lost_key_is_told,
    one_that_changes_while_somebody_signs_in_counts,
);

async fn sign_in(test: &TestPortal, code: &str) -> Result<SignedIn> {
    test.portal.sign_in(&at("10.0.0.1"), EMAIL, PASSWORD, Some(code)).await
}

/// Switches the owner's on.
async fn switched_on(test: &TestPortal) -> (String, Vec<String>) {
    super::switched_on(test, &test.signs_in(&at("10.0.0.1")).await).await
}

async fn it_is_switched_on_and_asked_for(test: TestPortal) {
    let (here, there) = (test.signs_in(&at("10.0.0.1")).await, test.signs_in(&at("10.0.0.2")).await);
    let (session, portal) = (test.session(&here).await, &test.portal);
    assert!(!portal.second_factor(&session).await.unwrap().on);
    assert_eq!(kind_of(portal.confirm_second_factor(&session, "000000").await), (Conflict, None));
    let wrong = portal.begin_second_factor(&session, "not the password", None).await;
    assert_eq!(kind_of(wrong), (Invalid, Some("password".into())));
    portal.begin_second_factor(&session, PASSWORD, None).await.unwrap();
    let setup = portal.begin_second_factor(&session, PASSWORD, None).await.unwrap();
    assert!(setup.uri.contains(&setup.key));
    let wrong = portal.confirm_second_factor(&session, "12345").await;
    assert_eq!(kind_of(wrong), (Invalid, Some("code".into())));
    // Not confirmed, not asked for.
    assert!(!portal.second_factor(&session).await.unwrap().on);
    test.signs_in(&at("10.0.0.3")).await;

    let codes = portal.confirm_second_factor(&session, &code(&test, &setup.key, 0)).await.unwrap();
    assert_eq!(codes.len(), 10);
    let log = test.admin().audit_events(ListQuery::default(), AuditFilter::default()).await.unwrap();
    assert_eq!(log.items[0].action, AuditAction::SecondFactorOn);
    let state = portal.second_factor(&session).await.unwrap();
    assert_eq!((state.on, state.since, state.recovery_codes), (true, Some(portal.now()), 10));
    assert!(test.behind(&here).await.is_some() && test.behind(&there).await.is_none());
    let again = portal.begin_second_factor(&session, PASSWORD, None).await;
    assert_eq!(kind_of(again), (Invalid, Some("code".into())), "another app takes a code of this one");

    test.clock.advance(60);
    let asked = test.fails(&at("10.0.0.1"), EMAIL, PASSWORD).await;
    assert_eq!((asked.kind, asked.field.as_deref()), (Unauthenticated, Some("code")));
    let wrong = refusal(sign_in(&test, "12345").await);
    assert_eq!((wrong.kind, wrong.field.as_deref()), (Unauthenticated, Some("code")));
    // Whoever does not know the password learns nothing about codes.
    assert_eq!(test.fails(&at("10.0.0.1"), EMAIL, "a wrong guess").await.field, None);
    sign_in(&test, &code(&test, &setup.key, 0)).await.unwrap();

    test.clock.advance(60);
    let off = portal.remove_second_factor(&session, "not the password", &codes[0]).await;
    assert_eq!(kind_of(off), (Invalid, Some("password".into())));
    assert_eq!(
        kind_of(portal.remove_second_factor(&session, PASSWORD, "12345").await),
        (Invalid, Some("code".into()))
    );
    portal.remove_second_factor(&session, PASSWORD, &codes[0]).await.unwrap();
    assert!(!portal.second_factor(&session).await.unwrap().on);
    test.signs_in(&at("10.0.0.1")).await;
    assert_eq!(test.execute("DELETE FROM recovery_codes", vec![]).await, 0);
}

async fn a_code_is_accepted_once(test: TestPortal) {
    let (key, _) = switched_on(&test).await;
    let now = code(&test, &key, 0);
    let twice = futures::future::join(sign_in(&test, &now), sign_in(&test, &now)).await;
    assert_eq!([twice.0.is_ok(), twice.1.is_ok()].iter().filter(|ok| **ok).count(), 1, "both at once");
    assert_eq!(refusal(sign_in(&test, &now).await).field.as_deref(), Some("code"));
    assert_eq!(refusal(sign_in(&test, &code(&test, &key, -30)).await).field.as_deref(), Some("code"));
    sign_in(&test, &code(&test, &key, 30)).await.expect("an app that is a step ahead");
    test.clock.advance(120);
    sign_in(&test, &code(&test, &key, -30)).await.expect("an app that is a step behind");
    test.clock.advance(120);
    for seconds in [-60, 60] {
        assert_eq!(refusal(sign_in(&test, &code(&test, &key, seconds)).await).kind, Unauthenticated);
    }
}

async fn a_recovery_code_is_accepted_once(test: TestPortal) {
    let (_, codes) = switched_on(&test).await;
    let session =
        test.session(&sign_in(&test, &codes[3].to_lowercase().replace('-', " ")).await.unwrap()).await;
    assert_eq!(test.portal.second_factor(&session).await.unwrap().recovery_codes, 9);
    assert_eq!(refusal(sign_in(&test, &codes[3]).await).field.as_deref(), Some("code"));
    sign_in(&test, &codes[4]).await.unwrap();
}

async fn codes_are_not_guessed(test: TestPortal) {
    let (key, _) = switched_on(&test).await;
    // Asking what is wanted is no guess.
    for _ in 0..12 {
        assert_eq!(test.fails(&at("10.0.0.1"), EMAIL, PASSWORD).await.kind, Unauthenticated);
    }
    for _ in 0..10 {
        assert_eq!(refusal(sign_in(&test, "12345").await).kind, Unauthenticated);
    }
    assert_eq!(refusal(sign_in(&test, &code(&test, &key, 0)).await).kind, Throttled);
    test.clock.advance(15 * 60);
    let signed_in = sign_in(&test, &code(&test, &key, 0)).await.unwrap();

    let session = test.session(&signed_in).await;
    for _ in 0..10 {
        let wrong = test.portal.remove_second_factor(&session, PASSWORD, "12345").await;
        assert_eq!(kind_of(wrong), (Invalid, Some("code".into())));
    }
    test.clock.advance(60);
    let right = code(&test, &key, 0);
    assert_eq!(kind_of(test.portal.remove_second_factor(&session, PASSWORD, &right).await).0, Throttled);
    assert!(
        test.behind(
            &test
                .portal
                .sign_in(&returning("10.0.0.1", &signed_in), EMAIL, PASSWORD, Some(&right))
                .await
                .unwrap()
        )
        .await
        .is_some()
    );
}

async fn an_app_that_nobody_confirms_is_forgotten(test: TestPortal) {
    let here = test.signs_in(&at("10.0.0.1")).await;
    let (key, _) = super::switched_on(&test, &here).await;
    let (session, now) = (test.session(&here).await, code(&test, &key, 0));
    test.portal.begin_second_factor(&session, PASSWORD, Some(&now)).await.unwrap();
    for (seconds, kept) in [(3600, 1), (1, 0)] {
        test.clock.advance(seconds);
        backend::jobs::prune::prune(&test.portal).await.unwrap();
        assert_eq!(test.count("SELECT count(*) FROM pending_second_factors").await, kept, "{seconds}");
    }
}

async fn a_secret_belongs_to_its_user(test: TestPortal) {
    let (key, _) = switched_on(&test).await;
    test.user("robin@northwind.example").await;
    let swap = "UPDATE second_factors SET user_id = (SELECT id FROM users WHERE email_key = 'robin@northwind.example')";
    test.execute("DELETE FROM recovery_codes", vec![]).await;
    assert_eq!(test.execute(swap, vec![]).await, 1);
    let code = code(&test, &key, 0);
    let robin = test.portal.sign_in(&at("10.0.0.9"), "robin@northwind.example", PASSWORD, Some(&code)).await;
    assert_eq!(refusal(robin).kind, Internal, "a sealed secret that was moved opens nothing");
}

async fn a_new_master_key_seals_it_anew(test: TestPortal) {
    let (key, codes) = switched_on(&test).await;
    let operator = Operator::open(&test.config(), None).await.unwrap();
    let before = operator.check().await.unwrap();
    let rotation = operator.rotate().await.unwrap();
    let (new, done) = (rotation.key_id.clone(), rotation.reseal().await.unwrap());
    assert_eq!((done.rows, done.unreadable), (1, Vec::<String>::new()));
    assert_ne!(before.current, Some(new.clone()));
    let after = operator.check().await.unwrap();
    assert_eq!((after.by_key, after.unreadable), (vec![(new, 1)], Vec::new()));
    // The server of before, and one that starts now.
    sign_in(&test, &code(&test, &key, 0)).await.unwrap();
    test.clock.advance(60);
    let late = test.another_server().await;
    late.sign_in(&at("10.0.0.2"), EMAIL, PASSWORD, Some(&code(&test, &key, 0))).await.unwrap();
    sign_in(&test, &codes[0]).await.unwrap();
}

async fn a_lost_key_is_told(test: TestPortal) {
    let (key, codes) = switched_on(&test).await;
    test.execute("UPDATE second_factors SET data_key = secret", vec![]).await;
    let operator = Operator::open(&test.config(), None).await.unwrap();
    for wrong in [0, 2] {
        let told = refused(operator.forget_lost(wrong, true).await);
        assert!(told.message.contains(&format!("1, not {wrong}")), "{}", told.message);
    }
    let given_up = operator.forget_lost(1, false).await.unwrap();
    assert_eq!(given_up, [format!("second factor \"{EMAIL}\" of Northwind MSP")]);
    let told = refusal(sign_in(&test, &code(&test, &key, 0)).await);
    assert_eq!((told.kind, told.field.as_deref()), (Conflict, Some("code")));
    assert!(told.message.contains("recovery code"), "{}", told.message);
    sign_in(&test, &codes[0]).await.unwrap();
}

/// Whoever signs in waits for the database, while it is switched on, or another app takes the place of the one that was asked.
async fn one_that_changes_while_somebody_signs_in_counts(test: TestPortal) {
    const ON: &str = "UPDATE second_factors SET confirmed_at = 1";
    let (_, codes) = super::switched_on(&test, &test.user("robin@a.example").await).await;
    let elsewhere = test.elsewhere().await;
    for (before, change, asked) in [
        ("UPDATE second_factors SET confirmed_at = NULL", ON, false),
        (ON, "UPDATE second_factors SET confirmed_at = 2", true),
    ] {
        let mut tries = codes.iter().zip(1..);
        let refused = loop {
            let Some((code, nth)) = tries.next() else {
                panic!("{change}: who waited meanwhile got in, or nobody came in time");
            };
            test.execute(before, Vec::new()).await;
            let checks = figure(&test, "password_checks").await;
            let (portal, code) = (test.portal.clone(), asked.then(|| code.clone()));
            let signing_in = tokio::spawn(async move {
                portal.sign_in(&at("10.0.0.3"), "robin@a.example", PASSWORD, code.as_deref()).await
            });
            while figure(&test, "password_checks").await == checks {
                tokio::task::yield_now().await;
            }
            let tx = elsewhere.begin().await.unwrap();
            for statement in ["UPDATE users SET name = name", change] {
                tx.execute_unprepared(statement).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(100 * nth)).await;
            tx.commit().await.unwrap();
            let outcome = signing_in.await.unwrap();
            // On a busy machine the change may come when all is done, or before there was a look at the code.
            if outcome.is_err() {
                let error = refusal(outcome);
                if error.field.is_none() {
                    break error;
                }
            }
        };
        assert_eq!(refused.kind, Unauthenticated, "{change}");
        assert!(refused.message.contains("was changed a moment ago"), "{change}: {}", refused.message);
    }
}
