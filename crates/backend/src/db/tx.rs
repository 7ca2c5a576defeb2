//! Transactions. They are sqlx's own, so that many rows can take the short way: directly on SQLite, by `COPY` on PostgreSQL.

use super::{
    turns::{Line, Turn, hurried, lost, note_saved},
    unanswered::perhaps_done,
};
use crate::{Error, Result, sql};
use async_trait::async_trait;
use futures::TryStreamExt;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    RuntimeErr, Statement, Value,
    sqlx::{
        self, AssertSqlSafe, Executor, Postgres, SqlSafeStr, Sqlite, SqliteConnection, Transaction,
        postgres::PgPoolCopyExt,
    },
};
use sea_query_sqlx::SqlxValues;
use sqlite_direct::Direct;
use std::sync::Arc;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::{Mutex, MutexGuard, mpsc},
    task::block_in_place,
};

/// A transaction that may write; undone when it is dropped.
pub(crate) enum Tx {
    Sqlite(Writing),
    Postgres(Arc<Mutex<Transaction<'static, Postgres>>>),
}

/// A transaction on SQLite, which ends before the turn to write does.
pub(crate) struct Writing {
    tx: Mutex<Transaction<'static, Sqlite>>,
    _turn: Turn,
}

impl Writing {
    /// The connection.
    pub(crate) async fn lock(&self) -> MutexGuard<'_, Transaction<'static, Sqlite>> {
        self.tx.lock().await
    }
}

/// Begins one. On SQLite it takes the write lock at once, so that it waits instead of failing later.
///
/// In a task of its own, which goes on when the caller stops waiting: sqlx 0.9 forgets a BEGIN that PostgreSQL has not
/// answered yet, and would hand on a connection with a transaction open that nobody commits.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<Tx, DbErr> {
    let own = db.clone();
    let begun = tokio::spawn(async move { begin_here(&own).await });
    match db.get_database_backend() {
        DbBackend::Sqlite => Line::of(db.get_sqlite_connection_pool()).begun(begun).await?,
        _ => begun.await.map_err(lost)?,
    }
}

async fn begin_here(db: &DatabaseConnection) -> Result<Tx, DbErr> {
    Ok(match db.get_database_backend() {
        DbBackend::Sqlite => {
            let pool = db.get_sqlite_connection_pool();
            let line = Line::of(pool);
            let turn = line.turn().await?;
            // Whoever waits for a connection waits for us: only what comes then is a wait for the file.
            let connection = pool.acquire().await.map_err(not_begun)?;
            let begun = Transaction::<Sqlite>::begin(connection, Some("BEGIN IMMEDIATE".into_sql_str()));
            let tx = line.lock(begun).await.map_err(not_begun)?;
            Tx::Sqlite(Writing { tx: Mutex::new(tx), _turn: turn })
        }
        _ => {
            let pool = db.get_postgres_connection_pool();
            Tx::Postgres(Arc::new(Mutex::new(pool.begin().await.map_err(not_begun)?)))
        }
    })
}

impl Tx {
    /// Makes it last. Where PostgreSQL's answer is lost, nobody knows whether it does: that is an error of its own.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Sqlite(Writing { tx, _turn }) => tx.into_inner().commit().await.map_err(not_answered)?,
            Self::Postgres(tx) => {
                let alone = Arc::into_inner(tx);
                let tx = alone.ok_or_else(|| DbErr::Custom("somebody else is at it".into()))?;
                tx.into_inner().commit().await.map_err(|error| perhaps_done(not_answered(error)))?;
            }
        }
        note_saved();
        Ok(())
    }
}

/// A single write. On SQLite it stands in line like a transaction: else one that begins again and again comes first each time.
pub(crate) async fn write(
    db: &DatabaseConnection,
    statement: &str,
    values: Vec<Value>,
) -> Result<u64, DbErr> {
    if db.get_database_backend() != DbBackend::Sqlite {
        let written = sql::execute(db, statement, values).await.map_err(perhaps_done)?;
        note_saved();
        return Ok(written);
    }
    let tx = begin(db).await?;
    let written = sql::execute(&tx, statement, values).await?;
    tx.commit().await?;
    Ok(written)
}

/// Notes what is of no weight, such as when somebody was last seen: left out where the database does not take it soon.
pub(crate) async fn in_passing(db: &DatabaseConnection, statement: &str, values: Vec<Value>) -> Result<()> {
    let note = async { Ok(write(db, statement, values).await?) };
    match hurried(note).await {
        Err(Error::Busy(_) | Error::Unanswered(_)) => Ok(()),
        other => other.map(drop),
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

/// Sends `COPY … FROM STDIN` and the parts of its data. Whoever does not wait for the end leaves the connection to a task that
/// puts it in order: one that stands in the middle of a COPY is of no use to the next.
pub(crate) async fn copy(
    tx: &Arc<Mutex<Transaction<'static, Postgres>>>,
    statement: String,
    parts: impl Iterator<Item = Result<Vec<u8>>> + Send,
) -> Result<()> {
    let (sender, receiver) = mpsc::channel(1);
    let task = tokio::spawn(take_in(tx.clone(), statement, receiver));
    for part in parts {
        // A task that takes no more has failed, and says why.
        if sender.send(Some(part?)).await.is_err() {
            break;
        }
    }
    _ = sender.send(None).await;
    Ok(task.await.map_err(Error::internal)??)
}

/// `None` is the end; without it nothing is copied.
async fn take_in(
    tx: Arc<Mutex<Transaction<'static, Postgres>>>,
    statement: String,
    mut parts: mpsc::Receiver<Option<Vec<u8>>>,
) -> Result<(), DbErr> {
    let mut tx = tx.lock_owned().await;
    let mut copy = tx.copy_in_raw(&statement).await.map_err(not_executed)?;
    while let Some(part) = parts.recv().await {
        match part {
            Some(part) => copy.send(part).await.map(drop).map_err(not_executed)?,
            None => return copy.finish().await.map(drop).map_err(not_executed),
        }
    }
    copy.abort("nobody waits for it").await.map_err(not_executed)
}

/// Hands the data of `COPY … TO STDOUT` to `take`, piece by piece.
pub(crate) async fn copy_out(
    db: &DatabaseConnection,
    statement: &str,
    mut take: impl FnMut(&[u8]),
) -> Result<(), DbErr> {
    let pool = db.get_postgres_connection_pool();
    let mut pieces = pool.copy_out_raw(statement).await.map_err(not_answered)?;
    while let Some(piece) = pieces.try_next().await.map_err(not_answered)? {
        take(&piece);
    }
    Ok(())
}

fn not_begun(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        other => DbErr::Conn(RuntimeErr::SqlxError(other.into())),
    }
}

fn not_executed(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn not_answered(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

/// Runs a query of sqlx on whichever engine it is; its values are moved, not copied.
macro_rules! run {
    ($tx:expr, $statement:expr, $method:ident) => {{
        let Statement { sql, values, .. } = $statement;
        let values = SqlxValues(values.unwrap_or_else(|| sea_orm::Values(Vec::new())));
        match $tx {
            Tx::Sqlite(tx) => {
                let query = sqlx::query_with::<Sqlite, _>(AssertSqlSafe(sql), values);
                query.$method(&mut **tx.lock().await).await.map(Into::into)
            }
            Tx::Postgres(tx) => {
                let query = sqlx::query_with::<Postgres, _>(AssertSqlSafe(sql), values);
                query.$method(&mut **tx.lock().await).await.map(Into::into)
            }
        }
    }};
}

/// Rows of either engine.
struct Rows(Vec<QueryResult>);

impl<R: Into<QueryResult>> From<Vec<R>> for Rows {
    fn from(rows: Vec<R>) -> Self {
        Self(rows.into_iter().map(Into::into).collect())
    }
}

/// A row of either engine, if there is one.
struct Row(Option<QueryResult>);

impl<R: Into<QueryResult>> From<Option<R>> for Row {
    fn from(row: Option<R>) -> Self {
        Self(row.map(Into::into))
    }
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
        run!(self, statement, execute).map_err(not_executed)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(tx) => tx.lock().await.execute(sql).await.map(Into::into),
            Self::Postgres(tx) => tx.lock().await.execute(sql).await.map(Into::into),
        }
        .map_err(not_executed)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let row: Row = run!(self, statement, fetch_optional).map_err(not_answered)?;
        Ok(row.0)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let rows: Rows = run!(self, statement, fetch_all).map_err(not_answered)?;
        Ok(rows.0)
    }
}
