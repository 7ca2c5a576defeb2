//! Browsers in which somebody has signed in before. What others guess about the account does not lock them out.

use super::{SECOND, Visitor, hash_token, new_token};
use crate::{Portal, Result, sql};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// A device is known for this long after its last sign-in, in seconds: 180 days.
const LIFETIME: i64 = 180 * 24 * 3600;

impl Portal {
    /// The hash of the visitor's device, if the user of that address has signed in on it before.
    pub(super) async fn known_device(&self, visitor: &Visitor, email_key: &str) -> Result<Option<Vec<u8>>> {
        let Some(token) = &visitor.device else { return Ok(None) };
        let hash = hash_token(token);
        let known = "SELECT count(*) AS n FROM known_devices d JOIN users u ON u.id = d.user_id
            WHERE d.token_hash = $1 AND d.expires_at > $2 AND u.email_key = $3";
        let values = vec![hash.clone().into(), self.now_micros().into(), email_key.into()];
        Ok((sql::count(self.db(), known, values).await? > 0).then_some(hash))
    }

    /// Remembers the visitor's device for a user; answers the cookie that marks it. A device keeps its mark for all who use
    /// it, if it was given by this portal.
    pub(super) async fn remember_device(
        &self,
        db: &impl ConnectionTrait,
        visitor: &Visitor,
        user: Uuid,
    ) -> Result<String> {
        let now = self.now_micros();
        sql::execute(db, "DELETE FROM known_devices WHERE expires_at < $1", vec![now.into()]).await?;
        let given = "SELECT count(*) AS n FROM known_devices WHERE token_hash = $1";
        let token = match &visitor.device {
            Some(token) if sql::count(db, given, vec![hash_token(token).into()]).await? > 0 => token.clone(),
            _ => new_token(),
        };
        let insert = "INSERT INTO known_devices (token_hash, user_id, expires_at) VALUES ($1, $2, $3)
            ON CONFLICT (token_hash, user_id) DO UPDATE SET expires_at = excluded.expires_at";
        let until = now + LIFETIME * SECOND;
        sql::execute(db, insert, vec![hash_token(&token).into(), user.into(), until.into()]).await?;
        Ok(self.cookie(self.device_cookie(), &token, LIFETIME))
    }
}
