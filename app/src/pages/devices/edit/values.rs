use crate::error::AppError;
use crate::pages::devices::api::{create_device, update_device};
use domain::{
    Time,
    device::DeviceDetail,
    device_edit::{DeviceField, FieldValue},
};
use leptos::prelude::*;

/// Fields that are typed, in the order of the form.
pub const TEXTS: [DeviceField; 16] = [
    DeviceField::Name,
    DeviceField::Hostname,
    DeviceField::AssetTag,
    DeviceField::OwnerName,
    DeviceField::OwnerEmail,
    DeviceField::Manufacturer,
    DeviceField::Model,
    DeviceField::Serial,
    DeviceField::OsName,
    DeviceField::OsVersion,
    DeviceField::Domain,
    DeviceField::IpAddresses,
    DeviceField::MacAddresses,
    DeviceField::WarrantyStart,
    DeviceField::WarrantyEnd,
    DeviceField::Notes,
];

/// A choice: its id and its text.
pub type Chosen = Option<(String, String)>;

/// What the form holds, and what it began with.
#[derive(Clone, Copy)]
pub struct Values {
    texts: [RwSignal<String>; TEXTS.len()],
    pub company: RwSignal<Chosen>,
    pub location: RwSignal<Chosen>,
    pub device_type: RwSignal<Chosen>,
    before: StoredValue<Vec<FieldValue>>,
    version: StoredValue<Option<i64>>,
}

impl Values {
    pub fn empty() -> Self {
        let chosen = || RwSignal::new(None);
        let values = Self {
            texts: [(); TEXTS.len()].map(|()| RwSignal::new(String::new())),
            company: chosen(),
            location: chosen(),
            device_type: chosen(),
            before: StoredValue::new(Vec::new()),
            version: StoredValue::new(None),
        };
        values.before.set_value(values.now());
        values
    }

    /// Takes over what a device has.
    pub fn fill(self, device: &DeviceDetail) {
        for (field, signal) in TEXTS.iter().zip(self.texts) {
            signal.set(text_of(device, *field));
        }
        self.company.set(Some((device.company.id.to_string(), device.company.name.clone())));
        self.location.set(device.location.as_ref().map(|l| (l.id.to_string(), l.name.clone())));
        self.device_type.set(Some((device.device_type.id.to_string(), device.device_type.name.clone())));
        self.before.set_value(self.now());
        self.version.set_value(Some(device.version));
    }

    /// The signal of a typed field.
    pub fn text(self, field: DeviceField) -> RwSignal<String> {
        let at = TEXTS.iter().position(|f| *f == field).unwrap_or_default();
        self.texts[at]
    }

    /// Whether anything differs from what the form began with.
    pub fn is_changed(self) -> bool {
        !self.changed().is_empty()
    }

    /// The fields that differ from what the form began with: only they become the person's.
    fn changed(self) -> Vec<FieldValue> {
        let before = self.before.get_value();
        self.now().into_iter().filter(|value| !before.contains(value)).collect()
    }

    fn now(self) -> Vec<FieldValue> {
        let value =
            |field, text: String| FieldValue { field, value: Some(text).filter(|t| !t.trim().is_empty()) };
        let texts = TEXTS.iter().zip(self.texts).map(|(field, signal)| value(*field, signal.get_untracked()));
        let chosen = [
            (DeviceField::Company, self.company),
            (DeviceField::Location, self.location),
            (DeviceField::DeviceType, self.device_type),
        ];
        let chosen = chosen
            .map(|(field, signal)| value(field, signal.get_untracked().map_or_else(String::new, |c| c.0)));
        texts.chain(chosen).collect()
    }

    /// The newest version, to save over what somebody else has changed.
    pub fn catch_up(self, version: i64) {
        self.version.try_update_value(|v| *v = Some(version));
    }

    /// Adds a device, or changes the one with this id.
    pub fn save(
        self,
        device: Option<domain::ids::DeviceId>,
    ) -> impl Future<Output = Result<DeviceDetail, AppError>> + Send {
        let (changed, version) = (self.changed(), self.version.get_value());
        async move {
            match device {
                Some(id) => update_device(id, version, changed).await,
                None => create_device(changed).await,
            }
        }
    }
}

fn text_of(device: &DeviceDetail, field: DeviceField) -> String {
    let f = &device.facts;
    let day = |time: Option<Time>| time.map(|t| t.format("%Y-%m-%d").to_string());
    let text = match field {
        DeviceField::Name => Some(f.name.clone()),
        DeviceField::Hostname => f.hostname.clone(),
        DeviceField::AssetTag => device.asset_tag.clone(),
        DeviceField::Notes => device.notes.clone(),
        DeviceField::OwnerName => f.owner_name.clone(),
        DeviceField::OwnerEmail => f.owner_email.clone(),
        DeviceField::Manufacturer => f.manufacturer.clone(),
        DeviceField::Model => f.model.clone(),
        DeviceField::Serial => f.serial.clone(),
        DeviceField::OsName => f.os_name.clone(),
        DeviceField::OsVersion => f.os_version.clone(),
        DeviceField::Domain => f.domain.clone(),
        DeviceField::IpAddresses => Some(f.ip_addresses.join(", ")),
        DeviceField::MacAddresses => Some(f.mac_addresses.join(", ")),
        DeviceField::WarrantyStart => day(f.warranty_start),
        DeviceField::WarrantyEnd => day(f.warranty_end),
        DeviceField::Company | DeviceField::Location | DeviceField::DeviceType => None,
    };
    text.unwrap_or_default()
}
