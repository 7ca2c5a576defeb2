//! The second factor: a code of an authenticator app (RFC 6238), or a recovery code.

mod enrol;
mod picture;
mod recovery;
mod renew;
mod required;
mod reset;
mod totp;

pub(crate) use renew::prune as prune_pending;

use super::{Session, users::UserRow};
use crate::{
    Portal, Result,
    clock::time,
    db, sql,
    vault::{LOST, Owner},
};
use domain::{error::UserError, session::SecondFactor};
use sea_orm::{ConnectionTrait, FromQueryResult};
use secrecy::SecretString;
use uuid::Uuid;

/// What the sealed secret is called in the vault.
const FIELD: &str = "second_factor";

/// Whether the tenant `t` wants a second factor of the user `u`, who has none.
pub(crate) const MISSING: &str = "(t.second_factor_required AND NOT EXISTS (
    SELECT 1 FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL))";

/// How a code was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The user has no second factor.
    NotNeeded,
    Missing,
    Wrong,
    Right,
}

#[derive(FromQueryResult)]
struct Row {
    key_id: String,
    data_key: Vec<u8>,
    secret: Vec<u8>,
    last_step: i64,
    confirmed_at: Option<i64>,
}

impl Portal {
    /// Whether the user of a session has a second factor.
    pub async fn second_factor(&self, session: &Session) -> Result<SecondFactor> {
        let since = self.factor(session.user_id.0).await?.and_then(|row| row.confirmed_at);
        let count = "SELECT count(*) AS n FROM recovery_codes WHERE user_id = $1";
        let recovery_codes = match since {
            Some(_) => sql::count(self.db(), count, vec![session.user_id.0.into()]).await?,
            None => 0,
        };
        Ok(SecondFactor { on: since.is_some(), since: since.map(time), recovery_codes })
    }

    /// Checks a user's code, and says since when what it was checked by counts, as [`since`]. One that is right is used up by it.
    pub(super) async fn check_code(
        &self,
        user: &UserRow,
        code: Option<&str>,
    ) -> Result<(Verdict, Option<i64>)> {
        let Some(row) = self.factor(user.id).await?.filter(|row| row.confirmed_at.is_some()) else {
            return Ok((Verdict::NotNeeded, None));
        };
        let Some(code) = code else { return Ok((Verdict::Missing, row.confirmed_at)) };
        let right = match totp::typed(code) {
            Some(code) => self.use_code(&row, user, &code).await?,
            None => self.use_recovery_code(user.id, code).await?,
        };
        Ok((if right { Verdict::Right } else { Verdict::Wrong }, row.confirmed_at))
    }

    async fn use_code(&self, row: &Row, user: &UserRow, code: &str) -> Result<bool> {
        let secret = self.open_secret(row, user.tenant_id, user.id)?;
        match totp::step_of(&secret, code, self.now().timestamp(), row.last_step) {
            Some(step) => self.use_step(user.id, step).await,
            None => Ok(false),
        }
    }

    async fn factor(&self, user: Uuid) -> Result<Option<Row>> {
        let select =
            "SELECT key_id, data_key, secret, last_step, confirmed_at FROM second_factors WHERE user_id = $1";
        Ok(sql::one(self.db(), select, vec![user.into()]).await?)
    }

    fn open_secret(&self, row: &Row, tenant: Uuid, user: Uuid) -> Result<SecretString> {
        if row.key_id == LOST {
            return Err(lost().into());
        }
        let owner = Owner::user(tenant, user);
        self.vault().data_key(owner, &row.key_id, &row.data_key)?.open(owner, FIELD, &row.secret)
    }

    /// Uses up the codes until that step; false when somebody was faster with it.
    async fn use_step(&self, user: Uuid, step: i64) -> Result<bool> {
        let update = "UPDATE second_factors SET last_step = $1 WHERE user_id = $2 AND last_step < $3";
        let values = vec![step.into(), user.into(), step.into()];
        Ok(db::write(self.db(), update, values).await? == 1)
    }
}

/// Since when the second factor of a user is on, with the app that counts now; `None` where it is off.
pub(super) async fn since(db: &impl ConnectionTrait, user: Uuid) -> Result<Option<i64>> {
    #[derive(FromQueryResult)]
    struct Since {
        confirmed_at: Option<i64>,
    }
    let select = "SELECT confirmed_at FROM second_factors WHERE user_id = $1";
    let row: Option<Since> = sql::one(db, select, vec![user.into()]).await?;
    Ok(row.and_then(|row| row.confirmed_at))
}

/// The key that sealed the secret is gone for good.
fn lost() -> UserError {
    let message = "Codes of the app cannot be checked any more. Enter a recovery code, or ask an administrator to reset your \
        second factor.";
    UserError { field: Some("code".into()), ..UserError::conflict(message) }
}
