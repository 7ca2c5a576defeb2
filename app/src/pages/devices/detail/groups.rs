use super::{
    acts::Acts,
    group::{Fact, Group, Owners},
    hardware::{Asked, live_hardware},
};
use crate::{
    layout::Way,
    pages::devices::words::{backup_words, human, status_words},
    ui::{badge::Badge, number::bytes, time::absolute},
};
use domain::{device::DeviceDetail, device_edit::DeviceField as Field, device_labels::label};
use leptos::prelude::*;

/// The groups of facts: identity, hardware, operating system, network, people, backup, warranty, source.
#[component]
pub fn Groups(device: DeviceDetail, acts: Acts, asked: Asked) -> impl IntoView {
    let from = origin(&device);
    let mut live = live_hardware(&device, asked);
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
    let group = |(title, facts): (&'static str, Vec<Fact>)| {
        let extra = if title == "Hardware" { live.take() } else { None };
        view! { <div class="mb-4 break-inside-avoid"><Group title facts owners=owners.clone() extra /></div> }
    };
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

/// What a field is called that nobody can set.
fn called(field: &str) -> &'static str {
    label(field).unwrap_or_default()
}

fn portal(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn identity(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let (tone, words) = status_words(d.status);
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
        Fact::text(Field::Name.label(), Some(f.name.clone()), NONE).of(Field::Name),
        Fact::view(called("status"), view! { <Badge tone label=words /> }, NONE),
        Fact::view(
            Field::Company.label(),
            view! { <a class="link" href=format!("/companies/{}", company.id)>{company.name}</a> },
            &mapped,
        ),
        Fact::text(Field::Location.label(), d.location.clone().map(|l| l.name), &sited).of(Field::Location),
        Fact::text(Field::DeviceType.label(), Some(d.device_type.name.clone()), &typed).of(Field::DeviceType),
        Fact::text(Field::Hostname.label(), f.hostname.clone(), NONE).of(Field::Hostname),
        Fact::text(Field::AssetTag.label(), d.asset_tag.clone(), NONE),
        Fact::text(called("dns_name"), f.dns_name.clone(), NONE),
        Fact::text(called("netbios_name"), f.netbios_name.clone(), NONE),
        Fact::text(called("role"), f.role.clone(), NONE),
        Fact::text(called("approval"), f.approval.as_deref().map(human), NONE),
        Fact::time(called("last_contact"), d.last_contact, NONE),
        Fact::time(called("created_at"), Some(d.created_at), &portal("From MSPortal")),
    ]
}

fn hardware(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let same = f.bios_serial.is_some() && f.serial == f.bios_serial;
    let serial_note = same.then(|| "The same as in the BIOS".to_owned());
    let virtual_machine = f.virtual_machine.map(|v| if v { "Yes" } else { "No" }.to_owned());
    vec![
        Fact::text(Field::Manufacturer.label(), f.manufacturer.clone(), NONE).of(Field::Manufacturer),
        Fact::text(Field::Model.label(), f.model.clone(), NONE).of(Field::Model),
        Fact::code(Field::Serial.label(), f.serial.clone(), &serial_note).of(Field::Serial),
        Fact::code(called("bios_serial"), f.bios_serial.clone(), NONE),
        Fact::text(called("chassis"), f.chassis.as_deref().map(human), NONE),
        Fact::text(called("virtual_machine"), virtual_machine, NONE),
    ]
}

fn system(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    vec![
        Fact::text(Field::OsName.label(), f.os_name.clone(), NONE).of(Field::OsName),
        Fact::text(Field::OsVersion.label(), f.os_version.clone(), NONE).of(Field::OsVersion),
        Fact::text(called("os_build"), f.os_build.clone(), NONE),
        Fact::text(called("os_architecture"), f.os_architecture.clone(), NONE),
        Fact::time(called("last_boot"), f.last_boot, NONE),
    ]
}

fn network(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    vec![
        Fact::code(Field::IpAddresses.label(), list(&f.ip_addresses), NONE).of(Field::IpAddresses),
        Fact::code(called("public_ip"), f.public_ip.clone(), NONE),
        Fact::code(Field::MacAddresses.label(), list(&f.mac_addresses), NONE).of(Field::MacAddresses),
        Fact::text(Field::Domain.label(), f.domain.clone(), NONE).of(Field::Domain),
    ]
}

fn people(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    vec![
        Fact::text(called("last_user"), d.last_user.clone(), NONE),
        Fact::text(Field::OwnerName.label(), f.owner_name.clone(), NONE).of(Field::OwnerName),
        Fact::text(Field::OwnerEmail.label(), f.owner_email.clone(), NONE).of(Field::OwnerEmail),
    ]
}

fn backup(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    let (tone, words) = backup_words(d.backup);
    vec![
        Fact::view("State", view! { <Badge tone label=words /> }, NONE),
        Fact::text(called("backup_cloud_bytes"), f.backup_cloud_bytes.map(bytes), NONE),
        Fact::text(called("backup_local_bytes"), f.backup_local_bytes.map(bytes), NONE),
        Fact::text(called("backup_total_bytes"), f.backup_total_bytes.map(bytes), NONE),
        Fact::time(called("backup_last_success"), f.backup_last_success, NONE),
        Fact::time(called("backup_last_failure"), f.backup_last_failure, NONE),
    ]
}

fn warranty(d: &DeviceDetail) -> Vec<Fact> {
    let f = &d.facts;
    vec![
        Fact::day(Field::WarrantyStart.label(), f.warranty_start, NONE).of(Field::WarrantyStart),
        Fact::day(Field::WarrantyEnd.label(), f.warranty_end, NONE).of(Field::WarrantyEnd),
    ]
}

fn source(d: &DeviceDetail) -> Vec<Fact> {
    let Some(s) = d.source.clone() else {
        return vec![Fact::text("Integration", Some("None: kept in MSPortal only".to_owned()), NONE)];
    };
    let path = format!("/integrations/{}/runs", s.integration_id);
    let mut facts = vec![
        Fact::view("Integration", view! { <Way href=path>{s.integration}</Way> }, NONE),
        Fact::text(called("organization"), s.organization, NONE),
        Fact::text("NinjaOne location", s.location, NONE),
        Fact::code(called("node_class"), s.node_class, NONE),
        Fact::code(called("remote_id"), Some(s.remote_id), NONE),
        Fact::time(called("created"), d.facts.created, NONE),
        Fact::time("Last synced", s.synced_at, NONE),
    ];
    if s.missing_since.is_some() {
        facts.push(Fact::time("Missing since", s.missing_since, NONE));
    }
    facts
}
