//! One report that is being read page by page.

use crate::backup::JobFilter;
use crate::behaviour::Behaviour;
use crate::clock::{self, SECOND};
use crate::custom_fields::Wanted;
use crate::device::Device;
use crate::filter::BadFilter;
use crate::json::Obj;
use crate::kept::Kept;
use crate::query::Query;
use crate::report::{Detail, Report};
use crate::rows::{Page, Rows};
use crate::select::DeviceFilter;
use crate::world::World;
use tokio::time::Instant;

/// The cursor of a page as JSON, if it has one.
pub(crate) type Cursor = Option<String>;

/// One report that is being read.
#[derive(Debug)]
pub(crate) struct Session {
    pub report: Report,
    /// What was asked for, apart from the page.
    pub asked: String,
    filter: DeviceFilter,
    detail: Detail,
    /// Which devices: those that are there, those that were deleted.
    live: bool,
    deleted: bool,
    at: Place,
    done: bool,
    served: usize,
    pub total: usize,
    pub expires: Instant,
    expires_printed: i64,
}

/// How far a session has come: the next device, and the next of its rows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    deleted: bool,
    id: i64,
    row: usize,
}

impl Session {
    pub fn new(
        world: &World,
        report: Report,
        query: &Query,
        behaviour: &Behaviour,
    ) -> Result<Self, BadFilter> {
        // NinjaOne: backup usage takes no `df`.
        let df = query.get("df").filter(|_| report != Report::BackupUsage);
        let filter =
            if report.shows_every_status() { DeviceFilter::reports(df)? } else { DeviceFilter::lists(df)? };
        let include = query.get("include").filter(|_| report == Report::BackupJobs);
        let deleted = report == Report::BackupUsage && query.flag("includeDeletedDevices");
        Ok(Self {
            report,
            asked: format!("{report:?} {:?}", query.without(&["cursor", "pageSize"])),
            filter,
            detail: Detail {
                times: query.flag("includeLastBackupJobTimes"),
                jobs: JobFilter::of(query)?,
                fields: Wanted::of(query),
            },
            live: include != Some("deleted"),
            deleted: deleted || matches!(include, Some("deleted" | "all")),
            at: Place::default(),
            done: false,
            served: 0,
            total: 0,
            expires: clock::instant() + behaviour.cursor_lifetime,
            expires_printed: world.now + behaviour.cursor_lifetime.as_secs() as i64 * SECOND,
        })
    }

    /// How many rows there are from here on.
    pub fn count_all(&self, world: &World) -> usize {
        match self.report {
            Report::ScopedCustomFields => self.detail.fields.organizations(world, self.at.id).count(),
            _ => self.devices(world).map(|(_, device)| self.count(device)).sum(),
        }
    }

    /// The devices still to come, each with whether it was deleted.
    fn devices<'a>(&'a self, world: &'a World) -> impl Iterator<Item = (bool, &'a Device)> {
        let at = self.at;
        let from = |on: bool, deleted: bool| match (on, at.deleted == deleted) {
            (false, _) => i64::MAX,
            (true, true) => at.id,
            (true, false) if at.deleted => i64::MAX,
            (true, false) => 0,
        };
        let live = world.devices.range(from(self.live, false)..).map(|(_, device)| (false, device));
        let gone = world.deleted.range(from(self.deleted, true)..).map(|(_, device)| (true, device));
        live.chain(gone).filter(|(_, device)| self.filter.matches(device))
    }

    fn count(&self, device: &Device) -> usize {
        self.report.count(device, &self.detail.jobs)
    }

    /// The rows of the next page.
    pub fn next(&mut self, world: &World, size: usize, kept: Option<&mut Kept<Option<Place>>>) -> Page {
        if self.done {
            return Rows::default().end();
        }
        let (page, next) = match kept {
            None => self.fill(world, size),
            Some(kept) => {
                let key = format!("{} {:?} {size}", self.asked, self.at);
                kept.find(&key).unwrap_or_else(|| {
                    let (page, next) = self.fill(world, size);
                    kept.keep(key, &page, next);
                    (page, next)
                })
            }
        };
        self.done = next.is_none();
        self.at = next.unwrap_or(self.at);
        page
    }

    /// Counts a page of so many rows, and writes the cursor that goes with it.
    pub fn step(&mut self, name: &str, rows: usize, behaviour: &Behaviour) -> Cursor {
        let before = self.served;
        self.served += rows;
        let hidden = rows == 0 || (self.done && behaviour.cursor_absent_on_last_page);
        let numbers =
            if behaviour.cursor_count_is_total { (before, self.total) } else { (self.served, rows) };
        (!hidden).then(|| self.cursor(name, numbers))
    }

    /// Fills a page; says where the next one begins, nothing at the end.
    /// NinjaOne: for network interfaces `pageSize` counts devices, so a page can have more rows.
    fn fill(&self, world: &World, size: usize) -> (Page, Option<Place>) {
        let mut rows = Rows::default();
        let next = match self.report {
            Report::ScopedCustomFields => self.write_organizations(world, &mut rows, size),
            _ => self.write(world, &mut rows, size),
        };
        (rows.end(), next)
    }

    fn write_organizations(&self, world: &World, rows: &mut Rows, size: usize) -> Option<Place> {
        let fields = &self.detail.fields;
        let mut organizations = fields.organizations(world, self.at.id);
        for org in organizations.by_ref().take(size) {
            rows.push(|out| fields.write(out, org));
        }
        organizations.next().map(|org| Place { id: org.id, ..self.at })
    }

    fn write(&self, world: &World, rows: &mut Rows, size: usize) -> Option<Place> {
        let mut room = size;
        for (deleted, device) in self.devices(world) {
            let skip = if device.id == self.at.id && deleted == self.at.deleted { self.at.row } else { 0 };
            let left = self.count(device).saturating_sub(skip);
            if left == 0 {
                continue;
            }
            if room == 0 {
                return Some(Place { deleted, id: device.id, row: skip });
            }
            self.report.write(rows, world, device, &self.detail, skip, room);
            if self.report != Report::BackupJobs {
                room -= 1;
            } else if left > room {
                return Some(Place { deleted, id: device.id, row: skip + room });
            } else {
                room -= left;
            }
        }
        None
    }

    fn cursor(&self, name: &str, (offset, count): (usize, usize)) -> String {
        let mut out = String::new();
        let mut obj = Obj::new(&mut out);
        obj.text("name", name).int("offset", offset as i64).int("count", count as i64);
        obj.time("expires", self.expires_printed).end();
        out
    }
}
