//! Secrets at rest: envelope encryption.
//!
//! Each row with secrets has a data key; it is sealed by a master key of the keyring, and the secrets are sealed by it. What
//! is sealed is bound (as associated data) to the tenant, the row, the field and the master key's id, so that a sealed value
//! moved to another row cannot be opened. [`Operator`] changes the master key while servers go on working.

mod cipher;
mod keyring;
mod operator;
mod owner;
mod ring_file;
mod rotation;
mod sealed;
#[cfg(test)]
mod tests;

pub use operator::{Checked, Operator};
pub(crate) use operator::{lost, not_opened};
pub use owner::Owner;
pub use rotation::{Resealed, Rotation};
pub(crate) use sealed::{LOST, count as sealed_count, verify};

use crate::{Config, Error, Result};
use cipher::{KEY, unreadable};
use domain::error::UserError;
use keyring::Keyring;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

/// The master keys of this process. They are read again when the file has got a newer one.
pub struct Vault {
    ring: RwLock<Arc<Keyring>>,
    /// `None` when the keys are those of the environment.
    file: Option<PathBuf>,
}

/// A data key in memory, with the id of the master key that seals it.
pub struct DataKey {
    key: SecretBox<[u8; KEY]>,
    pub key_id: String,
    /// The data key as the database keeps it.
    pub sealed: Vec<u8>,
}

/// Master keys that the environment gives in place of the file.
#[derive(Clone, Default)]
pub struct MasterKeys {
    /// Base64 of 32 bytes; seals and opens.
    pub master: Option<SecretString>,
    /// Keys that only open, each as base64 or as `id:base64`.
    pub previous: Vec<SecretString>,
}

impl MasterKeys {
    /// `master`, with the previous ones of the settings.
    pub(crate) fn of(config: &Config, master: Option<SecretString>) -> Self {
        Self { master, previous: config.previous_master_keys.clone() }
    }
}

impl Vault {
    /// The keys of the environment, or else the keyring in `dir`. A missing file is made (mode 0600) only while the database
    /// holds no secret (`sealed` is their number): a new key could not open them.
    pub fn open(dir: &Path, keys: &MasterKeys, sealed: i64) -> Result<Self> {
        if let Some(master) = &keys.master {
            let ring = Keyring::from_environment(master, &keys.previous)?;
            return Ok(Self { ring: RwLock::new(Arc::new(ring)), file: None });
        }
        let file = ring_file::path(dir);
        if !file.exists() {
            if sealed > 0 {
                return Err(missing(&file, sealed));
            }
            ring_file::make(&file)?;
        }
        let ring = Keyring::read(&file)?;
        Ok(Self { ring: RwLock::new(Arc::new(ring)), file: Some(file) })
    }

    /// A fresh data key for `owner`, sealed by the master key that is the current one at this moment.
    pub fn new_data_key(&self, owner: Owner) -> Result<DataKey> {
        self.read_again()?;
        self.ring().new_data_key(owner)
    }

    /// Opens a data key that the database kept.
    pub fn data_key(&self, owner: Owner, key_id: &str, sealed: &[u8]) -> Result<DataKey> {
        if !self.ring().holds(key_id) {
            self.read_again()?;
        }
        let ring = self.ring();
        if !ring.holds(key_id) {
            return Err(Error::internal(format!(
                "the keyring has no key {key_id}: restore the keyring that belongs to this database"
            )));
        }
        ring.data_key(owner, key_id, sealed)
    }

    fn ring(&self) -> Arc<Keyring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The keyring may have been changed by another process.
    fn read_again(&self) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let ring = Keyring::read(file).map_err(|error| Error::internal(error.to_string()))?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }
}

impl DataKey {
    /// Seals the text of `field`.
    pub fn seal(&self, owner: Owner, field: &str, secret: &SecretString) -> Result<Vec<u8>> {
        let aad = owner.aad(field, &self.key_id);
        cipher::seal(self.key.expose_secret(), secret.expose_secret().as_bytes(), &aad)
    }

    /// Opens the text of `field`.
    pub fn open(&self, owner: Owner, field: &str, sealed: &[u8]) -> Result<SecretString> {
        let plain = cipher::open(self.key.expose_secret(), sealed, &owner.aad(field, &self.key_id))?;
        Ok(SecretString::from(String::from_utf8(plain).map_err(|_| unreadable())?))
    }
}

/// Whether a file is a keyring that can be used.
pub fn inspect(file: &Path) -> Result<()> {
    Keyring::read(file).map(drop)
}

fn missing(file: &Path, sealed: i64) -> Error {
    UserError::conflict(format!(
        "The keyring {} is missing, and the database holds sealed secrets ({sealed}). Restore the keyring that belongs to \
         this database; no new one was made. If it is lost for good, see \"msportal vault forget-lost --help\".",
        file.display()
    ))
    .into()
}
