//! Deleting a role.

use super::{Held, hold, save::end_sessions, stored, within};
use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db::{self, Tx},
    sql,
    tenant::CanAdmin,
};
use domain::{audit::AuditAction, error::UserError, ids::RoleId, roles::RoleRef};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

/// As many names as a sentence has.
const NAMED: usize = 3;

impl<A: CanAdmin> Tenant<A> {
    /// Deletes a role. Who has it or is invited to it gets the replacement and is signed out; without one, that is a conflict
    /// that names them. API tokens with it get the replacement, too, unless it allows more: they are revoked then.
    pub async fn delete_role(&self, id: RoleId, replacement: Option<RoleRef>) -> Result<()> {
        let tx = db::begin(self.db()).await?;
        hold(self, &tx).await?;
        let role = Held::find(&tx, self.id(), id.into()).await?;
        within(self.actor(), "This role", &role.permissions)?;
        let users = self.with_role(&tx, id).await?;
        let replaced = match replacement {
            Some(other) => Some(self.replace_role(&tx, &role, id, other).await?),
            None if users.is_empty() => None,
            None => return Err(in_use(&role.name, &users).into()),
        };
        let values = || vec![id.0.into(), self.id().into()];
        let companies = "DELETE FROM assigned_companies WHERE holder_id IN (
            SELECT id FROM api_tokens WHERE role_id = $1 AND tenant_id = $2)";
        sql::execute(&tx, companies, values()).await?;
        let tokens = "DELETE FROM api_tokens WHERE role_id = $1 AND tenant_id = $2";
        let revoked = sql::execute(&tx, tokens, values()).await?;
        sql::execute(&tx, "DELETE FROM roles WHERE id = $1 AND tenant_id = $2", values()).await?;
        let details = json!({
            "before": role.permissions.to_string(),
            "replacement": replaced.map(|held| held.called().to_owned()),
            "users": (!users.is_empty()).then(|| users.join(", ")),
            "revoked_tokens": (revoked > 0).then_some(revoked),
        });
        audit::note(self, &tx, AuditAction::CustomRoleDeleted, Subject::role(id, &role.name), details)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The names of those who have a role, and the addresses of those who are invited to it.
    async fn with_role(&self, tx: &Tx, id: RoleId) -> Result<Vec<String>> {
        #[derive(FromQueryResult)]
        struct Row {
            name: String,
        }
        let select = "SELECT name FROM (
                SELECT name, 0 AS place FROM users WHERE role_id = $1 AND tenant_id = $2
                UNION ALL SELECT email, 1 FROM invitations WHERE role_id = $3 AND tenant_id = $4
            ) m ORDER BY place, name";
        let ids: [Uuid; 4] = [id.0, self.id(), id.0, self.id()];
        let rows: Vec<Row> = sql::all(tx, select, ids.map(Into::into).to_vec()).await?;
        Ok(rows.into_iter().map(|row| row.name).collect())
    }

    async fn replace_role(&self, tx: &Tx, gone: &Held, id: RoleId, other: RoleRef) -> Result<Held> {
        if other == RoleRef::Custom(id) {
            return Err(UserError::invalid("replacement", "Choose another role than this one.").into());
        }
        let held = Held::find(tx, self.id(), other).await?;
        within(self.actor(), &format!("The role \"{}\"", held.name), &held.permissions)?;
        if other.is_admin() {
            self.refuse_limited_holders(tx, id).await?;
        }
        end_sessions(tx, self.id(), id).await?;
        let (word, custom) = stored(other);
        // A program gets no more by it than it was given: its token is revoked instead.
        let programs = gone.permissions.include(&held.permissions).then_some("api_tokens");
        for table in ["users", "invitations"].into_iter().chain(programs) {
            let update =
                format!("UPDATE {table} SET role = $1, role_id = $2 WHERE role_id = $3 AND tenant_id = $4");
            let values = vec![word.into(), custom.into(), id.0.into(), self.id().into()];
            sql::execute(tx, &update, values).await?;
        }
        Ok(held)
    }
}

fn in_use(role: &str, users: &[String]) -> UserError {
    let mut names = users[..users.len().min(NAMED)].join(", ");
    if users.len() > NAMED {
        names.push_str(&format!(" and {} more", users.len() - NAMED));
    }
    UserError::conflict(format!("The role \"{role}\" is in use: {names}. Choose another role for them."))
}
