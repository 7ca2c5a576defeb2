//! Many rows: one by one through a prepared statement on SQLite, as arrays on PostgreSQL (where a statement of thousands of
//! parameters takes longer to plan than to run).

use crate::{
    Error, Result,
    db::{self, Columns, Tx},
    sql,
};
use sea_orm::{DatabaseConnection, DbBackend, FromQueryResult, Value, sea_query::ArrayType};
use sqlite_direct::{Cell, Direct};

/// Rows of one PostgreSQL statement.
const MOST_ROWS: usize = 1000;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Uuid,
    Text,
    Int,
    Bool,
}

impl Kind {
    fn array(self) -> (ArrayType, &'static str) {
        match self {
            Self::Uuid => (ArrayType::Uuid, "uuid"),
            Self::Text => (ArrayType::String, "text"),
            Self::Int => (ArrayType::BigInt, "bigint"),
            Self::Bool => (ArrayType::Bool, "boolean"),
        }
    }

    /// Any value of the type: arrays take no NULL, a mask says where one is meant.
    fn filler(self) -> Value {
        match self {
            Self::Uuid => uuid::Uuid::nil().into(),
            Self::Text => String::new().into(),
            Self::Int => 0i64.into(),
            Self::Bool => false.into(),
        }
    }
}

/// Where rows go. `after` follows the rows, such as `ON CONFLICT … DO NOTHING`.
pub struct Target<'a> {
    pub table: &'a str,
    pub columns: &'a [(&'a str, Kind)],
    pub after: &'a str,
}

/// `ON CONFLICT (key) DO UPDATE SET …` for all columns but the key and `keep`.
pub fn replace(columns: &[(&str, Kind)], key: &[&str], keep: &[&str]) -> String {
    let set: Vec<String> = columns
        .iter()
        .filter(|(c, _)| !key.contains(c) && !keep.contains(c))
        .map(|(c, _)| format!("{c} = excluded.{c}"))
        .collect();
    format!("ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "))
}

/// Inserts rows of values, each as long as the columns.
pub async fn insert(tx: &Tx, target: Target<'_>, rows: Vec<Vec<Value>>) -> Result<()> {
    insert_each(tx, target, rows.into_iter().map(Ok)).await
}

/// Inserts rows as they are made: only those of one statement are in memory as values.
pub async fn insert_each(
    tx: &Tx,
    target: Target<'_>,
    rows: impl Iterator<Item = Result<Vec<Value>>> + Send,
) -> Result<()> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        match tx {
            Tx::Sqlite(own) => {
                let (statement, rows) = (single(&target), rows.by_ref());
                db::direct(&mut *own.lock().await, |direct| direct.each(&statement, rows, cell)).await?;
            }
            Tx::Postgres(_) => {
                let part: Vec<Vec<Value>> = rows.by_ref().take(MOST_ROWS).collect::<Result<_>>()?;
                let (statement, values) = arrays(&target, part);
                sql::execute(tx, &statement, values).await?;
            }
        }
    }
    Ok(())
}

/// Inserts rows that nobody has yet: PostgreSQL copies them, which costs it much less than to look for each; SQLite need not
/// keep every page that a row touches, as it does where a row may turn into an update. One that is there after all is an error.
pub async fn insert_new(
    tx: &Tx,
    target: Target<'_>,
    rows: impl Iterator<Item = Result<Vec<Value>>> + Send,
) -> Result<()> {
    let mut rows = rows.peekable();
    match tx {
        Tx::Postgres(own) if rows.peek().is_some() => {
            let statement = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", target.table, names(&target));
            db::copy(own, statement, copied(rows)).await
        }
        _ => insert_each(tx, Target { after: "", ..target }, rows).await,
    }
}

/// Inserts rows that are known to be new, or any.
pub async fn insert_as(
    new: bool,
    tx: &Tx,
    target: Target<'_>,
    rows: impl Iterator<Item = Result<Vec<Value>>> + Send,
) -> Result<()> {
    if new { insert_new(tx, target, rows).await } else { insert_each(tx, target, rows).await }
}

/// A row that the engine hands out directly.
pub(crate) trait Quick: FromQueryResult {
    /// The columns in the order of the statement; `None` for a row of another shape.
    fn read(row: &impl Columns) -> Option<Self>;
}

/// All rows of a query in a transaction, or of a statement with `RETURNING`.
pub(crate) async fn rows<T: Quick>(tx: &Tx, statement: &str, values: Vec<Value>) -> Result<Vec<T>> {
    match tx {
        Tx::Postgres(_) => Ok(sql::all(tx, statement, values).await?),
        Tx::Sqlite(own) => {
            let mut rows = Vec::new();
            let work = |direct: &Direct<'_>| handed(direct, statement, &values, |row| rows.push(row));
            db::direct(&mut *own.lock().await, work).await?;
            Ok(rows)
        }
    }
}

/// Hands every row of a query, whose values are ids and numbers, to `take`.
pub(crate) async fn each_row<T: Quick>(
    db: &DatabaseConnection,
    statement: &str,
    values: Vec<Value>,
    mut take: impl FnMut(T),
) -> Result<()> {
    if db.get_database_backend() == DbBackend::Sqlite {
        return db::direct_apart(db, |direct| handed(direct, statement, &values, take)).await;
    }
    let mut strange = false;
    let read = |row: &db::Copied<'_>| match T::read(row) {
        Some(row) => take(row),
        None => strange = true,
    };
    db::copied(db, statement, &values, read).await?;
    whole(strange)
}

fn whole(strange: bool) -> Result<()> {
    if strange { Err(Error::internal("a row of another shape")) } else { Ok(()) }
}

fn handed<T: Quick>(
    direct: &Direct<'_>,
    statement: &str,
    values: &[Value],
    mut take: impl FnMut(T),
) -> Result<()> {
    let cells: Vec<Cell<'_>> = values.iter().map(cell).collect();
    let mut strange = false;
    direct.select(&statement.replace('$', "?"), &cells, |row| match T::read(&row) {
        Some(row) => take(row),
        None => strange = true,
    })?;
    whole(strange)
}

/// What stands before and behind the rows of a binary COPY.
const COPY_HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const COPY_TAIL: i16 = -1;

/// The data of a binary COPY, in parts of some thousand rows.
fn copied(
    mut rows: impl Iterator<Item = Result<Vec<Value>>> + Send,
) -> impl Iterator<Item = Result<Vec<u8>>> + Send {
    let (mut next, mut ended) = (COPY_HEAD.to_vec(), false);
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let mut part = std::mem::take(&mut next);
        for row in rows.by_ref().take(MOST_ROWS) {
            match row.and_then(|row| copied_row(&mut part, &row)) {
                Ok(()) => {}
                Err(error) => return Some(Err(error)),
            }
        }
        if part.is_empty() {
            ended = true;
            part.extend(COPY_TAIL.to_be_bytes());
        }
        Some(Ok(part))
    })
}

fn copied_row(out: &mut Vec<u8>, row: &[Value]) -> Result<()> {
    let columns = i16::try_from(row.len()).map_err(Error::internal)?;
    out.extend(columns.to_be_bytes());
    for value in row {
        match value {
            Value::String(Some(text)) => field(out, text.as_bytes())?,
            Value::BigInt(Some(number)) => field(out, &number.to_be_bytes())?,
            Value::Bool(Some(flag)) => field(out, &[u8::from(*flag)])?,
            Value::Uuid(Some(id)) => field(out, id.as_bytes())?,
            // No column is of another kind.
            _ => out.extend((-1_i32).to_be_bytes()),
        }
    }
    Ok(())
}

fn field(out: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    out.extend(i32::try_from(bytes.len()).map_err(Error::internal)?.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// A value as SQLite keeps it.
pub(crate) fn cell(value: &Value) -> Cell<'_> {
    match value {
        Value::String(Some(text)) => Cell::Text(text),
        Value::BigInt(Some(number)) => Cell::Int(*number),
        Value::Bool(Some(flag)) => Cell::Int((*flag).into()),
        Value::Uuid(Some(id)) => Cell::Bytes(id.as_bytes()),
        // No column is of another kind.
        _ => Cell::Null,
    }
}

fn names(target: &Target<'_>) -> String {
    target.columns.iter().map(|(c, _)| *c).collect::<Vec<_>>().join(", ")
}

/// The statement that inserts one row.
fn single(target: &Target<'_>) -> String {
    let marks = vec!["?"; target.columns.len()].join(", ");
    format!("INSERT INTO {} ({}) VALUES ({marks}) {}", target.table, names(target), target.after)
}

/// One array per column, and a mask per row: its n-th bit says that the n-th column is NULL.
fn arrays(target: &Target<'_>, rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
    debug_assert!(target.columns.len() < 63, "the mask is 63 bits wide");
    let mut columns: Vec<Vec<Value>> =
        target.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    let (mut masks, mut nullable) = (Vec::with_capacity(rows.len()), 0_i64);
    for row in rows {
        let mut mask = 0_i64;
        for (n, value) in row.into_iter().enumerate() {
            if is_null(&value) {
                mask |= 1 << n;
                columns[n].push(target.columns[n].1.filler());
            } else {
                columns[n].push(value);
            }
        }
        nullable |= mask;
        masks.push(mask.into());
    }
    (text_of(target, nullable), bound(target, columns, masks))
}

fn text_of(target: &Target<'_>, nullable: i64) -> String {
    let mut selected = Vec::new();
    let mut unnested = Vec::new();
    for (n, (_, kind)) in target.columns.iter().enumerate() {
        unnested.push(format!("${}::{}[]", n + 1, kind.array().1));
        selected.push(match nullable >> n & 1 {
            1 => format!("CASE WHEN m >> {n} & 1 = 0 THEN c{n} END"),
            _ => format!("c{n}"),
        });
    }
    let n = target.columns.len();
    unnested.push(format!("${}::bigint[]", n + 1));
    let columns: Vec<String> = (0..n).map(|n| format!("c{n}")).collect();
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS u ({}, m) {}",
        target.table,
        names(target),
        selected.join(", "),
        unnested.join(", "),
        columns.join(", "),
        target.after
    )
}

fn bound(target: &Target<'_>, columns: Vec<Vec<Value>>, masks: Vec<Value>) -> Vec<Value> {
    let mut values: Vec<Value> = target
        .columns
        .iter()
        .zip(columns)
        .map(|((_, kind), column)| Value::Array(kind.array().0, Some(Box::new(column))))
        .collect();
    values.push(Value::Array(ArrayType::BigInt, Some(Box::new(masks))));
    values
}

fn is_null(value: &Value) -> bool {
    matches!(value, Value::String(None) | Value::BigInt(None) | Value::Bool(None) | Value::Uuid(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_that_hold_a_null_are_masked() {
        let target = Target {
            table: "t",
            columns: &[("a", Kind::Int), ("b", Kind::Text)],
            after: "ON CONFLICT DO NOTHING",
        };
        let rows = vec![vec![1i64.into(), None::<String>.into()], vec![2i64.into(), "x".into()]];
        let (text, values) = arrays(&target, rows);
        assert_eq!(
            text,
            "INSERT INTO t (a, b) SELECT c0, CASE WHEN m >> 1 & 1 = 0 THEN c1 END \
             FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS u (c0, c1, m) ON CONFLICT DO NOTHING"
        );
        assert_eq!(values.len(), 3);
        assert_eq!(
            values[2],
            Value::Array(ArrayType::BigInt, Some(Box::new(vec![2i64.into(), 0i64.into()])))
        );
    }

    #[test]
    fn rows_are_copied_field_by_field() {
        let rows = [Ok(vec![7i64.into(), "ab".into()]), Ok(vec![None::<i64>.into(), true.into()])];
        let parts: Vec<Vec<u8>> = copied(rows.into_iter()).collect::<Result<_>>().unwrap();
        let bytes = parts.concat();
        let rest = bytes.strip_prefix(COPY_HEAD).unwrap();
        let expected: &[&[u8]] = &[
            b"\0\x02\0\0\0\x08\0\0\0\0\0\0\0\x07\0\0\0\x02ab",
            b"\0\x02\xff\xff\xff\xff\0\0\0\x01\x01",
            b"\xff\xff",
        ];
        assert_eq!(rest, expected.concat());
    }
}
