//! The rows that a run could not read or apply.

use crate::{
    Result, Tenant,
    mappings::listing::{self, Parts, Sort},
    sql::Params,
    tenant::Access,
};
use domain::{
    ids::RunId,
    page::{ListQuery, Listing},
    run::RunError,
};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Row {
    entity: String,
    remote_id: Option<String>,
    name: Option<String>,
    reason: String,
}

const SORTS: [Sort; 3] = [
    ("entity", "entity {dir}, place"),
    ("name", "lower(name) {dir} NULLS LAST"),
    ("reason", "reason {dir}, entity"),
];

impl<A: Access> Tenant<A> {
    /// The rows that a run could not read or apply, with reasons; sorted by entity (in the order of reading), name or reason.
    pub async fn run_errors(&self, run: RunId, query: ListQuery) -> Result<Listing<RunError>> {
        let window = query.window()?;
        let order = listing::order_by(&query, &SORTS, "entity, place")?;
        self.run_row(run).await?;
        let mut p = Params(vec![run.0.into(), self.id().into()]);
        let mut filter = "WHERE run_id = $1 AND tenant_id = $2".to_owned();
        listing::search(&mut filter, &mut p, query.text()?, &["lower(name)", "lower(reason)", "remote_id"]);
        let columns = "entity, remote_id, name, reason";
        let parts = Parts { columns, from: "FROM run_errors", filter: &filter, order: &order };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect(), total, window))
    }
}

fn view(row: Row) -> RunError {
    RunError { entity: row.entity, remote_id: row.remote_id, name: row.name, reason: row.reason }
}
