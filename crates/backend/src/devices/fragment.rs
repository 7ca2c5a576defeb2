//! What list and detail page of devices share.
//!
//! `d` is the device, `c`, `l`, `t` its company, location and type, `i` the integration that feeds it, `r` and `s` its rows
//! of staging, `b` its last heartbeat. All joins are outer ones: they change no row, so a count joins only what its filter
//! looks at. What a device notes of its staging is kept true by triggers (migration `device_list`).

use crate::{Error, Result, sync::beats};
use domain::device::{BackupState, DeviceStatus};
use sea_orm::ConnectionTrait;
use std::str::FromStr;

/// What a device is called by.
pub(super) const NAMES: &str = "
    LEFT JOIN companies c ON c.id = d.company_id
    LEFT JOIN locations l ON l.id = d.location_id
    LEFT JOIN device_types t ON t.id = d.device_type_id
    LEFT JOIN integrations i ON i.id = d.integration_id";

/// What feeds it.
pub(crate) fn feed(db: &impl ConnectionTrait) -> String {
    format!(
        "LEFT JOIN remote_devices r ON r.integration_id = d.integration_id AND r.remote_id = d.remote_id
         LEFT JOIN remote_device_status s ON s.integration_id = d.integration_id AND s.remote_id = d.remote_id
         {}",
        beat(db)
    )
}

/// Its last heartbeat alone.
pub(super) fn beat(db: &impl ConnectionTrait) -> String {
    beats::join(db, "d.beat_no", "b", "")
}

/// The tenant's rows, looked for in another way than by the tenant where that is not what narrows them (`sql::typed`).
pub(super) const OWNED_ROWS: &str = "WHERE {no_index}d.tenant_id = $1";

/// The tenant's rows; `$1` is the tenant.
pub(super) const OWNED: &str = "WHERE d.tenant_id = $1";

/// The word of [`DeviceStatus`].
pub(crate) const STATUS: &str =
    "CASE WHEN d.integration_id IS NULL THEN 'detached' WHEN d.missing THEN 'missing'
    WHEN b.offline = FALSE THEN 'online' ELSE 'offline' END";

/// The word of [`BackupState`].
pub(crate) const BACKUP: &str = "d.backup_state";

/// A detached device shows what was known last.
pub(crate) const LAST_CONTACT: &str = "COALESCE(b.last_contact, d.last_contact)";
pub(super) const LAST_USER: &str = "d.last_user";

pub(super) fn status(word: &str) -> Result<DeviceStatus> {
    DeviceStatus::from_str(word).map_err(Error::internal)
}

pub(crate) fn backup(word: &str) -> Result<BackupState> {
    BackupState::from_str(word).map_err(Error::internal)
}

/// Addresses as they are kept.
pub(super) fn addresses(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(Error::internal)
}
