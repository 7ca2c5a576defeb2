//! What list and detail page of devices share.
//!
//! `d` is the device, `c`, `l`, `t` its company, location and type, `i` the integration that feeds it, `r` the row of
//! staging, `s` and `b` what moves with every check-in. All joins are outer ones: they change no row, so a count
//! joins only what its filter looks at.

use crate::{Error, Result};
use domain::device::{BackupState, DeviceStatus};
use std::str::FromStr;

/// What a device is called by.
pub(super) const NAMES: &str = "
    LEFT JOIN companies c ON c.id = d.company_id
    LEFT JOIN locations l ON l.id = d.location_id
    LEFT JOIN device_types t ON t.id = d.device_type_id
    LEFT JOIN integrations i ON i.id = d.integration_id";

/// What feeds it.
pub(super) const FEED: &str = "
    LEFT JOIN remote_devices r ON r.integration_id = d.integration_id AND r.remote_id = d.remote_id
    LEFT JOIN remote_device_status s ON s.integration_id = d.integration_id AND s.remote_id = d.remote_id
    LEFT JOIN remote_device_beats b ON b.no = s.no";

/// The tenant's rows; `$1` is the tenant.
pub(super) const OWNED: &str = "WHERE d.tenant_id = $1";

/// The word of [`DeviceStatus`].
pub(super) const STATUS: &str = "CASE WHEN r.remote_id IS NULL THEN 'detached'
    WHEN r.missing_since IS NOT NULL THEN 'missing' WHEN b.offline = FALSE THEN 'online' ELSE 'offline' END";

/// The word of [`BackupState`].
pub(super) const BACKUP: &str = "CASE
    WHEN COALESCE(d.backup_total_bytes, d.backup_cloud_bytes, 0) > 0 OR COALESCE(d.backup_local_bytes, 0) > 0
        OR d.backup_last_success IS NOT NULL THEN 'protected'
    WHEN d.backup_total_bytes IS NULL AND d.backup_cloud_bytes IS NULL AND d.backup_local_bytes IS NULL
        AND d.backup_last_failure IS NULL THEN 'unknown'
    ELSE 'none' END";

/// A detached device shows what was known last.
pub(super) const LAST_CONTACT: &str = "COALESCE(b.last_contact, d.last_contact)";
pub(super) const LAST_USER: &str = "COALESCE(s.last_user, d.last_user)";

pub(super) fn status(word: &str) -> Result<DeviceStatus> {
    DeviceStatus::from_str(word).map_err(Error::internal)
}

pub(super) fn backup(word: &str) -> Result<BackupState> {
    BackupState::from_str(word).map_err(Error::internal)
}

/// Addresses as they are kept.
pub(super) fn addresses(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(Error::internal)
}
