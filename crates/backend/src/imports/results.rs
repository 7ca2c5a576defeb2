//! What an import did.

use crate::{
    Error, Result, Tenant,
    mappings::listing::{self, Parts, Sort},
    runs::packs,
    sql::Params,
    tenant::Access,
};
use domain::{
    ids::RunId,
    import::{ImportOutcome, ImportResult},
    page::{ListQuery, Listing},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    remote_id: String,
    name: String,
    outcome: String,
    reason: Option<String>,
    device_id: Option<Uuid>,
}

const SORTS: [Sort; 3] = [
    ("name", "lower(name) {dir}"),
    (
        "outcome",
        "CASE outcome WHEN 'failed' THEN 0 WHEN 'skipped' THEN 1 WHEN 'linked' THEN 2 ELSE 3 END {dir}, lower(name)",
    ),
    ("reason", "reason {dir} NULLS LAST, lower(name)"),
];

impl<A: Access> Tenant<A> {
    /// What an import did with each device; sorted by name, outcome (failed first) or reason.
    pub async fn import_results(
        &self,
        run: RunId,
        query: ListQuery,
        outcome: Option<ImportOutcome>,
    ) -> Result<Listing<ImportResult>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &SORTS, "remote_id")?;
        self.run_row(run).await?;
        let mut p = Params(vec![self.id().into(), run.0.into()]);
        let mut filter = "WHERE tenant_id = $1 AND run_id = $2".to_owned();
        listing::search(&mut filter, &mut p, query.text()?, &["lower(name)", "lower(reason)", "remote_id"]);
        if let Some(outcome) = outcome {
            filter.push_str(&format!(" AND outcome = {}", p.push(outcome.as_str())));
        }
        let parts = Parts {
            columns: "remote_id, name, outcome, reason, device_id",
            from: "FROM import_results_told",
            filter: &filter,
            order: &order,
        };
        let (rows, total) = match query.text()? {
            Some(_) => listing::page::<Row>(self.db(), parts, p.0, window).await?,
            None => {
                let count = packs::count_results(&filter);
                listing::page_of(self.db(), parts, &count, p.0, window).await?
            }
        };
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }
}

fn view(row: Row) -> Result<ImportResult> {
    Ok(ImportResult {
        remote_id: row.remote_id,
        name: row.name,
        outcome: ImportOutcome::from_str(&row.outcome).map_err(Error::internal)?,
        reason: row.reason,
        device_id: row.device_id.map(Into::into),
    })
}
