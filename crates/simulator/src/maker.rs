//! Makes one device after the other: class, names, serials, times.

use crate::clock::{DAY, SECOND};
use crate::device::{Device, Family, Status};
use crate::names;
use crate::rng::{Rng, mix};
use crate::role::default_role;
use crate::serial::{identify, token};
use crate::world::{Org, World};
use std::borrow::Cow;

/// Makes devices with ascending ids.
pub(crate) struct Maker {
    seed: u64,
    now: i64,
}

impl Maker {
    /// For the fleet as it is now.
    pub fn new(world: &World) -> Self {
        Self { seed: world.spec.seed, now: world.now }
    }

    /// A device for an organization; takes the next free id.
    pub fn device(&self, world: &mut World, org: &Org, class: Cow<'static, str>, status: Status) -> Device {
        let id = world.next.device;
        let salt = mix(self.seed.wrapping_mul(0x1000_0001) ^ id as u64);
        let rng = &mut Rng::new(salt);
        world.next.device += rng.between(1, 4);
        let family = Family::of(&class);
        let mut device = blank(id, salt, org, class, status);
        place(&mut device, org, rng);
        name(&mut device, org, family, rng);
        identify(&mut device, org, family, rng);
        own(&mut device, org, family, rng);
        self.date(&mut device, rng);
        device
    }

    /// Creation and contacts. Server times are in milliseconds, creation in microseconds.
    fn date(&self, device: &mut Device, rng: &mut Rng) {
        let dead = device.status == Status::Decommissioned;
        let offline = if device.is_server() { 3 } else { 18 };
        device.offline = dead || rng.chance(offline);
        let age = if device.status == Status::Pending {
            rng.between(3600, 5 * DAY)
        } else {
            rng.between(130 * DAY, 2000 * DAY)
        };
        device.created = self.now - age * SECOND + rng.between(0, SECOND);
        let silence = match (dead, device.offline) {
            (true, _) => rng.between(60 * DAY, 120 * DAY),
            (_, true) if rng.chance(20) => rng.between(3 * DAY, 90 * DAY),
            (_, true) => rng.between(3600, 3 * DAY),
            _ => rng.between(1, 600),
        };
        let contact = self.now - silence * SECOND + rng.between(0, 1000) * 1000;
        device.contact = contact.max(device.created);
        let late = if rng.chance(60) { 0 } else { rng.between(1, 1200) * SECOND };
        device.update = device.contact - late;
        device.anchor = device.contact;
    }
}

fn blank(id: i64, salt: u64, org: &Org, class: Cow<'static, str>, status: Status) -> Device {
    Device {
        id,
        salt,
        org: org.id,
        loc: None,
        parent: None,
        role: default_role(&class),
        class,
        status,
        offline: false,
        display: None,
        system: None,
        domain: None,
        serial: None,
        bios: None,
        virtual_machine: false,
        subnet: (0, 0),
        owner: None,
        anchor: 0,
        created: 0,
        contact: 0,
        update: 0,
    }
}

fn place(device: &mut Device, org: &Org, rng: &mut Rng) {
    device.loc = match org.locations.first() {
        Some(first) if rng.chance(60) => Some(*first),
        Some(_) => Some(*rng.pick(&org.locations)),
        None => None,
    };
    device.subnet = (org.id as u8, device.loc.unwrap_or(1) as u8);
    device.role = match &*device.class {
        "WINDOWS_WORKSTATION" if rng.chance(55) => 202,
        "MAC" if rng.chance(75) => 205,
        "WINDOWS_SERVER" if rng.chance(12) => 1002,
        _ => device.role,
    };
    device.parent = match device.family() {
        Family::Network => org.agent,
        Family::VmGuest => org.vm_host,
        Family::VmHost => org.agent,
        _ => None,
    };
    device.virtual_machine = match device.family() {
        Family::VmGuest => true,
        Family::Windows | Family::Linux if device.is_server() => rng.chance(65),
        Family::Windows => rng.chance(4),
        _ => false,
    };
}

/// Names. NinjaOne: about 40% of rows have no `displayName`; a Mac may be called "Mac.lan".
fn name(device: &mut Device, org: &Org, family: Family, rng: &mut Rng) {
    let (code, n) = (&org.code, device.id);
    let system = match family {
        Family::Windows if device.is_server() => {
            format!("{code}-{}-{n:03}", rng.pick(&["SRV", "DC", "RDS", "SQL", "FS", "APP"]))
        }
        Family::Windows if rng.chance(15) => format!("DESKTOP-{}", token(rng, 7)),
        Family::Windows => format!("{code}-{}-{n:03}", if device.is_laptop() { "LT" } else { "PC" }),
        Family::Mac if rng.chance(20) => "Mac.lan".to_owned(),
        Family::Mac => format!("{}s-MacBook-{n}.local", names::person(rng).0),
        Family::Linux => format!("{}-{n}", rng.pick(&["web", "db", "build", "proxy", "ubuntu"])),
        Family::Mobile => format!("{}s-Phone", names::person(rng).0),
        Family::VmHost => format!("esx{n:02}.{}", org.domain),
        Family::VmGuest => format!("{}-vm-{n}", code.to_lowercase()),
        Family::Network => format!("{}-{n}", network_prefix(&device.class)),
        Family::Cloud => format!("{}.{}", rng.pick(&["www", "mail", "portal", "vpn"]), org.domain),
        Family::Unknown => format!("toaster-{n}"),
    };
    let fixed = matches!(family, Family::VmHost | Family::Network | Family::Cloud | Family::VmGuest);
    device.display = match family {
        Family::VmHost => Some(format!("10.{}.{}.250", device.subnet.0, device.subnet.1)),
        _ if fixed => Some(system.clone()),
        _ => rng.chance(55).then(|| names::display(rng, &system, device.is_server())),
    };
    let member = family == Family::Windows && rng.chance(if device.is_server() { 90 } else { 55 });
    device.domain = member.then(|| org.domain.clone());
    device.system = (family != Family::Cloud).then_some(system);
}

fn network_prefix(class: &str) -> &'static str {
    match class {
        "NMS_SWITCH" => "sw-core",
        "NMS_ROUTER" => "rt-edge",
        "NMS_FIREWALL" => "fw",
        "NMS_PRINTER" => "prn",
        "NMS_WAP" => "ap",
        _ => "net",
    }
}

fn own(device: &mut Device, org: &Org, family: Family, rng: &mut Rng) {
    let personal = matches!(family, Family::Windows | Family::Mac | Family::Mobile) && !device.is_server();
    if personal && !org.people.is_empty() && rng.chance(45) {
        device.owner = Some(*rng.pick(&org.people));
    }
}
