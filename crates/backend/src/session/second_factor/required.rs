//! Whether everybody of a tenant needs a second factor.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db, roles,
    session::Session,
    sql,
    tenant::CanAdmin,
};
use domain::{
    audit::{AuditAction, AuditKind},
    error::UserError,
    users::UserRules,
};
use sea_orm::FromQueryResult;
use serde_json::json;

impl<A: CanAdmin> Tenant<A> {
    /// What applies to all users of the tenant.
    pub async fn user_rules(&self) -> Result<UserRules> {
        #[derive(FromQueryResult)]
        struct Row {
            second_factor_required: bool,
            without: i64,
        }
        let select = "SELECT t.second_factor_required, (SELECT count(*) FROM users u WHERE u.tenant_id = t.id AND u.active
                AND NOT EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)) AS without
            FROM tenants t WHERE t.id = $1";
        let row: Option<Row> = sql::one(self.db(), select, vec![self.id().into()]).await?;
        let Row { second_factor_required, without } = row.ok_or_else(|| UserError::not_found("tenant"))?;
        Ok(UserRules { second_factor_required, without_second_factor: without })
    }

    /// Wants a second factor of everybody from now on, or of nobody. Who has none can do nothing but set one up: so does who
    /// decides this.
    pub async fn require_second_factor(&self, required: bool, present: &Session) -> Result<UserRules> {
        if required && !self.portal().second_factor(present).await?.on {
            let message = "Set up your own second factor first, on your Account page.";
            return Err(UserError::conflict(message).into());
        }
        let update =
            "UPDATE tenants SET second_factor_required = $1 WHERE id = $2 AND second_factor_required <> $3";
        let tx = db::begin(self.db()).await?;
        roles::hold(self, &tx).await?;
        if sql::execute(&tx, update, vec![required.into(), self.id().into(), required.into()]).await? > 0 {
            let subject = Subject::named(AuditKind::Portal, &present.tenant_name);
            let details = json!({ "required": required });
            audit::note(self, &tx, AuditAction::SecondFactorRuleChanged, subject, details).await?;
            tx.commit().await?;
        }
        self.user_rules().await
    }
}
