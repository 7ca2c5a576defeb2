//! Names instead of the vendor's ids: what moved is told by the names that organizations and locations have now.

use crate::{
    Result,
    sql::{self, Params},
};
use domain::run::FieldChange;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The fields that hold an id, and the table that knows its name.
const PLACES: [(&str, &str); 2] = [("organization", "organizations"), ("location", "remote_locations")];

#[derive(FromQueryResult)]
struct Named {
    remote_id: String,
    name: String,
}

/// Puts names where fields hold ids of organizations and locations; an id that staging no longer knows stays.
pub(crate) async fn name(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
    fields: impl IntoIterator<Item = &mut FieldChange>,
) -> Result<()> {
    let mut all: Vec<&mut FieldChange> = fields.into_iter().collect();
    for (field, table) in PLACES {
        let mut fields: Vec<&mut FieldChange> =
            all.iter_mut().filter(|f| f.field == field).map(|f| &mut **f).collect();
        let ids: BTreeSet<String> =
            fields.iter().flat_map(|f| [&f.before, &f.after]).flatten().cloned().collect();
        if ids.is_empty() {
            continue;
        }
        let names = names(db, table, tenant, integration, ids).await?;
        for value in fields.iter_mut().flat_map(|f| [&mut f.before, &mut f.after]).flatten() {
            if let Some(name) = names.get(value) {
                name.clone_into(value);
            }
        }
    }
    Ok(())
}

async fn names(
    db: &impl ConnectionTrait,
    table: &str,
    tenant: Uuid,
    integration: Uuid,
    ids: BTreeSet<String>,
) -> Result<HashMap<String, String>> {
    let mut p = Params(vec![tenant.into(), integration.into()]);
    let list = p.list(ids);
    let select = format!(
        "SELECT remote_id, name FROM {table} WHERE tenant_id = $1 AND integration_id = $2 AND remote_id IN ({list})"
    );
    let rows: Vec<Named> = sql::all(db, &select, p.0).await?;
    Ok(rows.into_iter().map(|row| (row.remote_id, row.name)).collect())
}
