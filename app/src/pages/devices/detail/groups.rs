use super::{
    acts::Acts,
    group::{Fact, Group, Owners},
};
use crate::{
    layout::Way,
    pages::devices::words::{backup_words, human, status_words},
    ui::{badge::Badge, number::bytes, time::absolute},
};
use domain::{device::DeviceDetail, device_edit::DeviceField};
use leptos::prelude::*;

/// The groups of facts: identity, hardware, operating system, network, people, backup, warranty, source.
#[component]
pub fn Groups(device: DeviceDetail, acts: Acts) -> impl IntoView {
    let from = origin(&device);
    let groups = [
        ("Identity", identity(&device)),
        ("Hardware", hardware(&device)),
        ("Operating system", system(&device)),
        ("Network", network(&device)),
        ("People", people(&device)),
        ("Backup", backup(&device)),
        ("Warranty", warranty(&device)),
        ("Source", source(&device)),
        ("Notes", device.notes.clone().map(Fact::notes).into_iter().collect()),
    ];
    let owners = Owners { device: StoredValue::new(device), acts };
    let group = |(title, facts)| view! { <div class="mb-4 break-inside-avoid"><Group title facts owners=owners.clone() /></div> };
    view! {
        {from.clone().map(|from| view! { <p class="mb-3 text-sm text-muted">{format!("{from}, unless a field says otherwise.")}</p> })}
        <div class="gap-4 lg:columns-2">{groups.into_iter().filter(|(_, facts)| !facts.is_empty()).map(group).collect_view()}</div>
    }
}

/// Where the vendor's facts came from, and as of when.
fn origin(device: &DeviceDetail) -> Option<String> {
    let source = device.source.as_ref()?;
    Some(match source.synced_at {
        Some(time) => format!("From {}, as of {}", source.integration, absolute(time)),
        None => format!("From {}", source.integration),
    })
}

const NONE: &Option<String> = &None;

fn portal(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn identity(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let (tone, label) = status_words(d.status);
    let company = d.company.clone();
    let mapped =
        portal(if d.source.is_some() { "From the mapping of its organization" } else { "From MSPortal" });
    let sited = portal(if d.source.is_some() {
        "From the mapping of its NinjaOne location"
    } else {
        "From MSPortal"
    });
    let typed =
        portal(if d.source.is_some() { "From the mapping of its node class" } else { "From MSPortal" });
    vec![
        Fact::text("Name", Some(f.name.clone()), NONE).of(DeviceField::Name),
        Fact::view("Status", view! { <Badge tone label /> }, NONE),
        Fact::view(
            "Company",
            view! { <a class="link" href=format!("/companies/{}", company.id)>{company.name}</a> },
            &mapped,
        ),
        Fact::text("Location", d.location.clone().map(|l| l.name), &sited).of(DeviceField::Location),
        Fact::text("Device type", Some(d.device_type.name.clone()), &typed).of(DeviceField::DeviceType),
        Fact::text("Hostname", f.hostname.clone(), NONE).of(DeviceField::Hostname),
        Fact::text("Asset tag", d.asset_tag.clone(), NONE),
        Fact::text("DNS name", f.dns_name.clone(), NONE),
        Fact::text("NetBIOS name", f.netbios_name.clone(), NONE),
        Fact::text("Role", f.role.clone(), NONE),
        Fact::text("Approval", f.approval.as_deref().map(human), NONE),
        Fact::time("Last contact", d.last_contact, NONE),
        Fact::time("In the inventory since", Some(d.created_at), &portal("From MSPortal")),
    ]
}

fn hardware(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let same = f.bios_serial.is_some() && f.serial == f.bios_serial;
    let serial_note = same.then(|| "The same as in the BIOS".to_owned());
    let virtual_machine = f.virtual_machine.map(|v| if v { "Yes" } else { "No" }.to_owned());
    vec![
        Fact::text("Manufacturer", f.manufacturer.clone(), NONE).of(DeviceField::Manufacturer),
        Fact::text("Model", f.model.clone(), NONE).of(DeviceField::Model),
        Fact::code("Serial", f.serial.clone(), &serial_note).of(DeviceField::Serial),
        Fact::code("BIOS serial", f.bios_serial.clone(), NONE),
        Fact::text("Chassis", f.chassis.as_deref().map(human), NONE),
        Fact::text("Virtual machine", virtual_machine, NONE),
    ]
}

fn system(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    vec![
        Fact::text("Name", f.os_name.clone(), NONE).of(DeviceField::OsName),
        Fact::text("Version", f.os_version.clone(), NONE).of(DeviceField::OsVersion),
        Fact::text("Build", f.os_build.clone(), NONE),
        Fact::text("Architecture", f.os_architecture.clone(), NONE),
        Fact::time("Last boot", f.last_boot, NONE),
    ]
}

fn network(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    vec![
        Fact::code("IP addresses", list(&f.ip_addresses), NONE).of(DeviceField::IpAddresses),
        Fact::code("Public IP", f.public_ip.clone(), NONE),
        Fact::code("MAC addresses", list(&f.mac_addresses), NONE).of(DeviceField::MacAddresses),
        Fact::text("Domain", f.domain.clone(), NONE).of(DeviceField::Domain),
    ]
}

fn people(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    vec![
        Fact::text("Last user", d.last_user.clone(), NONE),
        Fact::text("Owner", f.owner_name.clone(), NONE).of(DeviceField::OwnerName),
        Fact::text("Owner's e-mail", f.owner_email.clone(), NONE).of(DeviceField::OwnerEmail),
    ]
}

fn backup(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let (tone, label) = backup_words(d.backup);
    vec![
        Fact::view("State", view! { <Badge tone label /> }, NONE),
        Fact::text("Cloud", f.backup_cloud_bytes.map(bytes), NONE),
        Fact::text("Local", f.backup_local_bytes.map(bytes), NONE),
        Fact::text("Total", f.backup_total_bytes.map(bytes), NONE),
        Fact::time("Last success", f.backup_last_success, NONE),
        Fact::time("Last failure", f.backup_last_failure, NONE),
    ]
}

fn warranty(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    vec![
        Fact::day("Start", f.warranty_start, NONE).of(DeviceField::WarrantyStart),
        Fact::day("End", f.warranty_end, NONE).of(DeviceField::WarrantyEnd),
    ]
}

fn source(d: &DeviceDetail) -> Vec<Fact> {
    let Some(s) = d.source.clone() else {
        return vec![Fact::text("Integration", Some("None: kept in MSPortal only".to_owned()), NONE)];
    };
    let path = format!("/integrations/{}/runs", s.integration_id);
    let mut facts = vec![
        Fact::view("Integration", view! { <Way href=path>{s.integration}</Way> }, NONE),
        Fact::text("Organization", s.organization, NONE),
        Fact::text("NinjaOne location", s.location, NONE),
        Fact::code("Node class", s.node_class, NONE),
        Fact::code("NinjaOne id", Some(s.remote_id), NONE),
        Fact::time("Created there", d.facts.created, NONE),
        Fact::time("Last synced", s.synced_at, NONE),
    ];
    if s.missing_since.is_some() {
        facts.push(Fact::time("Missing since", s.missing_since, NONE));
    }
    facts
}
