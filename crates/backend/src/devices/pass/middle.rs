//! Where very many devices are cut in two, so that two connections read one half each.

use super::{Id, id};
use crate::{Result, db};
use sea_orm::DatabaseConnection;
use sqlite_direct::{Cell, Direct};
use uuid::Uuid;

/// With fewer rows, one connection is done as soon.
const WORTH_CUTTING: i64 = 10_000;
/// Rows that are looked at, evenly spread.
const LOOKED_AT: i64 = 63;

/// About half of a tenant's devices come before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Middle {
    /// In the order of ids.
    pub id: Id,
    /// In the order of names in lower case.
    pub name: String,
}

/// The middle of a tenant's devices, archived ones and all; `None` where they are few.
pub(crate) async fn middle(db: &DatabaseConnection, tenant: Uuid) -> Result<Option<Middle>> {
    db::direct_apart(db, |direct| look(direct, tenant)).await
}

fn look(direct: &Direct<'_>, tenant: Uuid) -> Result<Option<Middle>> {
    let mut ends = (None, None);
    let select = "SELECT (SELECT min(rowid) FROM devices), (SELECT max(rowid) FROM devices)";
    direct.select(select, &[], |row| ends = (row.int(0), row.int(1)))?;
    let (Some(first), Some(last)) = ends else { return Ok(None) };
    let step = last.saturating_sub(first) / LOOKED_AT;
    if step < WORTH_CUTTING / LOOKED_AT {
        return Ok(None);
    }
    let numbers = (0..LOOKED_AT).map(|n| (first + step / 2 + n * step).to_string());
    let select = format!(
        "SELECT d.id, lower(d.name) FROM devices d WHERE d.rowid IN ({}) AND +d.tenant_id = ?",
        numbers.collect::<Vec<_>>().join(", ")
    );
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    direct.select(&select, &[Cell::Bytes(tenant.as_bytes())], |row| {
        ids.extend(id(&row, 0));
        names.extend(row.text(1).map(str::to_owned));
    })?;
    let middle = ids.len() / 2;
    if ids.len() < LOOKED_AT as usize / 4 || names.len() != ids.len() {
        return Ok(None);
    }
    let (_, id, _) = ids.select_nth_unstable(middle);
    let (_, name, _) = names.select_nth_unstable(middle);
    Ok(Some(Middle { id: *id, name: std::mem::take(name) }))
}
