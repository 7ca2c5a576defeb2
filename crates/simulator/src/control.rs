//! The handle on a running simulator: faults, switches, and looks inside.

use crate::behaviour::Behaviour;
use crate::device::Status;
use crate::fault::Fault;
use crate::references::Expand;
use crate::render;
use crate::spec::FleetSpec;
use crate::state::{RequestLog, State};
use std::sync::{Arc, Mutex, PoisonError};

/// A handle on a running simulator. Clones act on the same one, from any thread.
#[derive(Clone)]
pub struct Control(Arc<Mutex<State>>);

impl Control {
    /// A server's memory for a fleet.
    pub(crate) fn new(spec: FleetSpec) -> Self {
        Self(Arc::new(Mutex::new(State::new(spec))))
    }

    /// Runs something with the memory locked.
    pub(crate) fn with<R>(&self, run: impl FnOnce(&mut State) -> R) -> R {
        run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a fault behind those that wait already.
    pub fn inject(&self, fault: Fault) {
        self.with(|state| state.inject(fault));
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        self.with(|state| state.faults.clear());
    }

    /// Changes switches of the server.
    pub fn set_behaviour(&self, change: impl FnOnce(&mut Behaviour)) {
        self.with(|state| change(&mut state.behaviour));
    }

    /// The switches as they are.
    pub fn behaviour(&self) -> Behaviour {
        self.with(|state| state.behaviour.clone())
    }

    /// Makes every token given so far invalid, long before its time.
    pub fn expire_tokens(&self) {
        self.with(|state| state.tokens.expire());
    }

    /// Replaces the fleet; switches, faults and the log start anew, credentials stay.
    pub fn reset(&self, spec: FleetSpec) {
        self.with(|state| state.reset(spec));
    }

    /// The client id of the API app.
    pub fn client_id(&self) -> String {
        self.with(|state| state.tokens.client_id.clone())
    }

    /// The client secret of the API app.
    pub fn client_secret(&self) -> String {
        self.with(|state| state.tokens.client_secret.clone())
    }

    /// The ids of all devices of every status, ascending.
    pub fn device_ids(&self) -> Vec<i64> {
        self.with(|state| state.world.devices.keys().copied().collect())
    }

    /// The ids of the approved devices, ascending: those that the lists show.
    pub fn approved_device_ids(&self) -> Vec<i64> {
        self.devices_where(|device| device.status == Status::Approved)
    }

    /// The ids of the devices of a node class, ascending, of every status.
    pub fn devices_of_class(&self, class: &str) -> Vec<i64> {
        self.devices_where(|device| device.class == class)
    }

    /// The ids of the approved devices of an organization, ascending.
    pub fn devices_of_organization(&self, org: i64) -> Vec<i64> {
        self.devices_where(|device| device.org == org && device.status == Status::Approved)
    }

    fn devices_where(&self, wanted: impl Fn(&crate::device::Device) -> bool) -> Vec<i64> {
        self.with(|state| state.world.devices.values().filter(|d| wanted(d)).map(|d| d.id).collect())
    }

    /// All organizations, ascending by id.
    pub fn organizations(&self) -> Vec<(i64, String)> {
        self.with(|state| state.world.orgs.values().map(|org| (org.id, org.name.clone())).collect())
    }

    /// The locations of an organization.
    pub fn locations(&self, org: i64) -> Vec<(i64, String)> {
        self.with(|state| {
            let own = state.world.locations.values().filter(|location| location.org == org);
            own.map(|location| (location.id, location.name.clone())).collect()
        })
    }

    /// How many locations there are.
    pub fn location_count(&self) -> usize {
        self.with(|state| state.world.locations.len())
    }

    /// How many users there are, technicians and end users.
    pub fn user_count(&self) -> usize {
        self.with(|state| state.world.people.len())
    }

    /// How many devices there are, of every status.
    pub fn device_count(&self) -> usize {
        self.with(|state| state.world.devices.len())
    }

    /// How many devices the lists show.
    pub fn approved_device_count(&self) -> usize {
        self.approved_device_ids().len()
    }

    /// The long row of a device, as `/v2/device/{id}` answers it.
    pub fn device(&self, id: i64) -> Option<serde_json::Value> {
        let text = self.with(|state| {
            let mut out = String::new();
            render::detailed(&mut out, &state.world, state.world.devices.get(&id)?, Expand::default());
            Some(out)
        })?;
        serde_json::from_str(&text).ok()
    }

    /// The newest activity id, as `lastActivityId` shows it.
    pub fn last_activity_id(&self) -> i64 {
        self.with(|state| state.world.log.last_id())
    }

    /// Every request so far, token requests included, oldest first.
    pub fn requests(&self) -> Vec<RequestLog> {
        self.with(|state| state.log.clone())
    }

    /// How many requests there were so far, token requests included.
    pub fn request_count(&self) -> u64 {
        self.with(|state| state.log.len() as u64)
    }

    /// How many token requests there were so far.
    pub fn token_requests(&self) -> u64 {
        self.with(|state| state.token_requests)
    }

    /// Forgets the requests seen so far.
    pub fn reset_log(&self) {
        self.with(|state| {
            state.log.clear();
            state.token_requests = 0;
        });
    }
}
