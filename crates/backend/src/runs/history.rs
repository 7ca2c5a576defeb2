//! The history of an integration: its runs.

use super::row::{RunRow, SELECT};
use crate::{
    Result, Tenant,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    ids::IntegrationId,
    page::{ListQuery, Listing},
    run::{Run, RunKind, RunState},
};

impl<A: Access> Tenant<A> {
    /// Runs of an integration, newest first.
    pub async fn runs(
        &self,
        integration: IntegrationId,
        query: ListQuery,
        kind: Option<RunKind>,
        state: Option<RunState>,
    ) -> Result<Listing<Run>> {
        let window = query.window()?;
        self.integration_exists(integration).await?;
        let mut p = Params(vec![integration.0.into(), self.id().into()]);
        let mut filter = "WHERE integration_id = $1 AND tenant_id = $2".to_owned();
        let wanted = [("kind", kind.map(RunKind::as_str)), ("state", state.map(RunState::as_str))];
        for (column, word) in wanted.into_iter().filter_map(|(column, word)| Some((column, word?))) {
            filter.push_str(&format!(" AND {column} = {}", p.push(word)));
        }
        let count = format!("SELECT count(*) AS n FROM runs {filter}");
        let total = sql::count(self.db(), &count, p.0.clone()).await?;
        let (size, offset) = (window.size, window.offset());
        let page =
            format!("{SELECT} {filter} ORDER BY created_at DESC, id DESC LIMIT {size} OFFSET {offset}");
        let rows: Vec<RunRow> = sql::all(self.db(), &page, p.0).await?;
        Ok(Listing::new(rows.into_iter().map(RunRow::view).collect::<Result<_>>()?, total, window))
    }
}
