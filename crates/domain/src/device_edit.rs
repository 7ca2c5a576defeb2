//! What people do with devices: fields that they set and own, edits of one device or many, and the history.

use crate::{
    company::{MAX_NAME, is_unreadable},
    device::{DeviceFilter, DeviceRef},
    error::UserError,
    ids::{DeviceId, EditId, IntegrationId, RunId},
    run::{FieldChange, RunKind},
    serial,
};
use chrono::{DateTime, NaiveDate, Utc};
use std::net::IpAddr;

/// Longest accepted notes, in characters.
pub const MAX_NOTES: usize = 4_000;
/// Most devices that an edit may name one by one; a filter takes any number.
pub const MAX_IDS: usize = 2_000;
/// Most addresses of one kind.
const MAX_ADDRESSES: usize = 64;

words! {
    /// A field of a device that a person can set. New ones go at the end: the database keeps [`DeviceField::bit`].
    pub enum DeviceField {
        Name = "name",
        Hostname = "hostname",
        Company = "company",
        Location = "location",
        DeviceType = "device_type",
        OwnerName = "owner_name",
        OwnerEmail = "owner_email",
        AssetTag = "asset_tag",
        Notes = "notes",
        Manufacturer = "manufacturer",
        Model = "model",
        Serial = "serial",
        OsName = "os_name",
        OsVersion = "os_version",
        Domain = "domain",
        IpAddresses = "ip_addresses",
        MacAddresses = "mac_addresses",
        WarrantyStart = "warranty_start",
        WarrantyEnd = "warranty_end",
    }

    /// What happened to a device.
    pub enum HistoryKind {
        /// Added by hand.
        Created = "created",
        /// Came out of an import.
        Imported = "imported",
        /// An import found it in the inventory and feeds it now.
        Linked = "linked",
        /// Fields were set by a person.
        Edited = "edited",
        /// Fields were given back to the sync.
        Released = "released",
        Archived = "archived",
        Restored = "restored",
        /// An edit was taken back.
        Undone = "undone",
        /// Another device was found to be the same, or this one was.
        Merged = "merged",
        Unmerged = "unmerged",
        /// What feeds it is missing, and what feeds the one that it was merged with is listed: they exchanged it.
        Exchanged = "exchanged",
        /// Its integration was deleted, and it was kept.
        Detached = "detached",
        Added = "added",
        Changed = "changed",
        Moved = "moved",
        TypeChanged = "type_changed",
        Missing = "missing",
        Decommissioned = "decommissioned",
        Returned = "returned",
        Reenrolled = "reenrolled",
    }
}

wire! {
    /// What to set a field to: text, an id, a date as `2026-01-31`, or addresses separated by commas. `None` clears it.
    pub struct FieldValue {
        pub field: DeviceField,
        #[serde(default)]
        pub value: Option<String>,
    }

    /// A field that a person has set, and what the integration says.
    pub struct OwnedField {
        pub field: DeviceField,
        /// Who set it, and when; nobody is named when the edit is older than the history.
        pub by: Option<String>,
        pub at: Option<DateTime<Utc>>,
        /// What the sync would set, in words; none for a device without an integration.
        pub remote: Option<String>,
    }

    /// What became of an edit.
    pub struct Edited {
        /// How to take it back; none when nothing changed.
        pub edit: Option<EditId>,
        /// Devices that are otherwise than before.
        pub changed: i64,
        /// Devices that were left as they are, apart from those that were so already.
        pub skipped: i64,
        /// Why they were, for the first ones.
        pub reasons: Vec<SkippedDevice>,
    }

    /// A device that an edit left as it is.
    pub struct SkippedDevice {
        pub id: DeviceId,
        pub name: String,
        pub reason: String,
    }

    /// An edit that somebody made.
    pub struct DeviceEdit {
        pub id: EditId,
        pub kind: HistoryKind,
        /// Its fields, or none for a kind that says all.
        pub fields: Vec<DeviceField>,
        pub devices: i64,
        /// The name of one of its devices.
        pub name: String,
        pub user_name: Option<String>,
        pub at: DateTime<Utc>,
        pub undone_at: Option<DateTime<Utc>>,
        pub undone_by: Option<String>,
        pub can_undo: bool,
    }

    /// Something that happened to a device, with the fields before and after.
    pub struct HistoryEntry {
        pub kind: HistoryKind,
        pub at: DateTime<Utc>,
        /// The user who did it.
        pub by: Option<String>,
        /// The run that did it.
        pub run: Option<HistoryRun>,
        pub fields: Vec<FieldChange>,
        /// The edit that it is part of.
        pub edit: Option<EditId>,
        /// Whether that edit was taken back.
        pub undone: bool,
        /// Of a merge: the other device, as it is called now.
        pub other: Option<DeviceRef>,
    }

    /// A run as an entry of the history names it.
    pub struct HistoryRun {
        pub id: RunId,
        pub integration_id: IntegrationId,
        pub kind: RunKind,
    }
}

/// Which devices an edit is about: `{"ids": [..]}` or `{"filter": {..}}` for all that a list shows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceSelection {
    Ids(Vec<DeviceId>),
    Filter(DeviceQuery),
}

/// A list's search and filters.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DeviceQuery {
    pub search: Option<String>,
    #[serde(flatten)]
    pub filter: DeviceFilter,
}

/// What an edit does: `{"set": [..]}`, `{"release": ["name"]}`, `"archive"` or `"restore"`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceAction {
    /// Sets fields; they are the person's from now on.
    Set(Vec<FieldValue>),
    /// Gives fields back to the sync.
    Release(Vec<DeviceField>),
    Archive,
    Restore,
}

impl DeviceField {
    /// The bit that says that a person owns it. What no sync tells needs no owner.
    pub const fn bit(self) -> i64 {
        match self {
            Self::Company | Self::AssetTag | Self::Notes => 0,
            other => 1 << (other as u32),
        }
    }

    /// The fields of a mask, in the order of declaration.
    pub fn of_mask(mask: i64) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|f| mask & f.bit() != 0).collect()
    }

    /// The mask of some fields.
    pub fn mask(fields: &[Self]) -> i64 {
        fields.iter().fold(0, |mask, field| mask | field.bit())
    }

    /// Words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Hostname => "Hostname",
            Self::Company => "Company",
            Self::Location => "Location",
            Self::DeviceType => "Device type",
            Self::OwnerName => "Owner",
            Self::OwnerEmail => "Owner's e-mail",
            Self::AssetTag => "Asset tag",
            Self::Notes => "Notes",
            Self::Manufacturer => "Manufacturer",
            Self::Model => "Model",
            Self::Serial => "Serial",
            Self::OsName => "Operating system",
            Self::OsVersion => "OS version",
            Self::Domain => "Domain",
            Self::IpAddresses => "IP addresses",
            Self::MacAddresses => "MAC addresses",
            Self::WarrantyStart => "Warranty start",
            Self::WarrantyEnd => "Warranty end",
        }
    }

    /// Whether a device cannot be without it.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Name | Self::Company | Self::DeviceType)
    }

    /// The value as it is kept: trimmed, addresses in one notation and each once, an empty one as none. An error names
    /// the field and what to do.
    pub fn check(self, value: Option<&str>) -> Result<Option<String>, UserError> {
        let text = value.map(str::trim).filter(|v| !v.is_empty());
        let Some(text) = text else {
            return match self.is_required() {
                true => Err(self.refuse(&format!("{} cannot be empty.", self.label()))),
                false => Ok(None),
            };
        };
        let most = if self == Self::Notes { MAX_NOTES } else { MAX_NAME };
        let is_list = matches!(self, Self::IpAddresses | Self::MacAddresses);
        if !is_list && text.chars().count() > most {
            return Err(self.refuse(&format!("Use at most {most} characters.")));
        }
        if self != Self::Notes && text.chars().any(|c| c.is_control()) {
            return Err(self.refuse("Remove line breaks and other control characters."));
        }
        if is_unreadable(text) {
            return Err(self.refuse("Remove the unreadable characters."));
        }
        match self {
            Self::OwnerEmail if !is_email(text) => {
                Err(self.refuse("Enter an e-mail address such as ana@contoso.com."))
            }
            Self::IpAddresses => self.addresses(text, |part| Some(part.parse::<IpAddr>().ok()?.to_string())),
            Self::MacAddresses => self.addresses(text, serial::mac),
            Self::WarrantyStart | Self::WarrantyEnd => match date(text) {
                Some(_) => Ok(Some(text.to_owned())),
                None => Err(self.refuse("Enter a date such as 2026-01-31.")),
            },
            Self::Company | Self::Location | Self::DeviceType => match text.parse::<uuid::Uuid>() {
                Ok(id) => Ok(Some(id.to_string())),
                Err(_) => Err(self.refuse("Choose one of the list.")),
            },
            _ => Ok(Some(text.to_owned())),
        }
    }

    fn addresses(
        self,
        text: &str,
        read: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<String>, UserError> {
        let mut kept: Vec<String> = Vec::new();
        for part in text.split([',', ';', ' ', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
            let address =
                read(part).ok_or_else(|| self.refuse(&format!("\"{part}\" is not such an address.")))?;
            if !kept.contains(&address) {
                kept.push(address);
            }
        }
        if kept.len() > MAX_ADDRESSES {
            return Err(self.refuse(&format!("Enter at most {MAX_ADDRESSES} addresses.")));
        }
        Ok(Some(kept.join(", ")))
    }

    fn refuse(self, message: &str) -> UserError {
        UserError::invalid(self.as_str(), message)
    }
}

/// A date as fields take it.
pub fn date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let years = NaiveDate::from_ymd_opt(1970, 1, 1)?..NaiveDate::from_ymd_opt(2200, 1, 1)?;
    (text.len() == 10 && years.contains(&date)).then_some(date)
}

/// Whether a text has the shape of an e-mail address.
fn is_email(text: &str) -> bool {
    match text.split_once('@') {
        Some((name, host)) => {
            !name.is_empty()
                && host.contains('.')
                && !host.contains('@')
                && !text.contains(char::is_whitespace)
        }
        None => false,
    }
}

impl HistoryKind {
    /// Words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Created => "Added by hand",
            Self::Imported => "Imported",
            Self::Linked => "Linked",
            Self::Edited => "Edited",
            Self::Released => "Released to the sync",
            Self::Archived => "Archived",
            Self::Restored => "Restored",
            Self::Undone => "Undone",
            Self::Merged => "Merged",
            Self::Unmerged => "Merge taken back",
            Self::Exchanged => "Source exchanged",
            Self::Detached => "Integration deleted",
            Self::Added => "First seen",
            Self::Changed => "Changed",
            Self::Moved => "Moved",
            Self::TypeChanged => "Type changed",
            Self::Missing => "Missing",
            Self::Decommissioned => "Decommissioned",
            Self::Returned => "Returned",
            Self::Reenrolled => "Enrolled again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(field: DeviceField, value: &str) -> bool {
        field.check(Some(value)).is_err_and(|e| e.field.as_deref() == Some(field.as_str()))
    }

    #[test]
    fn each_owned_field_has_a_bit_of_its_own() {
        let owned: Vec<DeviceField> = DeviceField::ALL.iter().copied().filter(|f| f.bit() != 0).collect();
        let mask = DeviceField::mask(&owned);
        assert_eq!(mask.count_ones() as usize, owned.len());
        assert_eq!(DeviceField::of_mask(mask), owned);
        // As the database keeps them.
        assert_eq!((DeviceField::Name.bit(), DeviceField::WarrantyEnd.bit()), (1, 1 << 18));
    }

    #[test]
    fn values_are_kept_in_one_form() {
        use DeviceField::*;
        let kept = |field: DeviceField, value: &str| field.check(Some(value)).unwrap().unwrap_or_default();
        assert_eq!(kept(Name, "  PC 1 "), "PC 1");
        assert_eq!(kept(IpAddresses, "10.0.0.1;FE80::1, 10.0.0.1"), "10.0.0.1, fe80::1");
        assert_eq!(kept(MacAddresses, "00-11-22-aa-bb-cc 001122AABBCC"), "00:11:22:AA:BB:CC");
        assert_eq!(kept(WarrantyEnd, "2027-02-28"), "2027-02-28");
        assert_eq!(Serial.check(Some(" ")).unwrap(), None);
    }

    #[test]
    fn what_cannot_be_is_refused_at_its_field() {
        use DeviceField::*;
        assert!(refused(Name, "  ") && refused(Name, &"x".repeat(201)) && refused(Name, "a\nb"));
        assert!(refused(OwnerEmail, "ana at contoso") && refused(OwnerEmail, "ana@contoso"));
        assert!(refused(IpAddresses, "10.0.0.256") && refused(MacAddresses, "00:11:22"));
        assert!(refused(WarrantyEnd, "31.12.2026") && refused(WarrantyEnd, "2026-02-30"));
        assert!(refused(Location, "headquarters") && refused(Notes, &"x".repeat(4_001)));
        assert!(
            Notes.check(Some("two\nlines")).is_ok() && refused(Notes, "a\0b") && refused(Model, "\u{fffd}")
        );
    }
}
