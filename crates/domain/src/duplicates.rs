//! Devices of one company that look like the same machine: found by what they share, decided by people.

use crate::{
    company::CompanyRef,
    device::DeviceStatus,
    device_edit::DeviceField,
    ids::{DeviceId, DuplicateId},
    serial,
};
use chrono::{DateTime, Utc};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::hash::BuildHasher;
use uuid::Uuid;

/// A serial number that more devices of the fleet have than this identifies nothing.
const MOST_WITH_SERIAL: usize = 3;
/// The same of a MAC address: docks and adapters go from hand to hand.
const MOST_WITH_MAC: usize = 2;
/// The same of a hostname, inside of a company.
const MOST_WITH_HOSTNAME: usize = 2;

words! {
    /// What two devices share, or what speaks against them being the same.
    pub enum DuplicateSign {
        Serial = "serial",
        Mac = "mac",
        Hostname = "hostname",
        /// Both have a good serial number, and they differ.
        OtherSerial = "other_serial",
    }

    /// What became of a proposal.
    pub enum DuplicateState {
        /// Waits for a decision.
        Open = "open",
        /// Somebody said that they are two machines: not proposed again.
        NotSame = "not_same",
        /// One is hidden behind the other.
        Merged = "merged",
    }
}

wire! {
    /// One reason for or against two devices being the same.
    #[derive(Eq)]
    pub struct DuplicateReason {
        pub sign: DuplicateSign,
        /// What they share.
        pub value: Option<String>,
    }

    /// Two devices that look like one machine.
    pub struct DuplicatePair {
        pub id: DuplicateId,
        pub company: CompanyRef,
        pub left: DuplicateDevice,
        pub right: DuplicateDevice,
        /// 0 to 1.
        pub confidence: f64,
        pub reasons: Vec<DuplicateReason>,
        pub state: DuplicateState,
        /// The one that is hidden, once they are merged.
        pub hidden: Option<DeviceId>,
        pub decided_by: Option<String>,
        pub decided_at: Option<DateTime<Utc>>,
    }

    /// A device of a pair, as a list shows it.
    pub struct DuplicateDevice {
        pub id: DeviceId,
        pub name: String,
        pub serial: Option<String>,
        pub device_type: String,
        pub status: DeviceStatus,
        /// The integration that feeds it.
        pub source: Option<String>,
        pub last_contact: Option<DateTime<Utc>>,
    }

    /// A pair side by side.
    pub struct DuplicateComparison {
        pub pair: DuplicatePair,
        /// The one that better stays; of a merged pair the one that did.
        pub keep: DeviceId,
        /// The one whose source would feed the other one, if that one stays: the other's own is gone.
        pub takes_feed: Option<DeviceId>,
        pub fields: Vec<ComparedField>,
    }

    /// One field of two devices.
    pub struct ComparedField {
        pub key: String,
        pub label: String,
        pub left: Option<String>,
        pub right: Option<String>,
        /// Whether a value can be chosen: it is a person's from then on.
        pub field: Option<DeviceField>,
        /// Whether a person has set it.
        pub left_owned: bool,
        pub right_owned: bool,
    }

    /// How many pairs wait, and how many were decided.
    #[derive(Default, Copy, Eq)]
    pub struct DuplicateCounts {
        pub open: i64,
        pub not_same: i64,
        pub merged: i64,
    }
}

impl DuplicateReason {
    /// Words for people.
    pub fn sentence(&self) -> String {
        let value = self.value.as_deref().unwrap_or_default();
        match self.sign {
            DuplicateSign::Serial => format!("Same serial number {value}"),
            DuplicateSign::Mac => format!("Same MAC address {value}"),
            DuplicateSign::Hostname => format!("Same hostname {value}"),
            DuplicateSign::OtherSerial => "But their serial numbers differ".to_owned(),
        }
    }
}

impl DuplicateSign {
    /// How sure it alone makes.
    fn weight(self) -> f64 {
        match self {
            Self::Serial => 0.95,
            Self::Mac => 0.85,
            Self::Hostname => 0.4,
            Self::OtherSerial => 0.0,
        }
    }
}

impl ComparedField {
    /// Whether the two devices say something else.
    pub fn differs(&self) -> bool {
        self.left != self.right
    }
}

/// What a device is told by.
#[derive(Clone, Debug)]
pub struct Identity {
    pub id: Uuid,
    pub company: Uuid,
    pub serial: Option<String>,
    pub macs: Vec<String>,
    pub hostname: Option<String>,
}

/// Two devices that look like one machine, the smaller id first.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    pub left: Uuid,
    pub right: Uuid,
    pub confidence: f64,
    pub reasons: Vec<DuplicateReason>,
}

/// Finds out which devices share something with another one, without holding all of them.
#[derive(Default)]
pub struct Sieve {
    ids: Vec<Uuid>,
    /// Hashes of what identifies a device, with its place in `ids`.
    keys: Vec<(u64, u32)>,
}

impl Sieve {
    /// Takes note of a device.
    pub fn note(&mut self, device: &Identity) {
        let n = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        let serial = device.serial.as_deref().and_then(serial_key).map(|key| (DuplicateSign::Serial, key));
        let host = host_key(device).map(|key| (DuplicateSign::Hostname, key));
        let macs = mac_keys(device).into_iter().map(|key| (DuplicateSign::Mac, key));
        let hash = |key: &(DuplicateSign, String)| FxBuildHasher.hash_one(key);
        self.keys.extend(serial.into_iter().chain(host).chain(macs).map(|key| (hash(&key), n)));
        self.ids.push(device.id);
    }

    /// The devices that [`find`] has to look at, to find what it would find among all that were noted.
    pub fn alike(mut self) -> FxHashSet<Uuid> {
        self.keys.sort_unstable();
        let shared = self.keys.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        shared.flatten().filter_map(|(_, n)| self.ids.get(*n as usize).copied()).collect()
    }
}

/// All pairs of one company that share what identifies a machine, by id. Serial numbers and MAC addresses that many
/// devices of the whole fleet have say nothing; hostnames are compared inside of a company.
pub fn find(devices: &[Identity]) -> Vec<Likeness> {
    let mut pairs: FxHashMap<(usize, usize), Vec<DuplicateReason>> = FxHashMap::default();
    let serials: Vec<Option<String>> = devices.iter().map(|d| serial_key(d.serial.as_deref()?)).collect();
    let one = |n: usize, key: Option<String>| key.map(|key| (key, n));
    let by_serial = serials.iter().enumerate().filter_map(|(n, key)| one(n, key.clone()));
    propose(devices, &mut pairs, by_serial, MOST_WITH_SERIAL, DuplicateSign::Serial);
    let by_mac =
        devices.iter().enumerate().flat_map(|(n, d)| mac_keys(d).into_iter().map(move |key| (key, n)));
    propose(devices, &mut pairs, by_mac, MOST_WITH_MAC, DuplicateSign::Mac);
    let by_host = devices.iter().enumerate().filter_map(|(n, d)| one(n, host_key(d)));
    propose(devices, &mut pairs, by_host, MOST_WITH_HOSTNAME, DuplicateSign::Hostname);
    let differ = |a: usize, b: usize| match (&serials[a], &serials[b]) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    };
    let mut found: Vec<Likeness> = pairs
        .into_iter()
        .filter_map(|((a, b), reasons)| likeness(&devices[a], &devices[b], reasons, differ(a, b)))
        .collect();
    found.sort_by_key(|l| (l.left, l.right));
    found
}

/// Adds a reason to each pair of a company that has the same key, unless too many have it.
fn propose(
    devices: &[Identity],
    pairs: &mut FxHashMap<(usize, usize), Vec<DuplicateReason>>,
    keys: impl Iterator<Item = (String, usize)>,
    most: usize,
    sign: DuplicateSign,
) {
    let mut groups: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (key, n) in keys {
        groups.entry(key).or_default().push(n);
    }
    for (key, group) in groups.into_iter().filter(|(_, group)| (2..=most).contains(&group.len())) {
        let value = key.split(' ').next().map(str::to_owned);
        for (at, &a) in group.iter().enumerate() {
            for &b in group[at + 1..].iter().filter(|b| devices[**b].company == devices[a].company) {
                let reasons = pairs.entry((a, b)).or_default();
                if reasons.iter().all(|r| r.sign != sign) {
                    reasons.push(DuplicateReason { sign, value: value.clone() });
                }
            }
        }
    }
}

fn likeness(a: &Identity, b: &Identity, mut reasons: Vec<DuplicateReason>, differ: bool) -> Option<Likeness> {
    let doubt: f64 = reasons.iter().map(|r| 1.0 - r.sign.weight()).product();
    let mut confidence = 1.0 - doubt;
    if differ {
        // A name that a new machine took over from an old one.
        if reasons.iter().all(|r| r.sign == DuplicateSign::Hostname) {
            return None;
        }
        confidence *= 0.4;
        reasons.push(DuplicateReason { sign: DuplicateSign::OtherSerial, value: None });
    }
    reasons.sort_by_key(|r| r.sign);
    let (left, right) = if a.id <= b.id { (a.id, b.id) } else { (b.id, a.id) };
    Some(Likeness { left, right, confidence, reasons })
}

/// A good serial number as it is compared.
fn serial_key(serial: &str) -> Option<String> {
    let key: String = serial.trim().to_uppercase().split_whitespace().collect();
    serial::is_good(&key).then_some(key)
}

/// A MAC address that a maker gave to one adapter, as it is compared: those that software makes up are left out.
fn mac_key(mac: &str) -> Option<String> {
    let bare: String = mac.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let first = u8::from_str_radix(bare.get(..2)?, 16).ok()?;
    let is_own = bare.len() == 12 && bare.bytes().all(|b| b.is_ascii_hexdigit()) && first & 0b11 == 0;
    let parts: Vec<&str> = (0..12).step_by(2).filter_map(|at| bare.get(at..at + 2)).collect();
    // VMware's adapters between a machine and its guests have the same addresses everywhere.
    (is_own && bare != "000000000000" && !bare.starts_with("005056C0")).then(|| parts.join(":"))
}

/// Its MAC addresses as they are compared, each once.
fn mac_keys(device: &Identity) -> Vec<String> {
    let mut keys: Vec<String> = device.macs.iter().filter_map(|mac| mac_key(mac)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Its hostname, as it is compared inside of its company.
fn host_key(device: &Identity) -> Option<String> {
    let host = hostname_key(device.hostname.as_deref()?)?;
    Some(format!("{host} {}", device.company))
}

/// The first label of a hostname, in lower case.
fn hostname_key(hostname: &str) -> Option<String> {
    let label = hostname.trim().split('.').next().unwrap_or_default().to_lowercase();
    let says_nothing =
        ["localhost", "localhost-live", "unknown", "none", "desktop", "laptop", "server", "pc"];
    (label.chars().count() >= 3 && !label.contains(' ') && !says_nothing.contains(&label.as_str()))
        .then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(n: u128, company: u128, serial: &str, mac: &str, hostname: &str) -> Identity {
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        Identity {
            id: Uuid::from_u128(n),
            company: Uuid::from_u128(company),
            serial: some(serial),
            macs: some(mac).into_iter().collect(),
            hostname: some(hostname),
        }
    }

    fn told(devices: &[Identity]) -> Vec<(u128, u128, Vec<DuplicateSign>)> {
        let signs = |l: &Likeness| l.reasons.iter().map(|r| r.sign).collect();
        find(devices).iter().map(|l| (l.left.as_u128(), l.right.as_u128(), signs(l))).collect()
    }

    use DuplicateSign::{Hostname, Mac, OtherSerial, Serial};

    #[test]
    fn what_identifies_a_machine_pairs_devices_of_one_company() {
        let found = told(&[
            device(2, 1, "5CG1 ", "", "a-1"),
            device(1, 1, "5cg1", "", ""),
            device(3, 2, "XY12345", "D0-67-26-00-03-52", ""),
            device(4, 2, "", "d0:67:26:00:03:52", "Front.Desk.local"),
            device(5, 2, "", "", "front"),
            device(6, 3, "XY99999", "", "front"),
        ]);
        assert_eq!(found, [(1, 2, vec![Serial]), (3, 4, vec![Mac]), (4, 5, vec![Hostname])]);
    }

    #[test]
    fn the_sieve_keeps_all_that_decides() {
        let mut devices: Vec<Identity> =
            (0..4).map(|n| device(n, 1, "SAME123", "", &format!("host-{n}"))).collect();
        devices.push(device(10, 2, "ALONE-1", "D0:67:26:00:00:09", "lonely"));
        devices.push(device(11, 1, "OTHER-1", "", "host-0"));
        devices.push(device(12, 3, "", "", "host-0"));
        let mut sieve = Sieve::default();
        devices.iter().for_each(|d| sieve.note(d));
        let alike = sieve.alike();
        let kept: Vec<Identity> = devices.iter().filter(|d| alike.contains(&d.id)).cloned().collect();
        // Four have one serial number, which therefore says nothing: all of them have to be seen for that.
        assert_eq!(kept.iter().map(|d| d.id.as_u128()).collect::<Vec<_>>(), [0, 1, 2, 3, 11]);
        assert_eq!(find(&kept), find(&devices));
    }

    #[test]
    fn what_many_have_says_nothing() {
        let junk: Vec<Identity> = (0..4).map(|n| device(n, 1, "SAME123", "D0:67:26:00:00:01", "")).collect();
        assert_eq!(told(&junk), []);
        let placeholder = |n| device(n, 1, "To be filled by O.E.M.", "02:42:AC:11:00:02", "localhost");
        assert_eq!(told(&[placeholder(1), placeholder(2)]), []);
        let elsewhere: Vec<Identity> = (0..3).map(|n| device(n, n, "", "D0:67:26:00:00:01", "")).collect();
        assert_eq!(told(&elsewhere), []);
        let virtual_adapter = |n| device(n, 1, "", "00:50:56:C0:00:08", "");
        assert_eq!(told(&[virtual_adapter(1), virtual_adapter(2)]), []);
    }

    #[test]
    fn different_serial_numbers_speak_against_it() {
        let old = device(1, 1, "OLD1234", "D0:67:26:00:00:01", "pc-1");
        let new = device(2, 1, "NEW1234", "D0:67:26:00:00:01", "pc-1");
        assert_eq!(told(&[old.clone(), new.clone()]), [(1, 2, vec![Mac, Hostname, OtherSerial])]);
        assert!(find(&[old.clone(), new])[0].confidence < 0.5);
        assert_eq!(told(&[old, device(3, 1, "NEW1234", "", "pc-1")]), [], "a name that was taken over");
    }

    #[test]
    fn several_signs_make_surer() {
        let (a, b) = (
            device(1, 1, "5CG1", "D0:67:26:00:00:01", "x-1"),
            device(2, 1, "5CG1", "D0:67:26:00:00:01", "x-1"),
        );
        let all = find(&[a.clone(), b])[0].confidence;
        let serial = find(&[a, device(2, 1, "5CG1", "", "")])[0].confidence;
        assert!(all > serial && serial > 0.9 && all < 1.0);
    }
}
