//! Secrets at rest: envelope encryption.
//!
//! Each integration has a data key; it is sealed by a master key of the keyring, and the secrets are sealed by it. The
//! cipher is XChaCha20-Poly1305 with a random nonce; what is sealed is bound (as associated data) to the tenant, the
//! integration, the field and the master key's id, so that a sealed value moved to another row cannot be opened.

use crate::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::RngCore;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::{collections::BTreeMap, path::Path};
use uuid::Uuid;

const NONCE: usize = 24;
const KEY: usize = 32;

/// The master keys by id, and which one seals new secrets.
pub struct Vault {
    keys: BTreeMap<String, SecretBox<[u8; KEY]>>,
    current: String,
}

/// A data key in memory, with the id of the master key that seals it.
pub struct DataKey {
    key: SecretBox<[u8; KEY]>,
    pub key_id: String,
    /// The data key as the database keeps it.
    pub sealed: Vec<u8>,
}

/// What a sealed value belongs to.
#[derive(Clone, Copy)]
pub struct Owner {
    pub tenant: Uuid,
    pub integration: Uuid,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct KeyringFile {
    current: String,
    /// Id → base64 of 32 bytes.
    keys: BTreeMap<String, String>,
}

impl Vault {
    /// The keyring in `dir` (made, mode 0600, when there is none), or the one master key of the environment's text.
    pub fn open(dir: &Path, master_key: Option<&SecretString>) -> Result<Self> {
        match master_key {
            Some(text) => Self::from_text(text.expose_secret()),
            None => Self::from_file(&dir.join("keyring.json")),
        }
    }

    fn from_text(text: &str) -> Result<Self> {
        let key = decode_key(text)?;
        Ok(Self {
            keys: BTreeMap::from([("env".to_owned(), SecretBox::new(Box::new(key)))]),
            current: "env".into(),
        })
    }

    fn from_file(path: &Path) -> Result<Self> {
        if !path.exists() {
            write_new_keyring(path)?;
        }
        let text = std::fs::read_to_string(path).map_err(Error::internal)?;
        let file: KeyringFile = serde_json::from_str(&text).map_err(|_| broken("is not a keyring"))?;
        let mut keys = BTreeMap::new();
        for (id, text) in file.keys {
            keys.insert(id, SecretBox::new(Box::new(decode_key(&text)?)));
        }
        if !keys.contains_key(&file.current) {
            return Err(broken("names a current key that it does not hold"));
        }
        Ok(Self { keys, current: file.current })
    }

    /// A fresh data key for `owner`.
    pub fn new_data_key(&self, owner: Owner) -> Result<DataKey> {
        let key = random_key();
        let sealed = seal(self.master(&self.current)?, &key, &aad(owner, "data_key", &self.current))?;
        Ok(DataKey { key: SecretBox::new(Box::new(key)), key_id: self.current.clone(), sealed })
    }

    /// Opens a data key that the database kept.
    pub fn data_key(&self, owner: Owner, key_id: &str, sealed: &[u8]) -> Result<DataKey> {
        let plain = open(self.master(key_id)?, sealed, &aad(owner, "data_key", key_id))?;
        let key: [u8; KEY] = plain.try_into().map_err(|_| unreadable())?;
        Ok(DataKey { key: SecretBox::new(Box::new(key)), key_id: key_id.to_owned(), sealed: sealed.to_vec() })
    }

    fn master(&self, key_id: &str) -> Result<&[u8; KEY]> {
        let key = self.keys.get(key_id).ok_or_else(|| {
            Error::internal(format!(
                "the keyring has no key {key_id}: restore the keyring that belongs to this database"
            ))
        })?;
        Ok(key.expose_secret())
    }
}

impl DataKey {
    /// Seals the text of `field`.
    pub fn seal(&self, owner: Owner, field: &str, secret: &SecretString) -> Result<Vec<u8>> {
        seal(self.key.expose_secret(), secret.expose_secret().as_bytes(), &aad(owner, field, &self.key_id))
    }

    /// Opens the text of `field`.
    pub fn open(&self, owner: Owner, field: &str, sealed: &[u8]) -> Result<SecretString> {
        let plain = open(self.key.expose_secret(), sealed, &aad(owner, field, &self.key_id))?;
        Ok(SecretString::from(String::from_utf8(plain).map_err(|_| unreadable())?))
    }
}

fn aad(owner: Owner, field: &str, key_id: &str) -> Vec<u8> {
    format!("msportal/1|{}|{}|{field}|{key_id}", owner.tenant, owner.integration).into_bytes()
}

fn seal(key: &[u8; KEY], plain: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let sealed =
        cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad }).map_err(|_| unreadable())?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn open(key: &[u8; KEY], sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad }).map_err(|_| unreadable())
}

fn unreadable() -> Error {
    Error::internal(
        "a sealed secret cannot be opened: the keyring or the row is not the one it was sealed with",
    )
}

fn broken(what: &str) -> Error {
    Error::internal(format!("keyring.json {what}: restore it from a backup"))
}

fn random_key() -> [u8; KEY] {
    let mut key = [0; KEY];
    rand::rng().fill_bytes(&mut key);
    key
}

fn decode_key(text: &str) -> Result<[u8; KEY]> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| broken("holds a key that is not base64"))?;
    bytes.try_into().map_err(|_| broken("holds a key that is not 32 bytes long"))
}

fn write_new_keyring(path: &Path) -> Result<()> {
    let file = KeyringFile {
        current: "1".into(),
        keys: BTreeMap::from([("1".into(), STANDARD.encode(random_key()))]),
    };
    let text = serde_json::to_string_pretty(&file).map_err(Error::internal)?;
    write_private(path, text.as_bytes()).map_err(Error::internal)
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(n: u128) -> Owner {
        Owner { tenant: Uuid::from_u128(1), integration: Uuid::from_u128(n) }
    }

    #[test]
    fn a_sealed_value_opens_only_where_it_belongs() {
        let dir = tempfile::tempdir().unwrap();
        let vault = Vault::open(dir.path(), None).unwrap();
        let key = vault.new_data_key(owner(1)).unwrap();
        let sealed = key.seal(owner(1), "client_secret", &"s3cret".to_owned().into()).unwrap();

        let again =
            Vault::open(dir.path(), None).unwrap().data_key(owner(1), &key.key_id, &key.sealed).unwrap();
        assert_eq!(again.open(owner(1), "client_secret", &sealed).unwrap().expose_secret(), "s3cret");
        assert!(again.open(owner(2), "client_secret", &sealed).is_err(), "another row");
        assert!(again.open(owner(1), "client_id", &sealed).is_err(), "another field");
        assert!(vault.data_key(owner(2), &key.key_id, &key.sealed).is_err(), "another integration");
        assert!(!sealed.windows(6).any(|w| w == b"s3cret"));
    }

    #[test]
    fn a_lost_keyring_is_told_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let key = Vault::open(dir.path(), None).unwrap().new_data_key(owner(1)).unwrap();
        std::fs::remove_file(dir.path().join("keyring.json")).unwrap();
        let other = Vault::open(dir.path(), None).unwrap();
        assert!(other.data_key(owner(1), &key.key_id, &key.sealed).is_err());
        std::fs::write(dir.path().join("keyring.json"), "{}").unwrap();
        assert!(Vault::open(dir.path(), None).is_err());
    }
}
