//! Changing the master key while servers work: a new key first, then every row sealed anew, one statement each.

use super::{
    Operator,
    keyring::Keyring,
    ring_file,
    sealed::{self, PLACES, Sealed, Which},
};
use crate::{Error, Result, db, sql::Params};
use domain::error::UserError;
use sea_orm::DatabaseConnection;
use std::{collections::BTreeSet, fs::File, time::Duration};
use uuid::Uuid;

/// How often a row is tried while the database is busy, and the pause in between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_secs(1);

/// A rotation that has begun. Until it is dropped nobody else changes the keyring.
pub struct Rotation<'a> {
    operator: &'a Operator,
    ring: Keyring,
    /// The key that seals from now on.
    pub key_id: String,
    /// Whether this rotation made it; else it goes on with what an earlier one began, or the environment gave.
    pub is_new: bool,
    /// Keys that had nothing left to open, and are gone from the file.
    pub dropped: Vec<String>,
    _lock: Option<File>,
}

/// What a rotation has done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    pub rows: u64,
    /// What could not be opened, and is as it was.
    pub unreadable: Vec<String>,
}

impl Operator {
    /// Makes a new master key, unless an earlier rotation did and was not completed. Rows stay as they are; running servers
    /// seal with the new key at once.
    ///
    /// Old keys go with the rotation after the one that made them old: until then nothing that a server may still be
    /// writing depends on a key that is gone.
    pub async fn rotate(&self) -> Result<Rotation<'_>> {
        let Some(path) = self.file()? else { return self.with_key_of_environment() };
        let lock = ring_file::lock(path)?;
        let mut file = ring_file::read(path)?;
        let used: BTreeSet<String> = sealed::by_key(self.db()).await?.into_iter().map(|(id, _)| id).collect();
        let unfinished = used.iter().any(|id| *id != file.current && file.keys.contains_key(id));
        let mut dropped = Vec::new();
        if !unfinished {
            dropped =
                file.keys.keys().filter(|id| **id != file.current && !used.contains(*id)).cloned().collect();
            file.keys.retain(|id, _| !dropped.contains(id));
            file.renew();
            ring_file::write(path, &file)?;
        }
        let ring = Keyring::read(path)?;
        Ok(Rotation {
            operator: self,
            ring,
            key_id: file.current,
            is_new: !unfinished,
            dropped,
            _lock: Some(lock),
        })
    }

    fn with_key_of_environment(&self) -> Result<Rotation<'_>> {
        let ring = self.read_ring()?;
        let key_id = ring.current().unwrap_or_default().to_owned();
        Ok(Rotation { operator: self, ring, key_id, is_new: false, dropped: Vec::new(), _lock: None })
    }
}

impl Rotation<'_> {
    /// Seals everything with the new key. Rows that somebody edits meanwhile keep the edit, and are looked at again.
    pub async fn reseal(&self) -> Result<Resealed> {
        let mut done = Resealed::default();
        loop {
            let pass = self.pass().await?;
            done.rows += pass.rows;
            done.unreadable = pass.unreadable;
            if pass.rows + pass.overtaken == 0 {
                return Ok(done);
            }
        }
    }

    async fn pass(&self) -> Result<Pass> {
        let db = self.operator.db();
        let mut pass = Pass::default();
        for place in &PLACES {
            let mut after = Uuid::nil();
            loop {
                let rows = sealed::page(db, place, Which::NotSealedBy(&self.key_id), after).await?;
                let Some(last) = rows.last() else { break };
                after = last.id;
                for row in &rows {
                    self.one(db, row, &mut pass).await?;
                }
            }
        }
        Ok(pass)
    }

    async fn one(&self, db: &DatabaseConnection, row: &Sealed, pass: &mut Pass) -> Result<()> {
        if row.open(&self.ring).is_err() {
            pass.unreadable.push(row.label());
        } else if patiently(db, &self.ring, row).await? {
            pass.rows += 1;
        } else {
            pass.overtaken += 1;
        }
        Ok(())
    }
}

/// What one look at all rows did.
#[derive(Default)]
struct Pass {
    rows: u64,
    overtaken: u64,
    unreadable: Vec<String>,
}

async fn patiently(db: &DatabaseConnection, ring: &Keyring, row: &Sealed) -> Result<bool> {
    for _ in 1..TRIES {
        match seal_anew(db, ring, row).await {
            Err(Error::Busy(error) | Error::Unanswered(error)) => {
                tracing::warn!(%error, "the database is busy; trying again");
            }
            other => return other,
        }
        tokio::time::sleep(PAUSE).await;
    }
    seal_anew(db, ring, row).await
}

/// Replaces what is sealed in a row, if it is still what was read: every save of secrets makes a data key of its own.
pub(super) async fn seal_anew(db: &DatabaseConnection, ring: &Keyring, row: &Sealed) -> Result<bool> {
    let (owner, place) = (row.owner(), row.place);
    let key = ring.new_data_key(owner)?;
    let secrets = row.open(ring)?;
    let mut p = Params::default();
    let mut set = vec![format!("key_id = {}", p.push(key.key_id.clone()))];
    set.push(format!("data_key = {}", p.push(key.sealed.clone())));
    for ((column, field), secret) in place.fields.iter().zip(&secrets) {
        set.push(format!("{column} = {}", p.push(key.seal(owner, field, secret)?)));
    }
    let tx = db::begin(db).await?;
    let replaced = row.replace(&tx, set, p).await?;
    tx.commit().await?;
    Ok(replaced)
}

/// A missing keyring has nothing to rotate.
pub(super) fn nothing_to_rotate() -> Error {
    UserError::conflict("There is no keyring yet: \"msportal serve\" makes it when it starts.").into()
}
