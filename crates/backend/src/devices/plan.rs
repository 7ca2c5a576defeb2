//! How the database goes about a list of devices; for those who measure it.

use super::list::Asked;
use crate::{Result, Tenant, sql, tenant::Access};
use domain::{device::DeviceFilter, page::ListQuery};
use sea_orm::{DbBackend, FromQueryResult};

#[derive(FromQueryResult)]
struct Line {
    detail: String,
}

#[derive(FromQueryResult)]
struct PostgresLine {
    #[sea_orm(from_alias = "QUERY PLAN")]
    detail: String,
}

impl<A: Access> Tenant<A> {
    /// The plans of counting a list and of reading its page, a line each step. PostgreSQL runs them.
    pub async fn devices_plans(&self, query: ListQuery, wanted: DeviceFilter) -> Result<[Vec<String>; 2]> {
        let Asked { count, page, values, .. } = self.asked(&query, &wanted).await?;
        let mut plans = [Vec::new(), Vec::new()];
        for (plan, statement) in plans.iter_mut().zip([count, page]) {
            *plan = match self.db().get_database_backend() {
                DbBackend::Postgres => {
                    let explain = format!("EXPLAIN (ANALYZE, COSTS OFF) {statement}");
                    let lines: Vec<PostgresLine> = sql::all(self.db(), &explain, values.clone()).await?;
                    lines.into_iter().map(|l| l.detail).collect()
                }
                _ => {
                    let explain = format!("EXPLAIN QUERY PLAN {statement}");
                    let lines: Vec<Line> = sql::all(self.db(), &explain, values.clone()).await?;
                    lines.into_iter().map(|l| l.detail).collect()
                }
            };
        }
        Ok(plans)
    }
}
