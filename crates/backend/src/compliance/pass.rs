//! The devices of a report on SQLite: one pass over the facts that counts and finds a page.

use crate::{
    Result, bulk, db,
    devices::pass::{
        Paged,
        first::{First, Place, Spot},
        id, ranks,
    },
};
use domain::page::{Direction, Window};
use sea_orm::{DatabaseConnection, Value};
use sqlite_direct::Cell;
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
    let select = format!("SELECT f.device_id, f.name_key, {} FROM device_facts f {condition}", by.column);
    db::direct_apart(db, |direct| {
        let ranks = by.names.map(|names| ranks(direct, tenant, names)).transpose()?;
        let mut first = First::of(window, by.direction);
        let cells: Vec<Cell<'_>> = values.iter().map(bulk::cell).collect();
        direct.select(&select.replace('$', "?"), &cells, |row| {
            let Some(device) = id(&row, 0) else { return };
            let place = match (&ranks, row.int(2)) {
                (Some(ranks), _) => id(&row, 2)
                    .and_then(|of| ranks.get(&of))
                    .map_or(Place::Unknown, |rank| Place::Number(*rank)),
                (None, Some(number)) => Place::Number(number),
                (None, None) => Place::Text(Cow::Borrowed(row.bytes(2).unwrap_or_default())),
            };
            let name = Cow::Borrowed(row.bytes(1).unwrap_or_default());
            first.show(&Spot { places: [place, Place::Unknown], name, id: device });
        })?;
        Ok(first.page(window))
    })
    .await
}
