//! The server function that explains a device.

use crate::error::AppError;
use domain::{
    ids::{DeviceId, IntegrationId},
    why::Why,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `devices/why`: what fits a text, and why the one that is meant is where it is, or is not in the inventory.
#[server(prefix = "/api/v1", endpoint = "devices/why", input = GetUrl, output = Json)]
pub async fn explain_device(
    search: Option<String>,
    device_id: Option<DeviceId>,
    integration_id: Option<IntegrationId>,
    remote_id: Option<String>,
) -> Result<Why, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    let asked = WhyAsked { search, device: device_id, integration: integration_id, remote_id };
    Ok(tenant.why(asked).await?)
}
