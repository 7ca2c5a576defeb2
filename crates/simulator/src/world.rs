//! The fleet in memory, and how it changes.

use crate::activity::Log;
use crate::clock::SECOND;
use crate::device::Device;
use crate::spec::FleetSpec;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Organizations, locations, devices, people and what happened to them.
#[derive(Debug)]
pub(crate) struct World {
    /// What it was made from.
    pub spec: FleetSpec,
    /// The fleet's present, microseconds since 1970. Scripts move it on; nothing else does.
    pub now: i64,
    /// By id, as all lists are ordered.
    pub orgs: BTreeMap<i64, Org>,
    pub locations: BTreeMap<i64, Location>,
    pub devices: BTreeMap<i64, Device>,
    /// Deleted devices, which backup reports can still name.
    pub deleted: BTreeMap<i64, Device>,
    pub people: BTreeMap<i64, Person>,
    /// The activity log.
    pub log: Log,
    /// Next free ids.
    pub next: NextIds,
}

/// The next free id of each kind.
#[derive(Debug, Clone)]
pub(crate) struct NextIds {
    pub org: i64,
    pub location: i64,
    pub device: i64,
    pub person: i64,
}

/// An organization.
#[derive(Debug, Clone)]
pub(crate) struct Org {
    pub id: i64,
    pub name: String,
    pub description: Option<String>,
    /// `nodeApprovalMode`.
    pub approval: &'static str,
    /// Letters that its host names begin with; a new name does not change them.
    pub code: String,
    /// Its DNS domain.
    pub domain: Arc<str>,
    /// Its locations and end users, by id.
    pub locations: Vec<i64>,
    pub people: Vec<i64>,
    /// Custom fields by name.
    pub fields: BTreeMap<String, Value>,
    /// A server that watches its network, and a host for its guests.
    pub agent: Option<i64>,
    pub vm_host: Option<i64>,
}

/// A location.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    pub id: i64,
    pub org: i64,
    pub name: String,
    pub address: Option<String>,
    pub description: Option<String>,
}

/// A technician (without organization) or an end user.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub id: i64,
    pub org: Option<i64>,
    pub first: &'static str,
    pub last: &'static str,
    pub email: String,
}

impl World {
    /// Moves the fleet's present on by whole seconds.
    pub fn tick(&mut self, seconds: i64) {
        self.now += seconds * SECOND;
    }

    /// Writes a line into the activity log.
    pub fn record(&mut self, code: &'static str, device: Option<i64>, message: String) {
        self.tick(1);
        self.log.push(self.now, code, device, message);
    }

    /// Adds a location to an organization that exists.
    pub fn insert_location(&mut self, org: i64, name: String, address: Option<String>) -> Option<i64> {
        let id = self.next.location;
        self.orgs.get_mut(&org)?.locations.push(id);
        self.next.location += 1 + id % 3;
        self.locations.insert(id, Location { id, org, name, address, description: None });
        Some(id)
    }

    /// Adds an organization without locations.
    pub fn insert_org(&mut self, name: String) -> i64 {
        let id = self.next.org;
        self.next.org += 1 + id % 2;
        let org = Org {
            id,
            description: None,
            approval: "AUTOMATIC",
            code: crate::names::code(&name),
            domain: format!("{}.example", crate::demo::slug(&name)).into(),
            name,
            locations: Vec::new(),
            people: Vec::new(),
            fields: BTreeMap::new(),
            agent: None,
            vm_host: None,
        };
        self.orgs.insert(id, org);
        id
    }

    /// Adds a device and takes note of servers and hosts that others can hang on.
    pub fn insert_device(&mut self, device: Device) {
        if let Some(org) = self.orgs.get_mut(&device.org) {
            match &*device.class {
                "WINDOWS_SERVER" => org.agent = org.agent.or(Some(device.id)),
                "VMWARE_VM_HOST" => org.vm_host = org.vm_host.or(Some(device.id)),
                _ => {}
            }
        }
        self.devices.insert(device.id, device);
    }

    /// Removes a device; what hung on it hangs on nothing.
    pub fn remove_device(&mut self, id: i64) -> Option<Device> {
        let device = self.devices.remove(&id)?;
        if let Some(org) = self.orgs.get_mut(&device.org) {
            org.agent = org.agent.filter(|agent| *agent != id);
            org.vm_host = org.vm_host.filter(|host| *host != id);
        }
        Some(device)
    }
}
