//! The file of a SQLite database: who uses it, a copy of it while it is in use, and whether a copy is whole.

use super::{PATIENCE, Schema, connect, schema};
use crate::{
    Error, Result,
    clock::{Clock, SystemClock, micros},
    error::chain,
    sql,
};
use domain::error::UserError;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, sqlx::sqlite::SqliteConnectOptions};
use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    str::FromStr,
};

/// The database's file; `None` for PostgreSQL and for a database in memory.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    if !url.starts_with("sqlite:") {
        return None;
    }
    let options = SqliteConnectOptions::from_str(url).ok()?;
    let file = options.get_filename();
    (!file.to_string_lossy().starts_with("file:sqlx-in-memory")).then(|| file.to_owned())
}

/// Says, until it is dropped, that this process uses the database; several may. Fails while it is being replaced.
pub(crate) fn hold(url: &str) -> Result<Option<File>> {
    let Some(file) = sqlite_file(url) else { return Ok(None) };
    let lock = lock_file(&file)?;
    taken(lock.try_lock_shared(), "The database is being restored. Start again when that has ended.")?;
    Ok(Some(lock))
}

/// Makes the folder of the portal's data, unless it is there, for its own user alone.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes the file of a SQLite database that the URL allows to be made (`mode=rwc`), for the portal's own user alone; what SQLite
/// keeps beside it gets the same rights.
pub(crate) fn make_file(url: &str) -> io::Result<()> {
    match sqlite_file(url).filter(|_| url.contains("mode=rwc")) {
        Some(file) => private().append(true).open(file).map(drop),
        None => Ok(()),
    }
}

/// Opens files that are there, makes others for this user alone.
pub(crate) fn private() -> OpenOptions {
    let mut options = File::options();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Keeps every other process out until it is dropped; fails while one uses the database.
pub fn hold_alone(file: &Path) -> Result<File> {
    let lock = lock_file(file)?;
    taken(lock.try_lock(), "A server or a worker is using this database. Stop it first.")?;
    Ok(lock)
}

fn lock_file(file: &Path) -> Result<File> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    private().append(true).open(name).map_err(Error::internal)
}

fn taken(answer: Result<(), TryLockError>, held: &str) -> Result<()> {
    match answer {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(UserError::conflict(held).into()),
        // A file system without locks: nobody can be told.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(error)) => Err(Error::internal(error)),
    }
}

/// Writes what the database holds at this moment to `copy`, which is absent or empty. Others go on writing meanwhile.
pub async fn copy_while_in_use(url: &str, copy: &Path) -> Result<()> {
    let db = connect(url, 1).await?;
    let copied = sql::execute(&db, "VACUUM INTO $1", vec![copy.to_string_lossy().into_owned().into()]).await;
    db.close().await?;
    copied?;
    Ok(())
}

/// Whether a file that nobody uses is a whole database of this program's; answers whose schema it has.
pub async fn inspect(file: &Path) -> Result<Schema> {
    let found = async {
        let db = open_alone(file).await?;
        let found = look(&db).await;
        db.close().await?;
        found
    };
    found.await.map_err(|error| not_whole(file, error))
}

fn not_whole(file: &Path, error: Error) -> Error {
    let why = match &error {
        Error::User(_) => return error,
        Error::Busy(cause) | Error::Unanswered(cause) => cause.to_string(),
        other => chain(other),
    };
    UserError::conflict(format!("{} is not a whole database: {why}.", file.display())).into()
}

async fn look(db: &DatabaseConnection) -> Result<Schema> {
    let said = sql::rows(db, "PRAGMA integrity_check", Vec::new()).await?;
    let said: String = said.first().map_or_else(|| Ok(String::new()), |row| row.try_get_by_index(0))?;
    if said != "ok" {
        return Err(UserError::conflict(format!("The file is damaged: {said}.")).into());
    }
    let tables = "SELECT count(*) AS n FROM sqlite_master WHERE name IN ('seaql_migrations', 'tenants')";
    if sql::count(db, tables, Vec::new()).await? < 2 {
        return Err(UserError::conflict("The file is not a database of msportal.").into());
    }
    Ok(schema(db).await?)
}

/// Reads one file and nothing beside it.
async fn open_alone(file: &Path) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new("sqlite::memory:");
    let file = file.to_owned();
    options.max_connections(1).connect_timeout(PATIENCE).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |_| {
        SqliteConnectOptions::new().filename(&file).read_only(true).immutable(true)
    });
    Ok(Database::connect(options).await?)
}

/// What lets somebody in without a password: a restored copy brings back what was ended since.
const WAYS_IN: [&str; 5] = ["sessions", "known_devices", "password_links", "mails", "idempotency_keys"];

/// Who is let in by a copy that is restored, as they were when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetIn {
    /// Users who may sign in.
    pub users: i64,
    /// Of these, administrators.
    pub administrators: i64,
    pub invitations: i64,
    pub api_tokens: i64,
}

/// Ends all sessions, known devices and links of a copy that is to be restored, in the file itself: nothing is left beside it.
/// Answers who is let in still.
pub async fn end_ways_in(file: &Path) -> Result<LetIn> {
    let db = connect(&format!("sqlite://{}?mode=rw", file.display()), 1).await?;
    let ended = async {
        for table in WAYS_IN {
            if count(&db, table, "TRUE").await? > 0 {
                sql::execute(&db, &format!("DELETE FROM {table}"), Vec::new()).await?;
            }
        }
        let now = micros(SystemClock.now());
        let works = format!("expires_at > {now} AND user_id IN (SELECT id FROM users WHERE active)");
        let let_in = LetIn {
            users: count(&db, "users", "active").await?,
            administrators: count(&db, "users", "active AND role = 'admin'").await?,
            invitations: count(&db, "invitations", &format!("expires_at > {now}")).await?,
            api_tokens: count(&db, "api_tokens", &works).await?,
        };
        let said = sql::rows(&db, "PRAGMA wal_checkpoint(TRUNCATE)", Vec::new()).await?;
        match said.first().map_or(Ok(0), |row| row.try_get_by_index::<i32>(0))? {
            0 => Ok(let_in),
            _ => Err(Error::internal("the write-ahead log of the copy could not be emptied")),
        }
    };
    let ended = ended.await;
    db.close().await?;
    ended
}

/// Rows of a table under a condition; none where a copy from before an update lacks the table.
async fn count(db: &DatabaseConnection, table: &str, condition: &str) -> Result<i64> {
    let known = "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = $1";
    if sql::count(db, known, vec![table.into()]).await? == 0 {
        return Ok(0);
    }
    let rows = format!("SELECT count(*) AS n FROM {table} WHERE {condition}");
    Ok(sql::count(db, &rows, Vec::new()).await?)
}

/// Moves what stands in the write-ahead log into the file, so that the file is all there is.
pub async fn settle(file: &Path) -> Result<()> {
    let db = connect(&format!("sqlite://{}?mode=rw", file.display()), 1).await?;
    let settled = sql::rows(&db, "PRAGMA wal_checkpoint(TRUNCATE)", Vec::new()).await;
    db.close().await?;
    settled?;
    Ok(())
}
