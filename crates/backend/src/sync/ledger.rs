//! What is held of an entity, read without a database row of sea-orm for each of 100,000: directly on SQLite, by `COPY` on
//! PostgreSQL.

use super::{Entity, beats};
use crate::{
    Result,
    db::{self, Columns},
    runs::RunContext,
};
use domain::sync::{Beat, Entry, Key, Ledger};
use sea_orm::{ConnectionTrait, DbBackend};
use sqlite_direct::{Cell, Direct};

/// The ledger of `entity`, as far as an interrupted attempt of this run had come.
pub async fn load(ctx: &RunContext, entity: Entity) -> Result<Ledger> {
    let mut ledger = match ctx.db().get_database_backend() {
        DbBackend::Sqlite => row_by_row(ctx, entity).await?,
        _ => copied(ctx, entity).await?,
    };
    if let Some(place) = ctx.place(entity.plural) {
        let unseen = place.unseen.iter().map(|id| Key::from(id.as_str())).collect();
        ledger.resume(&Key::from(place.after.as_str()), &unseen, place.distinct);
    }
    Ok(ledger)
}

/// Hash, print, number, whether it is missing, and the remote id of each row; with its heartbeat when wanted. Devices are read
/// from their narrow tables.
fn select(db: &impl ConnectionTrait, entity: Entity, beats: bool) -> String {
    if !entity.beats {
        return format!(
            "SELECT e.hash, CAST(0 AS bigint), CAST(0 AS bigint), e.missing_since IS NOT NULL, e.remote_id,
                CAST(NULL AS boolean), CAST(NULL AS bigint)
            FROM {} e WHERE e.integration_id = $1 AND e.tenant_id = $2",
            entity.table
        );
    }
    let (more, joined) = match beats {
        true => (", b.offline, b.last_contact", beats::join(db, "e.no", "b", "")),
        false => ("", String::new()),
    };
    format!(
        "SELECT e.content, e.print, e.no, e.missing, e.remote_id{more}
        FROM remote_device_status e {joined} JOIN integrations i ON i.id = e.integration_id
        WHERE e.integration_id = $1 AND i.tenant_id = $2"
    )
}

/// Heartbeats are read in the order in which they are kept, and joined here: that spares a look-up for each device.
async fn row_by_row(ctx: &RunContext, entity: Entity) -> Result<Ledger> {
    let (integration, tenant) = (ctx.integration_id(), ctx.tenant_id());
    let values = [Cell::Bytes(integration.as_bytes()), Cell::Bytes(tenant.as_bytes())];
    db::direct_apart(ctx.db(), |direct| {
        let mut ledger = Ledger::default();
        let mut hold = |entry: Option<Entry>| entry.into_iter().for_each(|entry| ledger.hold(entry));
        direct.select(&select(ctx.db(), entity, false), &values, |row| hold(read(&row)))?;
        if entity.beats && !join_beats(direct, &mut ledger)? {
            ledger = Ledger::default();
            let mut hold = |entry: Option<Entry>| entry.into_iter().for_each(|entry| ledger.hold(entry));
            direct.select(&select(ctx.db(), entity, true), &values, |row| hold(read_whole(&row)))?;
        }
        Ok(ledger)
    })
    .await
}

fn read(row: &impl Columns) -> Option<Entry> {
    Some(Entry {
        hash: row.int(0)?,
        print: row.int(1)?,
        no: row.int(2)?,
        missing: row.int(3)? != 0,
        key: Key::from(row.text(4)?),
        beat: Beat::default(),
    })
}

/// With its heartbeat.
fn read_whole(row: &impl Columns) -> Option<Entry> {
    Some(Entry { beat: beat(row, 5), ..read(row)? })
}

/// Numbers of other integrations that may lie between those of one, for each of its own, before each is looked up by itself.
const STRANGERS: i64 = 4;

/// `false` when that would be to read much of what belongs to others.
fn join_beats(direct: &Direct<'_>, ledger: &mut Ledger) -> Result<bool> {
    let Some((first, last)) = ledger.numbers() else { return Ok(true) };
    if last - first > i64::try_from(ledger.len()).unwrap_or(i64::MAX).saturating_mul(STRANGERS) {
        return Ok(false);
    }
    let mut beats = ledger.beats_by_number().peekable();
    let select =
        "SELECT no, offline, last_contact FROM remote_device_beats WHERE no BETWEEN ? AND ? ORDER BY no";
    direct.select(select, &[Cell::Int(first), Cell::Int(last)], |row| {
        let no = row.int(0).unwrap_or_default();
        while beats.next_if(|(of, _)| *of < no).is_some() {}
        if let Some((_, held)) = beats.next_if(|(of, _)| *of == no) {
            *held = beat(&row, 1);
        }
    })?;
    Ok(true)
}

/// The heartbeat in two columns from `at` on.
fn beat(row: &impl Columns, at: usize) -> Beat {
    Beat { offline: row.int(at).map(|flag| flag != 0), last_contact: row.int(at + 1) }
}

async fn copied(ctx: &RunContext, entity: Entity) -> Result<Ledger> {
    let (select, values) =
        (select(ctx.db(), entity, true), [ctx.integration_id().into(), ctx.tenant_id().into()]);
    let mut ledger = Ledger::default();
    db::copied(ctx.db(), &select, &values, |row| {
        read_whole(row).into_iter().for_each(|entry| ledger.hold(entry));
    })
    .await?;
    Ok(ledger)
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
            let entry = |no: &i64| Entry { key: Key::Number(*no), no: *no, ..Entry::default() };
            let mut ledger: Ledger = numbers.iter().map(entry).collect();
            let done = join_beats(&direct, &mut ledger).unwrap();
            (done, ledger.beats_by_number().map(|(_, beat)| beat.last_contact).collect())
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
}
