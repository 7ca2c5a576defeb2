//! Cursors: a report is read page by page from a session that the server keeps.
//!
//! NinjaOne: every page carries the same cursor name and progress is kept on the server, so asking twice moves on
//! twice. A lost page is lost. The cursor expires.

use crate::behaviour::Behaviour;
use crate::clock;
use crate::filter::BadFilter;
use crate::kept::Kept;
use crate::paging;
use crate::query::Query;
use crate::report::Report;
use crate::rng::uuid;
use crate::rows::Page;
use crate::session::{Cursor, Place, Session};
use crate::world::World;
use std::collections::HashMap;

/// NinjaOne: the largest documented page of a report.
const LARGEST_PAGE: usize = 10_000;

/// The sessions that are open.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    open: HashMap<String, Session>,
    opened: u64,
    /// Pages that are sent again, each with the place after it; and the totals of reports.
    pages: Kept<Option<Place>>,
    totals: HashMap<String, usize>,
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

impl Sessions {
    /// The next page of a report.
    pub fn page(
        &mut self,
        world: &World,
        report: Report,
        query: &Query,
        behaviour: &Behaviour,
    ) -> Result<(Cursor, Page), NoReport> {
        let now = clock::instant();
        self.open.retain(|_, session| session.expires > now);
        let name = match query.get("cursor").filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => self.open(Session::new(world, report, query, behaviour)?, world, behaviour),
        };
        let session = self.open.get_mut(&name).filter(|s| s.report == report).ok_or(NoReport::BadCursor)?;
        let size = paging::size(query, behaviour, report.default_size()).min(LARGEST_PAGE);
        let rows = session.next(world, size, behaviour.keep_pages.then_some(&mut self.pages));
        Ok((session.step(&name, rows.len(), behaviour), rows))
    }

    fn open(&mut self, mut session: Session, world: &World, behaviour: &Behaviour) -> String {
        let kept = self.totals.get(&session.asked).filter(|_| behaviour.keep_pages);
        session.total = kept.copied().unwrap_or_else(|| session.count_all(world));
        self.totals.insert(session.asked.clone(), session.total);
        self.opened += 1;
        let name = uuid(world.spec.seed ^ 0x6375_7273, self.opened);
        self.open.insert(name.clone(), session);
        name
    }

    /// Forgets the pages that were kept: the fleet changes.
    pub fn forget_pages(&mut self) {
        self.pages.clear();
        self.totals.clear();
    }
}
