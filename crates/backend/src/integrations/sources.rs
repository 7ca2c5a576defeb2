//! When each source of an integration was last read.

use crate::{Result, Tenant, clock::time, sql, tenant::Access};
use domain::{ids::IntegrationId, run::SourceState};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Row {
    source: String,
    read_at: Option<i64>,
    failed_at: Option<i64>,
    problem: Option<String>,
}

impl<A: Access> Tenant<A> {
    /// The sources of an integration by name, each with when it was last read whole and why not since.
    pub(crate) async fn sources(&self, integration: IntegrationId) -> Result<Vec<SourceState>> {
        let select = "SELECT source, read_at, failed_at, problem FROM source_states
            WHERE integration_id = $1 AND tenant_id = $2 ORDER BY source";
        let rows: Vec<Row> =
            sql::all(self.db(), select, vec![integration.0.into(), self.id().into()]).await?;
        Ok(rows.into_iter().map(view).collect())
    }
}

fn view(row: Row) -> SourceState {
    SourceState {
        source: row.source,
        read_at: row.read_at.map(time),
        failed_at: row.failed_at.map(time),
        problem: row.problem,
    }
}
