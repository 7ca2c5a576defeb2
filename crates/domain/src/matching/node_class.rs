//! Node classes to device types.

use super::normal::words;

/// Every known node class with its readable name and what else a device type for it may be called, closest first.
const CLASSES: &[(&str, &str, &[&str])] = &[
    ("WINDOWS_WORKSTATION", "Windows Workstation", WORKSTATION),
    ("WINDOWS_SERVER", "Windows Server", SERVER),
    ("MAC", "Mac", MAC),
    ("MAC_SERVER", "Mac Server", SERVER),
    ("LINUX_WORKSTATION", "Linux Workstation", WORKSTATION),
    ("LINUX_SERVER", "Linux Server", SERVER),
    (
        "ANDROID",
        "Android Device",
        &["Android", "Android Phone", "Mobile Phone", "Smartphone", "Mobile Device", "Mobile"],
    ),
    ("APPLE_IOS", "iPhone", &["Apple iOS", "iOS", "Mobile Phone", "Smartphone", "Mobile Device", "Mobile"]),
    (
        "APPLE_IPADOS",
        "iPad",
        &["Apple iPadOS", "iPadOS", "Tablet", "Tablet Computer", "Mobile Device", "Mobile"],
    ),
    (
        "VMWARE_VM_HOST",
        "VMware Host",
        &[
            "ESXi Host",
            "ESXi",
            "ESX Host",
            "VMware",
            "Virtual Host",
            "VM Host",
            "Virtualization Host",
            "Hypervisor",
        ],
    ),
    (
        "VMWARE_VM_GUEST",
        "VMware Virtual Machine",
        &["VMware Guest", "VMware VM", "Virtual Machine", "VM", "VM Guest", "Virtual Guest", "Guest"],
    ),
    (
        "HYPERV_VMM_HOST",
        "Hyper-V Host",
        &["Hyper-V", "Virtual Host", "VM Host", "Virtualization Host", "Hypervisor"],
    ),
    (
        "HYPERV_VMM_GUEST",
        "Hyper-V Virtual Machine",
        &["Hyper-V Guest", "Hyper-V VM", "Virtual Machine", "VM", "VM Guest", "Virtual Guest", "Guest"],
    ),
    (
        "CLOUD_MONITOR_TARGET",
        "Cloud Monitor",
        &["Cloud Monitor Target", "Website Monitor", "Monitor Target", "Cloud Monitoring", "Website"],
    ),
    ("NMS_SWITCH", "Network Switch", &["Switch", "Managed Switch", "Ethernet Switch", "LAN Switch"]),
    ("NMS_ROUTER", "Router", &["Network Router"]),
    ("NMS_FIREWALL", "Firewall", &["Network Firewall", "Security Appliance", "UTM"]),
    (
        "NMS_PRIVATE_NETWORK_GATEWAY",
        "Private Network Gateway",
        &["VPN Gateway", "Network Gateway", "Gateway", "VPN"],
    ),
    (
        "NMS_PRINTER",
        "Printer",
        &["Network Printer", "Printer/Scanner", "Multifunction Printer", "MFP", "Copier"],
    ),
    ("NMS_SCANNER", "Scanner", &["Network Scanner", "Document Scanner", "Printer/Scanner", "Printer"]),
    ("NMS_DIAL_MANAGER", "Dial Manager", &[]),
    (
        "NMS_WAP",
        "Wireless Access Point",
        &[
            "Access Point",
            "WAP",
            "AP",
            "WLAN Access Point",
            "Wi-Fi Access Point",
            "Wi-Fi AP",
            "Wireless AP",
            "WLAN AP",
        ],
    ),
    ("NMS_IPSLA", "IP SLA Monitor", &["IP SLA"]),
    ("NMS_COMPUTER", "Network Computer", WORKSTATION),
    (
        "NMS_VM_HOST",
        "Network Virtual Host",
        &["Virtual Host", "VM Host", "Virtualization Host", "Hypervisor"],
    ),
    ("NMS_APPLIANCE", "Network Appliance", &["Appliance"]),
    (
        "NMS_OTHER",
        "Other Network Device",
        &["Network Device", "Other", "Other Device", "Miscellaneous", "Unknown"],
    ),
    ("NMS_SERVER", "Network Server", SERVER),
    (
        "NMS_PHONE",
        "IP Phone",
        &["VoIP Phone", "Desk Phone", "SIP Phone", "Network Phone", "Phone", "Telephone"],
    ),
    (
        "NMS_VIRTUAL_MACHINE",
        "Network Virtual Machine",
        &["Virtual Machine", "VM", "VM Guest", "Virtual Guest", "Guest"],
    ),
    (
        "NMS_NETWORK_MANAGEMENT_AGENT",
        "Network Management Agent",
        &["Network Agent", "Network Probe", "Probe", "Agent"],
    ),
    (
        "UNMANAGED_DEVICE",
        "Unmanaged Device",
        &["Unmanaged", "Other", "Other Device", "Miscellaneous", "Unknown"],
    ),
    ("MANAGED_DEVICE", "Managed Device", &["Managed", "Other", "Other Device", "Miscellaneous", "Unknown"]),
];

const WORKSTATION: &[&str] = &[
    "Workstation",
    "Desktop",
    "Desktop Computer",
    "Desktop PC",
    "PC",
    "Computer",
    "Personal Computer",
    "Client",
    "Endpoint",
];
const SERVER: &[&str] = &["Server", "Physical Server", "Server Computer"];
const MAC: &[&str] = &[
    "macOS",
    "Apple Mac",
    "Mac Workstation",
    "macOS Workstation",
    "Mac Computer",
    "Workstation",
    "Desktop",
    "Desktop Computer",
    "PC",
    "Computer",
    "Personal Computer",
    "Client",
    "Endpoint",
];

/// The device type among `types` that a node class means, and why.
///
/// ```
/// use domain::matching::device_type_for;
///
/// let types = ["Servers", "Switch", "Workstation"];
/// assert_eq!(device_type_for("MAC", &types), Some((2, "Mac is a kind of Workstation".to_owned())));
/// assert_eq!(device_type_for("NMS_SWITCH", &types).map(|(index, _)| index), Some(1));
/// assert_eq!(device_type_for("LINUX_SERVER", &types).map(|(index, _)| index), Some(0));
/// assert_eq!(device_type_for("NMS_PRINTER", &types), None);
/// ```
pub fn device_type_for(node_class: &str, types: &[&str]) -> Option<(usize, String)> {
    let readable = device_type_name(node_class);
    let types_keys: Vec<String> = types.iter().map(|t| key(t)).collect();
    let find = |name: &str| {
        let wanted = key(name);
        types_keys.iter().position(|k| *k == wanted && !k.is_empty())
    };
    let own = [readable.as_str(), node_class, node_class.strip_prefix("NMS_").unwrap_or(node_class)];
    if let Some(index) = own.into_iter().find_map(find) {
        return Some((index, "Same name".to_owned()));
    }
    let others = known(node_class).map_or(&[][..], |(_, _, others)| others);
    let index = others.iter().copied().find_map(find)?;
    Some((index, format!("{readable} is a kind of {}", types[index])))
}

/// A readable name for a device type made from a node class.
///
/// ```
/// use domain::matching::device_type_name;
///
/// assert_eq!(device_type_name("HYPERV_VMM_GUEST"), "Hyper-V Virtual Machine");
/// assert_eq!(device_type_name("QUANTUM_TOASTER"), "Quantum Toaster");
/// ```
pub fn device_type_name(node_class: &str) -> String {
    if let Some((_, name, _)) = known(node_class) {
        return (*name).to_owned();
    }
    let named = node_class.strip_prefix("NMS_").filter(|rest| !rest.is_empty()).unwrap_or(node_class);
    let words: Vec<String> = named
        .split(|c: char| c == '_' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(capitalized)
        .collect();
    if words.is_empty() { "Other".to_owned() } else { words.join(" ") }
}

fn known(node_class: &str) -> Option<&'static (&'static str, &'static str, &'static [&'static str])> {
    CLASSES.iter().find(|(class, _, _)| class.eq_ignore_ascii_case(node_class.trim()))
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    first + &chars.as_str().to_lowercase()
}

/// What names of device types are compared by: no case, accents, punctuation, spaces or plural.
fn key(name: &str) -> String {
    words(&name.replace('_', " ")).iter().map(|w| singular(w)).collect()
}

fn singular(word: &str) -> &str {
    if word.ends_with("ches") {
        return &word[..word.len() - 2];
    }
    match word.strip_suffix('s') {
        Some(one) if word.len() > 3 && !one.ends_with(['s', 'o', 'u', 'i']) => one,
        Some(one) if word == "vms" || word == "pcs" || word == "aps" => one,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::DEFAULT_DEVICE_TYPES;

    fn meant(class: &str, types: &[&'static str]) -> Option<&'static str> {
        device_type_for(class, types).map(|(index, _)| types[index])
    }

    #[test]
    fn maps_every_class_to_the_default_types() {
        let expected = [
            ("WINDOWS_WORKSTATION", Some("Workstation")),
            ("WINDOWS_SERVER", Some("Server")),
            ("MAC", Some("Workstation")),
            ("MAC_SERVER", Some("Server")),
            ("LINUX_WORKSTATION", Some("Workstation")),
            ("LINUX_SERVER", Some("Server")),
            ("ANDROID", Some("Mobile Phone")),
            ("APPLE_IOS", Some("Mobile Phone")),
            ("APPLE_IPADOS", Some("Tablet")),
            ("VMWARE_VM_HOST", Some("Virtual Host")),
            ("VMWARE_VM_GUEST", Some("Virtual Machine")),
            ("HYPERV_VMM_HOST", Some("Virtual Host")),
            ("HYPERV_VMM_GUEST", Some("Virtual Machine")),
            ("CLOUD_MONITOR_TARGET", Some("Cloud Monitor")),
            ("NMS_SWITCH", Some("Network Switch")),
            ("NMS_ROUTER", Some("Router")),
            ("NMS_FIREWALL", Some("Firewall")),
            ("NMS_PRIVATE_NETWORK_GATEWAY", None),
            ("NMS_PRINTER", Some("Printer")),
            ("NMS_SCANNER", Some("Printer")),
            ("NMS_DIAL_MANAGER", None),
            ("NMS_WAP", Some("Wireless Access Point")),
            ("NMS_IPSLA", None),
            ("NMS_COMPUTER", Some("Workstation")),
            ("NMS_VM_HOST", Some("Virtual Host")),
            ("NMS_APPLIANCE", None),
            ("NMS_OTHER", Some("Other")),
            ("NMS_SERVER", Some("Server")),
            ("NMS_PHONE", None),
            ("NMS_VIRTUAL_MACHINE", Some("Virtual Machine")),
            ("NMS_NETWORK_MANAGEMENT_AGENT", None),
            ("UNMANAGED_DEVICE", Some("Other")),
            ("MANAGED_DEVICE", Some("Other")),
        ];
        assert_eq!(expected.len(), CLASSES.len());
        for (class, wanted) in expected {
            assert_eq!(meant(class, DEFAULT_DEVICE_TYPES), wanted, "{class}");
        }
    }

    #[test]
    fn prefers_the_closest_name() {
        assert_eq!(
            meant("WINDOWS_WORKSTATION", &["Computers", "windows workstations"]),
            Some("windows workstations")
        );
        assert_eq!(meant("WINDOWS_WORKSTATION", &["Computers", "Work-Stations"]), Some("Work-Stations"));
        assert_eq!(meant("WINDOWS_WORKSTATION", &["PCs"]), Some("PCs"));
        assert_eq!(meant("NMS_SWITCH", &["Switches"]), Some("Switches"));
        assert_eq!(meant("NMS_WAP", &["WiFi AP"]), Some("WiFi AP"));
        assert_eq!(meant("QUANTUM_TOASTER", &["Quantum Toasters"]), Some("Quantum Toasters"));
        assert_eq!(meant("QUANTUM_TOASTER", &["Other"]), None);
        assert_eq!(meant("NMS_PHONE", &["Mobile Phone"]), None);
        assert_eq!(meant("", &["", "Other"]), Some("Other"));
    }

    #[test]
    fn every_readable_name_finds_itself() {
        for (class, name, _) in CLASSES {
            assert_eq!(device_type_name(class), *name);
            assert_eq!(
                device_type_for(class, &["Nothing", name]),
                Some((1, "Same name".to_owned())),
                "{class}"
            );
        }
        assert_eq!(device_type_name("NMS_QUANTUM_LINK"), "Quantum Link");
        assert_eq!(device_type_name("__"), "Other");
    }
}
