//! CSV files of companies and locations: reading them kindly, refusing line by line, and planning what to write.

mod header;
mod lines;
mod plan;

pub(crate) use lines::{File, Line, Numbered, read};
pub(crate) use plan::{Known, Plan, agrees};

use crate::sql::Params;
use sea_orm::Value;

/// Rows of one statement: well below the parameter limits of both engines.
pub(crate) const CHUNK: usize = 1000;

/// `WITH asked(key) AS (VALUES …)`, to join with: PostgreSQL compares every row of the table with every item of a long
/// `IN` list when it has no statistics yet, which is after the first import.
pub(crate) fn asked<V: Into<Value>>(params: &mut Params, keys: impl IntoIterator<Item = V>) -> String {
    let rows: Vec<String> = keys.into_iter().map(|key| format!("({})", params.push(key))).collect();
    format!("WITH asked(key) AS (VALUES {})", rows.join(", "))
}
