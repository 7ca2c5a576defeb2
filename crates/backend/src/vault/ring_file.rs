//! `keyring.json`: read, made, and changed as a whole or not at all.

use super::cipher;
use crate::{Error, Result, db::private};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::error::UserError;
use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// What the file holds.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct RingFile {
    pub current: String,
    /// Id → base64 of 32 bytes.
    pub keys: BTreeMap<String, String>,
}

impl RingFile {
    /// Adds a new key, which seals from now on. Ids are never used twice, also after an old file was restored.
    pub fn renew(&mut self) {
        let number = self.current.split('-').next().and_then(|n| n.parse::<u64>().ok()).unwrap_or_default();
        let tail = cipher::random_key();
        self.current = format!("{}-{:02x}{:02x}{:02x}", number + 1, tail[0], tail[1], tail[2]);
        self.keys.insert(self.current.clone(), STANDARD.encode(cipher::random_key()));
    }
}

/// Where the keyring of a data folder is.
pub(super) fn path(dir: &Path) -> PathBuf {
    dir.join("keyring.json")
}

pub(super) fn read(path: &Path) -> Result<RingFile> {
    let text = fs::read_to_string(path)
        .map_err(|e| UserError::conflict(format!("The keyring {} cannot be read: {e}.", path.display())))?;
    serde_json::from_str(&text).map_err(|_| broken(path, "is not a keyring"))
}

/// Makes a keyring with one key, unless somebody else just did.
pub(super) fn make(path: &Path) -> Result<()> {
    let lock = lock_file(path).map_err(Error::internal)?;
    lock.lock().map_err(Error::internal)?;
    if path.exists() {
        return Ok(());
    }
    let mut file = RingFile { current: String::new(), keys: BTreeMap::new() };
    file.renew();
    write(path, &file)
}

/// The right to change the keyring, until it is dropped; fails while somebody else has it.
pub(super) fn lock(path: &Path) -> Result<File> {
    let file = lock_file(path).map_err(Error::internal)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let message = "Another process is changing this keyring. Wait until it has ended, and try again.";
            Err(UserError::conflict(message).into())
        }
        Err(TryLockError::Error(error)) => Err(Error::internal(error)),
    }
}

fn lock_file(path: &Path) -> io::Result<File> {
    private().append(true).open(path.with_extension("lock"))
}

/// Replaces the file: whoever reads it, or loses power, has the old one or the new one.
pub(super) fn write(path: &Path, file: &RingFile) -> Result<()> {
    let text = serde_json::to_string_pretty(file).map_err(Error::internal)?;
    replace(path, text.as_bytes())
        .map_err(|e| UserError::conflict(format!("{} cannot be written: {e}.", path.display())).into())
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("json.new");
    if draft.exists() {
        fs::remove_file(&draft)?;
    }
    write_private(&draft, bytes)?;
    keep_owner(path, &draft)?;
    fs::rename(&draft, path)?;
    sync_folder(path)
}

/// That the keyring is damaged, and what to do.
pub(super) fn broken(path: &Path, what: &str) -> Error {
    UserError::conflict(format!("{} {what}. Restore it from a backup.", path.display())).into()
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(path, bytes)
}

/// An administrator who changes the keyring must not take it away from the server's user.
#[cfg(unix)]
fn keep_owner(old: &Path, new: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let Ok(was) = fs::metadata(old) else { return Ok(()) };
    let is = fs::metadata(new)?;
    if (was.uid(), was.gid()) == (is.uid(), is.gid()) {
        return Ok(());
    }
    chown(new, Some(was.uid()), Some(was.gid()))
}

#[cfg(not(unix))]
fn keep_owner(_old: &Path, _new: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}
