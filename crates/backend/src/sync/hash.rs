//! Content hashes: equal content, equal hash, on every machine and in every version.

use domain::{Time, device::DeviceFacts, remote::RemoteDevice};
use xxhash_rust::xxh3::Xxh3;

/// Feeds values to the hash so that no two contents look alike: each says whether it is there and how long it is.
#[derive(Default)]
pub struct Content(Xxh3);

impl Content {
    pub fn new() -> Self {
        Self(Xxh3::new())
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.0.update(&(text.len() as u64 + 1).to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }

    pub fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.absent(),
        }
    }

    pub fn number(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => {
                self.0.update(&[1]);
                self.0.update(&number.to_le_bytes());
                self
            }
            None => self.absent(),
        }
    }

    fn time(&mut self, time: Option<Time>) -> &mut Self {
        self.number(time.map(|t| t.timestamp_micros()))
    }

    fn list(&mut self, texts: &[String]) -> &mut Self {
        self.0.update(&(texts.len() as u64).to_le_bytes());
        for text in texts {
            self.text(text);
        }
        self
    }

    fn absent(&mut self) -> &mut Self {
        self.0.update(&[0]);
        self
    }

    pub fn done(&self) -> i64 {
        self.0.digest().cast_signed()
    }
}

/// The hash of what staging keeps of a device apart from its heartbeat.
pub fn device(device: &RemoteDevice) -> i64 {
    let mut c = Content::new();
    c.maybe(device.organization_id.as_deref())
        .maybe(device.location_id.as_deref())
        .maybe(device.url.as_deref());
    facts(&mut c, &device.facts);
    c.done()
}

fn facts(c: &mut Content, f: &DeviceFacts) {
    c.text(&f.name);
    for text in [
        &f.hostname,
        &f.dns_name,
        &f.netbios_name,
        &f.node_class,
        &f.role,
        &f.approval,
        &f.os_name,
        &f.os_version,
        &f.os_build,
        &f.os_architecture,
        &f.manufacturer,
        &f.model,
        &f.serial,
        &f.bios_serial,
        &f.chassis,
        &f.domain,
        &f.public_ip,
        &f.owner_uid,
        &f.owner_name,
        &f.owner_email,
    ] {
        c.maybe(text.as_deref());
    }
    c.number(f.virtual_machine.map(i64::from)).list(&f.ip_addresses).list(&f.mac_addresses);
    for time in [
        f.last_boot,
        f.warranty_start,
        f.warranty_end,
        f.backup_last_success,
        f.backup_last_failure,
        f.created,
    ] {
        c.time(time);
    }
    c.number(f.backup_cloud_bytes).number(f.backup_local_bytes).number(f.backup_total_bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> RemoteDevice {
        RemoteDevice {
            facts: DeviceFacts { name: name.into(), ..DeviceFacts::default() },
            ..RemoteDevice::default()
        }
    }

    #[test]
    fn every_field_counts_and_only_where_it_stands() {
        let base = device(&named("a"));
        assert_eq!(base, device(&named("a")));
        let mut others = [named("b"), named("a"), named("a"), named("a"), named("a"), named("a")];
        others[1].organization_id = Some("7".into());
        others[2].location_id = Some("7".into());
        others[3].facts.hostname = Some("7".into());
        others[4].facts.dns_name = Some("7".into());
        others[5].facts.backup_total_bytes = Some(7);
        let mut hashes: Vec<i64> = others.iter().map(device).collect();
        hashes.push(base);
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 7);
    }

    /// Also one that is added to the facts later.
    #[test]
    fn every_fact_counts() {
        let base = serde_json::to_value(named("a").facts).expect("JSON");
        let values = [
            serde_json::json!("2026-05-01T08:00:00Z"),
            serde_json::json!(["7"]),
            serde_json::json!(7),
            serde_json::json!(true),
        ];
        let facts = base.as_object().expect("fields");
        assert!(facts.len() >= 33, "all fields, also those without a value: {facts:?}");
        let mut hashes = std::collections::HashSet::from([device(&named("a"))]);
        for field in facts.keys() {
            let other = values.iter().find_map(|value| {
                let mut other = base.clone();
                other[field] = value.clone();
                serde_json::from_value::<DeviceFacts>(other).ok()
            });
            let facts = other.unwrap_or_else(|| panic!("no value for {field}"));
            let device = device(&RemoteDevice { facts, ..RemoteDevice::default() });
            assert!(hashes.insert(device), "{field} is not part of the hash, or as another one");
        }
    }

    #[test]
    fn a_heartbeat_is_no_content() {
        let mut other = named("a");
        other.offline = Some(true);
        other.last_contact = Time::from_timestamp(5, 0);
        assert_eq!(device(&other), device(&named("a")));
    }
}
