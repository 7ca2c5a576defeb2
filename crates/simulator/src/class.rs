//! Which node classes a fleet is mixed from.

use crate::rng::Rng;

/// A class that no documentation knows; larger fleets have one in a thousand. NinjaOne: the list has grown before.
pub(crate) const UNKNOWN_CLASS: &str = "QUANTUM_TOASTER";

/// How many of a thousand devices are of a class.
const MIX: &[(&str, u64)] = &[
    ("WINDOWS_WORKSTATION", 620),
    ("WINDOWS_SERVER", 120),
    ("MAC", 80),
    ("LINUX_SERVER", 30),
    ("LINUX_WORKSTATION", 20),
    ("NMS_SWITCH", 25),
    ("NMS_PRINTER", 20),
    ("NMS_FIREWALL", 15),
    ("NMS_WAP", 15),
    ("NMS_ROUTER", 8),
    ("VMWARE_VM_HOST", 12),
    ("VMWARE_VM_GUEST", 8),
    ("CLOUD_MONITOR_TARGET", 12),
    ("ANDROID", 8),
    ("APPLE_IOS", 7),
];

/// What the first devices of any fleet of twenty and more are, so that every kind is there.
const OPENING: [&str; 16] = [
    "WINDOWS_SERVER",
    "WINDOWS_WORKSTATION",
    "WINDOWS_WORKSTATION",
    "MAC",
    "VMWARE_VM_HOST",
    "NMS_SWITCH",
    "WINDOWS_WORKSTATION",
    "LINUX_SERVER",
    "NMS_PRINTER",
    "NMS_FIREWALL",
    "CLOUD_MONITOR_TARGET",
    "VMWARE_VM_GUEST",
    "LINUX_WORKSTATION",
    "NMS_WAP",
    "ANDROID",
    "NMS_ROUTER",
];

/// The class of device number `index` of `total`.
pub(crate) fn class_of(index: u32, total: u32, rng: &mut Rng) -> &'static str {
    if total >= 100 && index % 1000 == 42 {
        return UNKNOWN_CLASS;
    }
    if total >= 20
        && let Some(class) = OPENING.get(index as usize)
    {
        return class;
    }
    let mut number = rng.below(1000);
    for (class, share) in MIX {
        if number < *share {
            return class;
        }
        number -= share;
    }
    "WINDOWS_WORKSTATION"
}
