//! Who answers for the portal.

use crate::{Result, Tenant, audit, db::Tx, sql, tenant::CanAdmin};
use domain::{
    audit::AuditAction,
    error::{ErrorKind, UserError},
    ids::UserId,
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Owner {
    id: Uuid,
    name: String,
}

impl<A: CanAdmin> Tenant<A> {
    /// Hands the portal over to another administrator. Only its owner can; where nobody owns it, any administrator.
    pub async fn transfer_ownership(&self, to: UserId) -> Result<()> {
        let (tx, target) = self.begin_user(to).await?;
        let select = "SELECT id, name FROM users WHERE tenant_id = $1 AND owner";
        let owner: Option<Owner> = sql::one(&tx, select, vec![self.id().into()]).await?;
        let me = self.actor().map(|actor| actor.id.0);
        if let Some(owner) = owner.as_ref().filter(|owner| Some(owner.id) != me) {
            let message = format!("Only {}, who owns this portal, can hand it over.", owner.name);
            return Err(UserError::new(ErrorKind::Forbidden, message).into());
        }
        if !target.active || !target.is_admin() {
            let message =
                format!("Only an active administrator can own the portal. Make {} one first.", target.name);
            return Err(UserError::conflict(message).into());
        }
        if target.owner {
            return Ok(());
        }
        let release = "UPDATE users SET owner = FALSE WHERE tenant_id = $1 AND owner";
        sql::execute(&tx, release, vec![self.id().into()]).await?;
        make_owner(&tx, to).await?;
        // A link that another administrator has made, while it was not the owner's, would hand the portal on.
        super::password::forget(&tx, to.0).await?;
        let details = json!({ "before": owner.map(|owner| owner.name) });
        audit::note(self, &tx, AuditAction::OwnershipTransferred, target.subject(to), details).await?;
        Ok(tx.commit().await?)
    }
}

/// Makes a user the owner of a tenant that has none.
pub(crate) async fn make_owner(tx: &Tx, user: UserId) -> Result<()> {
    sql::execute(tx, "UPDATE users SET owner = TRUE WHERE id = $1", vec![user.0.into()]).await?;
    Ok(())
}
