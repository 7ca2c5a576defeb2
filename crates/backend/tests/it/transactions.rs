//! Connections that go back to the pool have no transaction open, however their user left them.

use crate::support::TestPortal;
use sea_orm::{DatabaseConnection, Value, sqlx};
use std::{future::Future, pin::pin, task::Poll, time::Duration};

on_both!(whoever_stops_waiting_leaves_nothing_open);

/// Polls `work` at most `polls` times and drops it then; says whether it was done.
async fn broken_off<T>(work: impl Future<Output = T>, polls: usize) -> bool {
    let (mut work, mut left) = (pin!(work), polls);
    std::future::poll_fn(|cx| {
        if work.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        left = left.saturating_sub(1);
        if left == 0 { Poll::Ready(false) } else { Poll::Pending }
    })
    .await
}

/// A worker that stands still in the middle of a COPY holds what it has written before, and PostgreSQL takes its session for
/// one at work: the sweep of another process ends it once the lease is over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_stands_still_inside_a_statement_is_ended() {
    let Some(url) = TestPortal::postgres_url().await else { return };
    let test = TestPortal::open_with(Some(url.clone()), |config| config.lease_seconds = 2).await;
    let asleep = backend::db::connect(&url, 1).await.expect("a connection");
    let mut tx = asleep.get_postgres_connection_pool().begin().await.expect("a transaction");
    sqlx::query("UPDATE tenants SET name = name").execute(&mut *tx).await.expect("a lock");
    let copy = tx.copy_in_raw("COPY run_changes FROM STDIN (FORMAT binary)").await.expect("it begins");
    let change = test.execute("UPDATE tenants SET name = 'Free'", vec![]);
    let mut change = pin!(change);
    backend::jobs::sweep(&test.portal).await.expect("a sweep");
    let waits = tokio::time::timeout(Duration::from_millis(500), &mut change).await;
    assert!(waits.is_err(), "within its lease it is left alone");
    tokio::time::sleep(Duration::from_secs(2)).await;
    backend::jobs::sweep(&test.portal).await.expect("a sweep");
    let freed = tokio::time::timeout(Duration::from_secs(5), change).await;
    assert_eq!(freed.expect("nothing holds it any more"), 1);
    assert!(copy.finish().await.is_err(), "what it still wanted to write is lost with its session");
}

/// A caller that stops waiting (a browser that went away, a run that was cancelled) at any moment: what the next one saves is
/// there for everybody.
async fn whoever_stops_waiting_leaves_nothing_open(test: TestPortal) {
    let tenant = test.admin();
    let mut done = false;
    for polls in 1..200 {
        let csv = format!("name\nBroken off {polls}\n");
        done = broken_off(tenant.import_companies(&csv, false), polls).await;
        tenant.create_device_type(&format!("Saved {polls}")).await.expect("the next one is served");
        let (all, here) = (test.elsewhere().await, format!("Saved {polls}"));
        let seen = "SELECT count(*) AS n FROM device_types WHERE name = $1";
        assert_eq!(count(&all, seen, vec![here.into()]).await, 1, "after {polls} polls");
        if done {
            break;
        }
    }
    assert!(done, "an import takes more polls than were tried");
}

async fn count(db: &DatabaseConnection, sql: &str, values: Vec<Value>) -> i64 {
    use sea_orm::{ConnectionTrait, Statement};
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await.expect(sql).expect("a count");
    row.try_get("", "n").expect("a number")
}

/// A full disk makes SQLite end the transaction by itself, which its driver does not notice: such a connection would
/// refuse every later transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_over_when_there_is_room_again() {
    let test = TestPortal::open_with(None, |config| config.max_connections = 1).await;
    let mut tx = test
        .portal
        .db()
        .get_sqlite_connection_pool()
        .begin_with("BEGIN IMMEDIATE")
        .await
        .expect("a transaction");
    // Of this connection alone, as long as it lives.
    sqlx::query("PRAGMA max_page_count = 1").execute(&mut *tx).await.expect("a limit");
    let row = "INSERT INTO filling (bytes) VALUES (randomblob(100000))";
    sqlx::query("CREATE TABLE filling (bytes)").execute(&mut *tx).await.expect("a table");
    let mut rows = 0;
    while sqlx::query(row).execute(&mut *tx).await.is_ok() {
        rows += 1;
        assert!(rows < 1_000, "the limit holds");
    }
    drop(tx);
    let report = test.admin().import_companies("name\nContoso\n", false).await.expect("there is room again");
    assert_eq!(report.created, 1);
}
