//! The user whom an administrator changes.

use crate::{
    Result, Tenant,
    audit::Subject,
    db::{self, Tx},
    roles::{Held, HeldRow, JOIN, OF_USER, hold, within},
    sql,
    tenant::CanAdmin,
};
use domain::{error::UserError, ids::UserId};
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Row {
    name: String,
    active: bool,
    owner: bool,
    version: i64,
    #[sea_orm(nested)]
    role: HeldRow,
}

/// A user as it stands before the change.
pub(crate) struct Target {
    pub name: String,
    pub role: Held,
    pub active: bool,
    pub owner: bool,
    pub version: i64,
}

impl Target {
    pub fn is_admin(&self) -> bool {
        self.role.role.is_admin()
    }

    /// Refuses when the user was changed since `version` was read.
    pub fn as_read(&self, version: Option<i64>) -> Result<(), UserError> {
        match version.is_none_or(|version| version == self.version) {
            true => Ok(()),
            false => Err(UserError::outdated(&self.name)),
        }
    }

    pub fn subject(&self, id: UserId) -> Subject {
        Subject::user(id, &self.name)
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Begins a change of a user. Until it is done, nobody else changes users of this tenant: two administrators who
    /// demote each other at the same time leave one. Somebody who may do more than who acts is not theirs to change.
    pub(crate) async fn begin_user(&self, id: UserId) -> Result<(Tx, Target)> {
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        let target = self.target(&tx, id).await?;
        within(self.actor(), &target.name, &target.role.permissions)?;
        Ok((tx, target))
    }

    async fn target(&self, tx: &Tx, id: UserId) -> Result<Target> {
        let select = format!(
            "SELECT u.name, u.active, u.owner, u.version, {OF_USER} FROM users u {JOIN} WHERE u.id = $1 AND u.tenant_id = $2"
        );
        let row: Option<Row> = sql::one(tx, &select, vec![id.0.into(), self.id().into()]).await?;
        let row = row.ok_or_else(|| UserError::not_found("user"))?;
        Ok(Target {
            name: row.name,
            role: row.role.held()?,
            active: row.active,
            owner: row.owner,
            version: row.version,
        })
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
