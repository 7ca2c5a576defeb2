//! An integration as the database keeps it.

use crate::{Result, Tenant, named::Kind, sql, tenant::Access};
use domain::{breaker::BreakerSettings, error::UserError, ids::IntegrationId};
use sea_orm::FromQueryResult;
use uuid::Uuid;

const SELECT: &str = "SELECT id, vendor, name, region, base_url, client_id_hint, key_id, data_key, client_id,
    client_secret, refused, problem, connected_at, breaker_percent, breaker_rows, version FROM integrations";

/// Holds sealed secrets only; `Debug` is left out so that not even those reach a log.
#[derive(Clone, FromQueryResult)]
pub(crate) struct IntegrationRow {
    pub id: Uuid,
    pub vendor: String,
    pub name: String,
    pub region: String,
    pub base_url: String,
    pub client_id_hint: String,
    pub key_id: String,
    pub data_key: Vec<u8>,
    pub client_id: Vec<u8>,
    pub client_secret: Vec<u8>,
    pub refused: bool,
    pub problem: Option<String>,
    pub connected_at: i64,
    pub breaker_percent: i64,
    pub breaker_rows: i64,
    pub version: i64,
}

impl IntegrationRow {
    /// Whether credentials are stored: they are not once they were given up (`msportal vault forget-lost`).
    pub fn has_credentials(&self) -> bool {
        !self.data_key.is_empty()
    }

    /// When the breaker trips.
    pub fn breaker(&self) -> BreakerSettings {
        BreakerSettings { percent: self.breaker_percent, rows: self.breaker_rows }
    }
}

impl<A: Access> Tenant<A> {
    pub(crate) async fn integration_row(&self, id: IntegrationId) -> Result<IntegrationRow> {
        let select = format!("{SELECT} WHERE id = $1 AND tenant_id = $2");
        let row = sql::one(self.db(), &select, vec![id.0.into(), self.id().into()]).await?;
        Ok(row.ok_or_else(|| UserError::not_found("integration"))?)
    }

    pub(crate) async fn integration_rows(&self) -> Result<Vec<IntegrationRow>> {
        let select = format!("{SELECT} WHERE tenant_id = $1 ORDER BY connected_at, id");
        Ok(sql::all(self.db(), &select, vec![self.id().into()]).await?)
    }

    /// Fails when the tenant has no such integration.
    pub(crate) async fn integration_exists(&self, id: IntegrationId) -> Result<()> {
        let name = self.name_in_sight(self.db(), (Kind::Integration, id.0)).await?;
        Ok(name.map(drop).ok_or_else(|| UserError::not_found("integration"))?)
    }
}
