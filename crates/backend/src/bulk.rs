//! Many rows in one statement: a VALUES list on SQLite, arrays on PostgreSQL (where a statement of thousands of
//! parameters takes longer to plan than to run).

use crate::{Result, sql};
use sea_orm::{ConnectionTrait, DbBackend, Value, sea_query::ArrayType};

/// Parameters of one SQLite statement; it allows 32,766.
const MOST_PARAMS: usize = 30_000;
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
pub async fn insert(tx: &impl ConnectionTrait, target: Target<'_>, rows: Vec<Vec<Value>>) -> Result<()> {
    insert_each(tx, target, rows.into_iter().map(Ok)).await
}

/// Inserts rows as they are made: only those of one statement are in memory as values.
pub async fn insert_each(
    tx: &impl ConnectionTrait,
    target: Target<'_>,
    rows: impl Iterator<Item = Result<Vec<Value>>>,
) -> Result<()> {
    let most = match tx.get_database_backend() {
        DbBackend::Sqlite => MOST_PARAMS / target.columns.len().max(1),
        _ => MOST_ROWS,
    };
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let part: Vec<Vec<Value>> = rows.by_ref().take(most).collect::<Result<_>>()?;
        write(tx, &target, part).await?;
    }
    Ok(())
}

/// Writes what fits into one statement. On SQLite a rest is cut into halves: statements are kept prepared, each takes
/// megabytes, and there are few of few lengths.
async fn write(tx: &impl ConnectionTrait, target: &Target<'_>, mut rows: Vec<Vec<Value>>) -> Result<()> {
    let full = match tx.get_database_backend() {
        DbBackend::Sqlite => MOST_PARAMS / target.columns.len().max(1),
        _ => rows.len(),
    };
    let mut length = full.max(1);
    while !rows.is_empty() {
        while length > rows.len() {
            length = length.div_ceil(2);
        }
        let rest = rows.split_off(length);
        let part = std::mem::replace(&mut rows, rest);
        let (statement, values) = match tx.get_database_backend() {
            DbBackend::Sqlite => listed(target, part),
            _ => arrays(target, part),
        };
        sql::execute(tx, &statement, values).await?;
    }
    Ok(())
}

fn names(target: &Target<'_>) -> String {
    target.columns.iter().map(|(c, _)| *c).collect::<Vec<_>>().join(", ")
}

fn listed(target: &Target<'_>, rows: Vec<Vec<Value>>) -> (String, Vec<Value>) {
    let tuple = format!("({})", vec!["?"; target.columns.len()].join(","));
    let mut text = format!("INSERT INTO {} ({}) VALUES ", target.table, names(target));
    text.reserve(rows.len() * (tuple.len() + 1) + target.after.len() + 1);
    for n in 0..rows.len() {
        if n > 0 {
            text.push(',');
        }
        text.push_str(&tuple);
    }
    text.push(' ');
    text.push_str(target.after);
    (text, rows.into_iter().flatten().collect())
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
    fn a_list_has_one_tuple_per_row() {
        let target = Target { table: "t", columns: &[("a", Kind::Int)], after: "" };
        let (text, values) = listed(&target, vec![vec![1i64.into()], vec![2i64.into()]]);
        assert_eq!((text.trim_end(), values.len()), ("INSERT INTO t (a) VALUES (?),(?)", 2));
    }
}
