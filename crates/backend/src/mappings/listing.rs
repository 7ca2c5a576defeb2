//! What lists share: sorting by named fields, pages with totals, counts by status.

use crate::{
    Error, Result,
    sql::{self, Params},
};
use domain::{
    error::UserError,
    mapping::{MappingStatus, StatusCounts},
    page::{Direction, ListQuery, Window},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::str::FromStr;

/// A field to sort by and its SQL, where `{dir}` stands for the direction.
pub(crate) type Sort = (&'static str, &'static str);

/// The `ORDER BY` that a query asks for, one of `fields` (the first is the default); `tie` makes it stable.
pub(crate) fn order_by(query: &ListQuery, fields: &[Sort], tie: &str) -> Result<String, UserError> {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let (field, direction) = query.order(&names)?;
    let direction = match direction {
        Direction::Ascending => "ASC",
        Direction::Descending => "DESC",
    };
    let by = fields.iter().find(|(name, _)| *name == field).map_or(tie, |(_, by)| by);
    Ok(format!("ORDER BY {}, {tie}", by.replace("{dir}", direction)))
}

/// A list's query in parts: `SELECT {columns} {from} {filter} {order}`.
pub(crate) struct Parts<'a> {
    pub columns: &'a str,
    pub from: &'a str,
    /// `WHERE …`
    pub filter: &'a str,
    pub order: &'a str,
}

/// One page of a list and how many rows there are in all.
pub(crate) async fn page<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    parts: Parts<'_>,
    values: Vec<Value>,
    window: Window,
) -> Result<(Vec<T>, i64)> {
    let count = format!("SELECT count(*) AS n {} {}", parts.from, parts.filter);
    page_of(db, parts, &count, values, window).await
}

/// The same with a count of the caller's own, of the same parameters: some rows are counted faster than they are listed.
pub(crate) async fn page_of<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    parts: Parts<'_>,
    count: &str,
    values: Vec<Value>,
    window: Window,
) -> Result<(Vec<T>, i64)> {
    let Parts { columns, from, filter, order } = parts;
    let total = sql::count(db, count, values.clone()).await?;
    let (size, offset) = (window.size, window.offset());
    let select = format!("SELECT {columns} {from} {filter} {order} LIMIT {size} OFFSET {offset}");
    Ok((sql::all(db, &select, values).await?, total))
}

/// One page of a long list. Its keys are found first, with those joins only that filter and order use (both engines
/// leave the others out); the columns are read for the rows of the page. `owned` is the condition of the tenant's rows.
pub(crate) async fn page_by_key<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    (key, owned): (&str, &str),
    parts: Parts<'_>,
    values: Vec<Value>,
    window: Window,
) -> Result<Vec<T>> {
    let Parts { columns, from, filter, order } = parts;
    let (size, offset) = (window.size, window.offset());
    let keys = format!("SELECT {key} {from} {filter} {order} LIMIT {size} OFFSET {offset}");
    let select = format!("SELECT {columns} {from} {owned} AND {key} IN ({keys}) {order}");
    Ok(sql::all(db, &select, values).await?)
}

/// How many rows stand where; `status` is the SQL of a row's status.
pub(crate) async fn status_counts(
    db: &impl ConnectionTrait,
    status: &str,
    from: &str,
    filter: &str,
    values: Vec<Value>,
) -> Result<StatusCounts> {
    #[derive(FromQueryResult)]
    struct Row {
        status: String,
        n: i64,
    }
    let select = format!("SELECT {status} AS status, count(*) AS n {from} {filter} GROUP BY 1");
    let mut counts = StatusCounts::default();
    for row in sql::all::<Row>(db, &select, values).await? {
        counts.all += row.n;
        match MappingStatus::from_str(&row.status).map_err(Error::internal)? {
            MappingStatus::Mapped => counts.mapped = row.n,
            MappingStatus::Pending => counts.pending = row.n,
            MappingStatus::Unmapped => counts.unmapped = row.n,
            MappingStatus::Ignored => counts.ignored = row.n,
        }
    }
    Ok(counts)
}

/// Adds `AND (a LIKE … OR b LIKE …)` for a search text.
pub(crate) fn search(filter: &mut String, p: &mut Params, text: Option<&str>, columns: &[&str]) {
    let Some(text) = text else { return };
    filter.push_str(" AND ");
    filter.push_str(&sql::any_holds(columns, text, p));
}

/// The checked search text of a list that takes it apart from its [`ListQuery`].
pub(crate) fn checked_search(search: Option<&str>) -> Result<Option<String>, UserError> {
    let query = ListQuery { search: search.map(str::to_owned), ..ListQuery::default() };
    Ok(query.text()?.map(str::to_owned))
}

/// The order of statuses: what needs a decision first.
pub(crate) fn status_rank(status: &str) -> String {
    format!("CASE ({status}) WHEN 'pending' THEN 0 WHEN 'unmapped' THEN 1 WHEN 'mapped' THEN 2 ELSE 3 END")
}
