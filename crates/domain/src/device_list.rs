//! The list of devices: by what it is filtered, which columns it shows, what a search looks for.

use crate::{error::UserError, ids::LocationId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

words! {
    /// A column of the list, and a name to sort by.
    pub enum DeviceColumn {
        /// Always shown.
        Name = "name",
        Company = "company",
        Location = "location",
        Type = "type",
        Status = "status",
        OsName = "os_name",
        OsVersion = "os_version",
        Serial = "serial",
        AssetTag = "asset_tag",
        Model = "model",
        Ip = "ip",
        Mac = "mac",
        LastContact = "last_contact",
        LastUser = "last_user",
        Owner = "owner",
        Backup = "backup",
        WarrantyEnd = "warranty_end",
        Source = "source",
        CreatedAt = "created_at",
    }

    /// Devices by their warranty.
    pub enum WarrantyFilter {
        Ended = "ended",
        /// Ends within [`WARRANTY_ENDING_DAYS`].
        Ending = "ending",
        /// No end is known.
        None = "none",
    }

    /// Devices by how long the maker of their operating system mends it.
    pub enum SupportFilter {
        Ended = "ended",
        /// Ends within [`SUPPORT_ENDING_DAYS`].
        Ending = "ending",
        Supported = "supported",
        /// Its release is not told, or no end is known.
        Unknown = "unknown",
    }

    /// Devices that were archived. Without it they are not listed.
    pub enum ArchivedFilter {
        Only = "only",
        /// With the others.
        With = "with",
    }

    /// Devices by their serial number.
    pub enum SerialFilter {
        /// None that identifies the machine.
        None = "none",
    }
}

/// How soon a warranty ends that is said to be ending.
pub const WARRANTY_ENDING_DAYS: i64 = 90;

/// How soon the support of an operating system ends that is said to be ending.
pub const SUPPORT_ENDING_DAYS: u64 = 180;

/// Most days that a filter by last contact takes.
pub const MAX_CONTACT_DAYS: u32 = 3650;

/// Devices by their last contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactFilter {
    /// None is known.
    Never,
    /// The last one is more than so many days ago.
    Older(u32),
}

impl std::str::FromStr for ContactFilter {
    type Err = UserError;

    /// `never`, or a number of days.
    fn from_str(text: &str) -> Result<Self, UserError> {
        match (text.trim(), text.trim().parse()) {
            ("never", _) => Ok(Self::Never),
            (_, Ok(days @ 1..=MAX_CONTACT_DAYS)) => Ok(Self::Older(days)),
            _ => Err(UserError::invalid(
                "last_contact",
                format!("Filter by a number of days, 1 to {MAX_CONTACT_DAYS}, or by \"never\"."),
            )),
        }
    }
}

/// Devices by their location; on the wire `none`, or the id of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationFilter {
    None,
    At(LocationId),
}

const NOWHERE: &str = "none";

impl From<LocationId> for LocationFilter {
    fn from(id: LocationId) -> Self {
        Self::At(id)
    }
}

impl fmt::Display for LocationFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str(NOWHERE),
            Self::At(id) => id.fmt(f),
        }
    }
}

impl std::str::FromStr for LocationFilter {
    type Err = UserError;

    fn from_str(text: &str) -> Result<Self, UserError> {
        let id = || text.parse().map(Self::At).ok();
        let found = if text == NOWHERE { Some(Self::None) } else { id() };
        found.ok_or_else(|| UserError::invalid("location", "Filter by the id of a location, or by \"none\"."))
    }
}

impl Serialize for LocationFilter {
    fn serialize<S: Serializer>(&self, json: S) -> Result<S::Ok, S::Error> {
        json.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocationFilter {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let text = <String as Deserialize>::deserialize(json)?;
        text.parse().map_err(|error: UserError| D::Error::custom(error.message))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for LocationFilter {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some("The id of a location, or `none` for devices without one."))
            .examples([NOWHERE])
            .build()
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for LocationFilter {}

/// The columns of a list, in their order. The name is always among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Vec<DeviceColumn>);

impl Default for Columns {
    fn default() -> Self {
        use DeviceColumn::{Company, LastContact, Name, OsName, Serial, Status, Type};
        Self(vec![Name, Company, Type, Status, OsName, Serial, LastContact])
    }
}

impl Columns {
    /// Out of a list such as `company,ip`; words that are none are left out. Without a text: the usual ones.
    ///
    /// ```
    /// use domain::device_list::Columns;
    /// assert_eq!(Columns::parse(Some("ip, company,x")).to_string(), "company,ip");
    /// ```
    pub fn parse(text: Option<&str>) -> Self {
        let Some(text) = text.filter(|t| !t.trim().is_empty()) else { return Self::default() };
        let words: Vec<&str> = text.split(',').map(str::trim).collect();
        let chosen = |c: &DeviceColumn| *c == DeviceColumn::Name || words.contains(&c.as_str());
        Self(DeviceColumn::ALL.iter().copied().filter(chosen).collect())
    }

    /// Whether a column is shown.
    pub fn has(&self, column: DeviceColumn) -> bool {
        self.0.contains(&column)
    }

    /// In the order in which they stand.
    pub fn iter(&self) -> impl Iterator<Item = DeviceColumn> + '_ {
        self.0.iter().copied()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The same with one more or less; the name stays.
    pub fn toggled(&self, column: DeviceColumn) -> Self {
        let is_in = |c: &DeviceColumn| match *c == column {
            true => column == DeviceColumn::Name || !self.has(column),
            false => self.has(*c),
        };
        Self(DeviceColumn::ALL.iter().copied().filter(is_in).collect())
    }
}

impl std::fmt::Display for Columns {
    /// As it stands in an address: without the name, unless there is nothing else.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> =
            self.iter().filter(|c| *c != DeviceColumn::Name).map(DeviceColumn::as_str).collect();
        f.write_str(&if words.is_empty() { "name".to_owned() } else { words.join(",") })
    }
}

/// The texts of which one has to be in a device's for a search to find it, in lower case: what was typed, and for a part of
/// a MAC address, in whatever notation, the same as it is kept.
///
/// ```
/// use domain::device_list::needles;
/// assert_eq!(needles("D067-26"), ["d067-26", "d0:67:26"]);
/// assert_eq!(needles("Front Desk"), ["front desk"]);
/// ```
pub fn needles(text: &str) -> Vec<String> {
    let typed = text.trim().to_lowercase();
    let mut all = vec![typed.clone()];
    for address in addresses(&typed) {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    all
}

/// What was typed, if it can be a part of a MAC address, in pairs of digits with colons.
fn addresses(typed: &str) -> Vec<String> {
    let groups: Vec<&str> = typed.split([':', '-', '.']).collect();
    let digits = groups.concat();
    let is_address = (6..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    // With points in between it has groups of four, or is one of IP.
    if !is_address || (typed.contains('.') && groups[0].len() != 4) {
        return Vec::new();
    }
    let pairs =
        |digits: &str| digits.as_bytes().chunks(2).map(String::from_utf8_lossy).collect::<Vec<_>>().join(":");
    match groups.len() {
        1 if digits.len() < 12 => vec![pairs(&digits), format!("{}:{}", &digits[..1], pairs(&digits[1..]))],
        _ if groups.len() > 1 && groups.iter().all(|g| g.len() <= 2) => vec![groups.join(":")],
        _ => vec![pairs(&digits)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_order_and_the_name() {
        let columns = Columns::parse(Some("ip,company"));
        assert_eq!(columns.iter().next(), Some(DeviceColumn::Name));
        assert_eq!(columns.toggled(DeviceColumn::Type).to_string(), "company,type,ip");
        assert_eq!(columns.toggled(DeviceColumn::Ip).to_string(), "company");
        assert_eq!(columns.toggled(DeviceColumn::Name), columns);
        let bare = columns.toggled(DeviceColumn::Ip).toggled(DeviceColumn::Company);
        assert_eq!(Columns::parse(Some(&bare.to_string())), bare);
        assert_eq!(Columns::parse(Some(" ")), Columns::default());
    }

    #[test]
    fn a_mac_is_found_in_any_notation() {
        let kept = "d0:67:26:00:03:52";
        for typed in [
            "D0:67:26:00:03:52",
            "d0-67-26-00-03-52",
            "d067.2600.0352",
            "D06726000352",
            "067260",
            "672600",
            "7-26-00-0",
            "d067-26",
        ] {
            assert!(needles(typed).iter().any(|n| kept.contains(n.as_str())), "{typed}");
        }
        assert_eq!(needles("10.0.0.123").len(), 1);
        assert_eq!(needles("beef").len(), 1, "too short to be meant as an address");
    }

    #[test]
    fn last_contact_is_never_or_days() {
        assert_eq!("never".parse(), Ok(ContactFilter::Never));
        assert_eq!(" 30 ".parse(), Ok(ContactFilter::Older(30)));
        for wrong in ["0", "-1", "x", "99999"] {
            assert!(wrong.parse::<ContactFilter>().is_err(), "{wrong}");
        }
    }
}
