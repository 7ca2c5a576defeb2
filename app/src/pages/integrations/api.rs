//! Server functions of integrations.

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    ids::IntegrationId,
    integration::{DeletedCounts, DeviceFate, Integration},
    page::Listing,
    vendor::{ConnectionTest, VendorInfo},
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `integrations/vendors`: vendors with regions, credential fields and instructions.
#[server(prefix = "/api/v1", endpoint = "integrations/vendors", input = GetUrl, output = Json)]
pub async fn list_vendors() -> Result<Vec<VendorInfo>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.vendors().await?)
}

/// GET `integrations/list`: connected accounts with status, last runs and counts.
#[server(prefix = "/api/v1", endpoint = "integrations/list", input = GetUrl, output = Json)]
pub async fn list_integrations() -> Result<Listing<Integration>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.integrations().await?)
}

/// GET `integrations/get`: one connected account.
#[server(prefix = "/api/v1", endpoint = "integrations/get", input = GetUrl, output = Json)]
pub async fn get_integration(integration_id: IntegrationId) -> Result<Integration, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>(Area::Integrations).await?;
    Ok(tenant.integration(integration_id).await?)
}

/// POST `integrations/test_connection`: tries credentials, or with `integration_id` alone the stored ones; changes nothing.
#[server(prefix = "/api/v1", endpoint = "integrations/test_connection", input = JsonArgs, output = Json)]
pub async fn test_connection(
    #[server(default)] integration_id: Option<IntegrationId>,
    #[server(default)] vendor: Option<String>,
    #[server(default)] region: Option<String>,
    #[server(default)] base_url: Option<String>,
    #[server(default)] client_id: Option<String>,
    #[server(default)] client_secret: Option<String>,
) -> Result<ConnectionTest, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Integrations).await?;
    Ok(tenant
        .test_connection(ConnectInput {
            integration_id,
            vendor,
            region,
            base_url,
            client_id,
            client_secret,
            version: None,
        })
        .await?)
}

/// POST `integrations/connect`: tests and saves credentials and starts the first organization sync; with `integration_id` it changes the stored ones, and with `version` only if nobody else has since.
#[server(prefix = "/api/v1", endpoint = "integrations/connect", input = JsonArgs, output = Json)]
pub async fn connect(
    #[server(default)] integration_id: Option<IntegrationId>,
    #[server(default)] vendor: Option<String>,
    #[server(default)] region: Option<String>,
    #[server(default)] base_url: Option<String>,
    #[server(default)] client_id: Option<String>,
    #[server(default)] client_secret: Option<String>,
    #[server(default)] version: Option<i64>,
) -> Result<Integration, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Integrations).await?;
    Ok(tenant
        .connect(ConnectInput { integration_id, vendor, region, base_url, client_id, client_secret, version })
        .await?)
}

/// POST `integrations/delete`: deletes an integration with its staging and mappings; `confirm_name` is its name.
#[server(prefix = "/api/v1", endpoint = "integrations/delete", input = JsonArgs, output = Json)]
pub async fn delete_integration(
    integration_id: IntegrationId,
    confirm_name: String,
    devices: DeviceFate,
) -> Result<DeletedCounts, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Integrations).await?;
    Ok(tenant.delete_integration(integration_id, &confirm_name, devices).await?)
}

/// POST `integrations/update_breaker`: at how many rows at once a sync stops and asks.
#[server(prefix = "/api/v1", endpoint = "integrations/update_breaker", input = JsonArgs, output = Json)]
pub async fn update_breaker(
    integration_id: IntegrationId,
    percent: i64,
    rows: i64,
    #[server(default)] version: Option<i64>,
) -> Result<Integration, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Admin>(Area::Integrations).await?;
    Ok(tenant.update_breaker(integration_id, BreakerSettings { percent, rows }, version).await?)
}
