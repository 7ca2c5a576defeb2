//! What is held of an entity, read in few large rows: a fleet of 100,000 is compared without 100,000 database rows.

use super::Entity;
use crate::{Result, runs::RunContext, sql};
use domain::sync::{Entry, Key, Ledger};
use sea_orm::{DbBackend, FromQueryResult};

/// Rows that the database packs into one.
const PACK: i64 = 2000;

#[derive(FromQueryResult)]
struct Packed {
    rows: Option<String>,
}

/// The ledger of `entity`, as far as an interrupted attempt of this run had come.
pub async fn load(ctx: &RunContext, entity: Entity) -> Result<Ledger> {
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let packs: Vec<Packed> = sql::all(ctx.db(), &select(ctx, entity), values).await?;
    let mut ledger =
        Ledger::new(packs.iter().filter_map(|p| p.rows.as_deref()).flat_map(str::lines).filter_map(entry));
    if let Some(place) = ctx.place(entity.plural) {
        let unseen = place.unseen.iter().map(|id| Key::from(id.as_str())).collect();
        ledger.resume(&Key::from(place.after.as_str()), &unseen, place.distinct);
    }
    Ok(ledger)
}

/// One line per row: hash, hash of the heartbeat, 1 if missing, remote id (last: it may hold anything but a line break).
/// Devices are read from their narrow table.
fn select(ctx: &RunContext, entity: Entity) -> String {
    let (hash, beat, present, from) = match entity.beats {
        true => (
            "e.content",
            "e.hash",
            "NOT e.missing",
            "remote_device_status e JOIN integrations i ON i.id = e.integration_id",
        ),
        false => ("e.hash", "0", "e.missing_since IS NULL", entity.table),
    };
    let (from, tenant) = match entity.beats {
        true => (from.to_owned(), "i.tenant_id"),
        false => (format!("{from} e"), "e.tenant_id"),
    };
    let line = format!(
        "CAST({hash} AS text) || ' ' || CAST({beat} AS text) || CASE WHEN {present} THEN ' 0 ' ELSE ' 1 ' END || e.remote_id"
    );
    let joined = match ctx.db().get_database_backend() {
        DbBackend::Sqlite => "group_concat(line, char(10))",
        _ => "string_agg(line, chr(10))",
    };
    format!(
        "SELECT {joined} AS rows FROM (
            SELECT {line} AS line, row_number() OVER () / {PACK} AS pack FROM {from}
            WHERE e.integration_id = $1 AND {tenant} = $2
        ) AS lines GROUP BY pack"
    )
}

fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.splitn(4, ' ');
    let hash = parts.next()?.parse().ok()?;
    let beat = parts.next()?.parse().ok()?;
    let missing = parts.next()? == "1";
    Some(Entry { key: Key::from(parts.next()?), hash, beat, missing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_back() {
        let read = entry("-5 7 1 a b").unwrap();
        assert_eq!((read.hash, read.beat, read.missing), (-5, 7, true));
        assert_eq!(read.key, Key::from("a b"));
        assert!(entry("x 7 0 1").is_none());
    }
}
