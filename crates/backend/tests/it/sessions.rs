//! Signing in, and what a session is worth: guesses, devices, expiry, ends, the second factor.

mod ends;
mod guesses;
mod required;
mod reset;
mod rotation;
mod second_factor;

use crate::support::{EMAIL, PASSWORD, TestPortal};
use backend::{
    Result,
    session::{Session, SignedIn, Visitor},
};
use domain::{error::UserError, role::Role};
use sea_orm::{ConnectionTrait, Statement};

/// Somebody at an address who has no cookies.
fn at(address: &str) -> Visitor {
    Visitor { address: Some(address.parse().expect("an address")), ..Visitor::default() }
}

/// The same browser after signing in: it has both cookies.
fn returning(address: &str, signed_in: &SignedIn) -> Visitor {
    let (session, device) = (token(&signed_in.cookie), token(&signed_in.device_cookie));
    Visitor { session: Some(session), device: Some(device), ..at(address) }
}

fn token(cookie: &str) -> String {
    cookie.split(['=', ';']).nth(1).expect("a token").to_owned()
}

impl TestPortal {
    async fn signs_in(&self, visitor: &Visitor) -> SignedIn {
        self.portal.sign_in(visitor, EMAIL, PASSWORD, None).await.expect("the right password")
    }

    async fn fails(&self, visitor: &Visitor, email: &str, password: &str) -> UserError {
        refusal(self.portal.sign_in(visitor, email, password, None).await)
    }

    /// The session behind a cookie, if it is worth one.
    async fn behind(&self, signed_in: &SignedIn) -> Option<Session> {
        self.portal.authenticate(&token(&signed_in.cookie)).await.expect("an answer")
    }

    async fn session(&self, signed_in: &SignedIn) -> Session {
        self.behind(signed_in).await.expect("a session")
    }

    async fn count(&self, sql: &str) -> i64 {
        let db = self.portal.db();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
        row.expect(sql).expect("a row").try_get_by_index(0).expect("a number")
    }

    async fn user(&self, email: &str) -> SignedIn {
        self.portal.add_user("Robin User", email, PASSWORD, Role::Read).await.expect("a new user");
        self.portal.sign_in(&at("10.0.0.9"), email, PASSWORD, None).await.expect("signed in")
    }
}

/// What an authenticator app shows, so many seconds from now.
fn code(test: &TestPortal, key: &str, seconds: i64) -> String {
    testkit::authenticator_code(key, test.portal.now().timestamp() + seconds)
}

/// Switches the second factor on for who is signed in; answers the key and the recovery codes. The present step's code is
/// used by it.
async fn switched_on(test: &TestPortal, signed_in: &SignedIn) -> (String, Vec<String>) {
    let session = test.session(signed_in).await;
    let setup = test.portal.begin_second_factor(&session, PASSWORD, None).await.unwrap();
    let codes = test.portal.confirm_second_factor(&session, &code(test, &setup.key, 0)).await.unwrap();
    test.clock.advance(90);
    (setup.key, codes)
}

fn refusal(result: Result<SignedIn>) -> UserError {
    crate::support::refused(result.map(|signed_in| signed_in.me))
}

/// What this process has counted, such as `password_checks`.
pub async fn figure(test: &TestPortal, name: &str) -> i64 {
    let (figures, start) = (test.portal.figures().await.expect("figures"), format!("msportal_{name}_total "));
    let line = figures.lines().find_map(|line| line.strip_prefix(start.as_str()));
    line.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("no such figure: {figures}"))
}
