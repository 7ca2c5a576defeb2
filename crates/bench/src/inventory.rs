//! How many rows of devices a run wrote, counted in the database and not by the run itself.

use crate::{Outcome, step::Place};
use postgres::{Client, NoTls};

/// Tables of devices: staged and imported. What moves with every check-in is kept elsewhere.
const TABLES: [&str; 2] = ["remote_devices", "devices"];

/// The rows as they were: those with a later time have been written since.
pub struct Inventory<'a> {
    place: &'a Place,
    newest: i64,
}

impl<'a> Inventory<'a> {
    pub fn open(place: &'a Place) -> Outcome<Self> {
        let mut newest = 0;
        for table in TABLES {
            newest = newest.max(number(place, &format!("SELECT COALESCE(max(updated_at), 0) FROM {table}"))?);
        }
        Ok(Self { place, newest })
    }

    pub fn written(&self) -> Outcome<i64> {
        let count = |table| {
            number(self.place, &format!("SELECT count(*) FROM {table} WHERE updated_at > {}", self.newest))
        };
        TABLES.into_iter().map(count).sum()
    }
}

fn number(place: &Place, sql: &str) -> Outcome<i64> {
    Ok(match &place.url {
        Some(url) => Client::connect(url, NoTls)?.query_one(sql, &[])?.get(0),
        None => {
            let db = rusqlite::Connection::open(place.folder.join("msportal.db"))?;
            db.query_row(sql, [], |row| row.get(0))?
        }
    })
}
