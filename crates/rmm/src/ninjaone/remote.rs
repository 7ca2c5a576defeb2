//! From NinjaOne's rows to the vendor-neutral ones.

use super::{
    page::Remote,
    value::{Id, Moment, Text, Texts},
    wire::{Backup, Device, DeviceRef, Location, Logon, Organization, Role, ScopedFields, User},
};
use domain::{
    Time, clues,
    device::DeviceFacts,
    remote::{
        RemoteBackup, RemoteClues, RemoteDevice, RemoteDeviceRef, RemoteLocation, RemoteLogon,
        RemoteOrganization, RemoteRole, RemoteUser,
    },
    serial,
};
use serde_json::{Map, Value};
use std::borrow::Cow;

fn tidy(text: Option<Text<'_>>) -> Option<String> {
    text.and_then(Text::tidy)
}

fn time(moment: Option<Moment>) -> Option<Time> {
    moment.and_then(|m| m.0)
}

fn text(id: Option<Id>) -> Option<String> {
    id.map(|id| id.to_string())
}

/// UNKNOWN says as much as no chassis at all.
fn chassis(kind: Option<Text<'_>>) -> Option<String> {
    tidy(kind).filter(|kind| kind != "UNKNOWN")
}

impl Remote for Organization<'_> {
    type Out = RemoteOrganization;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn remote(self, _: &str) -> Option<RemoteOrganization> {
        let id = self.id?;
        let name = tidy(self.name).unwrap_or_else(|| format!("Organization {id}"));
        let description = tidy(self.description);
        Some(RemoteOrganization { remote_id: id.to_string(), name, description, clues: None })
    }
}

impl Remote for ScopedFields<'_> {
    type Out = RemoteClues;

    fn id(&self) -> Option<Id> {
        self.entity_id
    }

    fn remote(self, _: &str) -> Option<RemoteClues> {
        let scope = tidy(self.scope)?;
        let text = clues_in(&self.fields)?;
        let of_organization = scope.eq_ignore_ascii_case("ORGANIZATION");
        of_organization.then_some(RemoteClues { organization_id: self.entity_id?.to_string(), text })
    }
}

/// The clues in custom fields.
pub fn clues_in(fields: &Map<String, Value>) -> Option<String> {
    let texts: Vec<(&str, Cow<'_, str>)> =
        fields.iter().flat_map(|(name, value)| said(value).map(move |text| (name.as_str(), text))).collect();
    clues::kept(texts.iter().map(|(name, text)| (*name, text.as_ref())))
}

/// The text of a custom field's value: that of formatted text too, and of each of several.
fn said(value: &Value) -> impl Iterator<Item = Cow<'_, str>> {
    let (one, many) = match value {
        Value::Array(values) => (None, values.as_slice()),
        value => (Some(value), &[][..]),
    };
    one.into_iter().chain(many).filter_map(|value| match value {
        Value::String(text) => Some(Cow::Borrowed(text.as_str())),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Object(rich) => rich.get("text")?.as_str().map(Cow::Borrowed),
        _ => None,
    })
}

impl Remote for Location<'_> {
    type Out = RemoteLocation;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn remote(self, _: &str) -> Option<RemoteLocation> {
        let id = self.id?;
        Some(RemoteLocation {
            remote_id: id.to_string(),
            organization_id: text(self.organization_id),
            name: tidy(self.name).unwrap_or_else(|| format!("Location {id}")),
            address: tidy(self.address),
        })
    }
}

impl Remote for DeviceRef {
    type Out = RemoteDeviceRef;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn remote(self, _: &str) -> Option<RemoteDeviceRef> {
        Some(RemoteDeviceRef {
            remote_id: self.id?.to_string(),
            organization_id: text(self.organization_id),
            location_id: text(self.location_id),
        })
    }
}

impl Remote for Device<'_> {
    type Out = RemoteDevice;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn remote(mut self, base: &str) -> Option<RemoteDevice> {
        let id = self.id?;
        Some(RemoteDevice {
            remote_id: id.to_string(),
            organization_id: text(self.organization_id),
            location_id: text(self.location_id),
            role_id: text(self.node_role_id),
            offline: self.offline,
            last_contact: time(self.last_contact),
            last_user: tidy(self.last_logged_in_user.take()),
            // The API's own endpoint for this address wants the management scope.
            url: Some(format!("{base}/#/deviceDashboard/{id}/overview")),
            facts: facts(self, id),
        })
    }
}

/// Role, owner's name and backup sizes come from other lists and are joined by the caller.
fn facts(device: Device<'_>, id: Id) -> DeviceFacts {
    let Device { os, system, references: refs, .. } = device;
    let hostname = tidy(device.system_name);
    let dns_name = tidy(device.dns_name);
    let netbios_name = tidy(device.netbios_name);
    let name = tidy(device.display_name)
        .or_else(|| hostname.clone())
        .or_else(|| dns_name.clone())
        .or_else(|| netbios_name.clone())
        .unwrap_or_else(|| format!("Device {id}"));
    let (own, bios, tag) =
        (tidy(system.serial_number), tidy(system.bios_serial_number), tidy(device.service_tag));
    let best = serial::best(own.as_deref(), bios.as_deref()).or_else(|| serial::best(tag.as_deref(), None));
    DeviceFacts {
        name,
        serial: best.map(ToOwned::to_owned),
        bios_serial: bios,
        hostname,
        dns_name,
        netbios_name,
        node_class: tidy(device.node_class),
        approval: tidy(device.approval_status),
        os_name: tidy(os.name).or_else(|| tidy(device.release_name)),
        os_version: tidy(os.release_id).or_else(|| tidy(device.version)),
        os_build: tidy(os.build_number).or_else(|| tidy(device.build_number)),
        os_architecture: tidy(os.architecture),
        manufacturer: tidy(system.manufacturer).or_else(|| tidy(device.vendor)),
        model: tidy(system.model).or_else(|| tidy(device.model)),
        chassis: chassis(system.chassis_type),
        virtual_machine: system.virtual_machine,
        domain: tidy(system.domain),
        ip_addresses: distinct(device.ip_addresses),
        mac_addresses: serial::distinct_macs(
            device.mac_addresses.unwrap_or_default().0.into_iter().map(|mac| mac.0),
        ),
        public_ip: tidy(device.public_ip),
        last_boot: time(os.last_boot_time.or(device.last_boot_time)),
        owner_uid: tidy(device.assigned_owner_uid),
        warranty_start: time(refs.warranty.start_date),
        warranty_end: time(refs.warranty.end_date),
        created: time(device.created),
        ..DeviceFacts::default()
    }
}

fn distinct(texts: Option<Texts<'_>>) -> Vec<String> {
    let mut out = Vec::new();
    for text in texts.unwrap_or_default().0.into_iter().filter_map(Text::tidy) {
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out
}

impl Remote for Role<'_> {
    type Out = RemoteRole;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn remote(self, _: &str) -> Option<RemoteRole> {
        let id = self.id?;
        let name = tidy(self.name).unwrap_or_else(|| format!("Role {id}"));
        Some(RemoteRole { remote_id: id.to_string(), name, chassis: chassis(self.chassis_type) })
    }
}

impl Remote for User<'_> {
    type Out = RemoteUser;

    fn id(&self) -> Option<Id> {
        self.id
    }

    /// Devices name their owner by uid: a user without one owns nothing.
    fn remote(self, _: &str) -> Option<RemoteUser> {
        let names: Vec<_> = [tidy(self.first_name), tidy(self.last_name)].into_iter().flatten().collect();
        let name = (!names.is_empty()).then(|| names.join(" "));
        Some(RemoteUser { uid: tidy(self.uid)?, name, email: tidy(self.email) })
    }
}

impl Remote for Logon<'_> {
    type Out = RemoteLogon;

    fn id(&self) -> Option<Id> {
        self.device_id
    }

    fn remote(self, _: &str) -> Option<RemoteLogon> {
        let device_id = self.device_id?.to_string();
        Some(RemoteLogon { device_id, user: tidy(self.user_name)?, at: time(self.logon_time) })
    }
}

impl Remote for Backup {
    type Out = RemoteBackup;

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn remote(self, _: &str) -> Option<RemoteBackup> {
        let usage = self.references.backup_usage;
        let (cloud_bytes, local_bytes) =
            (usage.cloud_total_size.unwrap_or(0), usage.local_total_size.unwrap_or(0));
        Some(RemoteBackup {
            device_id: self.id?.to_string(),
            cloud_bytes,
            local_bytes,
            total_bytes: usage.revisions_total_size.unwrap_or(cloud_bytes.saturating_add(local_bytes)),
            last_success: time(usage.last_successful_backup_job),
            last_failure: time(usage.last_failed_backup_job),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ninjaone::page;

    fn device(json: &str) -> RemoteDevice {
        let body = format!("[{json}]");
        page::list::<Device<'_>>(body.as_bytes(), None, "https://eu.example").unwrap().rows.remove(0)
    }

    #[test]
    fn an_agent() {
        let got = device(
            r#"{"id":31,"organizationId":2,"locationId":4,"nodeRoleId":201,"nodeClass":"WINDOWS_SERVER","offline":false,
            "approvalStatus":"APPROVED","systemName":"SRV1","dnsName":"srv1.corp.example","created":1700000000.500000000,
            "lastContact":1700000100.25,"ipAddresses":["10.1.1.1","fe80::1","10.1.1.1"],"macAddresses":["aa:bb","AA:BB"],
            "publicIP":"198.51.100.9","lastLoggedInUser":"CORP\\ann","assignedOwnerUid":"u-1","unknown":[{}],"policyId":[],
            "os":{"name":"Server","releaseId":"21H2","buildNumber":"20348","architecture":"64-bit","lastBootTime":1699999999},
            "system":{"manufacturer":"Acme","model":"M1","serialNumber":"Default string","biosSerialNumber":"AB12CD",
            "chassisType":"UNKNOWN","virtualMachine":true,"domain":"CORP"},
            "references":{"warranty":{"startDate":1695099600,"endDate":0}}}"#,
        );
        assert_eq!((got.remote_id.as_str(), got.role_id.as_deref()), ("31", Some("201")));
        assert_eq!(got.url.as_deref(), Some("https://eu.example/#/deviceDashboard/31/overview"));
        assert_eq!((got.last_user.as_deref(), got.offline), (Some("CORP\\ann"), Some(false)));
        let facts = got.facts;
        assert_eq!((facts.name.as_str(), facts.hostname.as_deref()), ("SRV1", Some("SRV1")));
        assert_eq!((facts.serial.as_deref(), facts.bios_serial.as_deref()), (Some("AB12CD"), Some("AB12CD")));
        assert_eq!((facts.ip_addresses.len(), facts.mac_addresses), (2, vec!["AA:BB".to_owned()]));
        assert_eq!((facts.chassis, facts.os_version.as_deref()), (None, Some("21H2")));
        assert!(facts.warranty_start.is_some() && facts.warranty_end.is_none());
        assert_eq!(facts.created.unwrap().timestamp_micros(), 1_700_000_000_500_000);
        assert_eq!(facts.owner_uid.as_deref(), Some("u-1"));
    }

    #[test]
    fn a_vm_host_has_flat_fields() {
        let facts = device(
            r#"{"id":7,"nodeClass":"VMWARE_VM_HOST","displayName":"192.0.2.4","vendor":"HPE","model":"DL380","serviceTag":"SGH1",
            "releaseName":"ESXi 8","version":"8.0.1","buildNumber":"218","lastBootTime":1741071104.0,"os":null,"system":null,
            "references":null}"#,
        )
        .facts;
        assert_eq!((facts.manufacturer.as_deref(), facts.model.as_deref()), (Some("HPE"), Some("DL380")));
        assert_eq!((facts.os_name.as_deref(), facts.os_version.as_deref()), (Some("ESXi 8"), Some("8.0.1")));
        assert_eq!((facts.serial.as_deref(), facts.os_build.as_deref()), (Some("SGH1"), Some("218")));
        assert!(facts.last_boot.is_some());
    }

    #[test]
    fn a_bare_row_still_has_a_name() {
        assert_eq!(device(r#"{"id":5}"#).facts.name, "Device 5");
        assert_eq!(device(r#"{"id":5,"displayName":" ","netbiosName":"NB"}"#).facts.name, "NB");
        assert_eq!(device(r#"{"id":5,"dnsName":"a.b","netbiosName":"NB"}"#).facts.name, "a.b");
    }
}
