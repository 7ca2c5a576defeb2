//! Server functions of the inventory.
#![allow(clippy::too_many_arguments, reason = "each filter of a list is a field of its query")]

use crate::{codec::JsonArgs, error::AppError};
use domain::{
    device::{BackupState, DeviceDetail, DeviceFilter, DeviceRow, DeviceStatus, RawDevice, SourceRef},
    device_edit::{DeviceAction, DeviceEdit, DeviceSelection, Edited, FieldValue, HistoryEntry},
    device_list::{ArchivedFilter, LocationFilter, SerialFilter, SupportFilter, WarrantyFilter},
    ids::{CompanyId, DeviceId, DeviceTypeId, EditId},
    os::OsFamily,
    page::Listing,
};
use leptos::prelude::*;
use server_fn::codec::{GetUrl, Json};

/// GET `devices/list`: the inventory; sorted by any of its columns.
#[server(prefix = "/api/v1", endpoint = "devices/list", input = GetUrl, output = Json)]
pub async fn list_devices(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    company: Option<CompanyId>,
    location: Option<LocationFilter>,
    device_type: Option<DeviceTypeId>,
    status: Option<DeviceStatus>,
    source: Option<String>,
    backup: Option<BackupState>,
    owner: Option<String>,
    os: Option<OsFamily>,
    os_support: Option<SupportFilter>,
    last_contact: Option<String>,
    warranty: Option<WarrantyFilter>,
    serial: Option<SerialFilter>,
    archived: Option<ArchivedFilter>,
) -> Result<Listing<DeviceRow>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant
        .devices(
            ListQuery { page, page_size, search, sort },
            DeviceFilter {
                company,
                location,
                device_type,
                status,
                source,
                backup,
                owner,
                os,
                os_support,
                last_contact,
                warranty,
                serial,
                archived,
            },
        )
        .await?)
}

/// GET `devices/sources`: the integrations that devices can come from, by name.
#[server(prefix = "/api/v1", endpoint = "devices/sources", input = GetUrl, output = Json)]
pub async fn list_device_sources() -> Result<Vec<SourceRef>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.device_sources().await?)
}

/// A page of `devices/list` under filters.
pub async fn devices_under(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
    sort: Option<String>,
    filter: DeviceFilter,
) -> Result<Listing<DeviceRow>, AppError> {
    let DeviceFilter { company, location, device_type, status, source, backup, owner, .. } = filter;
    let DeviceFilter { os, os_support, last_contact, warranty, serial, archived, .. } = filter;
    list_devices(
        page,
        page_size,
        search,
        sort,
        company,
        location,
        device_type,
        status,
        source,
        backup,
        owner,
        os,
        os_support,
        last_contact,
        warranty,
        serial,
        archived,
    )
    .await
}

/// GET `devices/get`: one device with all its fields.
#[server(prefix = "/api/v1", endpoint = "devices/get", input = GetUrl, output = Json)]
pub async fn get_device(device_id: DeviceId) -> Result<DeviceDetail, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.device(device_id).await?)
}

/// GET `devices/raw`: what the device's vendor says of it now, field by field.
#[server(prefix = "/api/v1", endpoint = "devices/raw", input = GetUrl, output = Json)]
pub async fn load_raw_device(device_id: DeviceId) -> Result<RawDevice, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.raw_device(device_id).await?)
}

/// POST `devices/update`: sets fields of one device; they win over the sync until they are released. `edit` takes it back.
#[server(prefix = "/api/v1", endpoint = "devices/update", input = JsonArgs, output = Json)]
pub async fn update_device(
    device_id: DeviceId,
    version: Option<i64>,
    fields: Vec<FieldValue>,
) -> Result<DeviceDetail, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Manage>(Area::Devices).await?;
    Ok(tenant.update_device(device_id, version, fields).await?)
}

/// POST `devices/create`: adds a device that no integration tells of.
#[server(prefix = "/api/v1", endpoint = "devices/create", input = JsonArgs, output = Json)]
pub async fn create_device(fields: Vec<FieldValue>) -> Result<DeviceDetail, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Manage>(Area::Devices).await?;
    Ok(tenant.create_device(fields).await?)
}

/// POST `devices/edit`: sets or releases fields of many devices, archives or restores them, as one edit.
#[server(prefix = "/api/v1", endpoint = "devices/edit", input = JsonArgs, output = Json)]
pub async fn edit_devices(select: DeviceSelection, action: DeviceAction) -> Result<Edited, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Manage>(Area::Devices).await?;
    Ok(tenant.edit_devices(select, action).await?)
}

/// POST `devices/undo`: takes an edit back.
#[server(prefix = "/api/v1", endpoint = "devices/undo", input = JsonArgs, output = Json)]
pub async fn undo_edit(edit_id: EditId) -> Result<Edited, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Manage>(Area::Devices).await?;
    Ok(tenant.undo_edit(edit_id).await?)
}

/// GET `devices/edits`: what people did with devices, newest first.
#[server(prefix = "/api/v1", endpoint = "devices/edits", input = GetUrl, output = Json)]
pub async fn list_device_edits(
    page: Option<u32>,
    page_size: Option<u32>,
    search: Option<String>,
) -> Result<Listing<DeviceEdit>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.device_edits(ListQuery { page, page_size, search, sort: None }).await?)
}

/// GET `devices/history`: what happened to a device, newest first.
#[server(prefix = "/api/v1", endpoint = "devices/history", input = GetUrl, output = Json)]
pub async fn list_device_history(
    device_id: DeviceId,
    page: Option<u32>,
    page_size: Option<u32>,
) -> Result<Listing<HistoryEntry>, AppError> {
    use crate::ssr::*;
    let tenant = scoped::<Read>(Area::Devices).await?;
    Ok(tenant.device_history(device_id, ListQuery { page, page_size, ..ListQuery::default() }).await?)
}
