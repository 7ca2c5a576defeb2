//! References: what `expand` adds to a device row.

use crate::clock::{DAY, SECOND};
use crate::device::{Device, Family};
use crate::json::Obj;
use crate::query::Query;
use crate::render::own_policy;
use crate::role;
use crate::world::World;

/// Which references a list was asked to expand.
/// NinjaOne: `expand` works on the two device lists, although the OpenAPI document does not know it.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Expand {
    organization: bool,
    location: bool,
    role: bool,
    policy: bool,
    role_policy: bool,
    warranty: bool,
    owner: bool,
    /// With backup sizes; `Some(true)` adds the times of the last jobs.
    backup: Option<bool>,
}

impl Expand {
    /// From the `expand` key of a request.
    pub fn of(query: &Query) -> Self {
        let wants = |item| query.lists("expand", item);
        Self {
            organization: wants("organization"),
            location: wants("location"),
            role: wants("role"),
            policy: wants("policy"),
            role_policy: wants("rolePolicy"),
            warranty: wants("warranty"),
            owner: wants("assignedOwner"),
            backup: wants("backupUsage").then_some(false),
        }
    }
}

impl Expand {
    /// Backup sizes only, as the usage report has them.
    pub fn backup(times: bool) -> Self {
        Self { backup: Some(times), ..Self::default() }
    }
}

/// Writes the key `references`, unless it would be empty.
pub(crate) fn write_references(obj: &mut Obj, world: &World, device: &Device, expand: Expand) {
    let mut text = String::new();
    let mut refs = Obj::new(&mut text);
    let (org, location) = (world.orgs.get(&device.org), device.loc.and_then(|id| world.locations.get(&id)));
    if let Some(org) = org.filter(|_| expand.organization) {
        crate::org::write_org(refs.key("organization"), org);
    }
    if let Some(location) = location.filter(|_| expand.location) {
        crate::org::write_location(refs.key("location"), location, false);
    }
    if expand.role_policy {
        role::write_policy(refs.key("rolePolicy"), role::policy_of(device.org, device.role), &device.class);
    }
    if let Some(policy) = own_policy(device).filter(|_| expand.policy) {
        role::write_policy(refs.key("policy"), policy, &device.class);
    }
    if let Some(role) = role::find(device.role).filter(|_| expand.role) {
        role::write_role(refs.key("role"), role);
    }
    if let Some(times) = expand.backup {
        crate::backup::write_usage(refs.key("backupUsage"), device, times);
    }
    if let Some((start, end)) = warranty(device).filter(|_| expand.warranty) {
        Obj::new(refs.key("warranty"))
            .int("startDate", start)
            .int("endDate", end)
            .int("manufacturerFulfillmentDate", start)
            .end();
    }
    if let Some(owner) = device.owner.and_then(|id| world.people.get(&id)).filter(|_| expand.owner) {
        crate::people::write(refs.key("assignedOwner"), world, owner, None);
    }
    refs.end();
    if text != "{}" {
        obj.raw("references", &text);
    }
}

/// Start and end of the warranty in epoch seconds. NinjaOne: virtual machines and Apple devices mostly have none;
/// zeros mean that nobody looked it up.
fn warranty(device: &Device) -> Option<(i64, i64)> {
    let mut rng = device.rng(18);
    let family = device.family();
    if device.virtual_machine || !matches!(family, Family::Windows | Family::Linux | Family::Mac) {
        return None;
    }
    match rng.below(100) {
        _ if family == Family::Mac && rng.chance(85) => None,
        0..=3 => Some((0, 0)),
        4..=74 => {
            let start = device.anchor / SECOND / DAY * DAY - rng.between(130, 2000) * DAY;
            Some((start, start + rng.between(1, 6) * 365 * DAY - 1))
        }
        _ => None,
    }
}
