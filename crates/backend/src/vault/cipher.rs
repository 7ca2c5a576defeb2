//! XChaCha20-Poly1305 with a random nonce, which stands before what it sealed.

use crate::{Error, Result};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand::RngCore;

const NONCE: usize = 24;
/// Bytes of a key.
pub(super) const KEY: usize = 32;

/// Seals `plain`; it opens only with the same key and the same `aad`.
pub(super) fn seal(key: &[u8; KEY], plain: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    let sealed =
        cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad }).map_err(|_| unreadable())?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] made.
pub(super) fn open(key: &[u8; KEY], sealed: &[u8], aad: &[u8]) -> Result<Vec<u8>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    let cipher = XChaCha20Poly1305::new(&Key::from(*key));
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: text, aad }).map_err(|_| unreadable())
}

/// A new key.
pub(super) fn random_key() -> [u8; KEY] {
    let mut key = [0; KEY];
    rand::rng().fill_bytes(&mut key);
    key
}

pub(super) fn unreadable() -> Error {
    Error::internal(
        "a sealed secret cannot be opened: the keyring or the row is not the one it was sealed with",
    )
}
