//! Words and tones of a device's states.

use crate::ui::badge::Tone;
use domain::device::{BackupState, DeviceStatus};

/// A status in words, with its tone.
pub fn status_words(status: DeviceStatus) -> (Tone, &'static str) {
    match status {
        DeviceStatus::Online => (Tone::Success, "Online"),
        DeviceStatus::Offline => (Tone::Neutral, "Offline"),
        DeviceStatus::Missing => (Tone::Warning, "Missing"),
        DeviceStatus::Detached => (Tone::Neutral, "Not synced"),
    }
}

/// A backup state in words, with its tone.
pub fn backup_words(backup: BackupState) -> (Tone, &'static str) {
    match backup {
        BackupState::Protected => (Tone::Success, "Protected"),
        BackupState::None => (Tone::Warning, "No backup"),
        BackupState::Unknown => (Tone::Neutral, "Unknown"),
    }
}
