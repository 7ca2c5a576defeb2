//! The lists of a vendor that staging keeps.

/// Which staging table, and its name in changes and sentences.
#[derive(Clone, Copy, Debug)]
pub struct Entity {
    pub table: &'static str,
    pub name: &'static str,
    pub plural: &'static str,
    /// Whether its heartbeats live in `remote_device_status`.
    pub beats: bool,
}

pub const ORGANIZATIONS: Entity =
    Entity { table: "organizations", name: "organization", plural: "organizations", beats: false };
pub const LOCATIONS: Entity =
    Entity { table: "remote_locations", name: "location", plural: "locations", beats: false };
pub const DEVICES: Entity =
    Entity { table: "remote_devices", name: "device", plural: "devices", beats: true };

impl Entity {
    /// The entity of that name in changes.
    pub fn named(name: &str) -> Option<Self> {
        [ORGANIZATIONS, LOCATIONS, DEVICES].into_iter().find(|e| e.name == name)
    }
}
