//! How the database goes about a list of devices; for those who measure it.

use super::{
    list::{Asked, Pass},
    pass::{rows, walk},
};
use crate::{Result, Tenant, sql, tenant::Access};
use domain::{device::DeviceFilter, page::ListQuery};
use sea_orm::{DbBackend, FromQueryResult, Value};

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
    /// The plans of counting a list and of reading its page, a line each step; of one pass where that does both. PostgreSQL
    /// runs them.
    pub async fn devices_plans(&self, query: ListQuery, wanted: DeviceFilter) -> Result<[Vec<String>; 2]> {
        let found = self.device_filter(&query, &wanted).await?;
        let mut values = found.index_values().to_vec();
        let passed = match self.passed(&query, &found)? {
            Pass::Index(by) => Some(walk::statement(&found, by, &walk::Part::default())),
            Pass::Rows(by) => {
                values.extend([Value::from(i64::MIN), Value::from(i64::MAX)]);
                Some(rows::statement(&found, &by))
            }
            Pass::None => None,
        };
        if let Some(statement) = passed {
            let explain = format!("EXPLAIN QUERY PLAN {statement}");
            let lines: Vec<Line> = sql::all(self.db(), &explain, values).await?;
            return Ok([Vec::new(), lines.into_iter().map(|l| l.detail).collect()]);
        }
        let Asked { count, page, values, .. } = self.asked(&query, found)?;
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
