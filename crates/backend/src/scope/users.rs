//! Limiting users to companies.

use super::Holder;
use crate::{Result, Tenant, audit, db::Tx, sql, tenant::CanAdmin, users::Target};
use domain::{
    audit::AuditAction,
    company::CompanyRef,
    error::UserError,
    ids::{CompanyId, RoleId, UserId},
    users::{Member, companies_words},
};
use serde_json::json;

impl<A: CanAdmin> Tenant<A> {
    /// The companies that a user is limited to, by name; `None` for one who sees all.
    pub async fn user_companies(&self, id: UserId) -> Result<Option<Vec<CompanyRef>>> {
        self.member(id).await?;
        Holder::user(id.0).companies(self.db(), self.id()).await
    }

    /// Limits a user to these companies, from the next request on, or lets them see all. Neither the owner nor an administrator:
    /// they answer for the whole portal. With `version`, only if nobody has changed the user since.
    pub async fn set_user_companies(
        &self,
        id: UserId,
        companies: Option<Vec<CompanyId>>,
        version: Option<i64>,
    ) -> Result<Member> {
        let (tx, target) = self.begin_user(id).await?;
        target.as_read(version)?;
        if companies.is_some() {
            refuse_administrator(&target)?;
        }
        let holder = Holder::user(id.0);
        let before = holder.companies(&tx, self.id()).await?;
        holder.assign(&tx, self.id(), companies.as_deref(), "").await?;
        let after = holder.companies(&tx, self.id()).await?;
        if before != after {
            let count = "UPDATE users SET version = version + 1 WHERE id = $1 AND tenant_id = $2";
            sql::execute(&tx, count, vec![id.0.into(), self.id().into()]).await?;
            let words = |companies: &Option<Vec<CompanyRef>>| companies_words(companies.as_deref());
            let details = json!({ "before": words(&before), "after": words(&after) });
            audit::note(self, &tx, AuditAction::CompaniesAssigned, target.subject(id), details).await?;
            tx.commit().await?;
        }
        self.member(id).await
    }

    /// Refuses to make an administrator of somebody who is limited to some companies.
    pub(crate) async fn refuse_limited(&self, tx: &Tx, id: UserId, target: &Target) -> Result<()> {
        let limited = "SELECT count(*) AS n FROM users WHERE id = $1 AND tenant_id = $2 AND restricted";
        if sql::count(tx, limited, vec![id.0.into(), self.id().into()]).await? == 0 {
            return Ok(());
        }
        let message = format!(
            "{} is limited to some companies. Let them see all companies first: administrators do.",
            target.name
        );
        Err(UserError::conflict(message).into())
    }

    /// The same of all who have a role, or are invited with it.
    pub(crate) async fn refuse_limited_holders(&self, tx: &Tx, role: RoleId) -> Result<()> {
        let limited = "SELECT count(*) AS n FROM (
            SELECT role_id, tenant_id, restricted FROM users UNION ALL SELECT role_id, tenant_id, restricted FROM invitations
        ) h WHERE h.role_id = $1 AND h.tenant_id = $2 AND h.restricted";
        if sql::count(tx, limited, vec![role.0.into(), self.id().into()]).await? == 0 {
            return Ok(());
        }
        let message = "Somebody with this role is limited to some companies, and administrators see all. Choose another role.";
        Err(UserError::invalid("replacement", message).into())
    }
}

fn refuse_administrator(target: &Target) -> Result<(), UserError> {
    if !target.owner && !target.is_admin() {
        return Ok(());
    }
    let message =
        format!("{} is an administrator and sees all companies. Give them another role first.", target.name);
    Err(UserError::conflict(message))
}
