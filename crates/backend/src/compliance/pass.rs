//! The devices of a report on SQLite: one pass over the facts that counts and finds a page.

use crate::{
    Error, Result, bulk, db,
    devices::pass::{
        Id, Paged,
        first::{First, Place, Spot},
        id,
        middle::{Middle, middle},
        ranks,
    },
};
use domain::page::{Direction, Window};
use futures::future::try_join_all;
use rustc_hash::FxHashMap;
use sea_orm::{DatabaseConnection, Value};
use sqlite_direct::{Cell, Direct, Row};
use std::borrow::Cow;
use uuid::Uuid;

/// What a report is sorted by, and the names that tell the places of ids.
pub(super) struct By {
    column: &'static str,
    names: Option<&'static str>,
    direction: Direction,
}

impl By {
    /// By one of the fields of a report.
    pub fn of(field: &str, direction: Direction) -> Self {
        let (column, names) = match field {
            "company" => (
                "f.company_id",
                Some("SELECT id, name_key FROM companies WHERE tenant_id = ? ORDER BY name_key"),
            ),
            "type" => (
                "f.device_type_id",
                Some("SELECT id, name_key FROM device_types WHERE tenant_id = ? ORDER BY name_key"),
            ),
            "os" => ("f.os", None),
            // What is online is in contact now.
            "last_contact" => ("COALESCE(f.seen, 9223372036854775807)", None),
            _ => ("f.name_key", None),
        };
        Self { column, names, direction }
    }
}

/// The page `window` of what `condition` describes, whose values are `values`.
pub(super) async fn pass(
    db: &DatabaseConnection,
    tenant: Uuid,
    (condition, values): (&str, &[Value]),
    by: By,
    window: Window,
) -> Result<Paged> {
    let By { column, names, direction } = by;
    let select = format!("SELECT {column}, f.device_id, f.name_key FROM device_facts f {condition}");
    let mark = values.len() + 1;
    // Two connections read one half each.
    let halves = match middle(db, tenant).await? {
        Some(Middle { id, .. }) => [("<", id), (">=", id)]
            .map(|(is, id)| (format!("{select} AND f.device_id {is} ${mark}"), Some(id)))
            .to_vec(),
        None => vec![(select, None)],
    };
    let parts = halves.into_iter().map(|(select, middle)| {
        let (db, values) = (db.clone(), values.to_vec());
        tokio::spawn(async move {
            let part = |direct: &Direct<'_>| {
                let ranks = names.map(|names| ranks(direct, tenant, names)).transpose()?;
                let mut first = First::of(window, direction);
                let middle = middle.as_ref().map(|id| Cell::Bytes(id));
                let cells: Vec<Cell<'_>> = values.iter().map(bulk::cell).chain(middle).collect();
                direct.select(&select.replace('$', "?"), &cells, |row| {
                    show(&mut first, &row, ranks.as_ref())
                })?;
                Ok(first)
            };
            db::direct_apart(&db, part).await
        })
    });
    let mut parts = try_join_all(parts).await.map_err(Error::internal)?.into_iter();
    let mut all = First::of(window, direction);
    while let Some(part) = parts.next().transpose()? {
        all = all.join(part);
    }
    Ok(all.page(window))
}

/// Shows a row: what it is sorted by, its id, its name.
fn show(first: &mut First, row: &Row<'_>, ranks: Option<&FxHashMap<Id, i64>>) {
    let place = match (ranks, row.cell(0)) {
        (Some(ranks), Cell::Bytes(of)) => ranks.get(of).map_or(Place::Unknown, |rank| Place::Number(*rank)),
        (None, Cell::Int(number)) => Place::Number(number),
        (None, Cell::Bytes(text)) => Place::Text(Cow::Borrowed(text)),
        _ => Place::Unknown,
    };
    let places = [place, Place::Unknown];
    if first.is_late(&places) {
        return;
    }
    let Some(id) = id(row, 1) else { return };
    first.show(&Spot { places, name: Cow::Borrowed(row.bytes(2).unwrap_or_default()), id });
}
