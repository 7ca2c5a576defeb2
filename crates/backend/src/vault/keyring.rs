//! The master keys: which one seals, and which ones still open.

use super::{
    DataKey, Owner,
    cipher::{self, KEY, unreadable},
    ring_file,
};
use crate::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::error::UserError;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, path::Path};

/// What keys of the environment were called before they had ids of their own.
const ENVIRONMENT: &str = "env";

/// Master keys by id.
pub(super) struct Keyring {
    keys: BTreeMap<String, SecretBox<[u8; KEY]>>,
    /// The one that seals; none in an empty keyring, which opens nothing.
    current: Option<String>,
}

impl Keyring {
    /// No keys at all.
    pub fn empty() -> Self {
        Self { keys: BTreeMap::new(), current: None }
    }

    /// The keyring that the file holds.
    pub fn read(path: &Path) -> Result<Self> {
        let file = ring_file::read(path)?;
        let mut keys = BTreeMap::new();
        for (id, text) in &file.keys {
            keys.insert(id.clone(), boxed(decode(text).map_err(|what| ring_file::broken(path, what))?));
        }
        if !keys.contains_key(&file.current) {
            return Err(ring_file::broken(path, "names a current key that it does not hold"));
        }
        Ok(Self { keys, current: Some(file.current) })
    }

    /// `master` seals; the previous ones, each a key or `id:key`, only open.
    pub fn from_environment(master: &SecretString, previous: &[SecretString]) -> Result<Self> {
        let mut keys = BTreeMap::new();
        for text in previous {
            let text = text.expose_secret().trim();
            if text.is_empty() {
                continue;
            }
            let (id, key) = text.split_once(':').map_or((None, text), |(id, key)| (Some(id), key));
            let key = decode(key).map_err(|what| unusable("One of the previous master keys", what))?;
            keys.insert(id.map_or_else(|| id_of(&key), str::to_owned), boxed(key));
        }
        let key = decode(master.expose_secret()).map_err(|what| unusable("The master key", what))?;
        let id = id_of(&key);
        keys.insert(id.clone(), boxed(key));
        Ok(Self { keys, current: Some(id) })
    }

    /// The id of the key that seals.
    pub fn current(&self) -> Option<&str> {
        self.current.as_deref()
    }

    /// Whether something that `key_id` sealed may be opened.
    pub fn holds(&self, key_id: &str) -> bool {
        self.candidates(key_id).next().is_some()
    }

    /// The key of that id; for the id that all keys of the environment once had, each of those.
    fn candidates<'a>(&'a self, key_id: &'a str) -> impl Iterator<Item = &'a [u8; KEY]> {
        let named = move |id: &str| id == key_id || (key_id == ENVIRONMENT && id.starts_with("env-"));
        self.keys.iter().filter(move |(id, _)| named(id)).map(|(_, key)| key.expose_secret())
    }

    /// A fresh data key for `owner`, sealed by the current master key.
    pub fn new_data_key(&self, owner: Owner) -> Result<DataKey> {
        let key_id = self.current.clone().ok_or_else(|| Error::internal("there is no keyring"))?;
        let master = self.candidates(&key_id).next().ok_or_else(unreadable)?;
        let key = cipher::random_key();
        let sealed = cipher::seal(master, &key, &owner.aad("data_key", &key_id))?;
        Ok(DataKey { key: boxed(key), key_id, sealed })
    }

    /// Opens a data key that the database kept.
    pub fn data_key(&self, owner: Owner, key_id: &str, sealed: &[u8]) -> Result<DataKey> {
        let aad = owner.aad("data_key", key_id);
        let plain = self.candidates(key_id).find_map(|master| cipher::open(master, sealed, &aad).ok());
        let key: [u8; KEY] = plain.ok_or_else(unreadable)?.try_into().map_err(|_| unreadable())?;
        Ok(DataKey { key: boxed(key), key_id: key_id.to_owned(), sealed: sealed.to_vec() })
    }
}

fn boxed(key: [u8; KEY]) -> SecretBox<[u8; KEY]> {
    SecretBox::new(Box::new(key))
}

/// Keys of the environment are told apart by a short hash.
fn id_of(key: &[u8; KEY]) -> String {
    let hash = Sha256::new().chain_update("msportal master key").chain_update(key).finalize();
    format!("env-{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3])
}

fn decode(text: &str) -> Result<[u8; KEY], &'static str> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| "holds a key that is not base64")?;
    bytes.try_into().map_err(|_| "holds a key that is not 32 bytes long")
}

fn unusable(whose: &str, what: &str) -> Error {
    UserError::conflict(format!(
        "{whose} {what}. Give the base64 of 32 random bytes, such as `openssl rand -base64 32` prints."
    ))
    .into()
}
