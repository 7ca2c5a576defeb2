//! Two devices side by side.

use crate::{Result, Tenant, tenant::Access};
use domain::{
    Time,
    device::{DeviceDetail, DeviceStatus},
    device_edit::DeviceField,
    device_labels::label,
    duplicates::{ComparedField, DuplicateComparison, DuplicatePair, DuplicateState},
    ids::{DeviceId, DuplicateId},
};

impl<A: Access> Tenant<A> {
    /// A pair with all fields of both devices, and which one to keep.
    pub async fn compare_duplicates(&self, id: DuplicateId) -> Result<DuplicateComparison> {
        let pair = self.duplicate(id).await?;
        let (left, right) = (self.device(pair.left.id).await?, self.device(pair.right.id).await?);
        let mut fields: Vec<ComparedField> = DeviceField::ALL
            .iter()
            .map(|field| ComparedField {
                key: field.as_str().to_owned(),
                label: field.label().to_owned(),
                left: words(&left, *field),
                right: words(&right, *field),
                field: Some(*field).filter(|f| *f != DeviceField::Company),
                left_owned: left.owned.iter().any(|o| o.field == *field),
                right_owned: right.owned.iter().any(|o| o.field == *field),
            })
            .collect();
        fields.extend(read_only(&left, &right));
        fields.retain(|f| f.left.is_some() || f.right.is_some());
        Ok(DuplicateComparison { keep: better(&pair), fields, takes_feed: feeds(&left, &right), pair })
    }
}

/// The device that tells more of the machine as it is: fed, seen of late, older.
fn better(pair: &DuplicatePair) -> DeviceId {
    if let (DuplicateState::Merged, Some(hidden)) = (pair.state, pair.hidden) {
        return if pair.left.id == hidden { pair.right.id } else { pair.left.id };
    }
    let rank = |status: DeviceStatus| match status {
        DeviceStatus::Online => 3,
        DeviceStatus::Offline => 2,
        DeviceStatus::Missing => 1,
        DeviceStatus::Detached => 0,
    };
    let (l, r) = (&pair.left, &pair.right);
    if (rank(r.status), r.last_contact) > (rank(l.status), l.last_contact) { r.id } else { l.id }
}

/// The one of the two whose feed the other one would take over: its row is listed, the other has none that is.
fn feeds(left: &DeviceDetail, right: &DeviceDetail) -> Option<DeviceId> {
    let fed = |d: &DeviceDetail| d.source.is_some();
    let listed = |d: &DeviceDetail| d.source.as_ref().is_some_and(|s| s.missing_since.is_none());
    match (listed(left), listed(right)) {
        (true, false) => Some(left.id),
        (false, true) => Some(right.id),
        (true, true) => None,
        (false, false) if fed(left) != fed(right) => Some(if fed(left) { left.id } else { right.id }),
        (false, false) => None,
    }
}

/// A field that a person can set, in words.
fn words(d: &DeviceDetail, field: DeviceField) -> Option<String> {
    let f = &d.facts;
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    let day = |time: Option<Time>| time.map(|t| t.format("%Y-%m-%d").to_string());
    match field {
        DeviceField::Name => Some(f.name.clone()),
        DeviceField::Hostname => f.hostname.clone(),
        DeviceField::Company => Some(d.company.name.clone()),
        DeviceField::Location => d.location.as_ref().map(|l| l.name.clone()),
        DeviceField::DeviceType => Some(d.device_type.name.clone()),
        DeviceField::OwnerName => f.owner_name.clone(),
        DeviceField::OwnerEmail => f.owner_email.clone(),
        DeviceField::AssetTag => d.asset_tag.clone(),
        DeviceField::Notes => d.notes.clone(),
        DeviceField::Manufacturer => f.manufacturer.clone(),
        DeviceField::Model => f.model.clone(),
        DeviceField::Serial => f.serial.clone(),
        DeviceField::OsName => f.os_name.clone(),
        DeviceField::OsVersion => f.os_version.clone(),
        DeviceField::Domain => f.domain.clone(),
        DeviceField::IpAddresses => list(&f.ip_addresses),
        DeviceField::MacAddresses => list(&f.mac_addresses),
        DeviceField::WarrantyStart => day(f.warranty_start),
        DeviceField::WarrantyEnd => day(f.warranty_end),
    }
}

/// What only the vendor tells.
fn read_only(left: &DeviceDetail, right: &DeviceDetail) -> Vec<ComparedField> {
    type Read = fn(&DeviceDetail) -> Option<String>;
    let fields: [(&str, Read); 13] = [
        ("source", |d| d.source.as_ref().map(|s| s.integration.clone())),
        ("remote_id", |d| d.source.as_ref().map(|s| s.remote_id.clone())),
        ("organization", |d| d.source.as_ref()?.organization.clone()),
        ("node_class", |d| d.facts.node_class.clone()),
        ("bios_serial", |d| d.facts.bios_serial.clone()),
        ("dns_name", |d| d.facts.dns_name.clone()),
        ("chassis", |d| d.facts.chassis.clone()),
        ("os_build", |d| d.facts.os_build.clone()),
        ("os_architecture", |d| d.facts.os_architecture.clone()),
        ("public_ip", |d| d.facts.public_ip.clone()),
        ("last_contact", |d| d.last_contact.map(at)),
        ("last_user", |d| d.last_user.clone()),
        ("created_at", |d| Some(at(d.created_at))),
    ];
    let row = |(key, read): (&str, Read)| ComparedField {
        key: key.to_owned(),
        label: label(key).unwrap_or(key).to_owned(),
        left: read(left),
        right: read(right),
        field: None,
        left_owned: false,
        right_owned: false,
    };
    fields.into_iter().map(row).collect()
}

fn at(time: Time) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
