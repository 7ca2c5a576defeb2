//! Keys of writes: when they are given back, and by whom.

use crate::support::TestPortal;
use backend::once::Claim;
use sea_orm::ConnectionTrait;
use std::time::{Duration, Instant};

on_both!(a_key_is_given_back_by_its_own_claim_alone);

/// More than an answer may wait, and less than SQLite waits for its lock.
const SOON: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_given_back_when_the_database_is_free_again() {
    let test = TestPortal::sqlite().await;
    let portal = &test.portal;
    let keyed = portal.keyed(&test.owners_session(), "k", b"/api/v1/companies/create", b"{}").await.unwrap();
    assert!(matches!(portal.claim(&keyed).await.unwrap(), Claim::New));
    let other = backend::db::connect(&test.config().url(), 1).await.unwrap();
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let asked = Instant::now();
    backend::db::hurried(portal.give_back(&keyed)).await;
    assert!(asked.elapsed() < SOON, "the answer waited {:?}", asked.elapsed());
    other.execute_unprepared("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
    let claim = portal.claim(&keyed).await.unwrap();
    assert!(matches!(claim, Claim::New), "{claim:?}");
}

async fn a_key_is_given_back_by_its_own_claim_alone(test: TestPortal) {
    let (portal, session) = (&test.portal, test.owners_session());
    let keyed = async || portal.keyed(&session, "k", b"/api/v1/companies/create", b"{}").await.unwrap();
    let (old, new) = (keyed().await, keyed().await);
    assert!(matches!(portal.claim(&old).await.unwrap(), Claim::New));
    // After a day the key is forgotten, and claimed anew.
    test.clock.advance(86_401);
    assert!(matches!(portal.claim(&new).await.unwrap(), Claim::New));
    portal.give_back(&old).await;
    let claim = portal.claim(&keyed().await).await.unwrap();
    assert!(matches!(claim, Claim::UnderWay), "{claim:?}");
}
