//! Passwords cannot be tried out, and trying does not lock anybody out.

use super::{at, figure, returning};
use crate::support::{EMAIL, PASSWORD, TestPortal};
use domain::error::ErrorKind::{Throttled, Unauthenticated};
use sea_orm::{ConnectionTrait, DbBackend};
use std::net::Ipv4Addr;
use testkit::env_number;

on_both!(
    ten_guesses_an_account,
    ten_guesses_an_account_from_everywhere,
    many_at_once_are_no_more,
    the_right_password_is_no_guess,
    a_guess_that_is_counted_is_no_change,
    a_known_device_is_not_locked_out,
    an_address_has_its_own_limit,
    an_unknown_account_is_as_much_work,
);

async fn ten_guesses_an_account(test: TestPortal) {
    for n in 0..10 {
        // From wherever they come, and however the address is written.
        let (who, email) =
            (at(&format!("10.0.0.{n}")), if n % 2 == 0 { EMAIL } else { " SAM@Northwind.example" });
        assert_eq!(test.fails(&who, email, "a wrong guess").await.kind, Unauthenticated, "{n}");
        let unknown = test.fails(&at("10.1.0.1"), "who@northwind.example", "a wrong guess").await;
        assert_eq!(unknown.kind, Unauthenticated, "{n}");
    }
    let known = test.fails(&at("10.0.0.77"), EMAIL, PASSWORD).await;
    assert_eq!(known.kind, Throttled);
    assert_eq!(known.message, "Too many attempts. Wait, and try again in 15 minutes.");
    assert_eq!(test.fails(&at("10.0.0.77"), "who@northwind.example", PASSWORD).await, known);

    test.clock.advance(14 * 60 + 1);
    let late = test.fails(&at("10.0.0.77"), EMAIL, PASSWORD).await;
    assert!(late.message.ends_with("in 1 minute."), "{}", late.message);
    test.clock.advance(60);
    test.signs_in(&at("10.0.0.77")).await;
}

async fn many_at_once_are_no_more(test: TestPortal) {
    let visitor = at("10.0.0.1");
    let guesses = (0..40).map(|_| test.fails(&visitor, EMAIL, "a wrong guess"));
    let answers = futures::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|error| error.kind == Unauthenticated).count();
    assert_eq!(looked_at, 10);
    assert!(answers.iter().all(|error| matches!(error.kind, Unauthenticated | Throttled)), "{answers:?}");
}

/// From so many places, at several accounts in turn, one of which is nobody's: each has its ten. `MSPORTAL_GUESSES` makes
/// it more of them.
async fn ten_guesses_an_account_from_everywhere(test: TestPortal) {
    const ACCOUNTS: usize = 5;
    for n in 1..ACCOUNTS - 1 {
        test.user(&format!("user{n}@northwind.example")).await;
    }
    let accounts: Vec<String> = std::iter::once(EMAIL.to_owned())
        .chain((1..ACCOUNTS).map(|n| format!("user{n}@northwind.example")))
        .collect();
    let mut evaluated = [0; ACCOUNTS];
    for n in 0..env_number("MSPORTAL_GUESSES", 5_000) {
        let (place, whose) = (Ipv4Addr::from_bits(0x0a00_0000 + n as u32), n as usize % ACCOUNTS);
        match test.fails(&at(&place.to_string()), &accounts[whose], "a wrong guess").await.kind {
            Unauthenticated => evaluated[whose] += 1,
            kind => assert_eq!(kind, Throttled),
        }
    }
    assert_eq!(evaluated, [10; ACCOUNTS]);
}

async fn the_right_password_is_no_guess(test: TestPortal) {
    for _ in 0..9 {
        test.fails(&at("10.0.0.1"), EMAIL, "a wrong guess").await;
    }
    for _ in 0..12 {
        test.signs_in(&at("10.0.0.1")).await;
    }
    // They have not given the guesses back either.
    assert_eq!(test.fails(&at("10.0.0.1"), EMAIL, "a wrong guess").await.kind, Unauthenticated);
    assert_eq!(test.fails(&at("10.0.0.1"), EMAIL, "a wrong guess").await.kind, Throttled);
}

/// The counters are saved, and nothing of what was asked for: a busy database is told as one that changed nothing.
async fn a_guess_that_is_counted_is_no_change(test: TestPortal) {
    let db = test.portal.db();
    let (before, then) = match db.get_database_backend() {
        DbBackend::Sqlite => ("", "BEGIN SELECT RAISE(ABORT, 'database is locked'); END"),
        _ => (
            "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deadlock detected'; END $$;",
            "FOR EACH ROW EXECUTE FUNCTION busy()",
        ),
    };
    let busy = format!("{before} CREATE TRIGGER busy BEFORE INSERT ON sessions {then}");
    db.execute_unprepared(&busy).await.unwrap();
    let told = backend::db::hurried(test.fails(&at("10.0.0.1"), EMAIL, PASSWORD)).await;
    assert_eq!(told.retry_after, Some(2), "{}", told.message);
}

async fn a_known_device_is_not_locked_out(test: TestPortal) {
    let mine = returning("10.0.0.1", &test.signs_in(&at("10.0.0.1")).await);
    let other = returning("10.0.0.9", &test.user("robin@northwind.example").await);
    for _ in 0..10 {
        test.fails(&at("10.6.6.6"), EMAIL, "a wrong guess").await;
    }
    assert_eq!(test.fails(&at("10.0.0.1"), EMAIL, PASSWORD).await.kind, Throttled);
    assert_eq!(test.fails(&other, EMAIL, PASSWORD).await.kind, Throttled, "a device of somebody else");
    let again = returning("10.0.0.1", &test.signs_in(&mine).await);
    assert_eq!(again.device, mine.device, "it keeps its mark");

    for _ in 0..10 {
        assert_eq!(test.fails(&again, EMAIL, "a wrong guess").await.kind, Unauthenticated);
    }
    assert_eq!(test.fails(&again, EMAIL, PASSWORD).await.kind, Throttled, "its own guesses are counted too");
    test.clock.advance(181 * 24 * 3600);
    for _ in 0..10 {
        test.fails(&at("10.6.6.6"), EMAIL, "a wrong guess").await;
    }
    assert_eq!(test.fails(&again, EMAIL, PASSWORD).await.kind, Throttled, "it is forgotten");
}

async fn an_address_has_its_own_limit(test: TestPortal) {
    // The counter of who has set the portal up.
    test.execute("DELETE FROM guesses", vec![]).await;
    let guesses = (0..100).map(|n| {
        let (test, email) = (&test, format!("user{n}@northwind.example"));
        async move {
            // Of IPv6, all addresses of one network.
            test.fails(&at(&format!("2001:db8:0:1::{n:x}")), &email, "a wrong guess").await.kind
        }
    });
    let kinds = futures::future::join_all(guesses).await;
    assert!(kinds.iter().all(|kind| *kind == Unauthenticated), "{kinds:?}");
    let next = "user100@northwind.example";
    assert_eq!(test.fails(&at("2001:db8:0:1:ffff::1"), next, "a wrong guess").await.kind, Throttled);
    assert_eq!(test.fails(&at("2001:db8:0:2::1"), next, "a wrong guess").await.kind, Unauthenticated);
    assert_eq!(test.execute("DELETE FROM guesses", vec![]).await, 103);

    // Counters that are over go away with the next guesses.
    test.fails(&at("10.0.0.1"), "old@northwind.example", "a wrong guess").await;
    test.clock.advance(3600);
    test.fails(&at("10.0.0.2"), EMAIL, "a wrong guess").await;
    assert_eq!(test.execute("DELETE FROM guesses", vec![]).await, 2);
}

/// What takes long is the hash; what is written is the same as well.
async fn an_unknown_account_is_as_much_work(test: TestPortal) {
    let mut work = Vec::new();
    for email in [EMAIL, "who@northwind.example"] {
        let before =
            (figure(&test, "password_checks").await, test.count("SELECT count(*) FROM audit_events").await);
        for _ in 0..10 {
            assert_eq!(test.fails(&at("10.0.0.1"), email, "a wrong guess").await.kind, Unauthenticated);
        }
        // From here on, both are refused without a look at the password.
        assert_eq!(test.fails(&at("10.0.0.1"), email, PASSWORD).await.kind, Throttled);
        let after =
            (figure(&test, "password_checks").await, test.count("SELECT count(*) FROM audit_events").await);
        work.push((after.0 - before.0, after.1 - before.1));
    }
    assert_eq!(work, [(10, 10), (10, 10)]);
}
