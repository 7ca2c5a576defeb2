//! Change scripts for organizations and locations; see `script`.

use crate::control::Control;
use crate::script::delete;
use serde_json::Value;

impl Control {
    /// Gives an organization another name.
    pub fn rename_organization(&self, id: i64, name: &str) -> bool {
        self.world(|world| {
            let Some(org) = world.orgs.get_mut(&id) else { return false };
            name.clone_into(&mut org.name);
            world.record("CLIENT_UPDATED", None, format!("Organization '{name}' updated."));
            true
        })
    }

    /// Sets a custom field of an organization; null takes it away.
    pub fn set_organization_field(&self, id: i64, name: &str, value: Value) -> bool {
        self.world(|world| {
            let Some(org) = world.orgs.get_mut(&id) else { return false };
            match value {
                Value::Null => drop(org.fields.remove(name)),
                value => drop(org.fields.insert(name.to_owned(), value)),
            }
            world.record("CLIENT_UPDATED", None, format!("Custom field '{name}' updated."));
            true
        })
    }

    /// Adds an organization with one location, "Main Office"; gives its id.
    pub fn add_organization(&self, name: &str) -> i64 {
        self.world(|world| {
            let id = world.insert_org(name.to_owned());
            world.insert_location(id, "Main Office".into(), None);
            world.record("CLIENT_CREATED", None, format!("Organization '{name}' created."));
            id
        })
    }

    /// Deletes an organization with its locations, end users and devices.
    pub fn delete_organization(&self, id: i64) -> bool {
        self.world(|world| {
            let Some(org) = world.orgs.get(&id) else { return false };
            let name = org.name.clone();
            let devices: Vec<i64> = world.devices.values().filter(|d| d.org == id).map(|d| d.id).collect();
            devices.into_iter().for_each(|device| {
                delete(world, device);
            });
            world.locations.retain(|_, location| location.org != id);
            world.people.retain(|_, person| person.org != Some(id));
            world.orgs.remove(&id);
            world.record("CLIENT_DELETED", None, format!("Organization '{name}' deleted."));
            true
        })
    }

    /// Adds a location to an organization; gives its id, 0 when there is no such organization.
    pub fn add_location(&self, org: i64, name: &str) -> i64 {
        self.world(|world| {
            let id = world.insert_location(org, name.to_owned(), None);
            world.record("LOCATION_CREATED", None, format!("Location '{name}' created."));
            id.unwrap_or(0)
        })
    }

    /// Gives a location another name.
    pub fn rename_location(&self, id: i64, name: &str) -> bool {
        self.world(|world| {
            let Some(location) = world.locations.get_mut(&id) else { return false };
            name.clone_into(&mut location.name);
            world.record("LOCATION_UPDATED", None, format!("Location '{name}' updated."));
            true
        })
    }

    /// Deletes a location; its devices go to the organization's first other one, or have none.
    pub fn delete_location(&self, id: i64) -> bool {
        self.world(|world| {
            let Some(location) = world.locations.remove(&id) else { return false };
            let Some(org) = world.orgs.get_mut(&location.org) else { return true };
            org.locations.retain(|other| *other != id);
            let heir = org.locations.first().copied();
            world.devices.values_mut().filter(|d| d.loc == Some(id)).for_each(|d| d.loc = heir);
            world.record("LOCATION_DELETED", None, format!("Location '{}' deleted.", location.name));
            true
        })
    }
}
