//! Heartbeats: what moves with every check-in, in a table as narrow as can be. A sync of 100,000 devices that only checked in
//! writes this table and nothing else.

use crate::{
    Result,
    bulk::{self, Kind, Target},
    db::Tx,
    sql,
};
use domain::sync::Beat;
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};

const COLUMNS: &[(&str, Kind)] = &[("no", Kind::Int), ("last_contact", Kind::Int), ("offline", Kind::Bool)];

/// Writes heartbeats, each under its number; all of them are `new`, or any may be there.
pub async fn write(tx: &Tx, beats: impl Iterator<Item = (i64, Beat)> + Send, new: bool) -> Result<()> {
    let after = bulk::replace(COLUMNS, &["no"], &[]);
    let row = |(no, beat): (i64, Beat)| Ok(vec![no.into(), beat.last_contact.into(), beat.offline.into()]);
    let target = Target { table: "remote_device_beats", columns: COLUMNS, after: &after };
    bulk::insert_as(new, tx, target, beats.map(row)).await
}

#[derive(FromQueryResult)]
struct Number {
    no: i64,
}

/// So many numbers that no device has.
pub async fn numbers(tx: &Tx, n: usize) -> Result<Vec<i64>> {
    if n == 0 {
        return Ok(Vec::new());
    }
    let wanted = i64::try_from(n).unwrap_or(i64::MAX);
    let select = match tx.get_database_backend() {
        DbBackend::Postgres => "SELECT nextval('remote_device_numbers') AS no FROM generate_series(1, $1)",
        // Whoever writes is alone.
        _ => "SELECT COALESCE(max(no), 0) + 1 AS no FROM remote_device_beats WHERE $1 > 0",
    };
    let found: Vec<Number> = sql::all(tx, select, vec![Value::from(wanted)]).await?;
    Ok(match tx.get_database_backend() {
        DbBackend::Postgres => found.into_iter().map(|n| n.no).collect(),
        _ => found.first().map(|first| (first.no..first.no + wanted).collect()).unwrap_or_default(),
    })
}
