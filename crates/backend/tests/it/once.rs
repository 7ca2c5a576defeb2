//! Keys of writes while another program holds the database.

use crate::support::TestPortal;
use backend::once::Claim;
use sea_orm::ConnectionTrait;
use std::time::{Duration, Instant};

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
