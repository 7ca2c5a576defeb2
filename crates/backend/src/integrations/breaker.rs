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
use serde_json::json;

impl<A: CanAdmin> Tenant<A> {
    /// Sets the share and the number of rows at which a run holds changes back and asks. With `version`, only if
    /// nobody has changed the integration since.
    pub async fn update_breaker(
        &self,
        id: IntegrationId,
        settings: BreakerSettings,
        version: Option<i64>,
    ) -> Result<Integration> {
        let BreakerSettings { percent, rows } = settings.checked()?;
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
        if sql::execute(&tx, update, values).await? == 0 {
            return Err(UserError::outdated(&name).into());
        }
        let details = json!({ "percent": percent, "rows": rows });
        let subject = Subject::integration(id, &name);
        audit::note(self, &tx, AuditAction::IntegrationLimitsChanged, subject, details).await?;
        tx.commit().await?;
        self.integration(id).await
    }
}
