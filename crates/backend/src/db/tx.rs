//! Transactions. On SQLite they are sqlx's own, so that many rows can be written directly: see [`sqlite_direct`].

use crate::{Error, Result};
use async_trait::async_trait;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, RuntimeErr, Statement, TransactionTrait,
    sqlx::{self, AssertSqlSafe, Executor, Sqlite, SqliteConnection, query::Query},
};
use sea_query_sqlx::SqlxValues;
use sqlite_direct::Direct;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::Mutex,
    task::block_in_place,
};

/// A transaction that may write; undone when it is dropped.
pub(crate) enum Tx {
    Sqlite(Mutex<sqlx::Transaction<'static, Sqlite>>),
    Postgres(DatabaseTransaction),
}

/// Begins one. On SQLite it takes the write lock at once, so that it waits instead of failing later.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<Tx, DbErr> {
    Ok(match db.get_database_backend() {
        DbBackend::Sqlite => {
            let pool = db.get_sqlite_connection_pool();
            let tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(not_begun)?;
            Tx::Sqlite(Mutex::new(tx))
        }
        _ => Tx::Postgres(db.begin().await?),
    })
}

impl Tx {
    /// Makes it last.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(tx) => tx.into_inner().commit().await.map_err(not_answered),
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

/// Works directly on a connection to SQLite that no transaction holds.
pub(crate) async fn direct_apart<R>(
    db: &DatabaseConnection,
    work: impl FnOnce(&Direct<'_>) -> Result<R>,
) -> Result<R> {
    let mut connection = db.get_sqlite_connection_pool().acquire().await.map_err(not_begun)?;
    direct(&mut connection, work).await
}

/// Works on a connection directly; what takes long does not keep other tasks waiting.
pub(crate) async fn direct<R>(
    connection: &mut SqliteConnection,
    work: impl FnOnce(&Direct<'_>) -> Result<R>,
) -> Result<R> {
    let lock = connection.lock_handle().await.map_err(not_executed)?;
    let work = || work(&Direct::new(lock).map_err(Error::internal)?);
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => block_in_place(work),
        _ => work(),
    }
}

fn not_begun(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        other => not_executed(other),
    }
}

fn not_executed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn not_answered(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn query(statement: Statement) -> Query<'static, Sqlite, SqlxValues> {
    let values = statement.values.unwrap_or_else(|| sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Sqlite(_) => DbBackend::Sqlite,
            Self::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(tx) => {
                let done = query(statement).execute(&mut **tx.lock().await).await;
                done.map(Into::into).map_err(not_executed)
            }
            Self::Postgres(tx) => tx.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Sqlite(tx) => {
                let done = tx.lock().await.execute(AssertSqlSafe(sql.to_owned())).await;
                done.map(Into::into).map_err(not_executed)
            }
            Self::Postgres(tx) => tx.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(tx) => {
                let found = query(statement).fetch_optional(&mut **tx.lock().await).await;
                found.map(|row| row.map(Into::into)).map_err(not_answered)
            }
            Self::Postgres(tx) => tx.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Sqlite(tx) => {
                let found = query(statement).fetch_all(&mut **tx.lock().await).await;
                found.map(|rows| rows.into_iter().map(Into::into).collect()).map_err(not_answered)
            }
            Self::Postgres(tx) => tx.query_all_raw(statement).await,
        }
    }
}
