//! What somebody may do, area by area.

use crate::error::{ErrorKind, UserError};

words! {
    /// A part of the portal that a role allows or does not.
    pub enum Area {
        /// Connected accounts, and what their runs did.
        Integrations = "integrations",
        /// What syncs found and what it is mapped to, and creating companies, locations and device types for that; starting syncs
        /// and imports, and deciding what they ask.
        Mappings = "mappings",
        /// Companies and their locations.
        Companies = "companies",
        /// The inventory: devices, device types, duplicates.
        Devices = "devices",
        /// Reports, and the exceptions in them.
        Reports = "reports",
        /// Users, roles, and everybody's sessions and API tokens.
        Users = "users",
        /// The rules of reports, and the audit log.
        Settings = "settings",
    }

    /// How much of an area; each level has what the one before it has.
    pub enum Level {
        /// Nothing: it is not even shown.
        None = "none",
        /// See it.
        Read = "read",
        /// See and change it.
        Manage = "manage",
    }
}

wire! {
    /// A level for each area.
    #[derive(Copy, Eq)]
    pub struct Permissions {
        pub integrations: Level,
        pub mappings: Level,
        pub companies: Level,
        pub devices: Level,
        pub reports: Level,
        pub users: Level,
        pub settings: Level,
    }
}

/// What an area shows of others: whoever sees the first sees the second as well.
const SHOWN_TOGETHER: [(Area, Area); 4] = [
    (Area::Mappings, Area::Integrations),
    (Area::Mappings, Area::Companies),
    (Area::Mappings, Area::Devices),
    (Area::Devices, Area::Companies),
];

impl Permissions {
    /// Nothing at all.
    pub const NONE: Self = Self::everywhere(Level::None);
    /// Everything.
    pub const ALL: Self = Self::everywhere(Level::Manage);

    /// The most that somebody can do who is limited to some companies: the rest is about the whole portal.
    pub const OF_SOME_COMPANIES: Self = Self::NONE
        .with(Area::Companies, Level::Read)
        .with(Area::Devices, Level::Manage)
        .with(Area::Reports, Level::Manage);

    const fn everywhere(level: Level) -> Self {
        Self {
            integrations: level,
            mappings: level,
            companies: level,
            devices: level,
            reports: level,
            users: level,
            settings: level,
        }
    }

    /// The level of an area.
    pub const fn of(&self, area: Area) -> Level {
        match area {
            Area::Integrations => self.integrations,
            Area::Mappings => self.mappings,
            Area::Companies => self.companies,
            Area::Devices => self.devices,
            Area::Reports => self.reports,
            Area::Users => self.users,
            Area::Settings => self.settings,
        }
    }

    /// The same with another level of one area.
    pub const fn with(mut self, area: Area, level: Level) -> Self {
        match area {
            Area::Integrations => self.integrations = level,
            Area::Mappings => self.mappings = level,
            Area::Companies => self.companies = level,
            Area::Devices => self.devices = level,
            Area::Reports => self.reports = level,
            Area::Users => self.users = level,
            Area::Settings => self.settings = level,
        }
        self
    }

    /// Whether they allow that much of an area.
    pub fn allow(&self, area: Area, level: Level) -> bool {
        self.of(area) >= level
    }

    /// Whether they allow all that `others` do.
    pub fn include(&self, others: &Self) -> bool {
        others.beyond(self).is_none()
    }

    /// The first that they allow and `others` do not.
    pub fn beyond(&self, others: &Self) -> Option<(Area, Level)> {
        let beyond = Area::ALL.iter().find(|area| !others.allow(**area, self.of(**area)));
        beyond.map(|area| (*area, self.of(*area)))
    }

    /// What both allow.
    pub fn and(self, others: &Self) -> Self {
        let least = |both: Self, area: &Area| both.with(*area, self.of(*area).min(others.of(*area)));
        Area::ALL.iter().fold(Self::NONE, least)
    }

    /// They are of use when they allow something, and the areas that are shown together.
    pub fn check(&self) -> Result<(), UserError> {
        if *self == Self::NONE {
            return Err(UserError::invalid(
                "permissions",
                "Choose at least one area that the role may view.",
            ));
        }
        let lacking = |(area, shown): &&(Area, Area)| {
            self.allow(*area, Level::Read) && !self.allow(*shown, Level::Read)
        };
        match SHOWN_TOGETHER.iter().find(lacking) {
            None => Ok(()),
            Some((area, shown)) => {
                let message =
                    format!("Whoever may view {area} sees {shown} there. Let the role view {shown}, too.");
                Err(UserError::invalid("permissions", message))
            }
        }
    }
}

impl std::fmt::Display for Permissions {
    /// The areas of which they allow something, such as "view companies, manage devices".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let some = Area::ALL.iter().filter(|area| self.of(**area) > Level::None);
        let said: Vec<String> = some.map(|area| words(*area, self.of(*area))).collect();
        f.write_str(&said.join(", "))
    }
}

/// What a level of an area lets somebody do: "manage devices".
pub fn words(area: Area, level: Level) -> String {
    let verb = if level == Level::Manage { "manage" } else { "view" };
    format!("{verb} {area}")
}

/// The refusal of somebody, or of a program, that lacks a permission.
pub fn refusal(area: Area, level: Level, program: bool) -> UserError {
    let what = words(area, level);
    let message = match program {
        true => format!("This API token does not allow this. It takes one that may {what}."),
        false => format!("Your role does not allow this. Ask an administrator for a role that may {what}."),
    };
    UserError::new(ErrorKind::Forbidden, message)
}

#[cfg(test)]
mod tests {
    use super::{Area, Level, Permissions};
    use crate::role::Role;

    #[test]
    fn roles_allow_more_and_more() {
        let [read, manage, admin] = [Role::Read, Role::Manage, Role::Admin].map(Role::permissions);
        assert!(admin.include(&manage) && manage.include(&read));
        assert!(!read.include(&manage) && !manage.include(&admin));
        assert_eq!(admin, Permissions::ALL);
        for role in [read, manage] {
            assert_eq!((role.users, role.settings), (Level::None, Level::None));
        }
    }

    #[test]
    fn both_together_allow_what_each_does() {
        let (some, other) = (
            Permissions::NONE.with(Area::Devices, Level::Manage).with(Area::Companies, Level::Read),
            Permissions::NONE.with(Area::Devices, Level::Read).with(Area::Reports, Level::Read),
        );
        let both = some.and(&other);
        assert_eq!(both, Permissions::NONE.with(Area::Devices, Level::Read));
        assert!(some.include(&both) && other.include(&both));
        assert!(!some.include(&other) && !other.include(&some));
    }

    #[test]
    fn what_is_shown_together_is_allowed_together() {
        let devices = Permissions::NONE.with(Area::Devices, Level::Manage);
        assert!(Permissions::NONE.check().is_err());
        assert!(devices.check().unwrap_err().message.contains("view companies"));
        assert_eq!(devices.with(Area::Companies, Level::Read).check(), Ok(()));
        assert_eq!(Permissions::NONE.with(Area::Reports, Level::Read).check(), Ok(()));
        for role in Role::ALL {
            assert_eq!(role.permissions().check(), Ok(()));
        }
    }
}
