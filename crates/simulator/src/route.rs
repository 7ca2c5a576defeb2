//! From a path to an answer.

use crate::activity::Wanted;
use crate::alert;
use crate::answer::Answer;
use crate::behaviour::BackupModule;
use crate::cursor::NoReport;
use crate::custom_fields;
use crate::device::{Device, Status};
use crate::hardware;
use crate::network;
use crate::org;
use crate::paging;
use crate::people;
use crate::query::Query;
use crate::references::Expand;
use crate::render;
use crate::reply::Reply;
use crate::report::{Report, write_user};
use crate::role;
use crate::rows::Rows;
use crate::select::DeviceFilter;
use crate::state::State;
use crate::world::World;

/// The paths that exist, numbers replaced by `{id}`.
const PATHS: &[&str] = &[
    "/v2/organizations",
    "/v2/organizations-detailed",
    "/v2/organization/{id}",
    "/v2/organization/{id}/locations",
    "/v2/organization/{id}/devices",
    "/v2/organization/{id}/custom-fields",
    "/v2/locations",
    "/v2/devices",
    "/v2/devices-detailed",
    "/v2/device/{id}",
    "/v2/device/{id}/network-interfaces",
    "/v2/device/{id}/last-logged-on-user",
    "/v2/device/{id}/activities",
    "/v2/users",
    "/v2/contacts",
    "/v2/roles",
    "/v2/noderole/list",
    "/v2/tag",
    "/v2/alerts",
    "/v2/activities",
];

/// Splits a path into its pattern and the id in it.
fn pattern(path: &str) -> (String, i64) {
    let mut found = 0;
    let parts = path.split('/').map(|part| match part.parse::<i64>() {
        Ok(id) => {
            found = id;
            "{id}"
        }
        Err(_) => part,
    });
    (parts.collect::<Vec<_>>().join("/"), found)
}

/// Whether there is such a path.
pub(crate) fn is_known(path: &str) -> bool {
    Report::at(path).is_some() || PATHS.contains(&pattern(path).0.as_str())
}

/// The answer to a GET with a good token.
pub(crate) fn answer(state: &mut State, path: &str, query: &Query) -> Result<Answer, Reply> {
    if let Some(report) = Report::at(path) {
        return report_page(state, report, query);
    }
    if !state.behaviour.keep_pages {
        return make(state, path, query);
    }
    let (clamp, inclusive) = (state.behaviour.page_size_clamp, state.behaviour.inclusive_after);
    let key = format!("{path} {query:?} {clamp:?} {inclusive} {:?}", state.behaviour.list_order);
    if let Some((page, ())) = state.lists.find(&key) {
        return Ok(Answer::Array(page));
    }
    let answer = make(state, path, query)?;
    if let Answer::Array(page) = &answer {
        state.lists.keep(key, page, ());
    }
    Ok(answer)
}

/// The answer of everything but reports, made anew.
fn make(state: &State, path: &str, query: &Query) -> Result<Answer, Reply> {
    let (pattern, id) = pattern(path);
    let (world, behaviour) = (&state.world, &state.behaviour);
    let fed = behaviour.fed_instance;
    Ok(match pattern.as_str() {
        "/v2/organizations" => organizations(state, query, |out, _, org| org::write_org(out, org)),
        "/v2/organizations-detailed" => {
            organizations(state, query, |out, world, org| org::write_detailed(out, world, org, true))
        }
        "/v2/organization/{id}" => {
            let org = world.orgs.get(&id).ok_or_else(Reply::not_found)?;
            object(|out| org::write_detailed(out, world, org, false))
        }
        "/v2/organization/{id}/custom-fields" => {
            let org = world.orgs.get(&id).ok_or_else(Reply::not_found)?;
            object(|out| custom_fields::Wanted::default().write_fields(out, org))
        }
        "/v2/organization/{id}/locations" => org_locations(world, id)?,
        "/v2/organization/{id}/devices" => {
            world.orgs.get(&id).ok_or_else(Reply::not_found)?;
            let keep = |device: &Device| device.org == id && device.status == Status::Approved;
            device_rows(state, query, keep, render::short)
        }
        "/v2/locations" => {
            let page = paging::page(&world.locations, query, behaviour, |_| true);
            array(page, |out, location| org::write_location(out, location, true))
        }
        "/v2/devices" => devices(state, query, render::short)?,
        "/v2/devices-detailed" => devices(state, query, render::detailed)?,
        "/v2/device/{id}" => {
            let device = device(world, id)?;
            object(|out| render::detailed(out, world, device, Expand::default()))
        }
        "/v2/device/{id}/network-interfaces" => interfaces(device(world, id)?),
        "/v2/device/{id}/last-logged-on-user" => {
            let user = hardware::last_user(device(world, id)?).ok_or_else(Reply::not_found)?;
            object(|out| write_user(out, &user, None))
        }
        "/v2/device/{id}/activities" => {
            device(world, id)?;
            activities(world, &Wanted { device: Some(id), ..Wanted::from_query(query) })
        }
        "/v2/users" => Answer::Array(people::users(world, query)),
        "/v2/contacts" if !fed => Answer::Array(people::contacts(world)),
        "/v2/noderole/list" if !fed => Answer::Array(role::roles()),
        "/v2/roles" => Answer::Array(role::roles()),
        "/v2/tag" => Answer::Object(role::tags(&tag_counts(world), world.now)),
        "/v2/alerts" => Answer::Array(alert::alerts(world)),
        "/v2/activities" => activities(world, &Wanted::from_query(query)),
        _ => return Err(Reply::not_found()),
    })
}

/// What stands in the way of a filter that cannot be read. NinjaOne: 500, every time.
fn bad_filter() -> Reply {
    Reply::failure(500, "FAILURE")
}

/// A page of a report. NinjaOne: what a bad cursor is answered with is not known; here it is 400.
fn report_page(state: &mut State, report: Report, query: &Query) -> Result<Answer, Reply> {
    match state.behaviour.backup_module {
        _ if !report.is_backup() => {}
        BackupModule::On => {}
        BackupModule::Missing404 => return Err(Reply::not_found()),
        BackupModule::Forbidden403 => return Err(Reply::forbidden()),
        BackupModule::Empty => return Ok(Answer::Report(None, Rows::default().end())),
    }
    let page = state.sessions.page(&state.world, report, query, &state.behaviour);
    let (cursor, rows) = page.map_err(|why| match why {
        NoReport::BadFilter => bad_filter(),
        NoReport::BadCursor => Reply::failure(400, "CURSOR_NOT_FOUND"),
    })?;
    Ok(Answer::Report(cursor, rows))
}

fn organizations(state: &State, query: &Query, write: fn(&mut String, &World, &crate::world::Org)) -> Answer {
    let page = paging::page(&state.world.orgs, query, &state.behaviour, |_| true);
    array(page, |out, org| write(out, &state.world, org))
}

fn org_locations(world: &World, id: i64) -> Result<Answer, Reply> {
    let org = world.orgs.get(&id).ok_or_else(Reply::not_found)?;
    let own = org.locations.iter().filter_map(|id| world.locations.get(id)).collect();
    Ok(array(own, |out, location| org::write_location(out, location, false)))
}

type WriteDevice = fn(&mut String, &World, &Device, Expand);

fn devices(state: &State, query: &Query, write: WriteDevice) -> Result<Answer, Reply> {
    let filter = DeviceFilter::lists(query.get("df")).map_err(|_| bad_filter())?;
    Ok(device_rows(state, query, |device| filter.matches(device), write))
}

fn device_rows(state: &State, query: &Query, keep: impl Fn(&Device) -> bool, write: WriteDevice) -> Answer {
    let expand = Expand::of(query);
    let page = paging::page(&state.world.devices, query, &state.behaviour, keep);
    array(page, |out, device| write(out, &state.world, device, expand))
}

fn device(world: &World, id: i64) -> Result<&Device, Reply> {
    world.devices.get(&id).ok_or_else(Reply::not_found)
}

fn interfaces(device: &Device) -> Answer {
    let mut rows = Rows::default();
    if network::has_interfaces(device) {
        network::interfaces(device, false, |write| rows.push(|out| write(out)));
    }
    Answer::Array(rows.end())
}

fn activities(world: &World, wanted: &Wanted) -> Answer {
    Answer::Activities(world.log.last_id(), world.log.page(wanted))
}

fn tag_counts(world: &World) -> [i64; role::TAGS.len()] {
    let mut counts = [0; role::TAGS.len()];
    for device in world.devices.values().filter(|d| d.family().has_agent()) {
        render::tags(device).for_each(|tag| counts[tag] += 1);
    }
    counts
}

fn array<T>(items: Vec<&T>, write: impl Fn(&mut String, &T)) -> Answer {
    let mut rows = Rows::default();
    for item in items {
        rows.push(|out| write(out, item));
    }
    Answer::Array(rows.end())
}

fn object(write: impl FnOnce(&mut String)) -> Answer {
    let mut text = String::new();
    write(&mut text);
    Answer::Object(text)
}
