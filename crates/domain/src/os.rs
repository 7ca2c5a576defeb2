//! Operating systems in families.

words! {
    /// What kind of operating system a device runs.
    pub enum OsFamily {
        Windows = "windows",
        WindowsServer = "windows_server",
        MacOs = "macos",
        Linux = "linux",
        ChromeOs = "chromeos",
        /// iOS and iPadOS.
        Ios = "ios",
        Android = "android",
        /// A host of virtual machines.
        Hypervisor = "hypervisor",
        /// Switches, routers, printers and what else the vendor only watches over the network.
        Network = "network",
        Other = "other",
    }
}

/// What the name of an operating system holds, in the order in which it is asked.
const NAMES: &[(&str, OsFamily)] = &[
    ("chrome os", OsFamily::ChromeOs),
    ("chromeos", OsFamily::ChromeOs),
    ("ipados", OsFamily::Ios),
    ("iphone os", OsFamily::Ios),
    ("android", OsFamily::Android),
    ("macos", OsFamily::MacOs),
    ("mac os", OsFamily::MacOs),
    ("os x", OsFamily::MacOs),
    ("esx", OsFamily::Hypervisor),
    ("proxmox", OsFamily::Hypervisor),
    ("xenserver", OsFamily::Hypervisor),
    ("linux", OsFamily::Linux),
    ("ubuntu", OsFamily::Linux),
    ("debian", OsFamily::Linux),
    ("centos", OsFamily::Linux),
    ("red hat", OsFamily::Linux),
    ("rhel", OsFamily::Linux),
    ("fedora", OsFamily::Linux),
    ("suse", OsFamily::Linux),
    ("raspbian", OsFamily::Linux),
];

/// How the vendor's node class begins, for a device whose operating system tells nothing.
const CLASSES: &[(&str, OsFamily)] = &[
    ("WINDOWS_SERVER", OsFamily::WindowsServer),
    ("WINDOWS", OsFamily::Windows),
    ("MAC", OsFamily::MacOs),
    ("LINUX", OsFamily::Linux),
    ("ANDROID", OsFamily::Android),
    ("APPLE_I", OsFamily::Ios),
    ("VMWARE_VM_HOST", OsFamily::Hypervisor),
    ("HYPERV_VMM_HOST", OsFamily::Hypervisor),
    ("NMS", OsFamily::Network),
];

impl OsFamily {
    /// The family by the name of the operating system; by the vendor's node class where the name is not known. What is
    /// watched over the network belongs together, whatever it runs.
    ///
    /// The database has the same rule as a column (`devices.os_family`).
    ///
    /// ```
    /// use domain::os::OsFamily;
    /// assert_eq!(OsFamily::of(Some("Windows Server 2022"), None), OsFamily::WindowsServer);
    /// assert_eq!(OsFamily::of(None, Some("MAC")), OsFamily::MacOs);
    /// ```
    pub fn of(os_name: Option<&str>, node_class: Option<&str>) -> Self {
        let (name, class) =
            (os_name.unwrap_or_default().to_ascii_lowercase(), node_class.unwrap_or_default());
        if class.starts_with("NMS") {
            return Self::Network;
        }
        if name.contains("windows") {
            return if name.contains("server") { Self::WindowsServer } else { Self::Windows };
        }
        if name.starts_with("ios") {
            return Self::Ios;
        }
        let by_name = NAMES.iter().find(|(part, _)| name.contains(part));
        let by_class = || CLASSES.iter().find(|(start, _)| class.starts_with(start));
        by_name.or_else(by_class).map_or(Self::Other, |(_, family)| *family)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_more_than_classes() {
        let of = |name: &str, class: &str| OsFamily::of(Some(name), Some(class));
        assert_eq!(of("Windows 11 Pro", "WINDOWS_SERVER"), OsFamily::Windows);
        assert_eq!(of("Mac OS X 10.15", "MAC"), OsFamily::MacOs);
        assert_eq!(of("VMware ESXi 8.0", "VMWARE_VM_HOST"), OsFamily::Hypervisor);
        assert_eq!(of("IOS XE", "NMS_SWITCH"), OsFamily::Network);
        assert_eq!(of("Solaris 11", "LINUX_SERVER"), OsFamily::Linux);
        assert_eq!(of("", "CLOUD_MONITOR_TARGET"), OsFamily::Other);
    }
}
