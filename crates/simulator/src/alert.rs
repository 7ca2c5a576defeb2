//! Alerts. NinjaOne: active ones only, not paged, and without an organization: they are joined by device.

use crate::device::Status;
use crate::json::Obj;
use crate::rng::uuid;
use crate::rows::{Page, Rows};
use crate::world::World;

/// `GET /v2/alerts`: one for each approved device that is offline and has the salt for it.
pub(crate) fn alerts(world: &World) -> Page {
    let mut rows = Rows::default();
    let approved = world.devices.values().filter(|d| d.status == Status::Approved);
    for device in approved.filter(|d| d.offline && d.rng(40).chance(20)) {
        rows.push(|out| {
            let mut obj = Obj::new(out);
            obj.text("uid", &uuid(device.salt, 41)).int("deviceId", device.id);
            obj.text("message", "Device is down")
                .time("createTime", device.contact)
                .time("updateTime", device.contact);
            obj.text("sourceType", "AGENT_OFFLINE")
                .text("sourceName", "Device down")
                .text("subject", &device.label());
            obj.text("priority", "HIGH").text("severity", "CRITICAL").end();
        });
    }
    rows.end()
}
