//! The changes of a run as a CSV file: one line per changed field, page by page, never whole in memory.

use super::{
    packs, places,
    report::{COLUMNS, ChangeFilter, ChangeRow, selected},
};
use crate::{
    Result, Tenant, audit,
    csv_files::{BOM, lines},
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    ids::RunId,
    run::{Change, FieldChange},
};
use futures::{Stream, stream::try_unfold};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

/// Rows of one page.
const PAGE: usize = 1000;
/// Packs of one: about as many rows.
const PACKS: usize = 2;

const HEADER: [&str; 7] = ["entity", "remote_id", "name", "change", "field", "before", "after"];

/// Where the export is: after which row the next page begins, and, behind all rows, after which pack.
struct Cursor<A: Access> {
    tenant: Tenant<A>,
    run: RunId,
    integration: Uuid,
    filter: ChangeFilter,
    after: Option<[String; 3]>,
    /// The pack's first id.
    pack: Option<String>,
    begun: bool,
    ended: bool,
}

impl<A: Access> Tenant<A> {
    /// The changes of a run under a filter, as pieces of a CSV file (RFC 4180).
    pub async fn export_changes(
        self,
        run: RunId,
        filter: ChangeFilter,
    ) -> Result<impl Stream<Item = Result<String>> + Send + 'static> {
        let integration = self.run_row(run).await?.integration_id;
        // A filter that cannot be is refused before the first byte.
        selected(&mut Params::default(), self.id(), run, &filter)?;
        audit::note_file(&self, "Changes of a run", json!({ "run": run.to_string() })).await?;
        let start = Cursor {
            tenant: self,
            run,
            integration,
            filter,
            after: None,
            pack: None,
            begun: false,
            ended: false,
        };
        Ok(try_unfold(start, piece))
    }
}

/// The header first, then a page of rows at a time.
async fn piece<A: Access>(mut cursor: Cursor<A>) -> Result<Option<(String, Cursor<A>)>> {
    if cursor.ended {
        return Ok(None);
    }
    let mut text = String::new();
    if !cursor.begun {
        text.push_str(BOM);
        text.push_str(&lines([HEADER.map(str::to_owned)])?);
        cursor.begun = true;
    }
    let rows = cursor.next().await?;
    let mut changes = rows.into_iter().map(ChangeRow::view).collect::<Result<Vec<_>>>()?;
    let fields = changes.iter_mut().flat_map(|change| &mut change.fields);
    places::name(cursor.tenant.db(), cursor.tenant.id(), cursor.integration, fields).await?;
    text.push_str(&lines(changes.into_iter().flat_map(cells))?);
    Ok(Some((text, cursor)))
}

impl<A: Access> Cursor<A> {
    /// What comes next; nothing may come before the end.
    async fn next(&mut self) -> Result<Vec<ChangeRow>> {
        if let Some(pack) = self.pack.take() {
            return self.packed(pack).await;
        }
        let rows = self.page().await?;
        if rows.len() < PAGE {
            self.pack = Some(String::new());
        }
        self.after = rows.last().map(|r| [r.entity.clone(), r.remote_id.clone(), r.change.clone()]);
        Ok(rows)
    }

    async fn page(&self) -> Result<Vec<ChangeRow>> {
        let mut p = Params::default();
        let mut filter = selected(&mut p, self.tenant.id(), self.run, &self.filter)?;
        if let Some([entity, id, change]) = &self.after {
            let after = [entity, id, change].map(|part| p.push(part.as_str())).join(", ");
            filter.push_str(&format!(" AND (entity, remote_id, change) > ({after})"));
        }
        let select = format!(
            "SELECT {COLUMNS} FROM run_changes {filter} ORDER BY entity, remote_id, change LIMIT {PAGE}"
        );
        Ok(sql::all(self.tenant.db(), &select, p.0).await?)
    }

    /// The rows of some packs: to unpack all of them for each page would take longer with each.
    async fn packed(&mut self, after: String) -> Result<Vec<ChangeRow>> {
        #[derive(FromQueryResult)]
        struct Pack {
            first_id: String,
        }
        let select = format!(
            "SELECT first_id FROM run_packs WHERE run_id = $1 AND tenant_id = $2 AND change = 'added' AND first_id > $3
             ORDER BY first_id LIMIT {PACKS}"
        );
        let values = vec![self.run.0.into(), self.tenant.id().into(), after.into()];
        let packs: Vec<Pack> = sql::all(self.tenant.db(), &select, values).await?;
        self.ended = packs.len() < PACKS;
        self.pack = packs.last().map(|pack| pack.first_id.clone());
        let mut p = Params::default();
        let filter = selected(&mut p, self.tenant.id(), self.run, &self.filter)?;
        let run = p.push(self.run.0);
        let named = p.list(packs.into_iter().map(|pack| pack.first_id));
        let condition = format!("k.run_id = {run} AND k.first_id IN ({named})");
        let told = packs::as_changes(self.tenant.db(), &condition);
        let select = format!("SELECT {COLUMNS} FROM {told} {filter} ORDER BY remote_id");
        Ok(sql::all(self.tenant.db(), &select, p.0).await?)
    }
}

/// A line per changed field; one without a field for a row that came or went.
fn cells(change: Change) -> Vec<[String; 7]> {
    let line = |field: FieldChange| {
        let row = [change.entity.clone(), change.remote_id.clone(), change.name.clone()];
        let [entity, id, name] = row;
        let text = |value: Option<String>| value.unwrap_or_default();
        [entity, id, name, change.change.to_string(), field.field, text(field.before), text(field.after)]
    };
    let nothing = || FieldChange { field: String::new(), before: None, after: None };
    let fields = if change.fields.is_empty() { vec![nothing()] } else { change.fields.clone() };
    fields.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::run::ChangeKind;

    fn change(name: &str, fields: Vec<FieldChange>) -> Change {
        let (entity, remote_id) = ("device".to_owned(), "7".to_owned());
        Change { entity, remote_id, name: name.to_owned(), change: ChangeKind::Changed, fields }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_formulas() {
        let field = FieldChange {
            field: "name".into(),
            before: Some("=HYPERLINK(\"http://evil.example\")".into()),
            after: Some("-1".into()),
        };
        let text = lines(cells(change("A \"B\", C\nD", vec![field]))).unwrap();
        assert_eq!(
            text,
            "device,7,\"A \"\"B\"\", C\nD\",changed,name,\"'=HYPERLINK(\"\"http://evil.example\"\")\",'-1\r\n"
        );
    }

    #[test]
    fn a_row_without_fields_has_a_line_too() {
        assert_eq!(lines(cells(change("@A", Vec::new()))).unwrap(), "device,7,'@A,changed,,,\r\n");
        assert_eq!(lines(cells(change("＝A", Vec::new()))).unwrap(), "device,7,'＝A,changed,,,\r\n");
    }
}
