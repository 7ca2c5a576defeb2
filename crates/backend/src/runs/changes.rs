//! What a run changed: written with the rows it covers. [`super::report`] reads it.

use crate::{
    Error, Result,
    bulk::{self, Kind, Target},
    db::Tx,
};
use domain::run::{ChangeKind, FieldChange};
use sea_orm::Value;
use uuid::Uuid;

/// A change to be recorded.
pub(crate) struct NewChange {
    pub entity: &'static str,
    pub remote_id: String,
    pub name: String,
    pub change: ChangeKind,
    pub fields: Vec<FieldChange>,
}

/// Writes changes of a run; one written before stays as it is.
pub(crate) async fn record(tx: &Tx, run: Uuid, tenant: Uuid, changes: &[NewChange]) -> Result<()> {
    let rows: Vec<_> = changes.iter().map(|change| values(run, tenant, change)).collect();
    bulk::insert_each(tx, TARGET, rows.into_iter()).await
}

/// Writes changes of a run in place of the same ones that it has written before.
pub(crate) async fn record_over(tx: &Tx, run: Uuid, tenant: Uuid, changes: &[NewChange]) -> Result<()> {
    let rows: Vec<_> = changes.iter().map(|change| values(run, tenant, change)).collect();
    let after = bulk::replace(TARGET.columns, &["run_id", "entity", "remote_id", "change"], &["tenant_id"]);
    bulk::insert_each(tx, Target { after: &after, ..TARGET }, rows.into_iter()).await
}

const TARGET: Target<'_> = Target {
    table: "run_changes",
    columns: &[
        ("run_id", Kind::Uuid),
        ("tenant_id", Kind::Uuid),
        ("entity", Kind::Text),
        ("remote_id", Kind::Text),
        ("name", Kind::Text),
        ("change", Kind::Text),
        ("fields", Kind::Text),
    ],
    after: "ON CONFLICT (run_id, entity, remote_id, change) DO NOTHING",
};

fn values(run: Uuid, tenant: Uuid, c: &NewChange) -> Result<Vec<Value>> {
    let fields = match c.fields.is_empty() {
        true => "[]".to_owned(),
        false => serde_json::to_string(&c.fields).map_err(Error::internal)?,
    };
    Ok(vec![
        run.into(),
        tenant.into(),
        c.entity.into(),
        c.remote_id.as_str().into(),
        c.name.as_str().into(),
        c.change.as_str().into(),
        fields.into(),
    ])
}
