//! Making and changing a role.

use super::{Held, ROLES, hold, within};
use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    db::{self, Tx},
    sql,
    tenant::CanAdmin,
};
use domain::{
    audit::AuditAction,
    company::name_key,
    error::UserError,
    ids::RoleId,
    permissions::Permissions,
    roles::{RoleInput, RoleView},
};
use serde_json::json;
use uuid::Uuid;

/// Roles of one tenant.
const MOST: i64 = 100;

impl<A: CanAdmin> Tenant<A> {
    /// A new role; a second one of the same name is a conflict.
    pub async fn create_role(&self, input: RoleInput) -> Result<RoleView> {
        let input = input.checked()?;
        within(self.actor(), "This role", &input.permissions)?;
        let (id, tx) = (RoleId(new_id()), db::begin(self.db()).await?);
        hold(self, &tx).await?;
        self.check_number_of_roles(&tx).await?;
        let insert = "INSERT INTO roles (id, tenant_id, name, name_key, description, permissions, version, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)";
        let values = vec![
            id.0.into(),
            self.id().into(),
            input.name.as_str().into(),
            name_key(&input.name).into(),
            input.description.into(),
            kept(&input.permissions)?.into(),
            self.now().into(),
            self.now().into(),
        ];
        sql::execute(&tx, insert, values).await.map_err(|e| ROLES.write_error(e, &input.name))?;
        let (subject, details) =
            (Subject::role(id, &input.name), json!({ "permissions": input.permissions.to_string() }));
        audit::note(self, &tx, AuditAction::CustomRoleCreated, subject, details).await?;
        tx.commit().await?;
        self.role(id).await
    }

    /// Changes a role, for everybody who has it and at once. Where it allows something else afterwards, their sessions end, so
    /// that nothing goes on with the old one. With `version`, only if nobody else has changed it since.
    pub async fn update_role(&self, id: RoleId, input: RoleInput, version: Option<i64>) -> Result<RoleView> {
        let input = input.checked()?;
        within(self.actor(), "This role", &input.permissions)?;
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        let before = Held::find(&tx, self.id(), id.into()).await?;
        within(self.actor(), "This role", &before.permissions)?;
        let update =
            "UPDATE roles SET name = $1, name_key = $2, description = $3, permissions = $4, updated_at = $5,
                version = version + 1
            WHERE id = $6 AND tenant_id = $7 AND version = COALESCE($8, version)";
        let same = before.permissions == input.permissions && self.is_called(&tx, id, &input).await?;
        let values = vec![
            input.name.as_str().into(),
            name_key(&input.name).into(),
            input.description.into(),
            kept(&input.permissions)?.into(),
            self.now().into(),
            id.0.into(),
            self.id().into(),
            version.into(),
        ];
        let done = sql::execute(&tx, update, values).await;
        let touched = done.map_err(|e| ROLES.write_error(e, &input.name))?;
        ROLES.settle(self, &tx, id.0, touched).await?;
        let sessions = match before.permissions == input.permissions {
            true => 0,
            false => end_sessions(&tx, self.id(), id).await?,
        };
        let details = json!({
            "before": format!("{}: {}", before.name, before.permissions),
            "after": format!("{}: {}", input.name, input.permissions),
            "sessions": (sessions > 0).then_some(sessions),
        });
        if !same {
            let subject = Subject::role(id, &input.name);
            audit::note(self, &tx, AuditAction::CustomRoleChanged, subject, details).await?;
        }
        tx.commit().await?;
        self.role(id).await
    }

    /// Whether a role has that name and description already.
    async fn is_called(&self, tx: &Tx, id: RoleId, input: &RoleInput) -> Result<bool> {
        let called = "SELECT count(*) AS n FROM roles
            WHERE id = $1 AND tenant_id = $2 AND name = $3 AND COALESCE(description, '') = $4";
        let description = input.description.clone().unwrap_or_default();
        let values = vec![id.0.into(), self.id().into(), input.name.as_str().into(), description.into()];
        Ok(sql::count(tx, called, values).await? == 1)
    }

    async fn check_number_of_roles(&self, tx: &Tx) -> Result<()> {
        let count = "SELECT count(*) AS n FROM roles WHERE tenant_id = $1";
        if sql::count(tx, count, vec![self.id().into()]).await? < MOST {
            return Ok(());
        }
        Err(UserError::conflict(format!("There are {MOST} roles. Delete one that nobody needs first."))
            .into())
    }
}

/// Ends the sessions of everybody who has a role; answers how many.
pub(super) async fn end_sessions(tx: &Tx, tenant: Uuid, id: RoleId) -> Result<u64> {
    let delete =
        "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE role_id = $1 AND tenant_id = $2)";
    Ok(sql::execute(tx, delete, vec![id.0.into(), tenant.into()]).await?)
}

fn kept(permissions: &Permissions) -> Result<String> {
    serde_json::to_string(permissions).map_err(Error::internal)
}
