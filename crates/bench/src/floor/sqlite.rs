//! The floor on SQLite.

use super::{
    Store,
    row::{Row, columns, schema, upsert},
};
use crate::Outcome;
use rusqlite::{CachedStatement, Connection};
use std::{collections::HashMap, path::Path};

pub struct Sqlite {
    db: Connection,
    upsert: String,
}

impl Sqlite {
    /// A rarely checkpointed log and a cache that holds the indexes: what a bulk write wants.
    pub fn open(folder: &Path) -> Outcome<Self> {
        let db = Connection::open(folder.join("msportal.db"))?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "cache_size", -65_536)?;
        db.pragma_update(None, "wal_autocheckpoint", 20_000)?;
        db.execute_batch(&schema("INTEGER", "REAL", "TEXT"))?;
        let marks = vec!["?"; columns().len()].join(", ");
        Ok(Self { db, upsert: upsert(&format!("VALUES ({marks})")) })
    }
}

impl Store for Sqlite {
    fn hashes(&mut self) -> Outcome<HashMap<i64, i64>> {
        let mut select = self.db.prepare("SELECT id, hash FROM device")?;
        Ok(select.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    fn beats(&mut self) -> Outcome<HashMap<i64, f64>> {
        let mut select = self.db.prepare("SELECT id, contact FROM beat")?;
        Ok(select.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    fn begin(&mut self) -> Outcome<()> {
        Ok(self.db.execute_batch("BEGIN")?)
    }

    fn put(&mut self, rows: &[Row]) -> Outcome<()> {
        let mut statement = self.db.prepare_cached(&self.upsert)?;
        rows.iter().try_for_each(|row| bind(&mut statement, row))
    }

    fn beat(&mut self, beats: &[(i64, f64)]) -> Outcome<()> {
        let mut update = self.db.prepare_cached("UPDATE beat SET contact = ?2 WHERE id = ?1")?;
        for beat in beats {
            update.execute(*beat)?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Outcome<()> {
        Ok(self.db.execute_batch("COMMIT")?)
    }

    fn keep_beats(&mut self) -> Outcome<()> {
        Ok(self.db.execute_batch(
            "CREATE TABLE beat (id INTEGER PRIMARY KEY, contact REAL);
             INSERT INTO beat SELECT id, last_contact FROM device",
        )?)
    }
}

fn bind(statement: &mut CachedStatement<'_>, row: &Row) -> Outcome<()> {
    statement.raw_bind_parameter(1, row.id)?;
    let mut at = 2;
    for number in row.numbers {
        statement.raw_bind_parameter(at, number)?;
        at += 1;
    }
    for time in row.times {
        statement.raw_bind_parameter(at, time)?;
        at += 1;
    }
    for text in &row.texts {
        statement.raw_bind_parameter(at, text.as_deref())?;
        at += 1;
    }
    statement.raw_bind_parameter(at, row.hash)?;
    statement.raw_execute()?;
    Ok(())
}
