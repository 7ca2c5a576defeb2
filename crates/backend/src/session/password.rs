//! Passwords: what may be one, hashing and checking.

use super::guessable::{self, Owner};
use crate::{Error, Metrics, Result};
use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{SaltString, rand_core::OsRng},
};
use domain::{error::UserError, session::MIN_PASSWORD};
use tokio::sync::Semaphore;

/// Longest accepted password, in bytes.
const MAX_PASSWORD: usize = 1000;

/// A hash that no password is known for, so that an unknown user takes as long as a known one.
pub(super) const DECOY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bXNwb3J0YWwtZGVjb3ktMQ$b6N9UW0iF0+nl/XH6M7xWJyV1aVwz4Z2HGEl7jqOWMM";

/// A hash takes 19 MiB: so many at a time, the others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Refuses what is no password to choose for its owner; `field` is where it was typed.
pub(crate) fn check_new(field: &str, password: &str, owner: Owner<'_>) -> Result<(), UserError> {
    if password.chars().count() < MIN_PASSWORD {
        let message = format!("Choose a password of at least {MIN_PASSWORD} characters.");
        return Err(UserError::invalid(field, message));
    }
    check_length(field, password)?;
    guessable::check(field, password, owner)
}

/// Refuses what is too long to be anybody's password.
pub(super) fn check_length(field: &str, password: &str) -> Result<(), UserError> {
    if password.len() > MAX_PASSWORD {
        return Err(UserError::invalid(field, "A password has at most 1,000 characters."));
    }
    Ok(())
}

/// argon2id with the crate's defaults (19 MiB, 2 passes: OWASP's first choice), off the async threads.
pub(crate) async fn hash(metrics: &Metrics, password: String) -> Result<String> {
    let made = metrics.password_hashes();
    let hash = move || {
        made.inc();
        let salt = SaltString::generate(&mut OsRng);
        Argon2::default().hash_password(password.as_bytes(), &salt).map(|h| h.to_string())
    };
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(hash)
        .await
        .map_err(Error::internal)?
        .map_err(|e| Error::internal(e.to_string()))
}

/// Whether the password is the one that the hash was made of.
pub(super) async fn verify(metrics: &Metrics, hash: String, password: String) -> Result<bool> {
    let checks = metrics.password_checks();
    let verify = move || {
        PasswordHash::new(&hash).is_ok_and(|h| {
            checks.inc();
            Argon2::default().verify_password(password.as_bytes(), &h).is_ok()
        })
    };
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(verify).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{Algorithm, Params};

    #[test]
    fn the_decoy_takes_as_long_as_a_real_hash() {
        let decoy = PasswordHash::new(DECOY).unwrap();
        assert_eq!(decoy.algorithm, Algorithm::Argon2id.ident());
        let params = Params::try_from(&decoy).unwrap();
        let usual = Params::default();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (usual.m_cost(), usual.t_cost(), usual.p_cost())
        );
        assert_eq!(decoy.hash.unwrap().len(), Params::DEFAULT_OUTPUT_LEN);
        assert!(decoy.salt.is_some());
    }
}
