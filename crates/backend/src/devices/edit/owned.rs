//! Which fields of a device are a person's, whose, and what the sync would say.

use crate::{
    Error, Result, Tenant,
    clock::time,
    devices::edit::row::{EditRow, rows},
    imports, sql,
    tenant::Access,
};
use domain::{
    device_edit::{DeviceField, OwnedField},
    ids::DeviceId,
    run::FieldChange,
};
use sea_orm::FromQueryResult;
use std::collections::HashMap;

#[derive(FromQueryResult)]
struct Line {
    at: i64,
    user_name: Option<String>,
    fields: String,
}

impl<A: Access> Tenant<A> {
    /// The owned fields of a device, in the order of their declaration.
    pub(in crate::devices) async fn owned_fields(&self, id: DeviceId, owned: i64) -> Result<Vec<OwnedField>> {
        if owned == 0 {
            return Ok(Vec::new());
        }
        let by = self.owners(id).await?;
        let Some(row) = rows(self.db(), self.id(), &[id.0]).await?.into_iter().next() else {
            return Ok(Vec::new());
        };
        let told = self.told(&row).await?;
        let field = |field: DeviceField| {
            let (at, by) =
                by.get(field.as_str()).cloned().map_or((None, None), |(at, by)| (Some(time(at)), by));
            let remote = told.as_ref().and_then(|told| told.words(field));
            OwnedField { field, by, at, remote }
        };
        Ok(DeviceField::of_mask(owned).into_iter().map(field).collect())
    }

    /// Who set a field last, and when.
    async fn owners(&self, id: DeviceId) -> Result<HashMap<String, (i64, Option<String>)>> {
        let select = "SELECT h.at, e.user_name, h.fields FROM device_history h JOIN device_edits e ON e.id = h.edit_id
            WHERE h.device_id = $1 AND h.tenant_id = $2 AND e.kind IN ('created', 'edited', 'merged') AND e.undone_at IS NULL
            ORDER BY h.at DESC, h.edit_id DESC";
        let lines: Vec<Line> = sql::all(self.db(), select, vec![id.0.into(), self.id().into()]).await?;
        let mut owners = HashMap::new();
        for line in lines {
            let fields: Vec<FieldChange> = serde_json::from_str(&line.fields).map_err(Error::internal)?;
            for field in fields {
                owners.entry(field.field).or_insert_with(|| (line.at, line.user_name.clone()));
            }
        }
        Ok(owners)
    }

    /// The device as its row of staging and its mappings would have it.
    async fn told(&self, row: &EditRow) -> Result<Option<EditRow>> {
        match (row.integration_id, row.remote_id.as_deref()) {
            (Some(integration), Some(remote_id)) => {
                imports::told(self.db(), self.id(), integration, remote_id).await
            }
            _ => Ok(None),
        }
    }
}
