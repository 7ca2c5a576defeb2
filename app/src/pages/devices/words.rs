//! Words and tones of a device's states.

use crate::ui::badge::Tone;
use domain::{
    device::{BackupState, DeviceStatus},
    device_list::{ArchivedFilter, SUPPORT_ENDING_DAYS, SupportFilter, WARRANTY_ENDING_DAYS, WarrantyFilter},
    os::OsFamily,
};

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

/// A family of operating systems in words.
pub fn family_words(family: OsFamily) -> &'static str {
    match family {
        OsFamily::Windows => "Windows",
        OsFamily::WindowsServer => "Windows Server",
        OsFamily::MacOs => "macOS",
        OsFamily::Linux => "Linux",
        OsFamily::ChromeOs => "ChromeOS",
        OsFamily::Ios => "iOS and iPadOS",
        OsFamily::Android => "Android",
        OsFamily::Hypervisor => "Hypervisor",
        OsFamily::Network => "Network device",
        OsFamily::Other => "Other or unknown",
    }
}

/// A filter by warranty in words.
pub fn warranty_words(warranty: WarrantyFilter) -> String {
    match warranty {
        WarrantyFilter::Ended => "Warranty ended".to_owned(),
        WarrantyFilter::Ending => format!("Ends within {WARRANTY_ENDING_DAYS} days"),
        WarrantyFilter::None => "No end known".to_owned(),
    }
}

/// A filter by the end of an operating system's support in words.
pub fn support_words(support: SupportFilter) -> String {
    match support {
        SupportFilter::Ended => "Support ended".to_owned(),
        SupportFilter::Ending => format!("Ends within {SUPPORT_ENDING_DAYS} days"),
        SupportFilter::Supported => "Supported for longer".to_owned(),
        SupportFilter::Unknown => "End not known".to_owned(),
    }
}

/// A filter by archive in words.
pub fn archived_words(archived: ArchivedFilter) -> &'static str {
    match archived {
        ArchivedFilter::Only => "Archived only",
        ArchivedFilter::With => "With archived",
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
