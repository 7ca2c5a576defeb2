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

/// Who reads what moved.
pub(crate) struct Reader<'a> {
    /// ` AND …`: that they may know an organization, and a location, of staging under the alias `x`. Empty for all.
    pub within: [String; 2],
    /// What stands in place of an id that they may not know; without it, the id itself.
    pub unknown: Option<&'a str>,
}

impl Reader<'_> {
    /// Somebody who may know everything.
    pub const ALL: Self = Self { within: [String::new(), String::new()], unknown: None };
}

/// Puts names where fields hold ids of organizations and locations; an id that staging no longer knows stays.
pub(crate) async fn name(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
    fields: impl IntoIterator<Item = &mut FieldChange>,
) -> Result<()> {
    name_for(db, (tenant, integration), fields, &Reader::ALL).await
}

/// The same for a reader.
pub(crate) async fn name_for(
    db: &impl ConnectionTrait,
    (tenant, integration): (Uuid, Uuid),
    fields: impl IntoIterator<Item = &mut FieldChange>,
    reader: &Reader<'_>,
) -> Result<()> {
    let mut all: Vec<&mut FieldChange> = fields.into_iter().collect();
    for ((field, table), within) in PLACES.into_iter().zip(&reader.within) {
        let mut fields: Vec<&mut FieldChange> =
            all.iter_mut().filter(|f| f.field == field).map(|f| &mut **f).collect();
        let ids: BTreeSet<String> =
            fields.iter().flat_map(|f| [&f.before, &f.after]).flatten().cloned().collect();
        if ids.is_empty() {
            continue;
        }
        let names = names(db, (table, within.as_str()), (tenant, integration), ids).await?;
        for value in fields.iter_mut().flat_map(|f| [&mut f.before, &mut f.after]).flatten() {
            let name = names.get(value).map(String::as_str);
            // None at all is none for everybody.
            let unknown = reader.unknown.filter(|_| !value.is_empty());
            if let Some(name) = name.or(unknown) {
                name.clone_into(value);
            }
        }
    }
    Ok(())
}

async fn names(
    db: &impl ConnectionTrait,
    (table, within): (&str, &str),
    (tenant, integration): (Uuid, Uuid),
    ids: BTreeSet<String>,
) -> Result<HashMap<String, String>> {
    let mut p = Params(vec![tenant.into(), integration.into()]);
    let list = p.list(ids);
    let select = format!(
        "SELECT x.remote_id, x.name FROM {table} x
         WHERE x.tenant_id = $1 AND x.integration_id = $2 AND x.remote_id IN ({list}){within}"
    );
    let rows: Vec<Named> = sql::all(db, &select, p.0).await?;
    Ok(rows.into_iter().map(|row| (row.remote_id, row.name)).collect())
}
