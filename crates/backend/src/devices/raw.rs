//! What a device's vendor says of it at this moment.

use crate::{Error, Result, Tenant, integrations::open_account, sql, tenant::Access};
use domain::{
    device::RawDevice,
    error::{ErrorKind, UserError},
    ids::DeviceId,
};
use rmm::Unobserved;
use sea_orm::FromQueryResult;
use std::sync::Arc;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Source {
    integration_id: Option<Uuid>,
    remote_id: Option<String>,
}

impl<A: Access> Tenant<A> {
    /// Asks the vendor for the device's own row, field by field, and what it says of the hardware; keeps nothing of it. A device without a source has none.
    pub async fn raw_device(&self, id: DeviceId) -> Result<RawDevice> {
        let select = format!(
            "SELECT d.integration_id, d.remote_id FROM devices d WHERE d.id = $1 AND d.tenant_id = $2{}",
            self.within("d.company_id")
        );
        let row: Option<Source> = sql::one(self.db(), &select, vec![id.0.into(), self.id().into()]).await?;
        let row = row.ok_or_else(|| UserError::not_found("device"))?;
        let Some((integration, remote_id)) = row.integration_id.zip(row.remote_id) else {
            let message = "This device comes from no integration, so there is nobody to ask.";
            return Err(UserError::conflict(message).into());
        };
        self.raw_within(integration, &remote_id).await?;
        let account = self.integration_row(integration.into()).await?;
        let integration = account.name.clone();
        let client = open_account(self, &account, Arc::new(Unobserved))?;
        let Some(row) = client.raw_device(&remote_id).await? else {
            let message = format!("{integration} has no device {remote_id} any more.");
            return Err(UserError::new(ErrorKind::NotFound, message).into());
        };
        let json = serde_json::to_string_pretty(&row.fields).map_err(Error::internal)?;
        let asked_at = self.portal().now();
        Ok(RawDevice { integration, remote_id, json, hardware: row.hardware, asked_at })
    }

    /// The vendor tells of a device's organization, too: who is limited asks while it is mapped to a company of theirs.
    async fn raw_within(&self, integration: Uuid, remote_id: &str) -> Result<()> {
        let count = format!(
            "SELECT count(*) AS n FROM remote_devices r WHERE r.tenant_id = $1 AND r.integration_id = $2 AND r.remote_id = $3{}",
            self.staged_within("r")
        );
        let values = vec![self.id().into(), integration.into(), remote_id.into()];
        if !self.is_limited() || sql::count(self.db(), &count, values).await? > 0 {
            return Ok(());
        }
        let message = "Its organization is not mapped to one of your companies, so what it says of this device is not shown.";
        Err(UserError::conflict(message).into())
    }
}
