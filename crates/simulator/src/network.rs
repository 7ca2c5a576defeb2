//! Addresses and network interfaces, which follow from a device's salt.

use crate::device::{Device, Family};
use crate::json::{Obj, array};

/// Its IPv4 address.
pub(crate) fn ipv4(device: &Device) -> String {
    let (a, b) = device.subnet;
    format!("10.{a}.{b}.{}", 2 + device.id % 250)
}

/// All addresses. NinjaOne: IPv4 and link-local IPv6 are mixed.
pub(crate) fn addresses(device: &Device) -> Vec<String> {
    let mut rng = device.rng(7);
    let mut all = vec![ipv4(device)];
    if device.family() != Family::Network && rng.chance(50) {
        let n = rng.bits();
        all.push(format!(
            "fe80::{:x}:{:x}ff:fe{:02x}:{:x}",
            n >> 48,
            (n >> 40) & 0xFF,
            (n >> 32) & 0xFF,
            n & 0xFFFF
        ));
    }
    if device.is_laptop() && rng.chance(30) {
        all.push(format!("192.168.{}.{}", rng.between(0, 3), rng.between(2, 250)));
    }
    all
}

/// All MAC addresses. NinjaOne: upper case from agents, lower case and repeated from VM hosts; a docking station's
/// address shows on every machine that ever stood in it.
pub(crate) fn macs(device: &Device) -> Vec<String> {
    let mut rng = device.rng(8);
    let vendor = *rng.pick(&["00:15:5D", "D0:67:26", "A4:BB:6D", "00:1B:54", "3C:52:82"]);
    let n = rng.bits();
    let one = |n: u64| format!("{vendor}:{:02X}:{:02X}:{:02X}", (n >> 16) & 0xFF, (n >> 8) & 0xFF, n & 0xFF);
    let mut all = vec![one(n)];
    if rng.chance(35) {
        all.push(one(n + 1));
    }
    if device.is_laptop() && rng.chance(10) {
        all.push(format!("00:50:B6:00:00:{:02X}", device.org % 16));
    }
    if device.family() == Family::VmHost {
        all.push(all[0].clone());
        return all.iter().map(|mac| mac.to_lowercase()).collect();
    }
    if rng.chance(8) {
        all.push(all[0].clone());
    }
    all
}

/// Writes the rows of its network interfaces; `device_id` adds the key that reports have.
/// NinjaOne: every scalar is a string, also numbers.
pub(crate) fn interfaces(device: &Device, device_id: bool, mut row: impl FnMut(&dyn Fn(&mut String))) {
    let macs = macs(device);
    let addresses = addresses(device);
    let (a, b) = device.subnet;
    for (index, mac) in macs.iter().enumerate() {
        row(&|out| {
            let mut obj = Obj::new(out);
            obj.text(
                "adapterName",
                if index == 0 { "Intel(R) Ethernet Connection I219-LM" } else { "Intel(R) Wi-Fi 6 AX201" },
            );
            if index == 0 {
                obj.text("defaultGateway", &format!("10.{a}.{b}.1"));
            }
            obj.text("interfaceType", "Ethernet").text_opt("dnsHostName", device.system.as_deref());
            obj.text("dnsServers", &format!("10.{a}.{b}.10, 10.{a}.{b}.11"));
            obj.text("interfaceIndex", &(6 + index * 5).to_string())
                .text("interfaceName", &format!("Ethernet {index}"));
            array(obj.key("ipAddress"), if index == 0 { &addresses } else { &[] }, |out, ip| {
                crate::json::text(out, ip)
            });
            obj.text("linkSpeed", "1000000000")
                .texts("macAddress", std::slice::from_ref(mac))
                .text("mtu", "1500");
            obj.text("status", if index == 0 { "UP" } else { "DOWN" }).text("subnetMask", "255.255.255.0");
            if device_id {
                obj.int("deviceId", device.id);
            }
            obj.end();
        });
    }
}

/// Whether it has interfaces to report.
pub(crate) fn has_interfaces(device: &Device) -> bool {
    device.family().has_agent()
}
