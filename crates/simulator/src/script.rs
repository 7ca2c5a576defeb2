//! Change scripts: what happens to a fleet between two syncs. All of them are deterministic, write to the activity
//! log as NinjaOne would, and say what they did (`false`: there is no such thing).

use crate::class::class_of;
use crate::clock::SECOND;
use crate::control::Control;
use crate::device::{Device, Status};
use crate::maker::Maker;
use crate::rng::Rng;
use crate::role::default_role;
use crate::world::World;

impl Control {
    pub(crate) fn world<R>(&self, run: impl FnOnce(&mut World) -> R) -> R {
        self.with(|state| {
            state.forget_pages();
            run(&mut state.world)
        })
    }

    /// Adds approved devices of the usual kinds to organizations that have locations; gives their ids.
    pub fn add_devices(&self, n: u32) -> Vec<i64> {
        self.world(|world| {
            let orgs: Vec<i64> =
                world.orgs.values().filter(|o| !o.locations.is_empty()).map(|o| o.id).collect();
            let mut rng = Rng::aspect(world.spec.seed, world.next.device as u64);
            if orgs.is_empty() {
                return Vec::new();
            }
            let add = |_| {
                let (org, class) = (*rng.pick(&orgs), class_of(1000, 0, &mut rng));
                enrol(world, org, class.into())
            };
            (0..n).filter_map(add).collect()
        })
    }

    /// Adds one approved device of a class to an organization; gives its id, 0 when there is no such organization.
    pub fn add_device(&self, org: i64, class: &str) -> i64 {
        self.world(|world| enrol(world, org, class.to_owned().into()).unwrap_or(0))
    }

    /// Deletes a device.
    pub fn delete_device(&self, id: i64) -> bool {
        self.world(|world| delete(world, id))
    }

    /// Moves a device to a location of (mostly) another organization; its id stays.
    pub fn move_device(&self, id: i64, org: i64, loc: i64) -> bool {
        self.change(id, |device| {
            device.parent = device.parent.filter(|_| device.org == org);
            (device.org, device.loc) = (org, Some(loc));
        })
    }

    /// Gives a device another display name.
    pub fn rename_device(&self, id: i64, name: &str) -> bool {
        self.change(id, |device| device.display = Some(name.to_owned()))
    }

    /// Installs the agent anew: another id and uid, the same machine and serial. Gives the new id, 0 when there is
    /// no such device.
    pub fn reenroll_device(&self, id: i64) -> i64 {
        self.world(|world| {
            let Some(mut device) = world.remove_device(id) else { return 0 };
            device.id = world.next.device;
            world.next.device += 1;
            let (new, label) = (device.id, device.label());
            (device.created, device.contact, device.update) = (world.now, world.now, world.now);
            device.status = Status::Approved;
            device.offline = false;
            world.insert_device(device);
            world.record("NODE_RE_ENROLLED", Some(new), format!("Device '{label}' re-enrolled."));
            new
        })
    }

    /// Decommissions a device: the record stays, the lists hide it.
    pub fn decommission_device(&self, id: i64) -> bool {
        self.change(id, |device| {
            device.status = Status::Decommissioned;
            device.offline = true;
        })
    }

    /// Approves a device that waits for it.
    pub fn approve_device(&self, id: i64) -> bool {
        self.world(|world| {
            let Some(device) = world.devices.get_mut(&id) else { return false };
            device.status = Status::Approved;
            let label = device.label();
            world.record("NODE_MANUALLY_APPROVED", Some(id), format!("Device '{label}' approved."));
            true
        })
    }

    /// Changes the node class, and the role to the default of the new class.
    pub fn set_device_class(&self, id: i64, class: &str) -> bool {
        self.change(id, |device| {
            device.class = class.to_owned().into();
            device.role = default_role(class);
        })
    }

    /// Changes the serial number and the BIOS serial number.
    pub fn set_serial(&self, id: i64, serial: Option<&str>) -> bool {
        self.change(id, |device| {
            device.serial = serial.map(str::to_owned);
            device.bios = serial.map(str::to_owned);
        })
    }

    /// Five minutes pass, and 85% of the devices that are online report. Gives how many did.
    pub fn heartbeat(&self) -> usize {
        self.world(|world| {
            world.tick(300);
            let now = world.now;
            let mut reported = 0;
            for device in world.devices.values_mut().filter(|device| !device.offline) {
                let mut rng = device.rng(now as u64);
                if rng.chance(85) {
                    device.contact = now - rng.between(0, 240_000) * 1000;
                    device.update = if rng.chance(60) { device.contact } else { device.update };
                    reported += 1;
                }
            }
            reported
        })
    }

    /// Takes a device on or off line; coming on line is a contact.
    pub fn set_online(&self, id: i64, online: bool) -> bool {
        self.world(|world| {
            let now = world.now;
            let Some(device) = world.devices.get_mut(&id) else { return false };
            device.offline = !online;
            if online {
                (device.contact, device.update) = (now, now);
            }
            true
        })
    }

    /// Mass disappearance: a share of the devices (0 to 1, evenly spread) stays, the others are out of sight without
    /// a line in the activity log, as after a change of permissions. Gives how many are gone.
    pub fn keep_devices(&self, share: f64) -> usize {
        self.world(|world| {
            let kept_before = |index: usize| (index as f64 * share + 1e-9).floor() as usize;
            let ids: Vec<i64> = world.devices.keys().copied().collect();
            let gone: Vec<i64> = ids
                .into_iter()
                .enumerate()
                .filter(|(index, _)| kept_before(index + 1) == kept_before(*index))
                .map(|(_, id)| id)
                .collect();
            gone.iter().for_each(|id| drop(world.remove_device(*id)));
            gone.len()
        })
    }

    /// Changes a device and writes `NODE_UPDATED`.
    fn change(&self, id: i64, change: impl FnOnce(&mut Device)) -> bool {
        self.world(|world| {
            let Some(device) = world.devices.get_mut(&id) else { return false };
            change(device);
            let label = device.label();
            world.record("NODE_UPDATED", Some(id), format!("Device '{label}' updated."));
            true
        })
    }
}

/// Adds an approved device that has just reported for the first time.
fn enrol(world: &mut World, org: i64, class: std::borrow::Cow<'static, str>) -> Option<i64> {
    let org = world.orgs.get(&org)?.clone();
    let mut device = Maker::new(world).device(world, &org, class, Status::Approved);
    let (id, label, now) = (device.id, device.label(), world.now / SECOND * SECOND);
    device.offline = false;
    (device.anchor, device.created, device.contact, device.update) = (now, now, now, now);
    world.insert_device(device);
    world.record("NODE_CREATED", Some(id), format!("Device '{label}' created."));
    Some(id)
}

/// Deletes a device; backup reports can still name it.
pub(crate) fn delete(world: &mut World, id: i64) -> bool {
    let Some(device) = world.remove_device(id) else { return false };
    let label = device.label();
    world.deleted.insert(id, device);
    world.record("NODE_DELETED", Some(id), format!("Device '{label}' deleted."));
    true
}
