//! Many rows into SQLite and out of it, on a connection of sqlx.
//!
//! sqlx has a thread for each connection and hands it statements with copies of their values: good for what people do, and for
//! 100,000 rows more work than SQLite's own. Here one prepared statement is stepped row by row, inside the transaction that
//! the connection has begun; sqlx's thread waits meanwhile.

use rusqlite::{Connection, Statement, types::ToSqlOutput, types::ValueRef};
use sqlx_sqlite::LockedSqliteHandle;

/// What SQLite says went wrong.
pub type Error = rusqlite::Error;

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A connection that sqlx leaves alone for now.
pub struct Direct<'a> {
    // Dropped before the lock: fields are dropped in their order.
    connection: Connection,
    _lock: LockedSqliteHandle<'a>,
}

impl<'a> Direct<'a> {
    /// Takes over a locked connection until it is dropped.
    pub fn new(mut lock: LockedSqliteHandle<'a>) -> Result<Self, Error> {
        let handle = lock.as_raw_handle().as_ptr();
        // SAFETY: the handle is open and used by nobody else as long as the lock is held. `connection` is dropped before it, does
        // not close what it does not own, and stays in here, so that nothing made of it lives longer.
        #[allow(unsafe_code)]
        let connection = unsafe { Connection::from_handle(handle) }?;
        Ok(Self { connection, _lock: lock })
    }

    /// Runs `sql` once for each row; `cell` shows a row's values in the order of the statement's `?`. A value that is the same as
    /// in the row before is not bound again.
    pub fn each<V: PartialEq, E: From<Error>>(
        &self,
        sql: &str,
        rows: impl Iterator<Item = Result<Vec<V>, E>>,
        cell: impl Fn(&V) -> Cell<'_>,
    ) -> Result<(), E> {
        let mut statement = self.connection.prepare(sql)?;
        let mut before: Vec<V> = Vec::new();
        for row in rows {
            let row = row?;
            bind(&mut statement, &row, &before, &cell)?;
            statement.raw_execute()?;
            before = row;
        }
        Ok(())
    }

    /// Hands every row that `sql` selects to `take`.
    pub fn select(&self, sql: &str, values: &[Cell<'_>], mut take: impl FnMut(Row<'_>)) -> Result<(), Error> {
        let mut statement = self.connection.prepare(sql)?;
        for (n, value) in values.iter().enumerate() {
            statement.raw_bind_parameter(n + 1, value)?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            take(Row(row));
        }
        Ok(())
    }
}

fn bind<V: PartialEq>(
    statement: &mut Statement<'_>,
    row: &[V],
    before: &[V],
    cell: impl Fn(&V) -> Cell<'_>,
) -> Result<(), Error> {
    for (n, value) in row.iter().enumerate() {
        if before.get(n) != Some(value) {
            statement.raw_bind_parameter(n + 1, cell(value))?;
        }
    }
    Ok(())
}

/// A row that was selected.
pub struct Row<'a>(&'a rusqlite::Row<'a>);

impl Row<'_> {
    /// A number, or the bytes of a blob or a text; null for anything else.
    pub fn cell(&self, column: usize) -> Cell<'_> {
        match self.0.get_ref(column) {
            Ok(ValueRef::Integer(number)) => Cell::Int(number),
            Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => Cell::Bytes(bytes),
            Ok(ValueRef::Null | ValueRef::Real(_)) | Err(_) => Cell::Null,
        }
    }

    /// A number; `None` for anything else.
    pub fn int(&self, column: usize) -> Option<i64> {
        self.0.get_ref(column).ok()?.as_i64().ok()
    }

    /// A blob, or the bytes of a text; `None` for anything else.
    pub fn bytes(&self, column: usize) -> Option<&[u8]> {
        match self.0.get_ref(column).ok()? {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A text, or that there is none; `None` for anything else.
    pub fn text_or_null(&self, column: usize) -> Option<Option<&str>> {
        self.0.get_ref(column).ok()?.as_str_or_null().ok()
    }

    /// A text; `None` for anything else.
    pub fn text(&self, column: usize) -> Option<&str> {
        self.0.get_ref(column).ok()?.as_str().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use sqlx_core::{connection::ConnectOptions, executor::Executor, row::Row as _};
    use sqlx_sqlite::SqliteConnectOptions;

    fn cell(value: &Option<String>) -> Cell<'_> {
        value.as_deref().map_or(Cell::Null, Cell::Text)
    }

    fn row(a: &str, b: Option<&str>) -> Result<Vec<Option<String>>, Error> {
        Ok(vec![Some(a.into()), b.map(Into::into)])
    }

    #[test]
    fn rows_belong_to_the_transaction_that_sqlx_has_begun() {
        block_on(async {
            let mut db = SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
            db.execute("CREATE TABLE t (a text PRIMARY KEY, b text)").await.unwrap();
            db.execute("BEGIN").await.unwrap();
            let direct = Direct::new(db.lock_handle().await.unwrap()).unwrap();
            let rows = [row("1", Some("x")), row("2", Some("x")), row("3", None), row("4", None)];
            direct.each("INSERT INTO t VALUES (?, ?)", rows.into_iter(), cell).unwrap();
            let mut read = Vec::new();
            let take = |row: Row<'_>| {
                assert_eq!(row.bytes(1), row.text(1).map(str::as_bytes));
                assert_eq!(row.cell(0), row.int(0).map_or(Cell::Null, Cell::Int));
                assert_eq!(row.cell(1), row.bytes(1).map_or(Cell::Null, Cell::Bytes));
                read.push((row.int(0), row.text(1).map(str::to_owned)));
            };
            let select = "SELECT CAST(a AS integer), b FROM t WHERE a > ? ORDER BY a";
            direct.select(select, &[Cell::Text("1")], take).unwrap();
            assert_eq!(read, [(Some(2), Some("x".to_owned())), (Some(3), None), (Some(4), None)]);
            drop(direct);
            assert_eq!(db.fetch_one("SELECT count(*) FROM t").await.unwrap().get::<i64, _>(0), 4);
            db.execute("ROLLBACK").await.unwrap();
            assert_eq!(db.fetch_one("SELECT count(*) FROM t").await.unwrap().get::<i64, _>(0), 0);
        });
    }

    #[test]
    fn a_row_that_does_not_fit_is_an_error() {
        block_on(async {
            let mut db = SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
            db.execute("CREATE TABLE t (a text PRIMARY KEY, b text NOT NULL)").await.unwrap();
            let direct = Direct::new(db.lock_handle().await.unwrap()).unwrap();
            for rows in [[row("1", Some("x")), row("1", Some("x"))], [row("2", Some("x")), row("3", None)]] {
                assert!(direct.each("INSERT INTO t VALUES (?, ?)", rows.into_iter(), cell).is_err());
            }
        });
    }
}
