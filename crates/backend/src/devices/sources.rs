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
    /// The integrations, by name; who is limited to some companies sees those that tell of these.
    pub async fn device_sources(&self) -> Result<Vec<SourceRef>> {
        let select = format!(
            "SELECT i.id, i.name FROM integrations i WHERE i.tenant_id = $1{} ORDER BY i.name, i.id",
            self.source_within("i.id")
        );
        let rows: Vec<Row> = sql::all(self.db(), &select, vec![self.id().into()]).await?;
        Ok(rows.into_iter().map(|row| SourceRef { id: row.id.into(), name: row.name }).collect())
    }
}
