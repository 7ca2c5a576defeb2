//! An operator's hands on the vault: look, change the key, give up what is lost.

use super::{
    LOST, MasterKeys,
    keyring::Keyring,
    ring_file,
    rotation::nothing_to_rotate,
    sealed::{self, PLACES, Sealed, Which},
};
use crate::{
    Config, Error, Result, audit,
    clock::{Clock, SystemClock},
    db,
    sql::Params,
};
use domain::{error::UserError, vendor::Problem};
use sea_orm::DatabaseConnection;
use secrecy::SecretString;
use serde_json::json;
use std::{
    fs::File,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// The database and the keyring, without a portal: also where they do not belong together.
pub struct Operator {
    db: DatabaseConnection,
    keys: MasterKeys,
    file: PathBuf,
    /// Keeps a restore away.
    _lock: Option<File>,
}

/// What a look at every sealed secret found.
#[derive(Debug, PartialEq, Eq)]
pub struct Checked {
    /// The key that seals now; `None` without a keyring.
    pub current: Option<String>,
    /// Rows by the id of their master key.
    pub by_key: Vec<(String, i64)>,
    /// Rows that cannot be opened.
    pub unreadable: Vec<String>,
}

impl Operator {
    /// Opens the database as it is: its schema must be this program's.
    /// `master_key` replaces the keyring's file.
    pub async fn open(config: &Config, master_key: Option<SecretString>) -> Result<Self> {
        let db = db::open_as_it_is(config).await?;
        let lock = db::hold(&config.url())?;
        let keys = MasterKeys::of(config, master_key);
        Ok(Self { db, keys, file: ring_file::path(&config.data_dir), _lock: lock })
    }

    /// Tries to open every secret.
    pub async fn check(&self) -> Result<Checked> {
        let ring = self.read_ring()?;
        let unreadable = self.unreadable(&ring).await?.iter().map(Sealed::label).collect();
        let by_key = sealed::by_key(&self.db).await?;
        Ok(Checked { current: ring.current().map(str::to_owned), by_key, unreadable })
    }

    /// Gives up the secrets that cannot be opened: their integrations say so, and wait for new ones. Answers which.
    ///
    /// There is no way back, and with a wrong keyring it is everything: the operator says how many those are, and where there is
    /// no keyring, that it is so.
    pub async fn forget_lost(&self, agreed: usize, without_keyring: bool) -> Result<Vec<String>> {
        let ring = self.read_ring()?;
        let lost = self.unreadable(&ring).await?;
        if lost.len() != agreed {
            return Err(miscounted(lost.len(), agreed).into());
        }
        if !lost.is_empty() && ring.current().is_none() && !without_keyring {
            return Err(self.no_keyring().into());
        }
        let mut forgotten = Vec::new();
        for row in lost {
            if self.forget(&row).await? {
                forgotten.push(row.label());
            }
        }
        Ok(forgotten)
    }

    fn no_keyring(&self) -> UserError {
        UserError::conflict(format!(
            "There is no keyring at {}, and everything that is sealed would be given up. Put the keyring back; if it is lost for \
             good, add --without-keyring. Nothing was changed.",
            self.file.display()
        ))
    }

    async fn forget(&self, row: &Sealed) -> Result<bool> {
        let mut p = Params::default();
        let mut set = vec![format!("key_id = {}", p.push(LOST))];
        for column in ["data_key"].into_iter().chain(row.place.fields.iter().map(|(column, _)| *column)) {
            set.push(format!("{column} = {}", p.push(Vec::<u8>::new())));
        }
        if row.place.tells {
            let problem = serde_json::to_string(&lost()).map_err(Error::internal)?;
            set.push(format!("refused = TRUE, problem = {}", p.push(problem)));
        }
        let tx = db::begin(&self.db).await?;
        let forgotten = row.replace(&tx, set, p).await?;
        if forgotten {
            let ((action, subject), now) = ((row.place.given_up)(row.id, &row.name), SystemClock.now());
            let what = (action, subject, json!({ "credentials": "given up: their key is lost" }));
            audit::note_by_operator(&tx, now.timestamp_micros(), row.tenant.into(), what).await?;
        }
        tx.commit().await?;
        Ok(forgotten)
    }

    async fn unreadable(&self, ring: &Keyring) -> Result<Vec<Sealed>> {
        let mut found = Vec::new();
        for place in &PLACES {
            let mut after = Uuid::nil();
            loop {
                let rows = sealed::page(&self.db, place, Which::All, after).await?;
                let Some(last) = rows.last() else { break };
                after = last.id;
                found.extend(rows.into_iter().filter(|row| row.open(ring).is_err()));
            }
        }
        Ok(found)
    }

    pub(super) fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// The keyring's file, unless the environment has the keys.
    pub(super) fn file(&self) -> Result<Option<&Path>> {
        match self.keys.master {
            Some(_) => Ok(None),
            None if self.file.exists() => Ok(Some(&self.file)),
            None => Err(nothing_to_rotate()),
        }
    }

    /// The keys as they are; none where there is no keyring.
    pub(super) fn read_ring(&self) -> Result<Keyring> {
        match &self.keys.master {
            Some(master) => Keyring::from_environment(master, &self.keys.previous),
            None if self.file.exists() => Keyring::read(&self.file),
            None => Ok(Keyring::empty()),
        }
    }
}

fn miscounted(lost: usize, agreed: usize) -> UserError {
    UserError::conflict(format!(
        "Secrets that cannot be opened: {lost}, not {agreed}. Look at what they are, by the command without --confirm. Nothing \
         was changed."
    ))
}

/// What an integration says whose secrets were given up.
pub(crate) fn lost() -> Problem {
    Problem {
        code: "credentials_lost".into(),
        message: "The key that sealed these credentials is lost. Connect again with new ones: mappings and devices are kept."
            .into(),
        hints: Vec::new(),
        field: None,
    }
}

/// What an integration says whose secrets the keyring at hand does not open.
pub(crate) fn not_opened() -> Problem {
    Problem {
        code: "credentials_sealed".into(),
        message: "The stored credentials cannot be opened with this keyring. Restore the keyring that belongs to this database \
            (\"msportal vault check\" tells what cannot be opened), or connect again with new ones: mappings and devices are kept."
            .into(),
        hints: Vec::new(),
        field: None,
    }
}
