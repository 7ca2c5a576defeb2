//! Cursors: a report is read page by page from a session that the server keeps.
//!
//! NinjaOne: every page carries the same cursor name and progress is kept on the server, so asking twice moves on
//! twice. A lost page is lost. The cursor expires.

use crate::backup::JobFilter;
use crate::behaviour::Behaviour;
use crate::clock::{self, SECOND};
use crate::device::Device;
use crate::filter::BadFilter;
use crate::json::Obj;
use crate::paging;
use crate::query::Query;
use crate::report::{Detail, Report};
use crate::rng::uuid;
use crate::rows::Rows;
use crate::select::DeviceFilter;
use crate::world::World;
use std::collections::HashMap;
use tokio::time::Instant;

/// NinjaOne: the largest documented page of a report.
const LARGEST_PAGE: usize = 10_000;

/// The sessions that are open.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: HashMap<String, Session>,
    opened: u64,
}

/// One report that is being read.
#[derive(Debug)]
struct Session {
    report: Report,
    filter: DeviceFilter,
    detail: Detail,
    /// Which devices: those that are there, those that were deleted.
    live: bool,
    deleted: bool,
    at: Place,
    done: bool,
    served: usize,
    total: usize,
    expires: Instant,
    expires_printed: i64,
}

/// How far a session has come: the next device, and the next of its rows.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    deleted: bool,
    id: i64,
    row: usize,
}

/// Why a report cannot be given.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoReport {
    /// The filter cannot be read.
    BadFilter,
    /// The cursor is unknown, expired, or of another report.
    BadCursor,
}

impl From<BadFilter> for NoReport {
    fn from(_: BadFilter) -> Self {
        Self::BadFilter
    }
}

/// One page: the cursor as JSON, if there is one, and the rows.
pub(crate) type Page = (Option<String>, Rows);

impl Sessions {
    /// The next page of a report.
    pub fn page(
        &mut self,
        world: &World,
        report: Report,
        query: &Query,
        behaviour: &Behaviour,
    ) -> Result<Page, NoReport> {
        let now = clock::instant();
        self.open.retain(|_, session| session.expires > now);
        let name = match query.get("cursor").filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => self.open(Session::new(world, report, query, behaviour)?, world.spec.seed),
        };
        let session = self.open.get_mut(&name).filter(|s| s.report == report).ok_or(NoReport::BadCursor)?;
        let size = paging::size(query, behaviour, report.default_size()).min(LARGEST_PAGE);
        Ok(session.page(world, &name, size, behaviour))
    }

    fn open(&mut self, session: Session, seed: u64) -> String {
        self.opened += 1;
        let name = uuid(seed ^ 0x6375_7273, self.opened);
        self.open.insert(name.clone(), session);
        name
    }
}

impl Session {
    fn new(world: &World, report: Report, query: &Query, behaviour: &Behaviour) -> Result<Self, BadFilter> {
        // NinjaOne: backup usage takes no `df`.
        let df = query.get("df").filter(|_| report != Report::BackupUsage);
        let filter =
            if report.shows_every_status() { DeviceFilter::reports(df)? } else { DeviceFilter::lists(df)? };
        let include = query.get("include").filter(|_| report == Report::BackupJobs);
        let deleted = report == Report::BackupUsage && query.flag("includeDeletedDevices");
        let mut session = Self {
            report,
            filter,
            detail: Detail { times: query.flag("includeLastBackupJobTimes"), jobs: JobFilter::of(query)? },
            live: include != Some("deleted"),
            deleted: deleted || matches!(include, Some("deleted" | "all")),
            at: Place::default(),
            done: false,
            served: 0,
            total: 0,
            expires: clock::instant() + behaviour.cursor_lifetime,
            expires_printed: world.now + behaviour.cursor_lifetime.as_secs() as i64 * SECOND,
        };
        session.total = session.devices(world).map(|(_, device)| session.count(device)).sum();
        Ok(session)
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

    fn page(&mut self, world: &World, name: &str, size: usize, behaviour: &Behaviour) -> Page {
        let mut rows = Rows::default();
        if !self.done {
            let next = self.fill(world, &mut rows, size);
            self.done = next.is_none();
            self.at = next.unwrap_or(self.at);
        }
        let before = self.served;
        self.served += rows.len();
        let hidden = rows.len() == 0 || (self.done && behaviour.cursor_absent_on_last_page);
        let numbers =
            if behaviour.cursor_count_is_total { (before, self.total) } else { (self.served, rows.len()) };
        ((!hidden).then(|| self.cursor(name, numbers)), rows)
    }

    /// Fills a page; says where the next one begins, nothing at the end.
    /// NinjaOne: for network interfaces `pageSize` counts devices, so a page can have more rows.
    fn fill(&self, world: &World, rows: &mut Rows, size: usize) -> Option<Place> {
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
