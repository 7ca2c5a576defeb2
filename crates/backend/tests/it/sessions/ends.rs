//! When sessions end, and who ends them.

use super::{at, figure, refusal, returning};
use crate::{
    support::{EMAIL, PASSWORD, TestPortal, kind_of, refused},
    users::token,
};
use backend::{session::Visitor, tenant::Admin};
use domain::{
    error::ErrorKind::{Conflict, Invalid, NotFound, Throttled, Unauthenticated},
    role::Role,
};

on_both!(
    signing_in_changes_the_token,
    sessions_expire,
    a_new_password_ends_them,
    a_password_that_is_guessed_early_is_refused,
    who_is_shut_out_while_signing_in_is_out,
    who_is_shut_out_while_changing_the_password_is_out,
    strangers_do_not_make_a_portal_that_exists_hash,
    the_present_password_is_not_guessed,
    they_are_listed_and_revoked,
    an_administrator_ends_those_of_others,
);

async fn signing_in_changes_the_token(test: TestPortal) {
    let first = test.signs_in(&at("10.0.0.1")).await;
    let second = test.signs_in(&returning("10.0.0.1", &first)).await;
    assert_ne!(first.cookie, second.cookie);
    assert!(test.behind(&first).await.is_none(), "the browser's earlier session is over");
    assert!(test.behind(&second).await.is_some());
    // A token that somebody planted becomes nobody's session.
    let planted = Visitor { session: Some("planted".into()), ..at("10.0.0.1") };
    let third = test.signs_in(&planted).await;
    assert!(test.portal.authenticate("planted").await.unwrap().is_none());
    assert!(test.behind(&second).await.is_some() && test.behind(&third).await.is_some());
    test.portal.sign_out(&test.session(&third).await).await.unwrap();
    assert!(test.behind(&third).await.is_none());
}

async fn sessions_expire(test: TestPortal) {
    const DAY: i64 = 24 * 3600;
    let idle = test.signs_in(&at("10.0.0.1")).await;
    test.clock.advance(3 * DAY - 1);
    assert!(test.behind(&idle).await.is_some());
    test.clock.advance(3 * DAY - 1);
    assert!(test.behind(&idle).await.is_some(), "use keeps it alive");
    let watched = test.session(&idle).await;
    assert!(test.portal.is_open(&watched).await.unwrap());
    test.clock.advance(3 * DAY + 1);
    assert!(test.behind(&idle).await.is_none(), "unused for three days");
    assert!(!test.portal.is_open(&watched).await.unwrap(), "nor does what is watched outlive it");

    let busy = test.signs_in(&at("10.0.0.1")).await;
    for _ in 0..13 {
        test.clock.advance(DAY);
        assert!(test.behind(&busy).await.is_some());
    }
    test.clock.advance(DAY + 1);
    assert!(test.behind(&busy).await.is_none(), "fourteen days old, however busy");
}

/// Wherever a password is chosen: what many people have, and what is made of names that everybody here knows.
async fn a_password_that_is_guessed_early_is_refused(test: TestPortal) {
    let (portal, nobody) = (&test.portal, at("10.0.0.1"));
    let here = test.signs_in(&nobody).await;
    let (session, browser) = (test.session(&here).await, returning("10.0.0.1", &here));
    let invited = token(&test.admin().invite_user("kim@harbour.example", Role::Read, None).await.unwrap());
    let reset = token(&portal.password_link(EMAIL).await.unwrap());
    for password in ["Qwertyuiop", "password123", "Northwind-2026", "northwindmsp!!", "MSPortal2026"] {
        let everybody = portal.change_password(&session, &browser, PASSWORD, password).await.map(drop);
        let by_link = portal.choose_password(&nobody, &reset, password).await;
        let joins = portal.accept_invitation(&nobody, &invited, "Kim", password).await.map(drop);
        let added = portal.add_user("Toni", "toni@a.example", password, Role::Read).await.map(drop);
        let founds =
            portal.create_portal(&nobody, "Northwind MSP", "Sam", "sam2@a.example", password).await.map(drop);
        for outcome in [everybody, by_link, joins, added, founds] {
            assert_eq!(refused(outcome).kind, Invalid, "{password}");
        }
    }
    // Names of one's own.
    for (name, password) in [("Kimberly Smith", "kimberly1234"), ("Kim", "kim@harbour.example")] {
        let joins = portal.accept_invitation(&nobody, &invited, name, password).await;
        assert_eq!(refusal(joins).field.as_deref(), Some("password"), "{password}");
    }
    portal.accept_invitation(&nobody, &invited, "Kim", "harbour lights at night").await.unwrap();
}

async fn a_new_password_ends_them(test: TestPortal) {
    let (here, there) = (test.signs_in(&at("10.0.0.1")).await, test.signs_in(&at("10.0.0.2")).await);
    let (session, browser) = (test.session(&here).await, returning("10.0.0.1", &here));
    let change = |current: &'static str, new: &'static str| {
        let (portal, session, browser) = (test.portal.clone(), session.clone(), browser.clone());
        async move { portal.change_password(&session, &browser, current, new).await }
    };
    let wrong = refusal(change("not the password", "a new long password").await);
    assert_eq!((wrong.kind, wrong.field.as_deref()), (Invalid, Some("current")));
    for new in ["short", PASSWORD] {
        let error = refusal(change(PASSWORD, new).await);
        assert_eq!((error.kind, error.field.as_deref()), (Invalid, Some("new")), "{new}");
    }
    assert!(test.behind(&there).await.is_some(), "nothing has happened yet");

    let after = change(PASSWORD, "a new long password").await.unwrap();
    assert!(test.behind(&after).await.is_some());
    assert!(test.behind(&here).await.is_none() && test.behind(&there).await.is_none());
    let portal = &test.portal;
    refusal(portal.sign_in(&at("10.0.0.1"), EMAIL, PASSWORD, None).await);
    portal.sign_in(&at("10.0.0.1"), EMAIL, "a new long password", None).await.unwrap();

    // Whoever knew the old password has no device that counts as known.
    for _ in 0..10 {
        test.fails(&at("10.6.6.6"), EMAIL, "a wrong guess").await;
    }
    let known = portal.sign_in(&returning("10.0.0.2", &there), EMAIL, "a new long password", None).await;
    assert_eq!(refusal(known).kind, Throttled);
    portal.sign_in(&returning("10.0.0.1", &after), EMAIL, "a new long password", None).await.unwrap();
}

async fn the_present_password_is_not_guessed(test: TestPortal) {
    let here = test.signs_in(&at("10.0.0.1")).await;
    let session = test.session(&here).await;
    let guess = |current: &'static str| {
        let (portal, session) = (test.portal.clone(), session.clone());
        async move { portal.change_password(&session, &Visitor::default(), current, "a new long password").await }
    };
    for _ in 0..10 {
        assert_eq!(refusal(guess("not the password").await).kind, Invalid);
    }
    assert_eq!(refusal(guess(PASSWORD).await).kind, Throttled);
    test.signs_in(&at("10.0.0.1")).await;
    test.clock.advance(15 * 60);
    guess(PASSWORD).await.unwrap();
}

async fn they_are_listed_and_revoked(test: TestPortal) {
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let browser = Visitor { user_agent: Some(agent.into()), ..at("192.0.2.7") };
    let here = test.signs_in(&browser).await;
    test.clock.advance(60);
    let there = test.signs_in(&Visitor { user_agent: Some("curl/8.5.0".into()), ..at("2001:db8::1") }).await;
    let robin = test.user("robin@northwind.example").await;
    let (session, robins) = (test.session(&here).await, test.session(&robin).await);
    let me = test.portal.own(&session).unwrap();

    let listed = me.my_sessions(&session).await.unwrap();
    let shown: Vec<_> = listed.iter().map(|s| (s.client.as_str(), s.address.as_deref(), s.present)).collect();
    let (curl, firefox) =
        (("curl", Some("2001:db8::1"), false), ("Firefox on Linux", Some("192.0.2.7"), true));
    assert_eq!(shown[..2], [curl, firefox]);
    // The one in which the portal was created tells nothing of itself.
    assert_eq!(shown[2..], [("An unknown program", None, false)]);

    let denied = me.revoke_my_session(&session, robins.id).await;
    assert_eq!(kind_of(denied), (NotFound, None), "somebody else's");
    me.revoke_my_session(&session, listed[0].id).await.unwrap();
    assert!(test.behind(&there).await.is_none(), "at once");
    assert_eq!(kind_of(me.revoke_my_session(&session, listed[0].id).await), (NotFound, None), "gone");

    let third = test.signs_in(&at("10.0.0.3")).await;
    assert_eq!(me.revoke_my_others(&session).await.unwrap(), 2);
    assert!(test.behind(&third).await.is_none());
    assert_eq!(me.my_sessions(&session).await.unwrap().len(), 1);
    assert!(test.behind(&here).await.is_some() && test.behind(&robin).await.is_some());
    assert!(test.portal.is_open(&session).await.unwrap());
    test.portal.sign_out(&session).await.unwrap();
    assert!(!test.portal.is_open(&session).await.unwrap());
}

async fn an_administrator_ends_those_of_others(test: TestPortal) {
    let here = test.signs_in(&at("10.0.0.1")).await;
    let session = test.session(&here).await;
    let admin = test.portal.tenant::<Admin>(&session, domain::permissions::Area::Users).unwrap();
    let robin = test.user("robin@northwind.example").await;
    let robins = test.session(&robin).await;
    let listed = admin.sessions_of(robins.user_id, &session).await.unwrap();
    assert_eq!(listed.iter().map(|s| (s.id, s.present)).collect::<Vec<_>>(), [(robins.id, false)]);

    let stranger = test.stranger().await;
    assert_eq!(kind_of(stranger.sessions_of(robins.user_id, &session).await), (NotFound, None));
    assert_eq!(kind_of(stranger.revoke_sessions_of(robins.user_id, &session).await), (NotFound, None));
    assert_eq!(kind_of(stranger.revoke_session(robins.id).await), (NotFound, None));
    assert!(test.behind(&robin).await.is_some());

    assert_eq!(admin.revoke_sessions_of(robins.user_id, &session).await.unwrap(), 1);
    assert!(test.behind(&robin).await.is_none());
    let portal = &test.portal;
    let again = portal.sign_in(&at("10.0.0.9"), "robin@northwind.example", PASSWORD, None).await.unwrap();
    admin.revoke_session(test.session(&again).await.id).await.unwrap();
    assert!(test.behind(&again).await.is_none() && test.behind(&here).await.is_some());

    let last = portal.sign_in(&at("10.0.0.9"), "robin@northwind.example", PASSWORD, None).await.unwrap();
    test.execute("UPDATE users SET active = FALSE WHERE email_key = 'robin@northwind.example'", vec![]).await;
    assert!(test.behind(&last).await.is_none(), "who is deactivated is out");
    let refused = portal.sign_in(&at("10.0.0.9"), "robin@northwind.example", PASSWORD, None).await;
    assert_eq!(refusal(refused), test.fails(&at("10.0.0.9"), "nobody@northwind.example", PASSWORD).await);
}

/// To check a password takes a while: what happens to the user meanwhile counts.
async fn who_is_shut_out_while_signing_in_is_out(test: TestPortal) {
    test.portal.add_user("Robin User", "robin@a.example", PASSWORD, Role::Read).await.unwrap();
    for change in ["active = FALSE", "password_hash = 'another one'"] {
        let mut tries = 0..20;
        let refused = loop {
            assert!(
                tries.next().is_some(),
                "{change}: who came while it was checked got in, or nobody came in time"
            );
            let before = figure(&test, "password_checks").await;
            let portal = test.portal.clone();
            let signing_in = tokio::spawn(async move {
                portal.sign_in(&at("10.0.0.3"), "robin@a.example", PASSWORD, None).await
            });
            while figure(&test, "password_checks").await == before {
                tokio::task::yield_now().await;
            }
            let update = format!("UPDATE users SET {change} WHERE email_key = 'robin@a.example'");
            test.execute(&update, Vec::new()).await;
            let outcome = signing_in.await.unwrap();
            test.execute(RESTORED, Vec::new()).await;
            // On a busy machine the change may come when all is done.
            match outcome {
                Ok(_) => {}
                Err(_) => break refusal(outcome),
            }
        };
        assert_eq!(refused.kind, Unauthenticated, "{change}");
    }
}

/// Everybody but the owner is active and has the owner's password.
const RESTORED: &str = "UPDATE users SET active = TRUE,
    password_hash = (SELECT o.password_hash FROM users o WHERE o.owner) WHERE NOT owner";

/// A password that was chosen by a link meanwhile stays, and a session that has ended does not come back.
async fn who_is_shut_out_while_changing_the_password_is_out(test: TestPortal) {
    test.portal.add_user("Robin User", "robin@a.example", PASSWORD, Role::Read).await.unwrap();
    for change in [
        "UPDATE users SET active = FALSE WHERE NOT owner",
        "UPDATE users SET password_hash = 'another one' WHERE NOT owner",
        "DELETE FROM sessions",
    ] {
        let mut tries = 0..20;
        let refused = loop {
            assert!(
                tries.next().is_some(),
                "{change}: the password is changed all the same, or nobody came in time"
            );
            let robin =
                test.portal.sign_in(&at("10.0.0.3"), "robin@a.example", PASSWORD, None).await.unwrap();
            let session = test.session(&robin).await;
            let before = figure(&test, "password_hashes").await;
            let portal = test.portal.clone();
            let changing = tokio::spawn(async move {
                portal.change_password(&session, &at("10.0.0.3"), PASSWORD, "a password of my own").await
            });
            while figure(&test, "password_hashes").await == before {
                tokio::task::yield_now().await;
            }
            test.execute(change, Vec::new()).await;
            let outcome = changing.await.unwrap();
            test.execute(RESTORED, Vec::new()).await;
            // On a busy machine the change may come when all is done.
            match outcome {
                Ok(_) => {}
                Err(_) => break refusal(outcome),
            }
        };
        assert_eq!(refused.kind, Unauthenticated, "{change}");
    }
}

/// Whoever comes too late to set the portal up is told so before the server works for them.
async fn strangers_do_not_make_a_portal_that_exists_hash(test: TestPortal) {
    let before = figure(&test, "password_hashes").await;
    let late = test.portal.create_portal(&at("10.6.6.6"), "Mine", "Eve", "eve@a.example", PASSWORD).await;
    assert_eq!(refusal(late).kind, Conflict);
    assert_eq!(figure(&test, "password_hashes").await, before);
}
