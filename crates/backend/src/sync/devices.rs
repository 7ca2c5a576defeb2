//! The devices of an account, with everything that is joined to them.

use super::{
    close::{close, moved_all_the_same},
    count,
    enrich::{self, Extras},
    entity::DEVICES,
    held, ledger,
    list::List,
    logons::Logons,
    proof,
    pull::Pull,
    reenrolled,
    write::{Batch, Row},
};
use crate::{
    Error, Result,
    clock::micros,
    db, duplicates, imports,
    runs::{NewError, Place, RunContext, note_errors},
};
use domain::{
    remote::RemoteDevice,
    run::{Counts, Phase},
    sync::{Beat, Glance, Key, Ledger, Verdict},
};
use rmm::{DeviceRow, Lost, Page, RmmClient};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Pulls all devices into staging, then brings the inventory up to date.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    let mut read_well = Ok(());
    if !ctx.has_closed(DEVICES.plural) {
        held::supersede(ctx, DEVICES).await?;
        read_well = read(ctx, client).await;
        // What was read holds, also when it is not proven to be all.
        if matches!(&read_well, Err(error) if !matches!(error, Error::Problem(_))) {
            return read_well;
        }
    }
    if ctx.has_closed(DEVICES.plural) {
        count::from_staging(ctx).await?;
    }
    duplicates::follow(ctx).await?;
    reenrolled::propose(ctx).await?;
    ctx.phase(Phase::Applying, None);
    imports::refresh(ctx).await?;
    read_well
}

/// Long reports, whose pages follow one another: devices leave them that many of the requests under way, since no device can be
/// compared before they are read.
const REPORTS: usize = 2;

async fn read(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    let ledger = ledger::load(ctx, DEVICES).await?;
    let in_flight = ctx.limits().in_flight;
    let few = in_flight.saturating_sub(REPORTS).max(1);
    let room = Arc::new(Semaphore::new(few));
    let mut pull = start(ctx, client, &ledger, room.clone());
    let mut logons = Logons::start(ctx, client, ctx.place(DEVICES.plural).is_some()).await?;
    let extras = enrich::read(ctx, client).await?;
    room.add_permits(in_flight.saturating_sub(few));
    let first = ledger.is_empty();
    if first {
        logons.wait().await?;
    }
    ctx.phase(Phase::Devices, Some(ledger.present()).filter(|n| *n > 0));
    let batch = ctx.batch_rows();
    let mut work = Work {
        ledger,
        extras,
        logons,
        batch: Batch::default(),
        unreadable: Vec::new(),
        pages: 0,
        rows: 0,
        last: None,
        counts: Counts::default(),
        idle: 0,
    };
    let held = ctx.hold_pages();
    let end = loop {
        let next = tokio::select! {
            biased;
            () = ctx.leaving() => {
                work.save(ctx, &mut pull, true).await?;
                return Err(Error::LeaseLost);
            }
            next = pull.next() => next,
        };
        match next {
            Ok(Some(page)) => work.take(page, &mut pull),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
        ctx.progress(pull.tally().rows);
        if work.rows >= batch || work.pages >= MOST_PAGES {
            work.save(ctx, &mut pull, false).await?;
        }
    };
    // Whole pages that were read are kept, also when the next one failed.
    work.save(ctx, &mut pull, true).await?;
    drop(held);
    let (ledger, tally) = (work.ledger, pull.tally().clone());
    drop((pull, work.extras));
    if let Err(error) = end {
        let words = format!("{} {}", proof::ending(&tally), error.problem("NinjaOne").message);
        ctx.prove(proof::evidence(DEVICES.plural, &tally, ledger.distinct(), None, words));
        moved_all_the_same(ctx, DEVICES).await?;
        return Err(error.into());
    }
    let logons = work.logons;
    let verify = |unseen: Vec<String>| async move { proof::verify_devices(ctx, client, &unseen).await };
    close(ctx, client, DEVICES, &ledger, &tally, verify).await?;
    logons.settle(ctx, first).await
}

/// Known ids are places from which pages can be read at the same time.
fn start(
    ctx: &RunContext,
    client: &Arc<dyn RmmClient>,
    ledger: &Ledger,
    room: Arc<Semaphore>,
) -> Pull<DeviceRow> {
    let place = ctx.place(DEVICES.plural);
    let after = place.as_ref().map(|p| Key::from(p.after.as_str()));
    let limits = ctx.limits();
    let places = ledger.places(ctx.page_size(), after.as_ref());
    let list = List {
        client: client.clone(),
        fetch: |c, at| Box::pin(async move { c.devices(&at).await }),
        id: |row| &row.remote_id,
        more: Some(|c, at| Box::pin(async move { Ok(c.device_refs(&at).await?.ended.is_none()) })),
        page_size: ctx.page_size(),
    };
    let mut pull = Pull::ranged(list, after, places, limits.in_flight, room);
    if let Some(place) = place {
        pull.resume(place.tally);
    }
    pull
}

/// What is to be saved of the pages that were read, and what they are compared with.
struct Work {
    ledger: Ledger,
    extras: Extras,
    logons: Logons,
    /// Empty between two batches: what it is made of is large, and asked for once.
    batch: Batch,
    unreadable: Vec<Lost>,
    /// Pages and rows since the last batch.
    pages: usize,
    rows: usize,
    last: Option<Key>,
    /// Counts that are not saved yet.
    counts: Counts,
    /// Batches in a row that had nothing to write.
    idle: u32,
}

/// Pages saved in one transaction at the most: where NinjaOne gives small ones, progress is still saved often.
const MOST_PAGES: usize = 10;
/// Batches without anything to write after which the place is saved all the same.
const MOST_IDLE: u32 = 10;

impl Work {
    /// Plans what a page's rows cost. What is as it was goes at once, with the text of its page.
    fn take(&mut self, page: Page<DeviceRow>, pull: &mut Pull<DeviceRow>) {
        self.pages += 1;
        self.rows += page.raw;
        let last = page.ids.iter().map(|id| Key::from(id.as_str())).max();
        self.last = last.max(self.last.take());
        self.unreadable.extend(page.lost);
        for row in page.rows {
            if let Err(lost) = self.plan(row) {
                pull.lose(1);
                self.unreadable.push(lost);
            }
        }
    }

    /// Writes what was planned in one transaction, with the place where the run goes on.
    async fn save(&mut self, ctx: &RunContext, pull: &mut Pull<DeviceRow>, last: bool) -> Result<()> {
        (self.pages, self.rows) = (0, 0);
        let (mut counts, unreadable) = (self.counts, std::mem::take(&mut self.unreadable));
        counts.failed += i64::try_from(unreadable.len()).unwrap_or(i64::MAX);
        for id in unreadable.iter().filter_map(|lost| lost.id.as_deref()) {
            self.ledger.mark_known(&Key::from(id));
        }
        let errors: Vec<NewError> = unreadable.into_iter().map(lost).collect();
        let idle = self.batch.is_empty() && errors.is_empty() && !last;
        self.idle = if idle { self.idle + 1 } else { 0 };
        if idle && self.idle < MOST_IDLE {
            self.counts = counts;
            return Ok(());
        }
        (self.counts, self.idle) = (Counts::default(), 0);
        let Some(last) = &self.last else { return Ok(()) };
        let tx = db::begin(ctx.db()).await?;
        let seen = self.batch.write(ctx, &tx).await?;
        self.logons.mark(ctx, &tx).await?;
        counts.changed += seen.changed;
        counts.unchanged += seen.unchanged;
        note_errors(ctx, &tx, errors).await?;
        let place = Place {
            entity: DEVICES.plural.into(),
            after: last.to_string(),
            unseen: self.ledger.unseen_until(last).iter().map(ToString::to_string).collect(),
            distinct: self.ledger.distinct(),
            tally: pull.tally().clone(),
        };
        ctx.save_at(&tx, counts, pull.tally().rows, place).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Decides what a row costs: nothing, a heartbeat, or the whole row. A row that cannot be read is answered as an error.
    fn plan(&mut self, row: DeviceRow) -> Result<(), Lost> {
        let key = Key::from(row.remote_id.as_str());
        let print = self.extras.print(&key, row.print);
        let beat = Beat { offline: row.offline, last_contact: row.last_contact.map(micros) };
        match self.ledger.glance(&key, print, beat) {
            Glance::Open => {}
            Glance::Repeated => return Ok(()),
            Glance::Same { beats } => {
                self.counts.unchanged += 1;
                if let Some(no) = beats {
                    self.batch.beat(no, beat);
                }
                return Ok(());
            }
        }
        let (offline, last_contact) = (row.offline, row.last_contact);
        let mut device = RemoteDevice { offline, last_contact, ..row.read()? };
        self.extras.join(&key, &mut device);
        device.last_user = self.logons.join(&key, device.last_user.take());
        let row = Row::new(device, print, self.ledger.number(&key));
        let verdict = self.ledger.judge(key.clone(), row.hash);
        match verdict {
            Verdict::Repeated => return Ok(()),
            Verdict::Added => self.counts.added += 1,
            Verdict::Returned => self.counts.returned += 1,
            // Whether it changed for people's eyes is known when it is compared field by field.
            Verdict::Changed => {}
            Verdict::Unchanged => self.counts.unchanged += 1,
        }
        if verdict.writes() {
            self.batch.row(verdict, row);
        } else if print != 0 || row.no.is_none() {
            self.batch.print(row);
        } else if let Some(no) = self.ledger.beats(&key, beat) {
            // A source that failed leaves no print: the one that is held serves the next sync.
            self.batch.beat(no, beat);
        }
        Ok(())
    }
}

pub fn lost(lost: rmm::Lost) -> NewError {
    let name = lost.id.as_ref().map(|id| format!("Device {id}"));
    NewError { entity: DEVICES.name, remote_id: lost.id, name, reason: lost.reason }
}
