//! Server functions of device types.

use crate::{codec::JsonArgs, error::AppError};
use domain::{company::DeviceType, ids::DeviceTypeId, page::Listing};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `device_types/list`: device types.
#[server(prefix = "/api/v1", endpoint = "device_types/list", input = GetUrl, output = Json)]
pub async fn list_device_types(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    archived: Option<bool>,
) -> Result<Listing<DeviceType>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.device_types(ListQuery { page, page_size, search, sort }, archived.unwrap_or(false)).await?)
}

/// GET `device_types/get`: one device type.
#[server(prefix = "/api/v1", endpoint = "device_types/get", input = GetUrl, output = Json)]
pub async fn get_device_type(device_type_id: DeviceTypeId) -> Result<DeviceType, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.device_type(device_type_id).await?)
}

/// POST `device_types/create`: a new device type.
#[server(prefix = "/api/v1", endpoint = "device_types/create", input = JsonArgs, output = Json)]
pub async fn create_device_type(name: String) -> Result<DeviceType, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Devices).await?;
    Ok(tenant.create_device_type(&name).await?)
}

/// POST `device_types/update`: renames a device type.
#[server(prefix = "/api/v1", endpoint = "device_types/update", input = JsonArgs, output = Json)]
pub async fn update_device_type(
    device_type_id: DeviceTypeId,
    name: String,
    #[server(default)] version: Option<i64>,
) -> Result<DeviceType, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Devices).await?;
    Ok(tenant.update_device_type(device_type_id, &name, version).await?)
}

/// POST `device_types/archive`: archives a device type, or restores it.
#[server(prefix = "/api/v1", endpoint = "device_types/archive", input = JsonArgs, output = Json)]
pub async fn archive_device_type(
    device_type_id: DeviceTypeId,
    #[server(default)] archived: Option<bool>,
) -> Result<DeviceType, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Manage>(Area::Devices).await?;
    Ok(tenant.archive_device_type(device_type_id, archived.unwrap_or(true)).await?)
}
