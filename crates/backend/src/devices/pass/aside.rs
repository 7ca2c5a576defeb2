//! What a pass compares its devices with, read on a connection of its own meanwhile.

use super::{Id, id};
use crate::{Error, Result, db};
use rustc_hash::FxHashSet;
use sea_orm::DatabaseConnection;
use sqlite_direct::{Cell, Direct};
use uuid::Uuid;

/// What is wanted.
#[derive(Default)]
pub struct Wanted {
    pub beats: bool,
    /// A list of operating systems as SQL.
    pub systems: Option<String>,
}

/// What was read.
#[derive(Default)]
pub struct Aside {
    pub beats: Beats,
    /// The devices with one of these operating systems.
    pub of_systems: Option<FxHashSet<Id>>,
}

/// Begins to read; the answer is waited for where it is needed.
pub fn begin(
    db: &DatabaseConnection,
    tenant: Uuid,
    wanted: Wanted,
) -> Option<tokio::task::JoinHandle<Result<Aside>>> {
    if !wanted.beats && wanted.systems.is_none() {
        return None;
    }
    let db = db.clone();
    Some(tokio::spawn(async move {
        let read = |direct: &Direct<'_>| {
            Ok(Aside {
                beats: if wanted.beats { Beats::read(direct)? } else { Beats::default() },
                of_systems: wanted.systems.map(|list| of_systems(direct, tenant, &list)).transpose()?,
            })
        };
        db::direct_apart(&db, read).await
    }))
}

/// What [`begin`] began.
pub async fn end(begun: Option<tokio::task::JoinHandle<Result<Aside>>>) -> Result<Aside> {
    match begun {
        Some(task) => task.await.map_err(Error::internal)?,
        None => Ok(Aside::default()),
    }
}

fn of_systems(direct: &Direct<'_>, tenant: Uuid, list: &str) -> Result<FxHashSet<Id>> {
    let mut found = FxHashSet::default();
    let select = format!("SELECT device_id FROM device_facts WHERE tenant_id = ? AND os IN ({list})");
    direct.select(&select, &[Cell::Bytes(tenant.as_bytes())], |row| found.extend(id(&row, 0)))?;
    Ok(found)
}

#[derive(Clone, Copy)]
pub struct Beat {
    pub offline: Option<bool>,
    pub last_contact: Option<i64>,
}

/// Heartbeats by their number. Hardly a number is left out: a place is told from the first one.
#[derive(Default)]
pub struct Beats(Vec<(i64, Beat)>);

impl Beats {
    fn read(direct: &Direct<'_>) -> Result<Self> {
        let mut beats = Self::default();
        let select = "SELECT no, offline, last_contact FROM remote_device_beats ORDER BY no";
        direct.select(select, &[], |row| {
            let beat = Beat { offline: row.int(1).map(|o| o != 0), last_contact: row.int(2) };
            beats.0.extend(row.int(0).map(|no| (no, beat)));
        })?;
        Ok(beats)
    }

    pub fn of(&self, no: i64) -> Option<Beat> {
        let guess = self.0.first().and_then(|(first, _)| usize::try_from(no - first).ok())?;
        match self.0.get(guess) {
            Some((there, beat)) if *there == no => Some(*beat),
            _ => self.0.binary_search_by_key(&no, |(no, _)| *no).ok().map(|at| self.0[at].1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heartbeats_are_found_past_gaps() {
        let beat = |n| Beat { offline: None, last_contact: Some(n) };
        let beats = Beats([5, 6, 9, 40].map(|n| (n, beat(n))).to_vec());
        for n in [5, 6, 9, 40] {
            assert_eq!(beats.of(n).and_then(|b| b.last_contact), Some(n));
        }
        for n in [-3, 0, 4, 7, 8, 41] {
            assert!(beats.of(n).is_none(), "{n}");
        }
    }
}
