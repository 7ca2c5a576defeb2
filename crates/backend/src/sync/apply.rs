//! Writing rows of staging: one multi-row upsert for many rows.

use crate::{
    Result,
    runs::NewChange,
    sql::{self, Params},
};
use domain::{run::FieldChange, sync::Verdict};
use sea_orm::{ConnectionTrait, Value};

/// Parameters of one statement; SQLite allows 32,766.
const MOST_PARAMS: usize = 30_000;

/// Inserts or replaces rows by (integration_id, remote_id). `columns` begin with tenant_id, integration_id, remote_id;
/// `keep` are set on insert only.
pub async fn upsert(
    tx: &impl ConnectionTrait,
    table: &str,
    columns: &[&str],
    keep: &[&str],
    rows: Vec<Vec<Value>>,
) -> Result<()> {
    let set: Vec<String> = columns
        .iter()
        .filter(|c| !["tenant_id", "integration_id", "remote_id"].contains(c) && !keep.contains(c))
        .map(|c| format!("{c} = excluded.{c}"))
        .collect();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut p = Params::default();
        let mut tuples = Vec::new();
        for row in rows.by_ref().take(MOST_PARAMS / columns.len()) {
            tuples.push(format!("({})", p.list(row)));
        }
        let insert = format!(
            "INSERT INTO {table} ({}) VALUES {} ON CONFLICT (integration_id, remote_id) DO UPDATE SET {}",
            columns.join(", "),
            tuples.join(", "),
            set.join(", ")
        );
        sql::execute(tx, &insert, p.0).await?;
    }
    Ok(())
}

/// The change record of a written row.
pub fn change(
    entity: &'static str,
    verdict: Verdict,
    id: &str,
    name: &str,
    fields: Vec<FieldChange>,
) -> NewChange {
    let change = match verdict {
        Verdict::Added => "added",
        Verdict::Returned => "returned",
        _ if fields.iter().any(|f| f.field == "organization") => "moved",
        _ => "changed",
    };
    NewChange { entity, remote_id: id.to_owned(), name: name.to_owned(), change, fields }
}

/// A field change, when the values differ.
pub fn differs(field: &str, before: Option<&str>, after: Option<&str>) -> Option<FieldChange> {
    let owned = |v: Option<&str>| v.map(str::to_owned);
    (before != after).then(|| FieldChange {
        field: field.to_owned(),
        before: owned(before),
        after: owned(after),
    })
}
