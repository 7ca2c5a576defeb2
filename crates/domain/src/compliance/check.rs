words! {
    /// Something that a device is checked for.
    pub enum Check {
        Offline = "offline",
        NoBackup = "no_backup",
        StaleBackup = "stale_backup",
        OsEnded = "os_ended",
        OsEnding = "os_ending",
        WarrantyEnded = "warranty_ended",
        WarrantyEnding = "warranty_ending",
        NoOwner = "no_owner",
        NoSerial = "no_serial",
        Missing = "missing",
        NotInRmm = "not_in_rmm",
        Stale = "stale",
    }

    /// What came of a check of a device.
    pub enum Outcome {
        Failing = "failing",
        /// It fails, and an exception says that it may.
        Excepted = "excepted",
        /// What would have to be known is not.
        Unknown = "unknown",
        Passed = "passed",
    }

    /// How old a device is.
    pub enum Age {
        UnderOne = "under_1",
        OneToThree = "1_to_3",
        ThreeToFive = "3_to_5",
        OverFive = "over_5",
        Unknown = "unknown",
    }
}

impl Check {
    /// Days that the check looks back or ahead when nobody says; `None` for one without days.
    pub const fn default_days(self) -> Option<i64> {
        match self {
            Self::Offline => Some(30),
            Self::StaleBackup => Some(7),
            Self::OsEnding => Some(180),
            Self::WarrantyEnding => Some(60),
            Self::Stale => Some(3),
            _ => None,
        }
    }

    /// Whether it counts in the score when nobody says. Old data are not the client's fault.
    pub const fn default_scored(self) -> bool {
        !matches!(self, Self::OsEnding | Self::WarrantyEnding | Self::NoOwner | Self::NoSerial | Self::Stale)
    }

    /// Its name, whatever its days are.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offline => "Offline for long",
            Self::NoBackup => "No backup at all",
            Self::StaleBackup => "No recent backup",
            Self::OsEnded => "Operating system out of support",
            Self::OsEnding => "Operating system support ends soon",
            Self::WarrantyEnded => "Warranty ended",
            Self::WarrantyEnding => "Warranty ends soon",
            Self::NoOwner => "No owner",
            Self::NoSerial => "No serial number",
            Self::Missing => "Missing in the RMM",
            Self::NotInRmm => "Not in the RMM",
            Self::Stale => "Stale against the RMM",
        }
    }

    /// What a device that fails is, in a few words.
    pub fn label(self, days: Option<i64>) -> String {
        let days = days.or(self.default_days()).unwrap_or_default();
        let days = format!("{days} {}", if days == 1 { "day" } else { "days" });
        match self {
            Self::Offline => format!("Offline for more than {days}"),
            Self::StaleBackup => format!("No successful backup in {days}"),
            Self::OsEnding => format!("Operating system support ends within {days}"),
            Self::WarrantyEnding => format!("Warranty ends within {days}"),
            Self::Stale => format!("No complete device sync in {days}"),
            _ => self.name().to_owned(),
        }
    }

    /// What it looks at.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Offline => "The last contact with the RMM. A device that is online passes.",
            Self::NoBackup => "Whether the RMM's backup holds anything of the device.",
            Self::StaleBackup => "The last backup job that succeeded, of devices that have a backup.",
            Self::OsEnded => "The last day with security updates for the device's operating system.",
            Self::OsEnding => "The same day, of operating systems that still get updates.",
            Self::WarrantyEnded => "The end of the warranty. Virtual machines have none.",
            Self::WarrantyEnding => "The same day, of warranties that have not ended.",
            Self::NoOwner => "Whether an owner is entered for the device.",
            Self::NoSerial => {
                "A serial number that identifies the device; placeholders are none. Virtual machines pass over it."
            }
            Self::Missing => "Whether the last complete sync still found the device.",
            Self::NotInRmm => "Whether any integration feeds the device. One that was added by hand fails.",
            Self::Stale => {
                "When a device sync of the integration that feeds the device last read everything."
            }
        }
    }

    /// When the outcome is not known; `None` for what always is.
    pub const fn unknown(self) -> Option<&'static str> {
        Some(match self {
            Self::Offline => "No contact was ever noted.",
            Self::NoBackup => "No backup data was read.",
            Self::StaleBackup => "No backup data was read, or it does not say when a job succeeded.",
            Self::OsEnded | Self::OsEnding => {
                "The operating system is not told, or the table of dates has no day for it."
            }
            Self::WarrantyEnded | Self::WarrantyEnding => "No end of a warranty is known.",
            Self::Stale => "No device sync of its integration was complete yet.",
            Self::NoOwner | Self::NoSerial | Self::Missing | Self::NotInRmm => return None,
        })
    }

    const fn bit(self) -> i64 {
        1 << self as i64
    }
}

impl Outcome {
    /// Words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Failing => "Failing",
            Self::Excepted => "Excepted",
            Self::Unknown => "Not known",
            Self::Passed => "Passed",
        }
    }
}

impl Age {
    /// The band of an age in days.
    pub const fn of_days(days: i64) -> Self {
        match days {
            ..365 => Self::UnderOne,
            365..1095 => Self::OneToThree,
            1095..1825 => Self::ThreeToFive,
            _ => Self::OverFive,
        }
    }

    /// Days from which on, and before which, a device is in the band; `None` for unknown ages.
    pub const fn days(self) -> Option<(i64, i64)> {
        match self {
            Self::UnderOne => Some((i64::MIN, 365)),
            Self::OneToThree => Some((365, 1095)),
            Self::ThreeToFive => Some((1095, 1825)),
            Self::OverFive => Some((1825, i64::MAX)),
            Self::Unknown => None,
        }
    }

    /// Words for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnderOne => "Under 1 year",
            Self::OneToThree => "1 to 3 years",
            Self::ThreeToFive => "3 to 5 years",
            Self::OverFive => "Over 5 years",
            Self::Unknown => "Not known",
        }
    }
}

/// A set of checks, a bit each: as the database keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checks(pub i64);

impl Checks {
    /// With one more.
    pub const fn and(self, check: Check) -> Self {
        Self(self.0 | check.bit())
    }

    /// Those of both.
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those of either.
    pub const fn either(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in the other.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether a check is in it.
    pub const fn has(self, check: Check) -> bool {
        self.0 & check.bit() != 0
    }

    /// How many.
    pub const fn count(self) -> i64 {
        self.0.count_ones() as i64
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Check> {
        Check::ALL.iter().copied().filter(move |check| self.has(*check))
    }
}

impl FromIterator<Check> for Checks {
    fn from_iter<I: IntoIterator<Item = Check>>(checks: I) -> Self {
        checks.into_iter().fold(Self::default(), Self::and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_each_check_by_itself() {
        let all: Checks = Check::ALL.iter().copied().collect();
        assert_eq!((all.count(), all.iter().collect::<Vec<_>>()), (12, Check::ALL.to_vec()));
        let two = Checks::default().and(Check::Offline).and(Check::NotInRmm);
        assert_eq!((two.0, two.count(), two.has(Check::Missing)), (1025, 2, false));
        assert_eq!(all.without(two).count(), 10);
    }

    #[test]
    fn bands_of_age_meet() {
        for days in [-1, 0, 364, 365, 1094, 1095, 1824, 1825, 9999] {
            let band = Age::of_days(days);
            let (from, before) = band.days().unwrap();
            assert!(from <= days && days < before, "{days} {band}");
        }
    }
}
