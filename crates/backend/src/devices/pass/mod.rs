//! Lists of very many devices on SQLite: one pass that filters, counts and finds a page at once.
//!
//! [`walk`] goes along the list's index, [`rows`] through the rows themselves. [`first`] keeps a page out of what goes by,
//! [`aside`] reads meanwhile what would have to be looked up for each device, [`middle`] tells where to cut so that two connections
//! share the work.

mod aside;
pub(crate) mod first;
pub(crate) mod middle;
pub(super) mod rows;
pub(super) mod walk;

use crate::{Result, bulk, db};
use rustc_hash::FxHashMap;
use sea_orm::{DatabaseConnection, Value};
use sqlite_direct::{Cell, Direct, Row};
use uuid::Uuid;

/// A device's id as SQLite keeps it.
pub(crate) type Id = [u8; 16];

/// A page's ids in their order, and how many devices there are in all.
pub(crate) struct Paged {
    pub ids: Vec<Uuid>,
    pub total: i64,
}

/// The id in that column.
pub(crate) fn id(row: &Row<'_>, column: usize) -> Option<Id> {
    row.bytes(column)?.try_into().ok()
}

/// The ids that `select` answers, and nothing else of its rows in memory.
pub(crate) async fn ids(db: &DatabaseConnection, select: &str, values: &[Value]) -> Result<Vec<Uuid>> {
    db::direct_apart(db, |direct| {
        let (mut ids, cells) = (Vec::new(), values.iter().map(bulk::cell).collect::<Vec<_>>());
        direct.select(&select.replace('$', "?"), &cells, |row| {
            ids.extend(id(&row, 0).map(Uuid::from_bytes));
        })?;
        Ok(ids)
    })
    .await
}

/// The places of ids in the order of their names: `select` answers ids and names in that order. Equal names have equal places.
pub(crate) fn ranks(direct: &Direct<'_>, tenant: Uuid, select: &str) -> Result<FxHashMap<Id, i64>> {
    let (mut ranks, mut last, mut rank) = (FxHashMap::default(), Vec::new(), 0);
    direct.select(select, &[Cell::Bytes(tenant.as_bytes())], |row| {
        let name = row.bytes(1).unwrap_or_default();
        if name != last.as_slice() {
            rank += 1;
            last = name.to_vec();
        }
        ranks.extend(id(&row, 0).map(|id| (id, rank)));
    })?;
    Ok(ranks)
}
