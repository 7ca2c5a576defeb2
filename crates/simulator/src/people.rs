//! Users (technicians and end users) and contacts.

use crate::json::Obj;
use crate::query::Query;
use crate::rng::uuid;
use crate::rows::{Page, Rows};
use crate::world::{Person, World};
use std::collections::HashMap;

/// The uid of a user.
pub(crate) fn uid(world: &World, id: i64) -> String {
    uuid(world.spec.seed ^ 0x7573_6572, id as u64)
}

/// `GET /v2/users`, not paged.
pub(crate) fn users(world: &World, query: &Query) -> Page {
    let mut devices: HashMap<i64, Vec<i64>> = HashMap::new();
    for device in world.devices.values() {
        if let Some(owner) = device.owner {
            devices.entry(owner).or_default().push(device.id);
        }
    }
    let mut rows = Rows::default();
    for person in
        world.people.values().filter(|p| query.get("userType").is_none_or(|kind| kind == user_type(p)))
    {
        let owned = devices.get(&person.id).map_or(&[][..], Vec::as_slice);
        rows.push(|out| write(out, world, person, Some((owned, query.flag("includeRoles")))));
    }
    rows.end()
}

/// Writes a user. `lists` adds the devices (and, if asked for, the roles).
/// NinjaOne: user rows print their nulls, other rows omit them.
pub(crate) fn write(out: &mut String, world: &World, person: &Person, lists: Option<(&[i64], bool)>) {
    let technician = person.org.is_none();
    let mut obj = Obj::new(out);
    obj.int("id", person.id).text("uid", &uid(world, person.id)).text("firstName", person.first);
    obj.text("lastName", person.last).text("email", &person.email);
    if person.id % 3 == 0 {
        obj.text("phone", &format!("+44163296{:04}", person.id % 10_000));
    } else {
        obj.null("phone");
    }
    obj.bool("enabled", person.id % 29 != 0).bool("administrator", person.id == 31);
    obj.bool("permitAllClients", technician).bool("notifyAllClients", false).bool("mustChangePw", false);
    obj.bool("mfaConfigured", technician).text("userType", user_type(person));
    obj.text("invitationStatus", if technician { "REGISTERED" } else { "PENDING" });
    match person.org {
        Some(org) => obj.int("organizationId", org),
        None => obj.null("organizationId"),
    };
    if let Some((devices, roles)) = lists {
        for key in ["deviceIds", "assignedDeviceIds"] {
            crate::json::array(obj.key(key), devices, |out, id| out.push_str(&id.to_string()));
        }
        if roles {
            obj.texts("roles", if technician { &["Technician"][..] } else { &[] });
        }
    }
    obj.null("tags").null("fields").end();
}

fn user_type(person: &Person) -> &'static str {
    if person.org.is_none() { "TECHNICIAN" } else { "END_USER" }
}

/// `GET /v2/contacts`, not paged: every fifth end user.
pub(crate) fn contacts(world: &World) -> Page {
    let mut rows = Rows::default();
    for person in world.people.values().filter(|p| p.id % 5 == 0) {
        let Some(org) = person.org else { continue };
        rows.push(|out| {
            let mut obj = Obj::new(out);
            obj.int("id", person.id)
                .int("organizationId", org)
                .text("uid", &uuid(world.spec.seed ^ 99, person.id as u64));
            obj.text("firstName", person.first).text("lastName", person.last).text("email", &person.email);
            obj.text("phone", "+441632960000").text("jobTitle", "Office manager").end();
        });
    }
    rows.end()
}
