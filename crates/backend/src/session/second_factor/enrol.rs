//! Switching the second factor on and off.

use super::{FIELD, Row, Verdict, picture, totp};
use crate::{
    Portal, Result, audit,
    db::{self, Tx},
    session::{Session, throttle::Budget, users::UserRow},
    sql,
    vault::Owner,
};
use domain::{audit::AuditAction, error::UserError, session::SecondFactorSetup};
use secrecy::SecretString;

impl Portal {
    /// Makes a secret for an authenticator app; it counts once [`Portal::confirm_second_factor`] has seen a code of it. Where the
    /// second factor is on, it takes a code of the app that counts until then, or a recovery code.
    pub async fn begin_second_factor(
        &self,
        session: &Session,
        password: &str,
        code: Option<&str>,
    ) -> Result<SecondFactorSetup> {
        let user = self.confirmed(session, "password", password).await?;
        let secret = totp::new_secret();
        match self.factor(user.id).await?.is_some_and(|row| row.confirmed_at.is_some()) {
            false => self.keep_secret(session, &secret).await?,
            true => {
                self.demand_code(&user, code.unwrap_or_default()).await?;
                self.keep_beside(session, &secret).await?;
            }
        }
        picture::setup(&secret, &session.tenant_name, &session.email)
    }

    async fn keep_secret(&self, session: &Session, secret: &SecretString) -> Result<()> {
        let owner = Owner::user(session.tenant_id.0, session.user_id.0);
        let key = self.vault().new_data_key(owner)?;
        let insert =
            "INSERT INTO second_factors (user_id, tenant_id, key_id, data_key, secret, last_step, created_at)
            VALUES ($1, $2, $3, $4, $5, 0, $6)
            ON CONFLICT (user_id) DO UPDATE SET key_id = excluded.key_id, data_key = excluded.data_key,
                secret = excluded.secret, last_step = 0, created_at = excluded.created_at
            WHERE second_factors.confirmed_at IS NULL";
        let values = vec![
            session.user_id.0.into(),
            session.tenant_id.0.into(),
            key.key_id.as_str().into(),
            key.sealed.as_slice().into(),
            key.seal(owner, FIELD, secret)?.into(),
            self.now_micros().into(),
        ];
        match db::write(self.db(), insert, values).await? {
            0 => Err(UserError::conflict("The second factor is on already. Reload the page.").into()),
            _ => Ok(()),
        }
    }

    /// Switches the second factor on with a code of the app, or goes on with another app by a code of that, and ends the user's
    /// other sessions, which were opened without. Answers the recovery codes, which are never shown again.
    pub async fn confirm_second_factor(&self, session: &Session, code: &str) -> Result<Vec<String>> {
        match self.factor(session.user_id.0).await? {
            Some(row) if row.confirmed_at.is_none() => self.switch_on(session, row, code).await,
            Some(_) => self.replace_app(session, code).await,
            None => Err(nothing_to_confirm().into()),
        }
    }

    async fn switch_on(&self, session: &Session, row: Row, code: &str) -> Result<Vec<String>> {
        let user = session.user_id.0;
        let guess = self.count_guess(vec![Budget::user(user)]).await?;
        let secret = self.open_secret(&row, session.tenant_id.0, user)?;
        let code = totp::typed(code).ok_or_else(wrong_code)?;
        let step =
            totp::step_of(&secret, &code, self.now().timestamp(), row.last_step).ok_or_else(wrong_code)?;
        self.take_back(guess).await?;
        let tx = db::begin(self.db()).await?;
        session.still_in(&tx).await?;
        // Another browser may have begun anew meanwhile, or confirmed: the code was one of this secret.
        let update = "UPDATE second_factors SET confirmed_at = $1, last_step = $2
            WHERE user_id = $3 AND confirmed_at IS NULL AND secret = $4";
        let values = vec![self.now_micros().into(), step.into(), user.into(), row.secret.into()];
        if sql::execute(&tx, update, values).await? == 0 {
            return Err(nothing_to_confirm().into());
        }
        let codes = self.new_recovery_codes(&tx, user).await?;
        end_others(&tx, session).await?;
        let at = (&session.origin, self.now_micros());
        audit::note_user(&tx, at, &session.known(), AuditAction::SecondFactorOn).await?;
        tx.commit().await?;
        Ok(codes)
    }

    /// Switches the second factor off; takes the password and a code, which may be a recovery code.
    pub async fn remove_second_factor(&self, session: &Session, password: &str, code: &str) -> Result<()> {
        let user = self.confirmed(session, "password", password).await?;
        self.demand_code(&user, code).await?;
        let delete = "DELETE FROM second_factors WHERE user_id = $1";
        let tx = db::begin(self.db()).await?;
        session.still_in(&tx).await?;
        let wanted = "SELECT count(*) AS n FROM tenants WHERE id = $1 AND second_factor_required";
        if sql::count(&tx, wanted, vec![user.tenant_id.into()]).await? > 0 {
            let message =
                "Everybody needs a second factor in this portal. An administrator changes that under Users.";
            return Err(UserError::conflict(message).into());
        }
        if sql::execute(&tx, delete, vec![user.id.into()]).await? > 0 {
            let at = (&session.origin, self.now_micros());
            audit::note_user(&tx, at, &session.known(), AuditAction::SecondFactorOff).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Wants a code of a user whose second factor is on; it is used up. One that is missing is no guess.
    pub(super) async fn demand_code(&self, user: &UserRow, code: &str) -> Result<()> {
        if code.trim().is_empty() {
            let message = "Enter the code that the app shows now, or a recovery code.";
            return Err(UserError::invalid("code", message).into());
        }
        let guess = self.count_guess(vec![Budget::user(user.id)]).await?;
        match self.check_code(user, Some(code)).await?.0 {
            Verdict::Wrong | Verdict::Missing => Err(wrong_code().into()),
            Verdict::Right | Verdict::NotNeeded => self.take_back(guess).await,
        }
    }
}

/// Ends the user's other sessions.
pub(super) async fn end_others(tx: &Tx, session: &Session) -> Result<()> {
    let others = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    sql::execute(tx, others, vec![session.user_id.0.into(), session.id.0.into()]).await?;
    Ok(())
}

pub(super) fn nothing_to_confirm() -> UserError {
    UserError::conflict("There is nothing to confirm. Reload the page.")
}

pub(super) fn wrong_code() -> UserError {
    UserError::invalid("code", "This code is not right. Enter the one that the app shows now.")
}
