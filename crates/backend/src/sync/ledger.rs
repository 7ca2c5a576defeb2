//! What is held of an entity, read in few large rows: a fleet of 100,000 is compared without 100,000 database rows.

use super::Entity;
use crate::{Result, runs::RunContext, sql};
use domain::sync::{Beat, Entry, Key, Ledger};
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

/// One line per row: hash, print, number, whether it is offline, last contact, whether it is missing, and the remote id (last:
/// it may hold anything but a line break). Devices are read from their narrow tables.
fn select(ctx: &RunContext, entity: Entity) -> String {
    let (columns, from, tenant) = match entity.beats {
        true => (
            "e.content, e.print, e.no, b.offline, b.last_contact, e.missing",
            "remote_device_status e LEFT JOIN remote_device_beats b ON b.no = e.no
                JOIN integrations i ON i.id = e.integration_id"
                .to_owned(),
            "i.tenant_id",
        ),
        false => (
            "e.hash AS content, 0 AS print, 0 AS no, NULL AS offline, NULL AS last_contact,
                e.missing_since IS NOT NULL AS missing",
            format!("{} e", entity.table),
            "e.tenant_id",
        ),
    };
    let (joined, flag) = match ctx.db().get_database_backend() {
        DbBackend::Sqlite => ("group_concat(line, char(10))", ""),
        // The type of a bare NULL is text.
        _ => ("string_agg(line, chr(10))", "::text::boolean"),
    };
    let line = format!(
        "CAST(content AS text) || ' ' || CAST(print AS text) || ' ' || CAST(no AS text)
            || CASE WHEN offline{flag} IS NULL THEN ' - ' WHEN offline{flag} THEN ' 1 ' ELSE ' 0 ' END
            || COALESCE(CAST(last_contact AS text), '-') || CASE WHEN missing THEN ' 1 ' ELSE ' 0 ' END || remote_id"
    );
    format!(
        "SELECT {joined} AS rows FROM (
            SELECT {line} AS line, row_number() OVER () / {PACK} AS pack FROM (
                SELECT {columns}, e.remote_id FROM {from} WHERE e.integration_id = $1 AND {tenant} = $2
            ) AS held
        ) AS lines GROUP BY pack"
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
