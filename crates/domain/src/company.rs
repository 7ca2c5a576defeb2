//! Companies, their PSA locations, and device types.

use crate::{
    error::UserError,
    ids::{CompanyId, DeviceTypeId, LocationId},
};
use chrono::{DateTime, Utc};

/// Longest accepted name, in characters.
pub const MAX_NAME: usize = 200;
/// Longest accepted other text, in characters.
pub const MAX_TEXT: usize = 500;

wire! {
    /// A client company. `version` grows with every change; send it back with an update to be told of a lost race.
    pub struct Company {
        pub id: CompanyId,
        pub name: String,
        pub domain: Option<String>,
        pub phone: Option<String>,
        pub address: Option<String>,
        pub psa_ref: Option<String>,
        pub archived: bool,
        pub version: i64,
        pub location_count: i64,
        pub device_count: i64,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    /// A PSA location: a site of a company.
    pub struct Location {
        pub id: LocationId,
        pub company_id: CompanyId,
        pub company_name: String,
        pub name: String,
        pub address: Option<String>,
        pub psa_ref: Option<String>,
        pub archived: bool,
        pub version: i64,
        pub device_count: i64,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    /// A kind of device in the inventory, such as "Workstation".
    pub struct DeviceType {
        pub id: DeviceTypeId,
        pub name: String,
        pub archived: bool,
        pub version: i64,
        pub device_count: i64,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    /// A company named by id, for links.
    #[derive(Eq)]
    pub struct CompanyRef {
        pub id: CompanyId,
        pub name: String,
    }

    /// A location named by id, for links.
    #[derive(Eq)]
    pub struct LocationRef {
        pub id: LocationId,
        pub name: String,
    }

    /// A device type named by id, for links.
    #[derive(Eq)]
    pub struct DeviceTypeRef {
        pub id: DeviceTypeId,
        pub name: String,
    }

    /// What a person types about a company.
    #[derive(Default)]
    pub struct CompanyInput {
        pub name: String,
        pub domain: Option<String>,
        pub phone: Option<String>,
        pub address: Option<String>,
        pub psa_ref: Option<String>,
    }

    /// What a person types about a location.
    #[derive(Default)]
    pub struct LocationInput {
        pub name: String,
        pub address: Option<String>,
        pub psa_ref: Option<String>,
    }
}

impl CompanyInput {
    /// The same with trimmed texts and empty ones dropped, or the first field that is wrong.
    pub fn checked(self) -> Result<Self, UserError> {
        Ok(Self {
            name: checked_name("name", &self.name)?,
            domain: checked_text("domain", self.domain)?.map(|d| d.to_lowercase()),
            phone: checked_text("phone", self.phone)?,
            address: checked_text("address", self.address)?,
            psa_ref: checked_text("psa_ref", self.psa_ref)?,
        })
    }
}

impl LocationInput {
    /// The same with trimmed texts and empty ones dropped, or the first field that is wrong.
    pub fn checked(self) -> Result<Self, UserError> {
        Ok(Self {
            name: checked_name("name", &self.name)?,
            address: checked_text("address", self.address)?,
            psa_ref: checked_text("psa_ref", self.psa_ref)?,
        })
    }
}

/// A name with runs of white space folded, or an error for `field` when it is empty or too long.
pub fn checked_name(field: &str, name: &str) -> Result<String, UserError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(UserError::invalid(field, "Enter a name."));
    }
    if name.chars().count() > MAX_NAME {
        return Err(UserError::invalid(field, format!("Shorten the name to {MAX_NAME} characters.")));
    }
    if is_unreadable(&name) {
        return Err(UserError::invalid(
            field,
            "The name has unreadable characters. Save the text as UTF-8 and try again.",
        ));
    }
    Ok(name)
}

/// A trimmed optional text, `None` when empty, or an error for `field` when it is too long.
pub fn checked_text(field: &str, text: Option<String>) -> Result<Option<String>, UserError> {
    let Some(text) = text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > MAX_TEXT {
        return Err(UserError::invalid(field, format!("Shorten this to {MAX_TEXT} characters.")));
    }
    if is_unreadable(&text) {
        return Err(UserError::invalid(
            field,
            "This has unreadable characters. Save the text as UTF-8 and try again.",
        ));
    }
    Ok(Some(text))
}

/// Whether something in a text was no text before: NUL, which not every database holds, or the mark of bytes that were not
/// UTF-8.
pub fn is_unreadable(text: &str) -> bool {
    text.contains(['\u{0}', '\u{FFFD}'])
}

/// What two names are compared by when they must not both exist: lower case, white space folded.
pub fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Names of the device types a new portal starts with.
pub const DEFAULT_DEVICE_TYPES: &[&str] = &[
    "Workstation",
    "Laptop",
    "Server",
    "Virtual Machine",
    "Virtual Host",
    "Network Switch",
    "Router",
    "Firewall",
    "Wireless Access Point",
    "Printer",
    "Mobile Phone",
    "Tablet",
    "Cloud Monitor",
    "Other",
];
