//! The log as a CSV file, newest first, page by page, never whole in memory.

use super::{
    event::{COLUMNS, EventRow},
    list::selected,
    note_file,
};
use crate::{
    Result, Tenant,
    csv_files::{BOM, lines},
    sql,
    tenant::Access,
};
use domain::{
    audit::{AuditEvent, AuditFilter},
    page::ListQuery,
};
use futures::{Stream, stream::try_unfold};
use serde_json::json;

/// Rows of one page.
const PAGE: usize = 1000;

const HEADER: [&str; 12] = [
    "number",
    "time",
    "who",
    "user_id",
    "address",
    "agent",
    "action",
    "kind",
    "subject",
    "subject_id",
    "details",
    "hash",
];

/// Where the export is: before which number the next page begins.
struct Cursor<A: Access> {
    tenant: Tenant<A>,
    query: ListQuery,
    wanted: AuditFilter,
    before: i64,
    begun: bool,
    ended: bool,
}

impl<A: Access> Tenant<A> {
    /// The events under a filter, as pieces of a CSV file (RFC 4180). Exporting is an event, too.
    pub async fn export_audit(
        self,
        query: ListQuery,
        wanted: AuditFilter,
    ) -> Result<impl Stream<Item = Result<String>> + Send + 'static> {
        // A filter that cannot be is refused before the first byte.
        self.check_wanted(&wanted).await?;
        selected(&self, &query, &wanted)?;
        note_file(&self, "Audit log", json!({})).await?;
        let start = Cursor { tenant: self, query, wanted, before: i64::MAX, begun: false, ended: false };
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
    let rows = cursor.page().await?;
    cursor.ended = rows.len() < PAGE;
    cursor.before = rows.last().map_or(0, |row| row.seq);
    let events = rows.into_iter().map(EventRow::view).collect::<Result<Vec<_>>>()?;
    text.push_str(&lines(events.into_iter().map(cells))?);
    Ok(Some((text, cursor)))
}

impl<A: Access> Cursor<A> {
    async fn page(&self) -> Result<Vec<EventRow>> {
        let (mut p, mut filter) = selected(&self.tenant, &self.query, &self.wanted)?;
        filter.push_str(&format!(" AND seq < {}", p.push(self.before)));
        let select = format!("SELECT {COLUMNS} FROM audit_events {filter} ORDER BY seq DESC LIMIT {PAGE}");
        Ok(sql::all(self.tenant.db(), &select, p.0).await?)
    }
}

fn cells(event: AuditEvent) -> [String; 12] {
    let details: Vec<String> =
        event.details.into_iter().map(|d| format!("{}: {}", d.name, d.value)).collect();
    [
        event.seq.to_string(),
        event.at.to_rfc3339(),
        event.actor,
        event.user_id.map(|id| id.to_string()).unwrap_or_default(),
        event.address.unwrap_or_default(),
        event.agent.unwrap_or_default(),
        event.action.to_string(),
        event.kind.to_string(),
        event.subject,
        event.subject_id.unwrap_or_default(),
        details.join("; "),
        event.hash,
    ]
}
