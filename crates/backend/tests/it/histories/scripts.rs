//! One random change upstream at a time, each small enough to be plausible.

use simulator::Control;
use testkit::Dice;

/// An organization larger than this is not deleted: that would be implausible at once.
const SMALL: usize = 5;
const CLASSES: [&str; 7] = [
    "WINDOWS_WORKSTATION",
    "WINDOWS_SERVER",
    "MAC",
    "LINUX_SERVER",
    "NMS_SWITCH",
    "VMWARE_VM_HOST",
    "A_CLASS_OF_TOMORROW",
];

/// Makes a change and says which.
pub fn step(vendor: &Control, dice: &mut Dice) -> String {
    let ids = vendor.approved_device_ids();
    let id = *dice.pick(&ids);
    let name = format!("N-{}", dice.below(1_000_000));
    match dice.below(20) {
        0..3 => format!("added {:?}", vendor.add_devices(1)),
        3..5 => format!("renamed {id} to {name}: {}", vendor.rename_device(id, &name)),
        5..7 => moved(vendor, dice, id),
        7 if ids.len() > 120 => format!("deleted {id}: {}", vendor.delete_device(id)),
        8 => format!("re-enrolled {id} as {}", vendor.reenroll_device(id)),
        9 if ids.len() > 120 => format!("decommissioned {id}: {}", vendor.decommission_device(id)),
        10 => approved(vendor, dice),
        11 => {
            let class = dice.pick(&CLASSES);
            format!("{id} became {class}: {}", vendor.set_device_class(id, class))
        }
        12 => format!("{} reported", vendor.heartbeat()),
        13 => format!("{id} on line: {}", vendor.set_online(id, dice.chance(50))),
        14 => format!("{id} has serial {name}: {}", vendor.set_serial(id, Some(&name))),
        15..20 => organization(vendor, dice, &name),
        _ => format!("added {:?}", vendor.add_devices(2)),
    }
}

fn moved(vendor: &Control, dice: &mut Dice, id: i64) -> String {
    let (target, _) = dice.pick(&vendor.organizations()).clone();
    match vendor.locations(target).first() {
        Some((location, _)) => {
            format!("moved {id} to {target}/{location}: {}", vendor.move_device(id, target, *location))
        }
        None => format!("{target} has no location"),
    }
}

/// Approves one that waits, or takes a decommissioned one back.
fn approved(vendor: &Control, dice: &mut Dice) -> String {
    let shown = vendor.approved_device_ids();
    let hidden: Vec<i64> =
        vendor.device_ids().into_iter().filter(|id| shown.binary_search(id).is_err()).collect();
    if hidden.is_empty() {
        return "nobody waits".into();
    }
    let id = *dice.pick(&hidden);
    format!("approved {id}: {}", vendor.approve_device(id))
}

fn organization(vendor: &Control, dice: &mut Dice, name: &str) -> String {
    let all = vendor.organizations();
    let (org, _) = dice.pick(&all).clone();
    let locations = vendor.locations(org);
    match dice.below(6) {
        0 => format!("renamed organization {org}: {}", vendor.rename_organization(org, name)),
        1 if all.len() < 20 => format!("added organization {}", vendor.add_organization(name)),
        2 => format!("added location {} to {org}", vendor.add_location(org, name)),
        3 if !locations.is_empty() => {
            let (location, _) = dice.pick(&locations);
            format!("renamed location {location}: {}", vendor.rename_location(*location, name))
        }
        4 if locations.len() > 1 => {
            format!("deleted location {}: {}", locations[1].0, vendor.delete_location(locations[1].0))
        }
        _ => {
            let small = all.iter().find(|(id, _)| vendor.devices_of_organization(*id).len() < SMALL);
            match small.filter(|_| all.len() > 12) {
                Some((id, _)) => format!("deleted organization {id}: {}", vendor.delete_organization(*id)),
                None => "no organization is small".into(),
            }
        }
    }
}

/// A device goes, a device comes, a device moves.
pub fn shuffle(vendor: &Control, dice: &mut Dice) {
    let ids = vendor.approved_device_ids();
    if ids.len() > 120 {
        vendor.delete_device(*dice.pick(&ids));
    }
    vendor.add_devices(1);
    let mover = *dice.pick(&ids);
    moved(vendor, dice, mover);
    vendor.reenroll_device(*dice.pick(&ids));
}
