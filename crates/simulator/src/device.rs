//! A device as the simulator keeps it: what scripts can change. Everything else follows from its `salt` when a row
//! is written.

use crate::rng::Rng;
use std::borrow::Cow;
use std::sync::Arc;

/// One device.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// Device id, never used twice.
    pub id: i64,
    /// Where the unchanging details come from (hardware, addresses, uid).
    pub salt: u64,
    /// Organization.
    pub org: i64,
    /// Location, absent after its location was deleted.
    pub loc: Option<i64>,
    /// Parent: host of a guest, agent of a network device.
    pub parent: Option<i64>,
    /// `nodeClass`.
    pub class: Cow<'static, str>,
    /// `nodeRoleId`.
    pub role: i64,
    /// `approvalStatus`.
    pub status: Status,
    /// Not reachable.
    pub offline: bool,
    /// `displayName`.
    pub display: Option<String>,
    /// `systemName`.
    pub system: Option<String>,
    /// DNS domain of a domain member.
    pub domain: Option<Arc<str>>,
    /// `system.serialNumber`, or the service tag of a VM host.
    pub serial: Option<String>,
    /// `system.biosSerialNumber`.
    pub bios: Option<String>,
    /// Runs on a hypervisor.
    pub virtual_machine: bool,
    /// Second and third number of its IPv4 address.
    pub subnet: (u8, u8),
    /// The assigned owner, a user id.
    pub owner: Option<i64>,
    /// Its past (boot, log-on, backups, warranty) lies before this; unlike the last contact it never moves.
    pub anchor: i64,
    /// Times in microseconds since 1970.
    pub created: i64,
    /// Last contact.
    pub contact: i64,
    /// Last data.
    pub update: i64,
}

/// `approvalStatus`. NinjaOne: lists show `Approved` only, unless the filter names another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Staged,
    Approved,
    Decommissioned,
}

impl Status {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Staged => "STAGED",
            Self::Approved => "APPROVED",
            Self::Decommissioned => "DECOMMISSIONED",
        }
    }

    /// From the word on the wire, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Pending, Self::Staged, Self::Approved, Self::Decommissioned];
        all.into_iter().find(|status| status.word().eq_ignore_ascii_case(word))
    }
}

/// Groups of node classes that print the same keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Windows,
    Mac,
    Linux,
    Mobile,
    VmHost,
    VmGuest,
    Network,
    Cloud,
    Unknown,
}

impl Family {
    /// The family of a node class.
    pub fn of(class: &str) -> Self {
        match class {
            "WINDOWS_SERVER" | "WINDOWS_WORKSTATION" => Self::Windows,
            "MAC" | "MAC_SERVER" => Self::Mac,
            "LINUX_WORKSTATION" | "LINUX_SERVER" => Self::Linux,
            "ANDROID" | "APPLE_IOS" | "APPLE_IPADOS" => Self::Mobile,
            "VMWARE_VM_HOST" | "HYPERV_VMM_HOST" => Self::VmHost,
            "VMWARE_VM_GUEST" | "HYPERV_VMM_GUEST" => Self::VmGuest,
            "CLOUD_MONITOR_TARGET" => Self::Cloud,
            other if other.starts_with("NMS_") => Self::Network,
            _ => Self::Unknown,
        }
    }

    /// Rows have `os` and `system`.
    pub fn has_system(self) -> bool {
        !matches!(self, Self::VmHost | Self::VmGuest | Self::Network | Self::Cloud)
    }

    /// An agent runs on it and reports interfaces and users.
    pub fn has_agent(self) -> bool {
        self.has_system() && self != Self::Mobile
    }
}

impl Device {
    /// The family of its class.
    pub fn family(&self) -> Family {
        Family::of(&self.class)
    }

    /// Is it a server by class?
    pub fn is_server(&self) -> bool {
        self.class.ends_with("_SERVER")
    }

    /// Is it a portable by role?
    pub fn is_laptop(&self) -> bool {
        matches!(self.role, 202 | 205)
    }

    /// Repeatable randomness for one aspect of this device.
    pub fn rng(&self, aspect: u64) -> Rng {
        Rng::aspect(self.salt, aspect)
    }

    /// `uid`, another one after each enrolment. NinjaOne: VM host rows are seen without one.
    pub fn uid(&self) -> Option<String> {
        (self.family() != Family::VmHost).then(|| crate::rng::uuid(self.salt, self.id as u64))
    }

    /// A name for messages: display name, else system name, else the id.
    pub fn label(&self) -> String {
        self.display.clone().or_else(|| self.system.clone()).unwrap_or_else(|| format!("Device {}", self.id))
    }
}
