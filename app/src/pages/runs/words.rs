//! Words for what runs tell: who started them, entities, fields and their values.

use crate::{
    layout::may_manage,
    ui::{
        badge::Tone,
        number::bytes,
        time::{absolute, date},
    },
};
use domain::{
    Time, device_labels,
    permissions::Area,
    run::{ChangeKind, Run, RunKind, StartedBy},
};

/// Whether runs of this kind read from the vendor.
pub fn is_sync(kind: RunKind) -> bool {
    matches!(kind, RunKind::Organizations | RunKind::Devices | RunKind::All)
}

/// Who started a run, in words.
pub fn starter(run: &Run) -> String {
    match run.started_by {
        StartedBy::User => run.user.clone().unwrap_or_else(|| "A user".to_owned()),
        StartedBy::Schedule => "Schedule".to_owned(),
        StartedBy::AutoImport => "Auto-sync".to_owned(),
        StartedBy::Retry => "Next attempt".to_owned(),
    }
}

/// What the way to a part that was held back is called, for those who may decide and for those who may only look.
pub fn look() -> &'static str {
    if may_manage(Area::Mappings) { "Look and decide" } else { "Look" }
}

/// The mark of a part that waits for a decision.
pub fn undecided() -> &'static str {
    if may_manage(Area::Mappings) { "Decide" } else { "Open" }
}

/// The tone of a change.
pub fn change_tone(change: ChangeKind) -> Tone {
    match change {
        ChangeKind::Added | ChangeKind::Returned => Tone::Success,
        ChangeKind::Missing | ChangeKind::Decommissioned | ChangeKind::Reenrolled => Tone::Warning,
        ChangeKind::Changed | ChangeKind::Moved | ChangeKind::TypeChanged => Tone::Info,
    }
}

/// What a field is called: one of a device as everywhere, another one by its name.
pub fn field_label(field: &str) -> String {
    device_labels::label(field).map_or_else(|| title(field), str::to_owned)
}

/// `logged_on_users` as "Logged on users"; what is always written in capitals stays so.
pub fn title(word: &str) -> String {
    let spelled = word.split('_').map(spelled).collect::<Vec<_>>().join(" ");
    let mut letters = spelled.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn spelled(word: &str) -> &str {
    match word {
        "os" => "OS",
        "psa" => "PSA",
        "ip" => "IP",
        "mac" => "MAC",
        "dns" => "DNS",
        "netbios" => "NetBIOS",
        "bios" => "BIOS",
        "uid" => "id",
        "url" => "address",
        "remote" => "NinjaOne",
        other => other,
    }
}

/// "Devices" of "device".
pub fn plural(entity: &str) -> String {
    if entity.ends_with('s') { title(entity) } else { format!("{}s", title(entity)) }
}

/// Fields that hold a plain day, kept as its first moment.
const DAYS: [&str; 2] = ["warranty_start", "warranty_end"];

/// A value of a field as people write it: sizes with a unit, moments without letters, days without a time, yes and no.
pub fn value(field: &str, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    if let Some(n) = text.parse().ok().filter(|_| field.ends_with("_bytes")) {
        return Some(bytes(n));
    }
    let moment = |time| if DAYS.contains(&field) { date(time) } else { absolute(time) };
    Some(match text {
        "true" => "yes".to_owned(),
        "false" => "no".to_owned(),
        text => text.parse::<Time>().map_or_else(|_| text.to_owned(), moment),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_named_as_people_do() {
        assert_eq!(title("os_version"), "OS version");
        assert_eq!(title("backup_cloud_bytes"), "Backup cloud bytes");
        assert_eq!(title("logged-on users"), "Logged-on users");
        assert_eq!(
            (field_label("owner_email").as_str(), field_label("psa_location").as_str()),
            ("Owner's e-mail", "PSA location")
        );
        assert_eq!(title("remote_id"), "NinjaOne id");
        assert_eq!((plural("device"), plural("locations")), ("Devices".to_owned(), "Locations".to_owned()));
    }

    #[test]
    fn values_are_written_as_people_do() {
        let shown = |field, text| value(field, Some(text));
        assert_eq!(shown("backup_total_bytes", "1500000").as_deref(), Some("1.5 MB"));
        assert_eq!(shown("last_boot", "2026-05-01T03:15:00Z").as_deref(), Some("2026-05-01 03:15 UTC"));
        assert_eq!(shown("warranty_end", "2026-05-01T00:00:00Z").as_deref(), Some("2026-05-01"));
        assert_eq!(shown("virtual_machine", "true").as_deref(), Some("yes"));
        assert_eq!(shown("name", "4711").as_deref(), Some("4711"));
        assert_eq!(shown("name", " "), None);
    }
}
