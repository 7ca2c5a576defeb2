//! The floor: what a sync costs when it does nothing but what it must. Every page is read over one connection, parsed
//! into borrowed fields, hashed row by row, and rows that differ are written in bulk into one table with four indexes.
//!
//! It keeps nothing that a portal needs beyond that: no second source, no history, no progress, no proof.

mod device;
mod postgres;
mod row;
mod sqlite;

use crate::{
    Outcome,
    fleet::{devices_path, last_id},
    gauge::{Figures, Gauge},
    http::{Address, Http},
    sqlite_file,
    step::{Case, Place, Step},
};
use device::Device;
use row::Row;
use std::{collections::HashMap, sync::mpsc, thread};

/// Pages of one transaction.
const BATCH: usize = 10;
/// Pages that may wait to be worked on.
const AHEAD: usize = 4;

/// A database with the floor's table.
trait Store {
    /// What is held: the hash of each row by its id.
    fn hashes(&mut self) -> Outcome<HashMap<i64, i64>>;
    /// The last contacts that are held, where they are kept.
    fn beats(&mut self) -> Outcome<HashMap<i64, f64>>;
    fn begin(&mut self) -> Outcome<()>;
    fn put(&mut self, rows: &[Row]) -> Outcome<()>;
    fn beat(&mut self, beats: &[(i64, f64)]) -> Outcome<()>;
    fn commit(&mut self) -> Outcome<()>;
    /// Makes the narrow table of last contacts from the rows: heartbeats are written there.
    fn keep_beats(&mut self) -> Outcome<()>;
}

/// Measures one case.
pub fn run(step: &Step, case: Case) -> Outcome<Figures> {
    let place = &step.place;
    if case == Case::Heartbeat {
        open(place)?.keep_beats()?;
    }
    sqlite_file::settle(&place.folder)?;
    let mut store = open(place)?;
    let gauge = Gauge::start(place)?;
    let (requests, rows, inventory_rows) = sync(&mut *store, &step.fleet, case == Case::Heartbeat)?;
    // Closing is part of it: SQLite moves the log into the database then.
    drop(store);
    Ok(Figures { requests, rows, inventory_rows, ..gauge.stop()? })
}

fn open(place: &Place) -> Outcome<Box<dyn Store>> {
    Ok(match &place.url {
        Some(url) => Box::new(postgres::Postgres::open(url)?),
        None => Box::new(sqlite::Sqlite::open(&place.folder)?),
    })
}

/// Reads pages in a thread of its own and works on them here. Gives requests, rows, and rows written.
fn sync(store: &mut dyn Store, fleet: &Address, beats: bool) -> Outcome<(i64, i64, i64)> {
    let (sender, pages) = mpsc::sync_channel(AHEAD);
    let fleet = fleet.clone();
    let reader = thread::spawn(move || read(&fleet, &sender).map_err(|e| e.to_string()));
    let held = store.hashes()?;
    let held_beats = if beats { store.beats()? } else { HashMap::new() };
    let (mut rows, mut written, mut waiting) = (0, 0, 0);
    store.begin()?;
    for page in pages {
        let devices: Vec<Device<'_>> = sonic_rs::from_slice(&page)?;
        rows += devices.len();
        written += write(store, &devices, &held)?;
        if beats {
            write_beats(store, &devices, &held_beats)?;
        }
        waiting += 1;
        if waiting == BATCH {
            store.commit()?;
            store.begin()?;
            waiting = 0;
        }
    }
    store.commit()?;
    let requests = reader.join().map_err(|_| "the reader panicked")??;
    Ok((requests, i64::try_from(rows)?, i64::try_from(written)?))
}

fn read(fleet: &Address, pages: &mpsc::SyncSender<Vec<u8>>) -> Outcome<i64> {
    let mut http = Http::open(fleet)?;
    let mut after = None;
    loop {
        let page = http.get(&devices_path(after))?;
        after = last_id(page);
        if after.is_none() || pages.send(page.to_vec()).is_err() {
            return Ok(i64::try_from(http.requests)?);
        }
    }
}

/// Writes the rows that differ from what is held.
fn write(store: &mut dyn Store, devices: &[Device<'_>], held: &HashMap<i64, i64>) -> Outcome<usize> {
    let differs = |row: &Row| held.get(&row.id) != Some(&row.hash);
    let rows: Vec<Row> = devices.iter().map(Row::of).filter(differs).collect();
    if !rows.is_empty() {
        store.put(&rows)?;
    }
    Ok(rows.len())
}

fn write_beats(store: &mut dyn Store, devices: &[Device<'_>], held: &HashMap<i64, f64>) -> Outcome<()> {
    let beats = devices.iter().map(|d| (d.id, d.last_contact.unwrap_or_default()));
    let beats: Vec<(i64, f64)> = beats.filter(|(id, beat)| held.get(id) != Some(beat)).collect();
    if beats.is_empty() { Ok(()) } else { store.beat(&beats) }
}
