//! What a run changed, and what it held back, read for its page.

use super::{packs, places};
use crate::{
    Error, Result, Tenant,
    mappings::listing::{self, Parts, Sort},
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    ids::{QuestionId, RunId},
    page::{ListQuery, Listing},
    run::{Change, ChangeCount, ChangeKind},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

/// Which changes of a run are wanted; all parts must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    pub entity: Option<String>,
    pub change: Option<ChangeKind>,
    pub search: Option<String>,
}

#[derive(FromQueryResult)]
pub(super) struct ChangeRow {
    pub entity: String,
    pub remote_id: String,
    pub name: String,
    pub change: String,
    pub fields: String,
}

/// Every column that a [`ChangeRow`] reads.
pub(super) const COLUMNS: &str = "entity, remote_id, name, change, fields";

const SORTS: [Sort; 3] = [
    ("entity", "entity {dir}, change, lower(name)"),
    ("name", "lower(name) {dir}"),
    ("change", "change {dir}, lower(name)"),
];

impl ChangeRow {
    pub(super) fn view(self) -> Result<Change> {
        Ok(Change {
            entity: self.entity,
            remote_id: self.remote_id,
            name: self.name,
            change: ChangeKind::from_str(&self.change).map_err(Error::internal)?,
            fields: serde_json::from_str(&self.fields).map_err(Error::internal)?,
        })
    }
}

/// `WHERE …` of a run's changes under a filter.
pub(super) fn selected(p: &mut Params, tenant: Uuid, run: RunId, filter: &ChangeFilter) -> Result<String> {
    let mut sql = format!("WHERE run_id = {} AND tenant_id = {}", p.push(run.0), p.push(tenant));
    if let Some(entity) = filter.entity.as_deref().filter(|e| !e.is_empty()) {
        sql.push_str(&format!(" AND entity = {}", p.push(entity)));
    }
    if let Some(change) = filter.change {
        sql.push_str(&format!(" AND change = {}", p.push(change.as_str())));
    }
    search(&mut sql, p, listing::checked_search(filter.search.as_deref())?);
    Ok(sql)
}

/// Names by part, remote ids whole.
fn search(sql: &mut String, p: &mut Params, text: Option<String>) {
    if let Some(text) = text {
        let (named, id) = (sql::any_holds(&["lower(name)"], &text, p), p.push(text));
        sql.push_str(&format!(" AND ({named} OR remote_id = {id})"));
    }
}

impl<A: Access> Tenant<A> {
    /// What a run changed, sorted by entity, name or change; the search looks at names and remote ids.
    pub async fn changes(
        &self,
        run: RunId,
        query: ListQuery,
        entity: Option<String>,
        change: Option<ChangeKind>,
    ) -> Result<Listing<Change>> {
        let integration = self.run_row(run).await?.integration_id;
        let mut p = Params::default();
        let wanted = ChangeFilter { entity, change, search: query.search.clone() };
        let filter = selected(&mut p, self.id(), run, &wanted)?;
        let from = "FROM run_changes_told";
        let count = match query.text()? {
            Some(_) => format!("SELECT count(*) AS n {from} {filter}"),
            None => packs::count_changes(&filter),
        };
        self.change_page(integration, (from, &filter, &count), p, &query).await
    }

    /// How many changes of each kind a run made.
    pub async fn change_counts(&self, run: RunId) -> Result<Vec<ChangeCount>> {
        #[derive(FromQueryResult)]
        struct Row {
            entity: String,
            change: String,
            n: i64,
        }
        self.run_row(run).await?;
        let select =
            "SELECT entity, change, CAST(sum(n) AS bigint) AS n FROM (
                SELECT entity, change, count(*) AS n FROM run_changes WHERE run_id = $1 AND tenant_id = $2
                GROUP BY entity, change
                UNION ALL
                SELECT 'device', change, held FROM run_packs WHERE run_id = $1 AND tenant_id = $2 AND change = 'added') AS c
            GROUP BY entity, change ORDER BY entity, change";
        let rows: Vec<Row> = sql::all(self.db(), select, vec![run.0.into(), self.id().into()]).await?;
        let view = |row: Row| {
            let change = ChangeKind::from_str(&row.change).map_err(Error::internal)?;
            Ok(ChangeCount { entity: row.entity, change, count: row.n })
        };
        rows.into_iter().map(view).collect()
    }

    /// The rows behind a question: what would be applied.
    pub async fn held(&self, question: QuestionId, query: ListQuery) -> Result<Listing<Change>> {
        let integration = self.question_row(question).await?.integration_id;
        let mut p = Params::default();
        let mut filter =
            format!("WHERE question_id = {} AND tenant_id = {}", p.push(question.0), p.push(self.id()));
        search(&mut filter, &mut p, query.text()?.map(str::to_owned));
        let from = "FROM held_changes";
        let count = format!("SELECT count(*) AS n {from} {filter}");
        self.change_page(integration, (from, &filter, &count), p, &query).await
    }

    async fn change_page(
        &self,
        integration: Uuid,
        (from, filter, count): (&str, &str, &str),
        p: Params,
        query: &ListQuery,
    ) -> Result<Listing<Change>> {
        let window = query.window()?;
        let order = listing::order_by(query, &SORTS, "remote_id")?;
        let parts = Parts { columns: COLUMNS, from, filter, order: &order };
        let (rows, total) = listing::page_of::<ChangeRow>(self.db(), parts, count, p.0, window).await?;
        let mut items = rows.into_iter().map(ChangeRow::view).collect::<Result<Vec<_>>>()?;
        let fields = items.iter_mut().flat_map(|change| &mut change.fields);
        places::name(self.db(), self.id(), integration, fields).await?;
        Ok(Listing::new(items, total, window))
    }
}
