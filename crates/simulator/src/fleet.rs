//! Makes a fleet out of a seed.

use crate::activity::Log;
use crate::class::class_of;
use crate::custom_fields;
use crate::demo::{address, demo_organizations};
use crate::device::Status;
use crate::maker::Maker;
use crate::names;
use crate::rng::Rng;
use crate::spec::{FleetSpec, NameSet};
use crate::world::{NextIds, Person, World};
use std::collections::{BTreeMap, HashSet};

/// The fleet of a spec.
pub(crate) fn build(spec: FleetSpec) -> World {
    let mut world = World {
        now: spec.now * crate::clock::SECOND,
        orgs: BTreeMap::new(),
        locations: BTreeMap::new(),
        devices: BTreeMap::new(),
        deleted: BTreeMap::new(),
        people: BTreeMap::new(),
        log: Log::default(),
        next: NextIds { org: 2, location: 2, device: 63, person: 31 },
        spec,
    };
    add_orgs(&mut world);
    add_people(&mut world);
    add_fleet(&mut world);
    add_history(&mut world);
    world
}

/// Organizations with their locations. In fleets of six and more, each fiftieth has no location at all (and so no
/// devices), and in fleets of more than fifty one name is used twice.
fn add_orgs(world: &mut World) {
    let mut rng = Rng::aspect(world.spec.seed, 10);
    let count = world.spec.organizations;
    let demo = demo_organizations();
    let mut used = HashSet::new();
    for index in 0..count {
        let fixed = demo.get(index as usize).filter(|_| world.spec.names == NameSet::Demo);
        let name = match fixed {
            Some((name, _)) => (*name).to_owned(),
            None => fresh_name(&mut rng, index, &mut used),
        };
        let id = world.insert_org(name);
        describe(world, id, &mut rng);
        match fixed {
            Some((_, sites)) => sites.iter().for_each(|site| add_site(world, id, (*site).to_owned())),
            None if without_locations(count, index) => {}
            None => {
                for n in 0..rng.between(1, 1 + i64::from(world.spec.locations_per_org)) as usize {
                    let name = names::location(&mut rng, n);
                    add_site(world, id, name);
                }
            }
        }
    }
    if count > 50 {
        let names: Vec<_> = world.orgs.values().map(|org| org.name.clone()).collect();
        if let Some(org) = world.orgs.values_mut().nth(50) {
            org.name.clone_from(&names[7]);
        }
    }
}

fn without_locations(count: u32, index: u32) -> bool {
    count >= 6 && index % 50 == 4
}

fn without_devices(count: u32, index: u32) -> bool {
    count >= 6 && index % 25 == 3
}

fn fresh_name(rng: &mut Rng, index: u32, used: &mut HashSet<String>) -> String {
    for _ in 0..20 {
        let name = names::organization(rng, index);
        if used.insert(name.clone()) {
            return name;
        }
    }
    let name = format!("{} {index}", names::organization(rng, 1));
    used.insert(name.clone());
    name
}

fn describe(world: &mut World, id: i64, rng: &mut Rng) {
    let Some(org) = world.orgs.get_mut(&id) else { return };
    org.approval = match rng.below(20) {
        0 => "REJECT",
        1..=3 => "MANUAL",
        _ => "AUTOMATIC",
    };
    org.description = rng.chance(30).then(|| format!("Contract since {}", rng.between(2009, 2026)));
    // Domains of the demo are those of its companies: there only names are to tell.
    if world.spec.names == NameSet::Invented {
        org.fields = custom_fields::usual(id, &org.domain);
    }
}

fn add_site(world: &mut World, org: i64, name: String) {
    let index = world.next.location as usize;
    let address = (!index.is_multiple_of(3)).then(|| address(index, org as usize));
    if let Some(id) = world.insert_location(org, name, address)
        && index.is_multiple_of(5)
        && let Some(location) = world.locations.get_mut(&id)
    {
        location.description = Some("Key holder: front desk".into());
    }
}

/// Five technicians, and end users for about a quarter of the devices.
fn add_people(world: &mut World) {
    let mut rng = Rng::aspect(world.spec.seed, 20);
    for _ in 0..5 {
        add_person(world, None, &mut rng);
    }
    let orgs: Vec<i64> = world.orgs.values().filter(|o| !o.locations.is_empty()).map(|o| o.id).collect();
    if orgs.is_empty() {
        return;
    }
    for n in 0..(world.spec.devices / 4) as usize {
        let org = orgs.get(n).copied().unwrap_or_else(|| *rng.pick(&orgs));
        add_person(world, Some(org), &mut rng);
    }
}

fn add_person(world: &mut World, org: Option<i64>, rng: &mut Rng) {
    let id = world.next.person;
    let (first, last) = if id == 31 { ("Robin", "Hale") } else { names::person(rng) };
    let owner = org.and_then(|org| world.orgs.get_mut(&org));
    let domain = owner.as_ref().map_or("msp.example", |org| &*org.domain);
    let number = if id > 100 { id.to_string() } else { String::new() };
    let email = format!("{}.{}{number}@{domain}", names::ascii(first), names::ascii(last));
    if let Some(org) = owner {
        org.people.push(id);
    }
    world.people.insert(id, Person { id, org, first, last, email });
    world.next.person += 1 + i64::from(id == 35) * 48;
}

/// The devices: organizations get shares of very different size.
fn add_fleet(world: &mut World) {
    let mut rng = Rng::aspect(world.spec.seed, 30);
    let maker = Maker::new(world);
    let (count, total) = (world.spec.organizations, world.spec.devices);
    let orgs: Vec<i64> = world
        .orgs
        .values()
        .enumerate()
        .filter(|(index, org)| !org.locations.is_empty() && !without_devices(count, *index as u32))
        .map(|(_, org)| org.id)
        .collect();
    let ends = shares(orgs.len());
    for index in 0..total {
        let number = rng.below(ends.last().copied().unwrap_or(0));
        let rank = ends.partition_point(|end| *end <= number);
        let Some(org) = orgs.get(rank).and_then(|id| world.orgs.get(id)).cloned() else { return };
        let class = class_of(index, total, &mut rng);
        let status = match index % 50 {
            17 if total >= 20 => Status::Pending,
            33 if total >= 20 => Status::Decommissioned,
            _ => Status::Approved,
        };
        let device = maker.device(world, &org, class.into(), status);
        world.insert_device(device);
    }
}

/// Where the share of each rank ends: the first organizations are much larger than the others.
fn shares(count: usize) -> Vec<u64> {
    let shares = (0..count as u64).map(|rank| 20 + 400 / (rank + 1));
    shares
        .scan(0, |sum, share| {
            *sum += share;
            Some(*sum)
        })
        .collect()
}

/// A few activities of the past, so that the log never begins empty.
fn add_history(world: &mut World) {
    let newest: Vec<_> = world.devices.values().rev().take(12).map(|d| (d.id, d.label())).collect();
    let mut time = world.now - 7200 * crate::clock::SECOND;
    for (id, label) in newest.into_iter().rev() {
        time += 61 * crate::clock::SECOND + 953_166;
        world.log.push(time, "NODE_UPDATED", Some(id), format!("Device '{label}' updated."));
    }
}
