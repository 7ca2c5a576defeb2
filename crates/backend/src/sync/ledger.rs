//! What is held of an entity, read without a database row of sea-orm for each of 100,000: directly on SQLite, in few large rows on
//! PostgreSQL.

use super::Entity;
use crate::{Result, db, runs::RunContext, sql};
use domain::sync::{Beat, Entry, Key, Ledger};
use sea_orm::{DbBackend, FromQueryResult};
use sqlite_direct::{Cell, Direct, Row};

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

/// Hash, print, number, whether it is missing, and the remote id of each row; with its heartbeat when wanted. Devices are read
/// from their narrow tables.
fn select(entity: Entity, beats: bool) -> String {
    let (more, joined) = match beats {
        true => (", b.offline, b.last_contact", "LEFT JOIN remote_device_beats b ON b.no = e.no"),
        false => ("", ""),
    };
    match entity.beats {
        true => format!(
            "SELECT e.content, e.print, e.no, e.missing, e.remote_id{more}
            FROM remote_device_status e {joined} JOIN integrations i ON i.id = e.integration_id
            WHERE e.integration_id = $1 AND i.tenant_id = $2"
        ),
        false => format!(
            "SELECT e.hash AS content, 0 AS print, 0 AS no, e.missing_since IS NOT NULL AS missing, e.remote_id
            FROM {} e WHERE e.integration_id = $1 AND e.tenant_id = $2",
            entity.table
        ),
    }
}

/// Heartbeats are read in the order in which they are kept, and joined here: that spares a look-up for each device.
async fn row_by_row(ctx: &RunContext, entity: Entity) -> Result<Vec<Entry>> {
    let (integration, tenant) = (ctx.integration_id(), ctx.tenant_id());
    let values = [Cell::Bytes(integration.as_bytes()), Cell::Bytes(tenant.as_bytes())];
    db::direct_apart(ctx.db(), |direct| {
        let mut entries = Vec::new();
        direct.select(&select(entity, false), &values, |row| entries.extend(read(&row)))?;
        if entity.beats && !join_beats(direct, &mut entries)? {
            entries.clear();
            direct.select(&select(entity, true), &values, |row| {
                entries.extend(read(&row).map(|entry| Entry { beat: beat(&row, 5), ..entry }));
            })?;
        }
        Ok(entries)
    })
    .await
}

fn read(row: &Row<'_>) -> Option<Entry> {
    Some(Entry {
        hash: row.int(0)?,
        print: row.int(1)?,
        no: row.int(2)?,
        missing: row.int(3)? != 0,
        key: Key::from(row.text(4)?),
        beat: Beat::default(),
    })
}

/// Numbers of other integrations that may lie between those of one, for each of its own, before each is looked up by itself.
const STRANGERS: i64 = 4;

/// `false` when that would be to read much of what belongs to others.
fn join_beats(direct: &Direct<'_>, entries: &mut [Entry]) -> Result<bool> {
    entries.sort_unstable_by_key(|entry| entry.no);
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(true) };
    let (first, last) = (first.no, last.no);
    if last - first > i64::try_from(entries.len()).unwrap_or(i64::MAX).saturating_mul(STRANGERS) {
        return Ok(false);
    }
    let mut entries = entries.iter_mut().peekable();
    let select =
        "SELECT no, offline, last_contact FROM remote_device_beats WHERE no BETWEEN ? AND ? ORDER BY no";
    direct.select(select, &[Cell::Int(first), Cell::Int(last)], |row| {
        let no = row.int(0).unwrap_or_default();
        while entries.next_if(|entry| entry.no < no).is_some() {}
        if let Some(entry) = entries.next_if(|entry| entry.no == no) {
            entry.beat = beat(&row, 1);
        }
    })?;
    Ok(true)
}

/// The heartbeat in two columns from `at` on.
fn beat(row: &Row<'_>, at: usize) -> Beat {
    Beat { offline: row.int(at).map(|flag| flag != 0), last_contact: row.int(at + 1) }
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
    let beat = match entity.beats {
        true => {
            "CASE WHEN offline IS NULL THEN ' - ' WHEN offline THEN ' 1 ' ELSE ' 0 ' END
                || COALESCE(CAST(last_contact AS text), '-')"
        }
        false => "' - -'",
    };
    format!(
        "SELECT string_agg(line, chr(10)) AS rows FROM (
            SELECT CAST(content AS text) || ' ' || CAST(print AS text) || ' ' || CAST(no AS text) || {beat}
                || CASE WHEN missing THEN ' 1 ' ELSE ' 0 ' END || remote_id AS line,
                row_number() OVER () / {PACK} AS pack
            FROM ({}) AS held
        ) AS lines GROUP BY pack",
        select(entity, true)
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
    use sea_orm::sqlx::{ConnectOptions, Executor, sqlite::SqliteConnectOptions};

    /// What [`join_beats`] answers, and the last contact of each entry, for devices with these numbers.
    fn joined(numbers: &[i64]) -> (bool, Vec<Option<i64>>) {
        futures::executor::block_on(async {
            let mut db = SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
            let table = "CREATE TABLE remote_device_beats (no INTEGER PRIMARY KEY, last_contact bigint, offline boolean)";
            db.execute(table).await.unwrap();
            // Number 2 is of another integration, 3 has no heartbeat.
            db.execute(
                "INSERT INTO remote_device_beats VALUES (1, 10, 0), (2, 20, 1), (4, 40, 1), (99, 990, 1)",
            )
            .await
            .unwrap();
            let direct = Direct::new(db.lock_handle().await.unwrap()).unwrap();
            let mut entries: Vec<Entry> =
                numbers.iter().map(|no| Entry { no: *no, ..Entry::default() }).collect();
            let done = join_beats(&direct, &mut entries).unwrap();
            (done, entries.iter().map(|entry| entry.beat.last_contact).collect())
        })
    }

    #[test]
    fn heartbeats_find_their_devices() {
        assert_eq!(joined(&[4, 1, 3]), (true, vec![Some(10), None, Some(40)]));
        assert_eq!(joined(&[]), (true, vec![]));
    }

    #[test]
    fn heartbeats_of_others_are_not_read_for_few_of_one_s_own() {
        assert!(!joined(&[1, 99]).0);
    }

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
