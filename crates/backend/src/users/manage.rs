//! Roles, and who may sign in.

use super::target::Target;
use crate::{
    Result, Tenant, audit,
    db::Tx,
    roles::{Held, stored, within},
    sql,
    tenant::CanAdmin,
};
use domain::{audit::AuditAction, ids::UserId, roles::RoleRef, users::Member};
use serde_json::json;

impl<A: CanAdmin> Tenant<A> {
    /// Gives a user another role. Their sessions end, so that nothing goes on with the old one. With `version`, only if nobody
    /// has changed the user since.
    pub async fn set_user_role(
        &self,
        id: UserId,
        role: impl Into<RoleRef>,
        version: Option<i64>,
    ) -> Result<Member> {
        let (tx, target) = self.begin_user(id).await?;
        target.as_read(version)?;
        let role = Held::find(&tx, self.id(), role.into()).await?;
        if target.role.role != role.role {
            within(self.actor(), &format!("The role \"{}\"", role.name), &role.permissions)?;
            self.keep_in_charge(&tx, id, &target).await?;
            if role.role.is_admin() {
                self.refuse_limited(&tx, id, &target).await?;
            }
            let (word, custom) = stored(role.role);
            let update = "UPDATE users SET role = $1, role_id = $2, version = version + 1 WHERE id = $3 AND tenant_id = $4";
            let values = vec![word.into(), custom.into(), id.0.into(), self.id().into()];
            sql::execute(&tx, update, values).await?;
            let sessions = end_sessions(&tx, id).await?;
            // A link from before was for somebody who might less, or is by somebody who may less now.
            super::forget_link(&tx, id.0).await?;
            if !role.permissions.include(&target.role.permissions) {
                end_links(&tx, id).await?;
            }
            let (before, after) = (target.role.called(), role.called());
            let details = json!({ "before": before, "after": after, "sessions": sessions });
            audit::note(self, &tx, AuditAction::RoleChanged, target.subject(id), details).await?;
            tx.commit().await?;
        }
        self.member(id).await
    }

    /// Shuts a user out. What they did stays; sessions and tokens of theirs end, and links, also those for others.
    pub async fn deactivate_user(&self, id: UserId) -> Result<Member> {
        let (tx, target) = self.begin_user(id).await?;
        if target.active {
            self.keep_in_charge(&tx, id, &target).await?;
            super::forget_link(&tx, id.0).await?;
            let sessions = end_sessions(&tx, id).await?;
            end_tokens(&tx, id).await?;
            end_links(&tx, id).await?;
            self.set_active(tx, (id, &target), false, json!({ "sessions": sessions })).await?;
        }
        self.member(id).await
    }

    /// Lets a user in again, with the password and the role from before.
    pub async fn activate_user(&self, id: UserId) -> Result<Member> {
        let (tx, target) = self.begin_user(id).await?;
        if !target.active {
            self.set_active(tx, (id, &target), true, json!({})).await?;
        }
        self.member(id).await
    }

    async fn set_active(
        &self,
        tx: Tx,
        (id, target): (UserId, &Target),
        active: bool,
        details: serde_json::Value,
    ) -> Result<()> {
        let update = "UPDATE users SET active = $1, version = version + 1 WHERE id = $2 AND tenant_id = $3";
        sql::execute(&tx, update, vec![active.into(), id.0.into(), self.id().into()]).await?;
        let action = if active { AuditAction::UserActivated } else { AuditAction::UserDeactivated };
        audit::note(self, &tx, action, target.subject(id), details).await?;
        Ok(tx.commit().await?)
    }
}

/// Makes what a user has handed out to others worth nothing: whoever may not invite any more has invited nobody.
async fn end_links(tx: &Tx, id: UserId) -> Result<()> {
    for delete in [
        "DELETE FROM assigned_companies WHERE holder_id IN (SELECT id FROM invitations WHERE invited_by = $1)",
        "DELETE FROM invitations WHERE invited_by = $1",
        "DELETE FROM password_links WHERE made_by = $1",
        "DELETE FROM mails WHERE made_by = $1",
    ] {
        sql::execute(tx, delete, vec![id.0.into()]).await?;
    }
    Ok(())
}

/// Revokes all API tokens of a user.
pub(super) async fn end_tokens(tx: &Tx, id: UserId) -> Result<()> {
    let companies =
        "DELETE FROM assigned_companies WHERE holder_id IN (SELECT id FROM api_tokens WHERE user_id = $1)";
    for delete in [companies, "DELETE FROM api_tokens WHERE user_id = $1"] {
        sql::execute(tx, delete, vec![id.0.into()]).await?;
    }
    Ok(())
}

/// Ends all sessions of a user; answers how many.
pub(super) async fn end_sessions(tx: &Tx, id: UserId) -> Result<u64> {
    Ok(sql::execute(tx, "DELETE FROM sessions WHERE user_id = $1", vec![id.0.into()]).await?)
}
