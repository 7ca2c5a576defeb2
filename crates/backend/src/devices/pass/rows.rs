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
    pub keys: Vec<String>,
    pub direction: Direction,
}

/// What each part reads; the values are [`Filter::index_values`], then the first and the last row.
pub(crate) fn statement(found: &Filter, by: &By) -> String {
    let (mark, keys) = (found.index_values().len(), by.keys.join(", "));
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
    let (statement, keys) = (statement(found, &by).replace('$', "?"), by.keys.len());
    let parts = halves(db).await?.map(|(from, to)| {
        let (db, statement) = (db.clone(), statement.clone());
        let ends = [Value::from(from), Value::from(to)];
        let values: Vec<Value> = found.index_values().iter().cloned().chain(ends).collect();
        tokio::spawn(async move {
            db::direct_apart(&db, |direct| {
                let mut first = First::of(window, by.direction);
                let cells: Vec<Cell<'_>> = values.iter().map(bulk::cell).collect();
                direct.select(&statement, &cells, |row| first.show_row(&row, keys))?;
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
    fn show_row(&mut self, row: &Row<'_>, keys: usize) {
        let place = |column: usize| match row.int(column) {
            Some(number) => Place::Number(number),
            None => row.bytes(column).map_or(Place::Unknown, |text| Place::Text(Cow::Borrowed(text))),
        };
        let Some(id) = id(row, 0) else { return };
        let second = if keys > 1 { place(3) } else { Place::Unknown };
        let name = Cow::Borrowed(row.bytes(1).unwrap_or_default());
        self.show(&Spot { places: [place(2), second], name, id });
    }
}
