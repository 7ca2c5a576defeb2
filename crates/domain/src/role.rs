//! The roles that every tenant has.

use crate::permissions::{Area, Level, Permissions};

words! {
    /// Each role may do what the one before it may.
    pub enum Role {
        /// See everything of the tenant.
        Read = "read",
        /// Change companies, mappings and imports.
        Manage = "manage",
        /// Also connect and delete integrations and manage users.
        Admin = "admin",
    }
}

impl Role {
    /// Whether this role includes `needed`.
    pub fn includes(self, needed: Role) -> bool {
        self >= needed
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Role::Read => "May view",
            Role::Manage => "May view and change",
            Role::Admin => "Administrator",
        }
    }

    /// What it is for, in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Role::Read => "Sees companies, mappings, devices and reports, and changes nothing.",
            Role::Manage => {
                "Also starts syncs and imports, and changes companies, mappings, devices and exceptions."
            }
            Role::Admin => "Does everything: also connects integrations, manages users and changes settings.",
        }
    }

    /// What it allows.
    pub fn permissions(self) -> Permissions {
        let (own, seen) = match self {
            Role::Read => (Level::Read, Level::Read),
            Role::Manage => (Level::Manage, Level::Read),
            Role::Admin => return Permissions::ALL,
        };
        [Area::Mappings, Area::Companies, Area::Devices, Area::Reports]
            .into_iter()
            .fold(Permissions::NONE.with(Area::Integrations, seen), |all, area| all.with(area, own))
    }
}
