//! What the fields of a device are called, wherever they are shown: in lists, on its page, in forms and in histories.

use crate::device_edit::DeviceField;

/// The label of a field by its name on the wire; none for what is no field of a device.
///
/// ```
/// use domain::device_labels::label;
/// assert_eq!((label("owner_email"), label("os_build")), (Some("Owner's e-mail"), Some("OS build")));
/// ```
pub fn label(field: &str) -> Option<&'static str> {
    field.parse::<DeviceField>().map(DeviceField::label).ok().or_else(|| told(field))
}

/// What only the vendor tells, or MSPortal itself.
fn told(field: &str) -> Option<&'static str> {
    Some(match field {
        "status" => "Status",
        "source" => "Source",
        "remote_id" => "NinjaOne id",
        "organization" => "Organization",
        "node_class" => "Node class",
        "role" => "Role",
        "approval" => "Approval",
        "dns_name" => "DNS name",
        "netbios_name" => "NetBIOS name",
        "bios_serial" => "BIOS serial",
        "chassis" => "Chassis",
        "virtual_machine" => "Virtual machine",
        "os_build" => "OS build",
        "os_architecture" => "OS architecture",
        "last_boot" => "Last boot",
        "public_ip" => "Public IP",
        "last_contact" => "Last contact",
        "last_user" => "Last user",
        "owner_uid" => "Owner's NinjaOne id",
        "backup" => "Backup",
        "backup_cloud_bytes" => "Cloud backup",
        "backup_local_bytes" => "Local backup",
        "backup_total_bytes" => "Total backup",
        "backup_last_success" => "Last backup success",
        "backup_last_failure" => "Last backup failure",
        "created" => "Created in NinjaOne",
        "created_at" => "In the inventory since",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::label;
    use crate::device_edit::DeviceField;

    #[test]
    fn each_field_has_one_label() {
        let all: Vec<_> = DeviceField::ALL.iter().map(|f| label(f.as_str())).collect();
        let own: Vec<_> = DeviceField::ALL.iter().map(|f| Some(f.label())).collect();
        assert_eq!(all, own);
        assert_eq!(label("description"), None);
    }
}
