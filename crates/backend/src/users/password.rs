//! Links with which users choose a new password.

use super::link::NewLink;
use crate::{
    Portal, Result, Tenant, audit,
    db::Tx,
    mail::About,
    session::{UserRow, email_key},
    sql,
    tenant::CanAdmin,
};
use domain::{audit::AuditAction, error::UserError, ids::UserId, users::UserLink};
use serde_json::json;
use uuid::Uuid;

impl<A: CanAdmin> Tenant<A> {
    /// Makes the link with which another user chooses a new password, and mails it where the portal sends mails; the one before
    /// is worth nothing then. Until it is used, nothing else changes.
    ///
    /// Not the own one: whoever gets hold of an administrator's browser would need no password. Not the owner's: every
    /// administrator could take the portal over.
    pub async fn reset_user_password(&self, id: UserId) -> Result<UserLink> {
        let (tx, target) = self.begin_user(id).await?;
        let refusal = if self.actor().is_some_and(|actor| actor.id == id) {
            Some("This is your own account. Change your password on your Account page.".to_owned())
        } else if target.owner {
            Some(format!(
                "{} owns this portal. Only the operator makes a link for the owner, with `msportal user reset-password`.",
                target.name
            ))
        } else if !target.active {
            Some(format!("{} is deactivated. Activate them first.", target.name))
        } else {
            None
        };
        if let Some(message) = refusal {
            return Err(UserError::conflict(message).into());
        }
        let link = NewLink::password(self.now());
        let by = self.actor().map(|actor| actor.id.0);
        save(&tx, (self.id(), id.0), by, self.now(), &link).await?;
        let link = self.count_link(&tx).await?.give(self, &tx, About::Password(id.0), link).await?;
        audit::note(self, &tx, AuditAction::PasswordLinkMade, target.subject(id), json!({})).await?;
        tx.commit().await?;
        self.portal().wake_mail();
        Ok(link)
    }
}

impl Portal {
    /// The same for the active user of an address, whoever it is; for operators (`msportal user reset-password`).
    pub async fn password_link(&self, email: &str) -> Result<UserLink> {
        let user = UserRow::by_email(self.db(), &email_key(email)).await?;
        let user = user.ok_or_else(|| UserError::not_found("user"))?;
        let (link, now) = (NewLink::password(self.now_micros()), self.now_micros());
        let tx = crate::db::begin(self.db()).await?;
        save(&tx, (user.tenant_id, user.id), None, now, &link).await?;
        let (tenant, known) = (user.tenant_id.into(), user.known());
        let what = (AuditAction::PasswordLinkMade, known.subject(), json!({}));
        audit::note_by_operator(&tx, now, tenant, what).await?;
        tx.commit().await?;
        Ok(link.handed())
    }
}

/// Makes the links of a user worth nothing, those that were mailed too.
pub(crate) async fn forget(tx: &Tx, user: Uuid) -> Result<()> {
    for delete in ["DELETE FROM password_links WHERE user_id = $1", "DELETE FROM mails WHERE user_id = $1"] {
        sql::execute(tx, delete, vec![user.into()]).await?;
    }
    Ok(())
}

/// Writes a link in place of all earlier ones of the user.
async fn save(
    tx: &Tx,
    (tenant, user): (Uuid, Uuid),
    by: Option<Uuid>,
    now: i64,
    link: &NewLink,
) -> Result<()> {
    forget(tx, user).await?;
    let insert =
        "INSERT INTO password_links (user_id, tenant_id, token_hash, created_at, expires_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let hash = link.hash.as_slice();
    let values = vec![user.into(), tenant.into(), hash.into(), now.into(), link.expires_at.into(), by.into()];
    sql::execute(tx, insert, values).await?;
    Ok(())
}
