//! Another authenticator app, and new recovery codes, while the second factor stays on.

use super::{
    FIELD,
    enrol::{end_others, nothing_to_confirm, wrong_code},
    totp,
};
use crate::{
    Portal, Result, audit,
    db::{self, Tx},
    session::{Session, throttle::Budget},
    sql,
    vault::Owner,
};
use domain::{audit::AuditAction, error::UserError};
use sea_orm::FromQueryResult;
use secrecy::SecretString;
use uuid::Uuid;

/// A secret that was not confirmed within an hour counts for nothing, in microseconds.
const LIFE: i64 = 3600 * 1_000_000;

/// The secret of another app.
#[derive(FromQueryResult)]
struct Pending {
    key_id: String,
    data_key: Vec<u8>,
    secret: Vec<u8>,
}

impl Portal {
    /// Keeps the secret of another app beside the one that counts.
    pub(super) async fn keep_beside(&self, session: &Session, secret: &SecretString) -> Result<()> {
        let (tenant, user) = (session.tenant_id.0, session.user_id.0);
        let owner = Owner::pending_factor(tenant, user);
        let key = self.vault().new_data_key(owner)?;
        let insert =
            "INSERT INTO pending_second_factors (user_id, tenant_id, key_id, data_key, secret, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (user_id) DO UPDATE SET key_id = excluded.key_id, data_key = excluded.data_key,
                secret = excluded.secret, created_at = excluded.created_at";
        let values = vec![
            user.into(),
            tenant.into(),
            key.key_id.as_str().into(),
            key.sealed.as_slice().into(),
            key.seal(owner, FIELD, secret)?.into(),
            self.now_micros().into(),
        ];
        let tx = db::begin(self.db()).await?;
        hold(&tx, session).await?;
        sql::execute(&tx, insert, values).await?;
        Ok(tx.commit().await?)
    }

    /// Puts the other app in the place of the one that counted, by a code of it, and ends the user's other sessions. The recovery
    /// codes are new ones.
    pub(super) async fn replace_app(&self, session: &Session, code: &str) -> Result<Vec<String>> {
        let user = session.user_id.0;
        let pending = self.pending(user).await?.ok_or_else(nothing_to_confirm)?;
        // Its master key may be gone: then it is begun anew.
        let Ok(secret) = self.open_pending(session, &pending) else {
            return Err(nothing_to_confirm().into());
        };
        let guess = self.count_guess(vec![Budget::user(user)]).await?;
        let code = totp::typed(code).ok_or_else(wrong_code)?;
        let step = totp::step_of(&secret, &code, self.now().timestamp(), 0).ok_or_else(wrong_code)?;
        self.take_back(guess).await?;
        let tx = db::begin(self.db()).await?;
        hold(&tx, session).await?;
        // Another browser may have begun anew meanwhile, or confirmed: the code was one of this secret.
        let take = "DELETE FROM pending_second_factors WHERE user_id = $1 AND secret = $2";
        if sql::execute(&tx, take, vec![user.into(), pending.secret.into()]).await? == 0 {
            return Err(nothing_to_confirm().into());
        }
        self.put_in_place(&tx, session, &secret, step).await?;
        let codes = self.new_recovery_codes(&tx, user).await?;
        end_others(&tx, session).await?;
        let at = (&session.origin, self.now_micros());
        audit::note_user(&tx, at, &session.known(), AuditAction::SecondFactorReplaced).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// New recovery codes, which are never shown again; those of before are worth nothing. Takes the password and a code.
    pub async fn renew_recovery_codes(
        &self,
        session: &Session,
        password: &str,
        code: &str,
    ) -> Result<Vec<String>> {
        let user = self.confirmed(session, "password", password).await?;
        if !self.second_factor(session).await?.on {
            return Err(not_on().into());
        }
        self.demand_code(&user, code).await?;
        let tx = db::begin(self.db()).await?;
        hold(&tx, session).await?;
        let codes = self.new_recovery_codes(&tx, user.id).await?;
        let at = (&session.origin, self.now_micros());
        audit::note_user(&tx, at, &session.known(), AuditAction::RecoveryCodesRenewed).await?;
        tx.commit().await?;
        Ok(codes)
    }

    async fn pending(&self, user: Uuid) -> Result<Option<Pending>> {
        let select = "SELECT key_id, data_key, secret FROM pending_second_factors
            WHERE user_id = $1 AND created_at > $2";
        Ok(sql::one(self.db(), select, vec![user.into(), (self.now_micros() - LIFE).into()]).await?)
    }

    fn open_pending(&self, session: &Session, row: &Pending) -> Result<SecretString> {
        let owner = Owner::pending_factor(session.tenant_id.0, session.user_id.0);
        self.vault().data_key(owner, &row.key_id, &row.data_key)?.open(owner, FIELD, &row.secret)
    }

    /// Seals the secret anew, as the one that counts.
    async fn put_in_place(&self, tx: &Tx, session: &Session, secret: &SecretString, step: i64) -> Result<()> {
        let owner = Owner::user(session.tenant_id.0, session.user_id.0);
        let key = self.vault().new_data_key(owner)?;
        let update = "UPDATE second_factors SET key_id = $2, data_key = $3, secret = $4, last_step = $5, created_at = $6,
                confirmed_at = $6 WHERE user_id = $1";
        let values = vec![
            session.user_id.0.into(),
            key.key_id.as_str().into(),
            key.sealed.as_slice().into(),
            key.seal(owner, FIELD, secret)?.into(),
            step.into(),
            self.now_micros().into(),
        ];
        sql::execute(tx, update, values).await?;
        Ok(())
    }
}

/// Holds the second factor of a user, which is on, until the transaction ends.
async fn hold(tx: &Tx, session: &Session) -> Result<()> {
    session.still_in(tx).await?;
    let select = format!(
        "SELECT user_id FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL{}",
        sql::locked(tx, " FOR UPDATE")
    );
    match sql::rows(tx, &select, vec![session.user_id.0.into()]).await?.is_empty() {
        true => Err(not_on().into()),
        false => Ok(()),
    }
}

/// Forgets secrets that nobody confirmed in time; answers how many.
pub(crate) async fn prune(portal: &Portal, now: i64) -> Result<u64> {
    let delete = "DELETE FROM pending_second_factors WHERE created_at < $1";
    Ok(db::write(portal.db(), delete, vec![(now - LIFE).into()]).await?)
}

fn not_on() -> UserError {
    UserError::conflict("The second factor is not on. Reload the page.")
}
