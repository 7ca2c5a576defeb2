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

/// A vendor's constant as people write it: `APPROVED` as "Approved". Words that are written for people stay.
pub fn human(word: &str) -> String {
    if word.chars().any(char::is_lowercase) {
        return word.to_owned();
    }
    let spoken = word.replace('_', " ").to_lowercase();
    let mut letters = spoken.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn constants_become_words() {
        let all = ["APPROVED", "ALL_IN_ONE", "Mini tower", ""];
        assert_eq!(all.map(human), ["Approved", "All in one", "Mini tower", ""]);
    }
}
