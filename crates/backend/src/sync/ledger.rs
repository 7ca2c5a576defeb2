//! What is held of an entity, read without a database row of sea-orm for each of 100,000: directly on SQLite, in few large rows on
//! PostgreSQL.

use super::Entity;
use crate::{Result, db, runs::RunContext, sql};
use domain::sync::{Beat, Entry, Key, Ledger};
use sea_orm::{DbBackend, FromQueryResult};
use sqlite_direct::{Cell, Row};

/// Rows that PostgreSQL packs into one.
const PACK: i64 = 2000;

/// The ledger of `entity`, as far as an interrupted attempt of this run had come.
pub async fn load(ctx: &RunContext, entity: Entity) -> Result<Ledger> {
    let entries = match ctx.db().get_database_backend() {
        DbBackend::Sqlite => row_by_row(ctx, entity).await?,
        _ => packed(ctx, entity).await?,
    };
    let mut ledger = Ledger::new(entries);
    if let Some(place) = ctx.place(entity.plural) {
        let unseen = place.unseen.iter().map(|id| Key::from(id.as_str())).collect();
        ledger.resume(&Key::from(place.after.as_str()), &unseen, place.distinct);
    }
    Ok(ledger)
}

/// Hash, print, number, whether it is offline, last contact, whether it is missing, and the remote id of each row. Devices are
/// read from their narrow tables.
fn select(entity: Entity) -> String {
    match entity.beats {
        true => "SELECT e.content, e.print, e.no, b.offline, b.last_contact, e.missing, e.remote_id
            FROM remote_device_status e LEFT JOIN remote_device_beats b ON b.no = e.no
                JOIN integrations i ON i.id = e.integration_id
            WHERE e.integration_id = $1 AND i.tenant_id = $2"
            .into(),
        false => format!(
            "SELECT e.hash AS content, 0 AS print, 0 AS no, CAST(NULL AS boolean) AS offline,
                CAST(NULL AS bigint) AS last_contact, e.missing_since IS NOT NULL AS missing, e.remote_id
            FROM {} e WHERE e.integration_id = $1 AND e.tenant_id = $2",
            entity.table
        ),
    }
}

async fn row_by_row(ctx: &RunContext, entity: Entity) -> Result<Vec<Entry>> {
    let (integration, tenant) = (ctx.integration_id(), ctx.tenant_id());
    let values = [Cell::Bytes(integration.as_bytes()), Cell::Bytes(tenant.as_bytes())];
    let mut entries = Vec::new();
    db::direct_apart(ctx.db(), |direct| {
        Ok(direct.select(&select(entity), &values, |row| entries.extend(read(&row)))?)
    })
    .await?;
    Ok(entries)
}

fn read(row: &Row<'_>) -> Option<Entry> {
    Some(Entry {
        hash: row.int(0)?,
        print: row.int(1)?,
        no: row.int(2)?,
        beat: Beat { offline: row.int(3).map(|flag| flag != 0), last_contact: row.int(4) },
        missing: row.int(5)? != 0,
        key: Key::from(row.text(6)?),
    })
}

#[derive(FromQueryResult)]
struct Packed {
    rows: Option<String>,
}

async fn packed(ctx: &RunContext, entity: Entity) -> Result<Vec<Entry>> {
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let packs: Vec<Packed> = sql::all(ctx.db(), &packing(entity), values).await?;
    Ok(packs.iter().filter_map(|p| p.rows.as_deref()).flat_map(str::lines).filter_map(entry).collect())
}

/// One line per row, the remote id last: it may hold anything but a line break.
fn packing(entity: Entity) -> String {
    format!(
        "SELECT string_agg(line, chr(10)) AS rows FROM (
            SELECT CAST(content AS text) || ' ' || CAST(print AS text) || ' ' || CAST(no AS text)
                || CASE WHEN offline IS NULL THEN ' - ' WHEN offline THEN ' 1 ' ELSE ' 0 ' END
                || COALESCE(CAST(last_contact AS text), '-') || CASE WHEN missing THEN ' 1 ' ELSE ' 0 ' END
                || remote_id AS line,
                row_number() OVER () / {PACK} AS pack
            FROM ({}) AS held
        ) AS lines GROUP BY pack",
        select(entity)
    )
}

fn entry(line: &str) -> Option<Entry> {
    let mut parts = line.splitn(7, ' ');
    let mut number = || parts.next()?.parse().ok();
    let (hash, print, no) = (number()?, number()?, number()?);
    let offline = match parts.next()? {
        "-" => None,
        flag => Some(flag == "1"),
    };
    let last_contact = match parts.next()? {
        "-" => None,
        micros => Some(micros.parse().ok()?),
    };
    let missing = parts.next()? == "1";
    let beat = Beat { offline, last_contact };
    Some(Entry { key: Key::from(parts.next()?), hash, print, beat, no, missing })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_back() {
        let read = entry("-5 7 3 1 -99 1 a b").unwrap();
        assert_eq!((read.hash, read.print, read.no, read.missing), (-5, 7, 3, true));
        assert_eq!(read.beat, Beat { offline: Some(true), last_contact: Some(-99) });
        assert_eq!(read.key, Key::from("a b"));
        let read = entry("1 2 3 - - 0 4").unwrap();
        assert_eq!((read.beat, read.missing), (Beat::default(), false));
        assert!(entry("x 7 0 - - 1 2").is_none());
        assert!(entry("1 7 0 - - 1").is_none());
    }
}
