//! Switching off the second factor of somebody who has lost both the app and the recovery codes.

use crate::{
    Portal, Result, Tenant,
    audit::{self, Known, Subject},
    db::{self, Tx},
    session::{
        Session,
        users::{UserRow, email_key},
    },
    sql,
    tenant::CanAdmin,
};
use domain::{audit::AuditAction, error::UserError, ids::UserId};
use serde_json::json;

impl<A: CanAdmin> Tenant<A> {
    /// Switches off the second factor of another user of the tenant and ends their sessions.
    ///
    /// Not the own one: whoever gets hold of an administrator's browser would be rid of it. Not the owner's, as with passwords.
    pub async fn reset_second_factor(&self, user: UserId, present: &Session) -> Result<()> {
        let (tx, target) = self.begin_user(user).await?;
        let known = UserRow::by_id(&tx, self.id(), user.0).await?.known();
        if user == present.user_id {
            let message = "This is your own second factor. Switch it off on your Account page, with your password and a code.";
            return Err(UserError::conflict(message).into());
        }
        if target.owner {
            let message = format!(
                "{} owns this portal. Only the operator resets the owner's second factor, with `msportal user reset-second-factor`.",
                known.name
            );
            return Err(UserError::conflict(message).into());
        }
        let ended = reset(&tx, &known).await?;
        let (subject, details) = (Subject::user(user, &known.name), json!({ "sessions": ended }));
        audit::note(self, &tx, AuditAction::SecondFactorReset, subject, details).await?;
        Ok(tx.commit().await?)
    }
}

impl Portal {
    /// The same for the user of an address; for operators (`msportal user reset-second-factor`).
    pub async fn reset_second_factor(&self, email: &str) -> Result<()> {
        let user = UserRow::by_email(self.db(), &email_key(email)).await?;
        let known = user.ok_or_else(|| UserError::not_found("user"))?.known();
        let tx = db::begin(self.db()).await?;
        let ended = reset(&tx, &known).await?;
        audit::note_second_factor_reset(&tx, self.now_micros(), &known, ended).await?;
        Ok(tx.commit().await?)
    }
}

/// Answers how many sessions it has ended.
async fn reset(tx: &Tx, user: &Known) -> Result<u64> {
    let delete =
        "DELETE FROM second_factors WHERE user_id = $1 AND tenant_id = $2 AND confirmed_at IS NOT NULL";
    let (id, tenant) = (user.user.0, user.tenant.0);
    if sql::execute(tx, delete, vec![id.into(), tenant.into()]).await? == 0 {
        return Err(UserError::conflict("This user has no second factor.").into());
    }
    let sessions = "DELETE FROM sessions WHERE user_id = $1 AND tenant_id = $2";
    Ok(sql::execute(tx, sessions, vec![id.into(), tenant.into()]).await?)
}
