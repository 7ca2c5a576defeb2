//! Serial numbers, good and bad.

use crate::device::{Device, Family};
use crate::rng::{Rng, mix};
use crate::world::Org;

/// Serials that a build left in place of a real one.
const PLACEHOLDERS: [&str; 8] = [
    "To Be Filled By O.E.M.",
    "System Serial Number",
    "Default string",
    "0",
    "None",
    "0123456789",
    "............",
    "SystemSerialNumber",
];

/// Serial numbers: 3% placeholders (the BIOS one is good then), and virtual machines that were cloned share theirs.
pub(crate) fn identify(device: &mut Device, org: &Org, family: Family, rng: &mut Rng) {
    if matches!(family, Family::Network | Family::Cloud | Family::VmGuest) {
        return;
    }
    if device.virtual_machine {
        let clone = rng.chance(12);
        let mut from = Rng::new(if clone { mix(org.id as u64) } else { device.salt ^ 5 });
        let part = |from: &mut Rng| format!("{:04}", from.below(10_000));
        let parts: Vec<String> = (0..6).map(|_| part(&mut from)).collect();
        device.serial = Some(format!("{}-{:02}", parts.join("-"), from.below(100)));
        device.bios.clone_from(&device.serial);
        return;
    }
    let real = match family {
        Family::Mac => format!("C02{}", token(rng, 9)),
        Family::VmHost => format!("SGH{}", token(rng, 7)),
        _ => token(rng, 7),
    };
    let placeholder = family != Family::VmHost && rng.chance(3);
    device.serial = Some(if placeholder { (*rng.pick(&PLACEHOLDERS)).to_owned() } else { real.clone() });
    device.bios = (family != Family::VmHost).then_some(real);
}

/// Capitals and digits as in serial numbers.
pub(crate) fn token(rng: &mut Rng, length: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    (0..length).map(|_| char::from(*rng.pick(ALPHABET))).collect()
}
