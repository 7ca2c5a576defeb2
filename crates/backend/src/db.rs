//! Opening the database.

mod files;
mod rows;
mod turns;
mod tx;
mod unanswered;
mod version;

pub use files::{LetIn, copy_while_in_use, end_ways_in, hold_alone, inspect, settle, sqlite_file};
pub(crate) use files::{hold, make_file, make_folder, private};
pub use turns::{hurried, hurried_read};
pub use version::{Schema, migrate, schema};

pub(crate) use rows::{Columns, Copied, copied};
pub(crate) use turns::{aside, is_saved};
use tx::copy_out;
pub(crate) use tx::{Tx, begin, copy, direct, direct_apart, in_passing, write};
pub(crate) use unanswered::is_unanswered;

use crate::{Config, Error, Result};
use domain::error::UserError;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend,
    sqlx::{self, Connection, SqliteConnection, postgres::PgConnectOptions, sqlite::SqliteConnectOptions},
};
use std::{future::ready, str::FromStr, time::Duration};

/// Longest wait for a connection or for SQLite's write lock.
const PATIENCE: Duration = Duration::from_secs(15);

/// What our sessions are called in PostgreSQL.
const PROGRAM: &str = "msportal";

/// Connects and brings the schema up to date.
pub async fn open(config: &Config) -> Result<DatabaseConnection> {
    let db = connect_within(&config.url(), config.max_connections, Some(config.lease_seconds)).await?;
    migrate(&db).await?;
    Ok(db)
}

/// Connects to a database that exists and has this program's schema; changes nothing.
pub(crate) async fn open_as_it_is(config: &Config) -> Result<DatabaseConnection> {
    if let Some(file) = config.missing_database() {
        return Err(UserError::conflict(format!("There is no database at {}.", file.display())).into());
    }
    let db = connect(&config.url(), 2).await?;
    version::demand_current(&db).await?;
    Ok(db)
}

/// Connects without touching the schema.
pub async fn connect(url: &str, max_connections: u32) -> Result<DatabaseConnection> {
    connect_within(url, max_connections, None).await
}

/// A worker that stands still inside a transaction must not hold the run's row longer than its lease: PostgreSQL ends such
/// a session after `idle_seconds`, and another worker goes on.
async fn connect_within(
    url: &str,
    max_connections: u32,
    idle_seconds: Option<u32>,
) -> Result<DatabaseConnection> {
    let sqlite = url.starts_with("sqlite:");
    // What sea-orm connects with it logs at the level of trace: a password goes past it.
    let mut options = ConnectOptions::new(if sqlite { url } else { "postgres://not-told" });
    options
        .max_connections(max_connections)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        .sqlx_logging(false);
    if sqlite {
        options.map_sqlx_sqlite_opts(sqlite_options);
        options.map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(ready(Ok(is_free(connection)))));
    } else {
        let postgres = postgres_options(url, idle_seconds)?;
        options.map_sqlx_postgres_opts(move |_| postgres.clone());
    }
    Database::connect(options).await.map_err(Error::internal)
}

fn postgres_options(url: &str, idle_seconds: Option<u32>) -> Result<PgConnectOptions> {
    let parsed = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    let parsed = parsed.then(|| PgConnectOptions::from_str(url).ok()).flatten();
    let options = parsed.ok_or_else(|| {
        UserError::conflict("The database's URL must begin with sqlite: or postgres:// and be whole.")
    })?;
    let options = sqlx::ConnectOptions::disable_statement_logging(options).application_name(PROGRAM);
    Ok(match idle_seconds {
        Some(seconds) => {
            options.options([("idle_in_transaction_session_timeout", format!("{}s", seconds.max(1)))])
        }
        None => options,
    })
}

/// Ends sessions of ours that have written and then stand for longer than `seconds` in a statement that waits for a worker which
/// neither sends nor takes: one that stands still in the middle of a COPY. To PostgreSQL such a session is at work, so that
/// `idle_in_transaction_session_timeout` does not end it, and its locks would hold up whoever goes on with the run. Answers how
/// many those were; SQLite has none.
pub(crate) async fn end_stuck(db: &DatabaseConnection, seconds: u32) -> Result<i64> {
    if db.get_database_backend() != sea_orm::DbBackend::Postgres {
        return Ok(0);
    }
    let end = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND usename = current_user AND application_name = $1 AND pid <> pg_backend_pid()
            AND state = 'active' AND wait_event IN ('ClientRead', 'ClientWrite') AND backend_xid IS NOT NULL
            AND query_start < now() - make_interval(secs => CAST($2 AS bigint))";
    Ok(crate::sql::count(db, end, vec![PROGRAM.into(), i64::from(seconds).into()]).await?)
}

/// Whether no transaction is left open. SQLite ends one by itself when the disk is full; sqlx 0.9 goes on counting it, and
/// such a connection refuses every later one: it is closed and replaced.
fn is_free(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
}

/// WAL, with rarer checkpoints so that a bulk write does not copy pages again and again.
fn sqlite_options(o: SqliteConnectOptions) -> SqliteConnectOptions {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    o.journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        // Rows on their way from SQLite's thread: few changes of hands.
        .row_buffer_size(1024)
        .pragma("cache_size", "-32768")
        // Of a statement of many rows, SQLite keeps what it would need to undo it alone: in memory, not in a file.
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", "20000")
}

/// Tells the query planner how large the tables have become: after a bulk write, its plans are still those of small tables.
pub(crate) async fn refresh_statistics(db: &DatabaseConnection) -> Result<()> {
    use sea_orm::ConnectionTrait;
    if db.get_database_backend() == DbBackend::Sqlite {
        let tx = begin(db).await?;
        tx.execute_unprepared("PRAGMA analysis_limit = 400; PRAGMA optimize").await?;
        return Ok(tx.commit().await?);
    }
    // Of the widest table, what its rows are found and joined by.
    let analyze =
        "ANALYZE organizations, remote_locations, organization_mappings, location_mappings, node_class_mappings,
            remote_devices (tenant_id, integration_id, remote_id, organization_id, location_id, node_class, missing_since,
                same_as), remote_device_status, remote_device_beat_pages, companies, locations, device_types, devices";
    db.execute_unprepared(analyze).await?;
    Ok(())
}
