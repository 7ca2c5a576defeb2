//! Where devices can come from.

use crate::{Result, Tenant, sql, tenant::Access};
use domain::device::SourceRef;
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
}

impl<A: Access> Tenant<A> {
    /// The integrations, by name.
    pub async fn device_sources(&self) -> Result<Vec<SourceRef>> {
        let select = "SELECT id, name FROM integrations WHERE tenant_id = $1 ORDER BY name, id";
        let rows: Vec<Row> = sql::all(self.db(), select, vec![self.id().into()]).await?;
        Ok(rows.into_iter().map(|row| SourceRef { id: row.id.into(), name: row.name }).collect())
    }
}
