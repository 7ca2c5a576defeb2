//! Device rows: the short one of `/v2/devices` and the long one of `/v2/devices-detailed` and `/v2/device/{id}`.

use crate::clock::{DAY, SECOND};
use crate::device::{Device, Family};
use crate::hardware;
use crate::json::{Obj, array};
use crate::network;
use crate::references::{Expand, write_references};
use crate::role;
use crate::world::World;

/// Writes a short row.
pub(crate) fn short(out: &mut String, world: &World, device: &Device, expand: Expand) {
    let mut obj = Obj::new(out);
    common(&mut obj, world, device);
    write_references(&mut obj, world, device, expand);
    obj.end();
}

/// Writes a long row.
pub(crate) fn detailed(out: &mut String, world: &World, device: &Device, expand: Expand) {
    let mut obj = Obj::new(out);
    common(&mut obj, world, device);
    let family = device.family();
    if family.has_agent() {
        obj.texts("tags", &tags(device).map(|n| role::TAGS[n]).collect::<Vec<_>>());
    }
    if family != Family::Cloud {
        obj.texts("ipAddresses", &network::addresses(device)).texts("macAddresses", &network::macs(device));
    }
    if family.has_agent() {
        obj.text("publicIP", &format!("203.0.113.{}", 1 + device.loc.unwrap_or(1) % 250));
    }
    match family {
        Family::VmHost => host_fields(&mut obj, device),
        _ if family.has_system() => agent_fields(&mut obj, device),
        _ => {}
    }
    write_references(&mut obj, world, device, expand);
    extras(&mut obj, device);
    obj.end();
}

/// The keys that both rows have.
fn common(obj: &mut Obj, world: &World, device: &Device) {
    obj.int("id", device.id).text_opt("uid", device.uid().as_deref());
    obj.text_opt("assignedOwnerUid", device.owner.map(|id| crate::people::uid(world, id)).as_deref());
    obj.int_opt("parentDeviceId", device.parent);
    obj.int("organizationId", device.org).int_opt("locationId", device.loc).text("nodeClass", &device.class);
    obj.int("nodeRoleId", device.role).int("rolePolicyId", role::policy_of(device.org, device.role));
    obj.int_opt("policyId", own_policy(device));
    obj.text("approvalStatus", device.status.word()).bool("offline", device.offline);
    obj.text_opt("displayName", device.display.as_deref()).text_opt("systemName", device.system.as_deref());
    if let Some(system) = &device.system {
        names(obj, device, system);
    }
    obj.time("created", device.created).time("lastContact", device.contact).time("lastUpdate", device.update);
    if device.rng(11).below(100) == 7 {
        let start = device.anchor - 3600 * SECOND;
        let mut window = Obj::new(obj.key("maintenance"));
        window.text("status", "IN_MAINTENANCE").time("start", start).time("end", start + DAY * SECOND);
        window.text("reasonMessage", "Planned work").end();
    }
}

/// DNS and NetBIOS names. NinjaOne: a full name for domain members, else the bare one; an address for VM hosts.
fn names(obj: &mut Obj, device: &Device, system: &str) {
    match (&device.domain, device.family()) {
        (Some(domain), _) => obj.text("dnsName", &format!("{system}.{domain}")),
        (None, Family::VmHost | Family::Network) => obj.text("dnsName", &network::ipv4(device)),
        _ => obj.text("dnsName", system),
    };
    if device.family() == Family::Windows && device.rng(12).chance(70) {
        obj.text("netbiosName", &system.chars().take(15).collect::<String>().to_uppercase());
    }
}

/// The policy set on the device itself, if any.
pub(crate) fn own_policy(device: &Device) -> Option<i64> {
    let mut rng = device.rng(13);
    rng.chance(6).then(|| rng.between(200, 260))
}

/// Which tags it carries, as places in [`role::TAGS`].
pub(crate) fn tags(device: &Device) -> impl Iterator<Item = usize> {
    let bits = device.rng(14).bits();
    (0..role::TAGS.len()).filter(move |n| (bits >> (n * 8)).is_multiple_of(13))
}

/// Operating system, system, memory, processors, volumes, last user.
fn agent_fields(obj: &mut Obj, device: &Device) {
    let mut os = Obj::new(obj.key("os"));
    hardware::write_os(device, &mut os);
    os.end();
    let mut system = Obj::new(obj.key("system"));
    hardware::write_system(device, &mut system);
    system.end();
    Obj::new(obj.key("memory")).int("capacity", hardware::memory(device)).end();
    if device.family().has_agent() {
        processors(obj, device);
        volumes(obj, device);
        obj.text_opt("lastLoggedInUser", hardware::last_user(device).map(|user| user.0).as_deref());
        obj.text("deviceType", "AgentDevice");
    }
}

/// NinjaOne: clock speeds are in hertz.
fn processors(obj: &mut Obj, device: &Device) {
    let mut rng = device.rng(15);
    let (hertz, cores) = (rng.between(18, 40) * 100_000_000, rng.between(1, 9) * 2);
    array(obj.key("processors"), &[()], |out, ()| {
        let mut cpu = Obj::new(out);
        cpu.text("architecture", "x64").int("maxClockSpeed", hertz).int("clockSpeed", hertz);
        cpu.text("name", "Intel(R) Core(TM) i7-1365U")
            .int("numCores", cores)
            .int("numLogicalCores", cores * 2);
        cpu.end();
    });
}

fn volumes(obj: &mut Obj, device: &Device) {
    let mut rng = device.rng(16);
    let windows = device.family() == Family::Windows;
    let letters: &[&str] = if device.is_server() && windows {
        &["C:", "D:"]
    } else if windows {
        &["C:"]
    } else {
        &["/"]
    };
    array(obj.key("volumes"), letters, |out, letter| {
        let capacity = rng.between(120, 2000) * 1_000_000_000;
        let mut volume = Obj::new(out);
        volume
            .int("nodeId", device.id)
            .text("name", letter)
            .text("label", "")
            .text("deviceType", "Local Disk");
        volume.text("fileSystem", if windows { "NTFS" } else { "ext4" });
        volume.bool("autoMount", false).bool("compressed", false).int("capacity", capacity);
        volume.int("freeSpace", capacity / 100 * rng.between(2, 90));
        volume.text("serialNumber", &format!("{:08X}", rng.bits() >> 32)).end();
    });
}

/// NinjaOne: a VM host has no `os` and `system`; its hardware keys are flat.
fn host_fields(obj: &mut Obj, device: &Device) {
    let (vendor, model) = hardware::make(device);
    obj.int("cpuMhz", 2195).text("cpuModel", "Intel(R) Xeon(R) Silver 4114 CPU @ 2.20GHz");
    obj.bool("htActive", true).bool("htAvailable", true).time("lastBootTime", hardware::booted(device));
    obj.int("memorySize", hardware::memory(device) * 4).text("model", model);
    obj.text_opt("name", device.system.as_deref()).int("cpuPackages", 2).int("cpuThreads", 40);
    obj.text_opt("serviceTag", device.serial.as_deref()).text("vendor", vendor);
    obj.text("releaseName", "VMware ESXi 8.0.1 build-21813344").text("version", "8.0.1");
    obj.text("buildNumber", "21813344").text("deviceType", "VMHost");
}

/// Keys that no document names, on a few rows. NinjaOne: such keys come and go.
fn extras(obj: &mut Obj, device: &Device) {
    if device.rng(17).chance(2) {
        obj.text("publicIPV6", &format!("2001:db8::{:x}", device.id)).raw("fields", "{}");
        obj.raw("patchRing", r#"{"name":"early","wave":2,"note":null}"#);
    }
}
