//! What follows from a device's salt: hardware, operating system, addresses, interfaces.

use crate::clock::{DAY, SECOND};
use crate::device::{Device, Family};
use crate::json::Obj;

/// Manufacturer and model.
pub(crate) fn make(device: &Device) -> (&'static str, &'static str) {
    const LAPTOPS: [(&str, &str); 5] = [
        ("Dell Inc.", "Latitude 5440"),
        ("LENOVO", "ThinkPad T14 Gen 4"),
        ("HP", "HP EliteBook 840 G9"),
        ("Microsoft Corporation", "Surface Laptop 5"),
        ("ASUSTeK COMPUTER INC.", "ExpertBook B1400"),
    ];
    const DESKTOPS: [(&str, &str); 4] = [
        ("Dell Inc.", "OptiPlex 7010"),
        ("HP", "HP ProDesk 400 G9"),
        ("LENOVO", "ThinkCentre M75q"),
        ("Gigabyte Technology Co., Ltd.", "B550M DS3H"),
    ];
    const SERVERS: [(&str, &str); 3] =
        [("Dell Inc.", "PowerEdge R650"), ("HPE", "ProLiant DL380 Gen10"), ("Supermicro", "SYS-1029P")];
    const VIRTUAL: [(&str, &str); 2] =
        [("Microsoft Corporation", "Virtual Machine"), ("VMware, Inc.", "VMware7,1")];
    let mut rng = device.rng(2);
    match device.family() {
        Family::Mac => *rng.pick(&[
            ("Apple Inc.", "MacBookPro18,3"),
            ("Apple Inc.", "Mac14,2"),
            ("Apple Inc.", "iMac21,1"),
        ]),
        Family::Mobile if &*device.class == "ANDROID" => {
            *rng.pick(&[("samsung", "SM-S911B"), ("Google", "Pixel 8")])
        }
        Family::Mobile => ("Apple", "iPhone15,2"),
        Family::Unknown => ("Quantum Kitchens", "QT-1000"),
        Family::VmHost => *rng.pick(&SERVERS),
        _ if device.virtual_machine => *rng.pick(&VIRTUAL),
        _ if device.is_server() => *rng.pick(&SERVERS),
        _ if device.is_laptop() => *rng.pick(&LAPTOPS),
        _ => *rng.pick(&DESKTOPS),
    }
}

/// Memory in bytes.
pub(crate) fn memory(device: &Device) -> i64 {
    let gigabytes = if device.is_server() { [16, 32, 64, 128] } else { [8, 16, 16, 32] };
    *device.rng(3).pick(&gigabytes) * 1_073_741_824 - 268_435_456
}

/// When it last booted, in microseconds.
pub(crate) fn booted(device: &Device) -> i64 {
    (device.anchor - device.rng(4).between(600, 40 * DAY) * SECOND) / SECOND * SECOND
}

/// Writes the keys of an operating system.
pub(crate) fn write_os(device: &Device, obj: &mut Obj) {
    let mut rng = device.rng(5);
    let (maker, name, build, release) = match (device.family(), &*device.class) {
        (_, "WINDOWS_SERVER") => *rng.pick(&[
            ("Microsoft Corporation", "Windows Server 2022 Standard Edition", "20348", "21H2"),
            ("Microsoft Corporation", "Windows Server 2019 Standard Edition", "17763", "1809"),
            ("Microsoft Corporation", "Windows Server 2025 Datacenter Edition", "26100", "24H2"),
        ]),
        (Family::Windows, _) => *rng.pick(&[
            ("Microsoft Corporation", "Windows 11 Professional Edition", "26100", "24H2"),
            ("Microsoft Corporation", "Windows 11 Professional Edition", "22631", "23H2"),
            ("Microsoft Corporation", "Windows 10 Professional Edition", "19045", "22H2"),
        ]),
        (Family::Mac, _) => {
            *rng.pick(&[("Apple", "macOS 15.1", "24B83", ""), ("Apple", "macOS 14.7", "23H124", "")])
        }
        (Family::Linux, _) => *rng.pick(&[
            ("Canonical", "Ubuntu 24.04.1 LTS", "6.8.0-45", ""),
            ("Debian", "Debian GNU/Linux 12", "6.1.0-26", ""),
        ]),
        (_, "ANDROID") => ("Google", "Android 15", "AP3A.240905", ""),
        (Family::Mobile, _) => ("Apple", "iOS 18.1", "22B83", ""),
        _ => ("Quantum Kitchens", "ToastOS 3", "3.1", ""),
    };
    let windows = device.family() == Family::Windows;
    let arm = matches!(device.family(), Family::Mac | Family::Mobile);
    obj.text("manufacturer", maker)
        .text("name", name)
        .text("architecture", if arm { "arm64" } else { "64-bit" });
    obj.time("lastBootTime", booted(device)).text("buildNumber", build);
    if windows {
        obj.text("releaseId", release).int("servicePackMajorVersion", 0).int("servicePackMinorVersion", 0);
        obj.text("locale", if rng.chance(70) { "en-GB" } else { "de-DE" }).text("language", "English");
    }
    obj.bool("needsReboot", rng.chance(10));
}

/// Writes the keys of a computer system.
pub(crate) fn write_system(device: &Device, obj: &mut Obj) {
    let mut rng = device.rng(6);
    let (maker, model) = make(device);
    obj.text_opt("name", device.system.as_deref()).text("manufacturer", maker).text("model", model);
    obj.text_opt("biosSerialNumber", device.bios.as_deref())
        .text_opt("serialNumber", device.serial.as_deref());
    if device.family() == Family::Windows {
        let member = device.domain.is_some();
        let kind = if device.is_server() { "Server" } else { "Workstation" };
        obj.text("domain", &netbios_domain(device));
        obj.text("domainRole", &format!("{} {kind}", if member { "Member" } else { "Standalone" }));
    }
    let processors = if device.is_server() { rng.between(1, 3) } else { 1 };
    obj.int("numberOfProcessors", processors).int("totalPhysicalMemory", memory(device));
    obj.bool("virtualMachine", device.virtual_machine).text("chassisType", chassis(device));
}

/// Chassis type. NinjaOne: a virtual machine shows "DESKTOP" or "UNKNOWN".
fn chassis(device: &Device) -> &'static str {
    match device.family() {
        _ if device.is_laptop() => "LAPTOP",
        Family::Mobile => "MOBILE",
        Family::Linux | Family::Unknown => "UNKNOWN",
        _ => "DESKTOP",
    }
}

/// The short name of the Windows domain, or the work group.
pub(crate) fn netbios_domain(device: &Device) -> String {
    let first = device.domain.as_deref().and_then(|domain| domain.split('.').next());
    first.map_or_else(|| "WORKGROUP".into(), |name| name.chars().take(15).collect::<String>().to_uppercase())
}

/// The user who logged on last, and when (microseconds). Absent on a tenth of the devices with an agent.
pub(crate) fn last_user(device: &Device) -> Option<(String, i64)> {
    let mut rng = device.rng(9);
    if !device.family().has_agent() || rng.chance(10) {
        return None;
    }
    let (first, last) = crate::names::person(&mut rng);
    let name = format!("{}{}", &crate::names::ascii(first)[..1], crate::names::ascii(last));
    let name = match (&device.domain, device.family()) {
        (Some(_), _) => format!("{}\\{name}", netbios_domain(device)),
        (None, Family::Windows) => format!("{}\\{name}", device.system.as_deref().unwrap_or("PC")),
        _ => name,
    };
    Some((name, device.anchor - rng.between(60, 5 * DAY) * SECOND))
}
