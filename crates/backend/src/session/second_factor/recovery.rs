//! Recovery codes: each signs in once, in place of the authenticator app.

use crate::{Portal, Result, db, sql};
use data_encoding::BASE32_NOPAD;
use rand::RngCore;
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const CODES: usize = 10;

impl Portal {
    /// Makes the codes of a user anew, such as `ABCDE-FGHIJ-KLMNO-PQRST-UVWXYZ`; the database keeps their hashes.
    pub(super) async fn new_recovery_codes(
        &self,
        db: &impl ConnectionTrait,
        user: Uuid,
    ) -> Result<Vec<String>> {
        sql::execute(db, "DELETE FROM recovery_codes WHERE user_id = $1", vec![user.into()]).await?;
        let codes: Vec<String> = std::iter::repeat_with(new_code).take(CODES).collect();
        for code in &codes {
            let insert = "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)";
            sql::execute(db, insert, vec![user.into(), hash(code).into()]).await?;
        }
        Ok(codes)
    }

    /// Uses a code up; whether it was one.
    pub(super) async fn use_recovery_code(&self, user: Uuid, code: &str) -> Result<bool> {
        let delete = "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2";
        Ok(db::write(self.db(), delete, vec![user.into(), hash(code).into()]).await? == 1)
    }
}

/// 128 random bits, so that nobody who reads the hashes finds a code by trying (ASVS 6.5.2, 11.5.1).
fn new_code() -> String {
    let mut bytes = [0u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    let text = BASE32_NOPAD.encode(&bytes);
    [&text[..5], &text[5..10], &text[10..15], &text[15..20], &text[20..]].join("-")
}

/// The hash of a code however it is typed.
fn hash(code: &str) -> Vec<u8> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(code.to_ascii_uppercase().as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = new_code();
        assert_eq!(code.len(), 30);
        assert_eq!(hash(&code), hash(&code.to_lowercase().replace('-', " ")));
        assert_ne!(hash(&code), hash(&new_code()));
    }
}
