//! One pass over the rows, for a list that is sorted by what stands in them alone. Half of them are read on one connection, half
//! on another.

use super::{
    Paged,
    first::{First, Place, Spot},
    id,
};
use crate::{Error, Result, bulk, db, devices::filter::Filter, sql};
use domain::page::{Direction, Window};
use futures::future::try_join_all;
use sea_orm::{DatabaseConnection, FromQueryResult, Value};
use sqlite_direct::{Cell, Row};
use std::borrow::Cow;

/// What a list is sorted by: one value of the row or two, as SQL.
pub(crate) struct By {
    pub keys: Vec<Key>,
    pub direction: Direction,
}

/// A value that is sorted by.
pub(crate) struct Key {
    /// As SQL.
    value: String,
    /// Whether its case does not count: it is compared so here, which takes less time than to have SQLite change each.
    folded: bool,
}

impl Key {
    /// Of what an order says.
    pub fn of(order: &str) -> Self {
        let bare = order.strip_prefix("lower(").and_then(|rest| rest.strip_suffix(')'));
        Self { value: bare.unwrap_or(order).to_owned(), folded: bare.is_some() }
    }
}

/// What each part reads; the values are [`Filter::index_values`], then the first and the last row.
pub(crate) fn statement(found: &Filter, by: &By) -> String {
    let mark = found.index_values().len();
    let keys = by.keys.iter().map(|key| key.value.as_str()).collect::<Vec<_>>().join(", ");
    format!(
        "SELECT d.id, d.name, {keys} FROM devices d NOT INDEXED
         WHERE d.tenant_id = $1 AND {} AND d.rowid BETWEEN ${} AND ${}",
        found.index,
        mark + 1,
        mark + 2
    )
}

/// The page `window` of what `found` describes.
pub(crate) async fn rows(db: &DatabaseConnection, found: &Filter, by: By, window: Window) -> Result<Paged> {
    let statement = statement(found, &by).replace('$', "?");
    let folded: Vec<bool> = by.keys.iter().map(|key| key.folded).collect();
    let parts = halves(db).await?.map(|(from, to)| {
        let (db, statement, folded) = (db.clone(), statement.clone(), folded.clone());
        let ends = [Value::from(from), Value::from(to)];
        let values: Vec<Value> = found.index_values().iter().cloned().chain(ends).collect();
        tokio::spawn(async move {
            db::direct_apart(&db, |direct| {
                let mut first = First::of(window, by.direction);
                let cells: Vec<Cell<'_>> = values.iter().map(bulk::cell).collect();
                direct.select(&statement, &cells, |row| first.show_row(&row, &folded))?;
                Ok(first)
            })
            .await
        })
    });
    let mut parts = try_join_all(parts).await.map_err(Error::internal)?.into_iter();
    let mut all = First::of(window, by.direction);
    while let Some(part) = parts.next().transpose()? {
        all = all.join(part);
    }
    Ok(all.page(window))
}

/// The numbers of the rows, in two parts.
async fn halves(db: &DatabaseConnection) -> Result<[(i64, i64); 2]> {
    #[derive(FromQueryResult)]
    struct Ends {
        first: Option<i64>,
        last: Option<i64>,
    }
    let select = "SELECT (SELECT min(rowid) FROM devices) AS first, (SELECT max(rowid) FROM devices) AS last";
    let ends: Option<Ends> = sql::one(db, select, Vec::new()).await?;
    let (first, last) = ends.and_then(|e| e.first.zip(e.last)).unwrap_or_default();
    let middle = first.midpoint(last);
    Ok([(i64::MIN, middle), (middle + 1, i64::MAX)])
}

impl First {
    /// Shows a row of [`statement`]; `folded` says of each value it is sorted by whether its case does not count.
    fn show_row(&mut self, row: &Row<'_>, folded: &[bool]) {
        let place = |n: usize| {
            let Some(folded) = folded.get(n) else { return Place::Unknown };
            match row.cell(n + 2) {
                Cell::Int(number) => Place::Number(number),
                Cell::Bytes(text) if *folded => Place::Folded(Cow::Borrowed(text)),
                Cell::Bytes(text) => Place::Text(Cow::Borrowed(text)),
                Cell::Null | Cell::Text(_) => Place::Unknown,
            }
        };
        let places = [place(0), place(1)];
        if self.is_late(&places) {
            return;
        }
        let Some(id) = id(row, 0) else { return };
        let name = Cow::Borrowed(row.bytes(1).unwrap_or_default());
        self.show(&Spot { places, name, id });
    }
}
