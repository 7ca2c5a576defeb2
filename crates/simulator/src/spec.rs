//! What fleet to invent.

use crate::clock;
use crate::demo::demo_organizations;

/// The size and the seed of an invented fleet. The same values give the same fleet, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetSpec {
    /// Where all choices come from.
    pub seed: u64,
    /// How many organizations.
    pub organizations: u32,
    /// How many devices, those awaiting approval and the decommissioned ones (about 2% each) included.
    pub devices: u32,
    /// The most locations that an organization has.
    pub locations_per_org: u32,
    /// The fleet's present in epoch seconds: last contacts lie shortly before it.
    pub now: i64,
    /// Where organization names come from.
    pub names: NameSet,
}

/// Where the names of organizations come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameSet {
    /// Put together from word lists by the seed.
    Invented,
    /// The fixed list that goes with [`demo_companies`](crate::demo_companies).
    Demo,
}

impl Default for FleetSpec {
    fn default() -> Self {
        Self {
            seed: 1,
            organizations: 12,
            devices: 120,
            locations_per_org: 3,
            now: 1_790_000_000,
            names: NameSet::Invented,
        }
    }
}

impl FleetSpec {
    /// The fleet of the demo: organizations that resemble the companies of
    /// [`demo_companies`](crate::demo_companies), about 400 devices, and a present that is the current hour.
    pub fn demo() -> Self {
        Self {
            seed: 7,
            organizations: demo_organizations().len() as u32,
            devices: 400,
            now: clock::wall() / 3600 * 3600,
            names: NameSet::Demo,
            ..Self::default()
        }
    }
}
