//! Server functions of the inventory.
#![allow(clippy::too_many_arguments, reason = "each filter of a list is a field of its query")]

use crate::error::AppError;
use domain::{
    device::{BackupState, DeviceDetail, DeviceRow, DeviceStatus},
    ids::{CompanyId, DeviceId, DeviceTypeId, LocationId},
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `devices/list`: the inventory; sorted by name, company, type, status, os_name, last_contact or serial.
#[server(prefix = "/api/v1", endpoint = "devices/list", input = GetUrl, output = Json)]
pub async fn list_devices(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    company: Option<CompanyId>,
    location: Option<LocationId>,
    device_type: Option<DeviceTypeId>,
    status: Option<DeviceStatus>,
    source: Option<String>,
    backup: Option<BackupState>,
    owner: Option<String>,
) -> Result<Listing<DeviceRow>, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>().await?;
    Ok(tenant
        .devices(
            ListQuery { page, page_size, search, sort },
            DeviceFilter { company, location, device_type, status, source, backup, owner },
        )
        .await?)
}

/// GET `devices/get`: one device with all its fields.
#[server(prefix = "/api/v1", endpoint = "devices/get", input = GetUrl, output = Json)]
pub async fn get_device(device_id: DeviceId) -> Result<DeviceDetail, AppError> {
    use crate::ssr::*;
    let tenant = tenant::<Read>().await?;
    Ok(tenant.device(device_id).await?)
}
