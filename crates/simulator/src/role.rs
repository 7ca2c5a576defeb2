//! Device roles, policies and tags: small tables that are the same in every fleet.

use crate::json::Obj;
use crate::rows::{Page, Rows};

/// One role: id, name, node class, chassis type, parent of a custom role.
pub(crate) struct Role {
    pub id: i64,
    pub name: &'static str,
    pub class: &'static str,
    pub chassis: &'static str,
    pub parent: Option<i64>,
}

const fn role(id: i64, name: &'static str, class: &'static str, chassis: &'static str) -> Role {
    Role { id, name, class, chassis, parent: None }
}

/// All roles, by id. The first one of a class is its default.
pub(crate) const ROLES: &[Role] = &[
    role(9, "VMware Host", "VMWARE_VM_HOST", "UNKNOWN"),
    role(10, "VMware Guest", "VMWARE_VM_GUEST", "UNKNOWN"),
    role(11, "Hyper-V Host", "HYPERV_VMM_HOST", "UNKNOWN"),
    role(12, "Hyper-V Guest", "HYPERV_VMM_GUEST", "UNKNOWN"),
    role(30, "Network Switch", "NMS_SWITCH", "UNKNOWN"),
    role(31, "Router", "NMS_ROUTER", "UNKNOWN"),
    role(32, "Firewall", "NMS_FIREWALL", "UNKNOWN"),
    role(33, "Printer", "NMS_PRINTER", "UNKNOWN"),
    role(34, "Access Point", "NMS_WAP", "UNKNOWN"),
    role(35, "Network Device", "NMS_OTHER", "UNKNOWN"),
    role(40, "Cloud Monitor", "CLOUD_MONITOR_TARGET", "UNKNOWN"),
    role(50, "Android Phone", "ANDROID", "MOBILE"),
    role(51, "iPhone", "APPLE_IOS", "MOBILE"),
    role(52, "iPad", "APPLE_IPADOS", "MOBILE"),
    role(60, "Unmanaged Device", "UNMANAGED_DEVICE", "UNKNOWN"),
    role(101, "Windows Server", "WINDOWS_SERVER", "UNKNOWN"),
    role(102, "Linux Server", "LINUX_SERVER", "UNKNOWN"),
    role(103, "Mac Server", "MAC_SERVER", "UNKNOWN"),
    role(201, "Windows Desktop", "WINDOWS_WORKSTATION", "DESKTOP"),
    role(202, "Windows Laptop", "WINDOWS_WORKSTATION", "LAPTOP"),
    role(204, "Mac Desktop", "MAC", "DESKTOP"),
    role(205, "Mac Laptop", "MAC", "LAPTOP"),
    role(211, "Linux Desktop", "LINUX_WORKSTATION", "DESKTOP"),
    Role { id: 1002, name: "RDS Server", class: "WINDOWS_SERVER", chassis: "UNKNOWN", parent: Some(101) },
];

/// The default role of a class; 999, which no list names, for a class that nobody knows.
pub(crate) fn default_role(class: &str) -> i64 {
    ROLES.iter().find(|role| role.class == class).map_or(999, |role| role.id)
}

/// The role with this id.
pub(crate) fn find(id: i64) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.id == id)
}

/// `GET /v2/roles`.
pub(crate) fn roles() -> Page {
    let mut rows = Rows::default();
    for role in ROLES {
        rows.push(|out| write_role(out, role));
    }
    rows.end()
}

/// One `NodeRole`.
pub(crate) fn write_role(out: &mut String, role: &Role) {
    let mut obj = Obj::new(out);
    obj.int("id", role.id).text("name", role.name);
    obj.text("description", if role.parent.is_some() { "Custom role" } else { role.name });
    obj.text("nodeClass", role.class).bool("custom", role.parent.is_some()).text("chassisType", role.chassis);
    if let Some(parent) = role.parent {
        obj.time("created", 1_677_580_158_000_000).int("nodeRoleParentId", parent).text("icon", "server");
    }
    obj.end();
}

/// The policy that an organization maps to a role.
pub(crate) fn policy_of(org: i64, role: i64) -> i64 {
    41 + (org * 7 + role).rem_euclid(60)
}

/// One `Policy`.
pub(crate) fn write_policy(out: &mut String, id: i64, class: &str) {
    let mut obj = Obj::new(out);
    obj.int("id", id)
        .text("name", &format!("Policy {id}"))
        .text("nodeClass", class)
        .bool("nodeClassDefault", false);
    obj.end();
}

/// The tags that devices carry.
pub(crate) const TAGS: [&str; 6] = ["vip", "spare", "kiosk", "do-not-patch", "büro", "leased"];

/// `GET /v2/tag`, given how often each tag of [`TAGS`] is used.
pub(crate) fn tags(counts: &[i64; TAGS.len()], now: i64) -> String {
    let mut out = String::new();
    let mut answer = Obj::new(&mut out);
    let numbered: Vec<_> = TAGS.iter().enumerate().collect();
    crate::json::array(answer.key("tags"), &numbered, |out, (index, name)| {
        let id = 3 + *index as i64;
        let mut tag = Obj::new(out);
        tag.int("id", id).text("name", name).text("description", &format!("Devices marked {name}"));
        tag.time("createTime", now - id * 86_400_000_000).time("updateTime", now - id * 3_600_000_000);
        tag.int("createdByUserId", 31).int("updatedByUserId", 31).int("targetsCount", counts[*index]);
        for key in ["createdBy", "updatedBy"] {
            let mut by = Obj::new(tag.key(key));
            by.int("id", 31).text("name", "Robin Hale").text("email", "robin.hale@msp.example").end();
        }
        tag.end();
    });
    answer.end();
    out
}
