//! Organization and location rows.

use crate::json::{Obj, array};
use crate::role;
use crate::world::{Location, Org, World};

/// Writes a short organization row.
pub(crate) fn write_org(out: &mut String, org: &Org) {
    let mut obj = Obj::new(out);
    common(&mut obj, org);
    obj.end();
}

/// Writes a long organization row: with locations, policies and, in lists, settings.
pub(crate) fn write_detailed(out: &mut String, world: &World, org: &Org, settings: bool) {
    let mut obj = Obj::new(out);
    common(&mut obj, org);
    let locations: Vec<_> = org.locations.iter().filter_map(|id| world.locations.get(id)).collect();
    array(obj.key("locations"), &locations, |out, location| write_location(out, location, false));
    array(obj.key("policies"), &[201, 202, 205, 101], |out, role| {
        Obj::new(out).int("nodeRoleId", *role).int("policyId", role::policy_of(org.id, *role)).end();
    });
    if settings {
        let mut all = Obj::new(obj.key("settings"));
        for (feature, on) in [
            ("trayicon", true),
            ("splashtop", org.id % 2 == 0),
            ("teamviewer", false),
            ("backup", org.id % 3 == 0),
            ("psa", false),
        ] {
            Obj::new(all.key(feature)).bool("enabled", on).end();
        }
        all.end();
    }
    obj.end();
}

/// NinjaOne: `description` is absent when empty; some instances print `tags` and `fields` beside the documented keys.
fn common(obj: &mut Obj, org: &Org) {
    obj.text("name", &org.name).text_opt("description", org.description.as_deref());
    obj.text("nodeApprovalMode", org.approval).int("id", org.id);
    if org.id % 9 == 4 {
        obj.raw("tags", "[]").raw("fields", "{}");
    }
}

/// Writes a location row. NinjaOne: only `/v2/locations` says which organization it belongs to.
pub(crate) fn write_location(out: &mut String, location: &Location, with_org: bool) {
    let mut obj = Obj::new(out);
    obj.text("name", &location.name).text_opt("address", location.address.as_deref());
    obj.text_opt("description", location.description.as_deref()).int("id", location.id);
    if with_org {
        obj.int("organizationId", location.org);
    }
    obj.end();
}
