//! Rows of a run that say no more than a name, many to a row of the database: devices that a sync adds and those that an import
//! creates. Who reads a run finds them in `run_changes_told` and `import_results_told`, beside the others.

use super::RunContext;
use crate::{
    Error, Result,
    bulk::{self, Kind, Target},
    db::Tx,
};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use serde::Serializer as _;

/// Devices of one pack: few enough that one of them is found fast.
const PACK: usize = 500;
/// Fewer devices are rows of their own.
const FEW: usize = 25;

const TARGET: Target<'_> = Target {
    table: "run_packs",
    columns: &[
        ("run_id", Kind::Uuid),
        ("tenant_id", Kind::Uuid),
        ("change", Kind::Text),
        ("first_id", Kind::Text),
        ("last_id", Kind::Text),
        ("held", Kind::Int),
        ("names", Kind::Text),
    ],
    after: "",
};

/// What became of the devices of a pack.
#[derive(Clone, Copy)]
pub(crate) enum Packed {
    /// By a sync.
    Added,
    /// By an import.
    Created,
}

impl Packed {
    /// As it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Created => "created",
        }
    }
}

/// Whether so many devices are worth packing.
pub(crate) fn worth(devices: usize) -> bool {
    devices >= FEW
}

/// Writes devices by their remote ids, each with what its pack keeps of it; the run has written none of them before.
pub(crate) async fn write<T: AsRef<str>>(
    ctx: &RunContext,
    tx: &Tx,
    what: Packed,
    mut devices: Vec<(&str, T)>,
) -> Result<()> {
    devices.sort_unstable_by_key(|(id, _)| *id);
    let row = |pack: &[(&str, T)]| -> Result<Vec<Value>> {
        let (first, last) = pack.first().zip(pack.last()).ok_or_else(|| Error::internal("an empty pack"))?;
        Ok(vec![
            ctx.run_id().into(),
            ctx.tenant_id().into(),
            what.as_str().into(),
            first.0.into(),
            last.0.into(),
            i64::try_from(pack.len()).map_err(Error::internal)?.into(),
            names(pack)?.into(),
        ])
    };
    let rows: Vec<Result<Vec<Value>>> = devices.chunks(PACK).map(row).collect();
    bulk::insert_new(tx, TARGET, rows.into_iter()).await
}

/// A JSON object.
fn names<T: AsRef<str>>(pack: &[(&str, T)]) -> Result<String> {
    let mut text = Vec::with_capacity(pack.len() * 32);
    let members = pack.iter().map(|(id, name)| (id, name.as_ref()));
    serde_json::Serializer::new(&mut text).collect_map(members).map_err(Error::internal)?;
    String::from_utf8(text).map_err(Error::internal)
}

/// How many rows of `run_changes_told` there are, with no pack unpacked; `filter` looks neither at names nor at remote ids.
pub(crate) fn count_changes(filter: &str) -> String {
    count("run_changes", "'device' AS entity, change", Packed::Added, filter)
}

/// The same of `import_results_told`.
pub(crate) fn count_results(filter: &str) -> String {
    count("import_results", "change AS outcome", Packed::Created, filter)
}

fn count(table: &str, columns: &str, what: Packed, filter: &str) -> String {
    format!(
        "SELECT CAST((SELECT count(*) FROM {table} {filter}) + COALESCE((SELECT sum(held) FROM (
            SELECT run_id, tenant_id, {columns}, held FROM run_packs WHERE change = '{}') AS packed {filter}), 0) AS bigint) AS n",
        what.as_str()
    )
}

/// The members of the JSON of packs `k`, as a table function.
fn members(db: &impl ConnectionTrait) -> &'static str {
    match db.get_database_backend() {
        DbBackend::Sqlite => "json_each(k.names)",
        _ => "json_each_text(CAST(k.names AS json))",
    }
}

/// `(SELECT …)` of some packs of a sync, as changes like those of `run_changes`; `packs` is a condition on `k`.
pub(crate) fn as_changes(db: &impl ConnectionTrait, packs: &str) -> String {
    format!(
        "(SELECT k.run_id, k.tenant_id, 'device' AS entity, v.key AS remote_id, v.value AS name, k.change, '[]' AS fields
          FROM run_packs k, {} v WHERE k.change = 'added' AND {packs}) AS told",
        members(db)
    )
}

/// `JOIN run_packs k …` that finds the pack of a run that holds the device: `run` and `id` are columns, `what` became of it.
pub(crate) fn holding(db: &impl ConnectionTrait, what: Packed, run: &str, id: &str) -> String {
    format!(
        "JOIN run_packs k ON k.run_id = {run} AND k.change = '{}' AND k.first_id <= {id} AND k.last_id >= {id}
            AND EXISTS (SELECT 1 FROM {} v WHERE v.key = {id})",
        what.as_str(),
        members(db)
    )
}
