//! When the breaker of an integration trips.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db, sql,
    tenant::CanAdmin,
};
use domain::{
    audit::AuditAction, breaker::BreakerSettings, error::UserError, ids::IntegrationId,
    integration::Integration,
};
use sea_orm::FromQueryResult;
use serde_json::json;

#[derive(FromQueryResult)]
struct Before {
    breaker_percent: i64,
    breaker_rows: i64,
}

impl<A: CanAdmin> Tenant<A> {
    /// Sets the share and the number of rows at which a run holds changes back and asks. With `version`, only if
    /// nobody has changed the integration since.
    pub async fn update_breaker(
        &self,
        id: IntegrationId,
        settings: BreakerSettings,
        version: Option<i64>,
    ) -> Result<Integration> {
        let after = settings.checked()?;
        let BreakerSettings { percent, rows } = after;
        let name = self.integration_row(id).await?.name;
        let update = "UPDATE integrations SET breaker_percent = $3, breaker_rows = $4, updated_at = $5, version = version + 1
            WHERE id = $1 AND tenant_id = $2 AND version = COALESCE($6, version)";
        let values = vec![
            id.0.into(),
            self.id().into(),
            percent.into(),
            rows.into(),
            self.now().into(),
            version.into(),
        ];
        let tx = db::begin(self.db()).await?;
        // Held until the end: what the log says they were before is what this edit found.
        let hold = "UPDATE integrations SET name = name WHERE id = $1 AND tenant_id = $2";
        sql::execute(&tx, hold, vec![id.0.into(), self.id().into()]).await?;
        let before =
            "SELECT breaker_percent, breaker_rows FROM integrations WHERE id = $1 AND tenant_id = $2";
        let before: Option<Before> = sql::one(&tx, before, vec![id.0.into(), self.id().into()]).await?;
        if sql::execute(&tx, update, values).await? == 0 {
            return Err(UserError::outdated(&name).into());
        }
        let before =
            before.map(|row| BreakerSettings { percent: row.breaker_percent, rows: row.breaker_rows });
        if before.as_ref() != Some(&after) {
            let (subject, details) =
                (Subject::integration(id, &name), json!({ "before": before, "after": after }));
            audit::note(self, &tx, AuditAction::IntegrationLimitsChanged, subject, details).await?;
        }
        tx.commit().await?;
        self.integration(id).await
    }
}
