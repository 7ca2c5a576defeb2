//! Rows that a run could not read or apply, each with its reason.

use super::RunContext;
use crate::{
    Result,
    bulk::{self, Kind, Target},
    db::Tx,
};
use sea_orm::Value;

/// Most errors that a run keeps one by one; the rest is counted.
const MOST: i64 = 10_000;

/// An error to be noted.
pub(crate) struct NewError {
    pub entity: &'static str,
    pub remote_id: Option<String>,
    pub name: Option<String>,
    pub reason: String,
}

/// Writes errors with the rows that they came with.
pub(crate) async fn note_errors(ctx: &RunContext, tx: &Tx, errors: Vec<NewError>) -> Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    let columns = [
        ("run_id", Kind::Uuid),
        ("tenant_id", Kind::Uuid),
        ("entity", Kind::Text),
        ("place", Kind::Int),
        ("remote_id", Kind::Text),
        ("name", Kind::Text),
        ("reason", Kind::Text),
    ];
    let first = ctx.error_places(errors.len());
    let row = |(place, e): (i64, NewError)| -> Vec<Value> {
        let (run, tenant) = (ctx.run_id(), ctx.tenant_id());
        vec![
            run.into(),
            tenant.into(),
            e.entity.into(),
            place.into(),
            e.remote_id.into(),
            e.name.into(),
            e.reason.into(),
        ]
    };
    let rows = (first..MOST).zip(errors).map(row).collect();
    let target = Target { table: "run_errors", columns: &columns, after: "ON CONFLICT DO NOTHING" };
    bulk::insert(tx, target, rows).await
}
