//! What a run changed: written with the rows it covers, read on the run's page.

use crate::{
    Error, Result, Tenant,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    ids::RunId,
    page::{ListQuery, Listing},
    run::{Change, FieldChange},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

/// Rows of one statement: seven parameters each, far below either engine's limit.
const CHUNK: usize = 1000;

/// A change to be recorded.
pub(crate) struct NewChange {
    pub entity: &'static str,
    pub remote_id: String,
    pub name: String,
    pub change: &'static str,
    pub fields: Vec<FieldChange>,
}

/// Writes changes of a run; one written before stays as it is.
pub(crate) async fn record(
    tx: &impl ConnectionTrait,
    run: Uuid,
    tenant: Uuid,
    changes: &[NewChange],
) -> Result<()> {
    for chunk in changes.chunks(CHUNK) {
        let mut p = Params::default();
        let mut rows = Vec::with_capacity(chunk.len());
        for c in chunk {
            let fields = serde_json::to_string(&c.fields).map_err(Error::internal)?;
            // Each row names the run again: placeholders that stand in order are the fast ones.
            let (run, tenant) = (p.push(run), p.push(tenant));
            let (entity, id, name) =
                (p.push(c.entity), p.push(c.remote_id.as_str()), p.push(c.name.as_str()));
            let (change, fields) = (p.push(c.change), p.push(fields));
            rows.push(format!("({run}, {tenant}, {entity}, {id}, {name}, {change}, {fields})"));
        }
        let insert = format!(
            "INSERT INTO run_changes (run_id, tenant_id, entity, remote_id, name, change, fields) VALUES {}
             ON CONFLICT (run_id, entity, remote_id, change) DO NOTHING",
            rows.join(", ")
        );
        sql::execute(tx, &insert, p.0).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct ChangeRow {
    entity: String,
    remote_id: String,
    name: String,
    change: String,
    fields: String,
}

impl<A: Access> Tenant<A> {
    /// What a run changed, by entity and name; the search looks at names and remote ids.
    pub async fn changes(&self, run: RunId, query: ListQuery) -> Result<Listing<Change>> {
        let window = query.window()?;
        self.run_row(run).await?;
        let mut p = Params::default();
        let mut filter = format!("run_id = {} AND tenant_id = {}", p.push(run.0), p.push(self.id()));
        if let Some(text) = query.text()? {
            let (like, id) = (p.push(sql::contains(text)), p.push(text));
            filter.push_str(&format!(" AND (lower(name) LIKE {like} ESCAPE '\\' OR remote_id = {id})"));
        }
        let total = sql::count(
            self.db(),
            &format!("SELECT count(*) AS n FROM run_changes WHERE {filter}"),
            p.0.clone(),
        )
        .await?;
        let select = format!(
            "SELECT entity, remote_id, name, change, fields FROM run_changes WHERE {filter}
             ORDER BY entity, change, name, remote_id LIMIT {} OFFSET {}",
            window.size,
            window.offset()
        );
        let rows: Vec<ChangeRow> = sql::all(self.db(), &select, p.0).await?;
        let items = rows.into_iter().map(view).collect::<Result<_>>()?;
        Ok(Listing::new(items, total, window))
    }
}

fn view(row: ChangeRow) -> Result<Change> {
    Ok(Change {
        entity: row.entity,
        remote_id: row.remote_id,
        name: row.name,
        change: row.change,
        fields: serde_json::from_str(&row.fields).map_err(Error::internal)?,
    })
}
