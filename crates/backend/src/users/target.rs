//! The user whom an administrator changes.

use crate::{
    Result, Tenant,
    audit::Subject,
    db::{self, Tx},
    sql,
    tenant::CanAdmin,
};
use domain::{error::UserError, ids::UserId, role::Role};
use sea_orm::FromQueryResult;

/// A user as it stands before the change.
#[derive(FromQueryResult)]
pub(crate) struct Target {
    pub name: String,
    pub role: String,
    pub active: bool,
    pub owner: bool,
}

impl Target {
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin.as_str()
    }

    pub fn subject(&self, id: UserId) -> Subject {
        Subject::user(id, &self.name)
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Begins a change of a user. Until it is done, nobody else changes users of this tenant: two administrators who
    /// demote each other at the same time leave one.
    pub(crate) async fn begin_user(&self, id: UserId) -> Result<(Tx, Target)> {
        let tx = db::begin(self.db()).await?;
        sql::execute(&tx, "UPDATE tenants SET name = name WHERE id = $1", vec![self.id().into()]).await?;
        let select = "SELECT name, role, active, owner FROM users WHERE id = $1 AND tenant_id = $2";
        let target: Option<Target> = sql::one(&tx, select, vec![id.0.into(), self.id().into()]).await?;
        Ok((tx, target.ok_or_else(|| UserError::not_found("user"))?))
    }

    /// Refuses what would leave the portal without its owner or without an administrator.
    pub(super) async fn keep_in_charge(&self, tx: &Tx, id: UserId, target: &Target) -> Result<()> {
        let name = &target.name;
        if target.owner {
            let message =
                format!("{name} owns this portal. Hand ownership over to another administrator first.");
            return Err(UserError::conflict(message).into());
        }
        let others =
            "SELECT count(*) AS n FROM users WHERE tenant_id = $1 AND active AND role = 'admin' AND id <> $2";
        let others = sql::count(tx, others, vec![self.id().into(), id.0.into()]).await?;
        if target.active && target.is_admin() && others == 0 {
            let message =
                format!("{name} is the last administrator. Make somebody else an administrator first.");
            return Err(UserError::conflict(message).into());
        }
        Ok(())
    }
}
