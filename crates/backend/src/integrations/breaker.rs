//! When the breaker of an integration trips.

use crate::{Result, Tenant, sql, tenant::CanAdmin};
use domain::{breaker::BreakerSettings, ids::IntegrationId, integration::Integration};

impl<A: CanAdmin> Tenant<A> {
    /// Sets the share and the number of rows at which a run holds changes back and asks.
    pub async fn update_breaker(&self, id: IntegrationId, settings: BreakerSettings) -> Result<Integration> {
        let BreakerSettings { percent, rows } = settings.checked()?;
        self.integration_exists(id).await?;
        let update = "UPDATE integrations SET breaker_percent = $3, breaker_rows = $4, updated_at = $5
            WHERE id = $1 AND tenant_id = $2";
        let values = vec![id.0.into(), self.id().into(), percent.into(), rows.into(), self.now().into()];
        sql::execute(self.db(), update, values).await?;
        self.integration(id).await
    }
}
