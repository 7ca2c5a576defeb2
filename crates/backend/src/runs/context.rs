//! What an executing run holds: its lease, its progress, and the right to write.
//!
//! Progress reaches the database in two ways: with the rows it covers, in their transaction ([`RunContext::save`]), and
//! twice a second for the eye ([`RunContext::tick`]). Both name the lease, so that a run which lost it cannot write.

use super::{
    checkpoint::{Checkpoint, Place},
    held::{Held, Holding},
    notice::Notice,
    pace::Speed,
    row::{RunRow, SELECT},
};
use crate::{
    Error, Portal, Result, Tenant,
    clock::{micros, new_id},
    db, sql,
    tenant::Admin,
};
use domain::{
    ids::{IntegrationId, RunId, TenantId},
    run::{Counts, Evidence, Phase, RunKind},
};
use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult};
use std::{
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Pause between two ticks.
pub(super) const TICK: Duration = Duration::from_millis(500);

/// An executing run.
#[derive(Clone)]
pub(crate) struct RunContext {
    tenant: Arc<Tenant<Admin>>,
    row: Arc<RunRow>,
    owner: Uuid,
    /// Runs in a row that did not complete before this one.
    tries: i64,
    /// Attempts in a row that saved nothing, this one included.
    stalled: i64,
    /// How long the lease holds, in microseconds; it is renewed with every tick.
    lease: i64,
    live: Arc<Mutex<Live>>,
    cancel: CancellationToken,
    holding: Holding,
}

/// Progress in memory.
#[derive(Clone)]
pub(super) struct Live {
    pub phase: Phase,
    pub done: i64,
    pub total: Option<i64>,
    pub counts: Counts,
    pub requests: i64,
    pub retries: i64,
    pub notice: Option<Notice>,
    pub warnings: Vec<String>,
    pub evidence: Vec<Evidence>,
    pub checkpoint: Checkpoint,
    /// Places in the list of errors that are taken.
    pub errors: i64,
    pub speed: Speed,
    /// Sources that were read to their end, and when; not noted in the database yet.
    pub read: Vec<(String, i64)>,
}

/// What only the worker needs of a run's row.
#[derive(FromQueryResult)]
struct Taken {
    checkpoint: Option<String>,
    tries: i64,
    stalled: i64,
    errors: i64,
}

#[derive(FromQueryResult)]
struct Renewed {
    stop: bool,
}

impl RunContext {
    /// Takes the run's lease; `None` when it has ended or somebody else executes it.
    pub async fn claim(portal: &Portal, run: RunId) -> Result<Option<Self>> {
        let (owner, now, lease) = (new_id(), portal.now_micros(), portal.config().lease_micros());
        let claim =
            "UPDATE runs SET state = 'running', lease_owner = $2, lease_until = $3, attempt = attempt + 1,
                started_at = COALESCE(started_at, $4), stalled = stalled + 1
            WHERE id = $1 AND state IN ('queued', 'running') AND lease_until < $4";
        let values = vec![run.0.into(), owner.into(), (now + lease).into(), now.into()];
        if db::write(portal.db(), claim, values).await? == 0 {
            return Ok(None);
        }
        Self::read(portal, run, owner).await
    }

    /// A run that has ended, for what follows; it has no lease, and writes nothing.
    pub(super) async fn of_ended(portal: &Portal, run: RunId) -> Result<Option<Self>> {
        Self::read(portal, run, new_id()).await
    }

    async fn read(portal: &Portal, run: RunId, owner: Uuid) -> Result<Option<Self>> {
        let row: Option<RunRow> =
            sql::one(portal.db(), &format!("{SELECT} WHERE id = $1"), vec![run.0.into()]).await?;
        let taken = "SELECT checkpoint, tries, stalled, (SELECT count(*) FROM run_errors e WHERE e.run_id = runs.id) AS errors
            FROM runs WHERE id = $1";
        let taken: Option<Taken> = sql::one(portal.db(), taken, vec![run.0.into()]).await?;
        let (Some(row), Some(taken)) = (row, taken) else { return Ok(None) };
        let live = live(&row, &taken)?;
        Ok(Some(Self {
            tenant: Arc::new(portal.worker(TenantId(row.tenant_id))),
            row: Arc::new(row),
            owner,
            tries: taken.tries,
            stalled: taken.stalled,
            lease: portal.config().lease_micros(),
            live: Arc::new(Mutex::new(live)),
            cancel: CancellationToken::new(),
            holding: Holding::new(),
        }))
    }

    pub fn tenant(&self) -> &Tenant<Admin> {
        &self.tenant
    }

    /// How vendors are asked.
    pub fn limits(&self) -> rmm::Limits {
        self.tenant.portal().config().limits
    }

    /// Rows of a full page of a vendor's list.
    pub fn page_size(&self) -> usize {
        usize::try_from(self.limits().page_size).unwrap_or(usize::MAX)
    }

    /// Rows of devices saved in one transaction, at least.
    pub fn batch_rows(&self) -> usize {
        self.tenant.portal().config().batch_rows
    }

    pub fn db(&self) -> &DatabaseConnection {
        self.tenant.db()
    }

    pub fn tenant_id(&self) -> Uuid {
        self.row.tenant_id
    }

    pub fn integration_id(&self) -> Uuid {
        self.row.integration_id
    }

    pub fn integration(&self) -> IntegrationId {
        self.row.integration_id.into()
    }

    pub fn run_id(&self) -> Uuid {
        self.row.id
    }

    pub fn row(&self) -> &RunRow {
        &self.row
    }

    /// The present moment in microseconds.
    pub fn now(&self) -> i64 {
        micros(self.tenant.portal().now())
    }

    pub(super) fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that pages are held until they are saved, and the answer is dropped: until then the run is not stopped at once.
    pub fn hold_pages(&self) -> Held {
        self.holding.begin()
    }

    pub(super) fn holding(&self) -> &Holding {
        &self.holding
    }

    /// Waits until the run is to stop, whoever wants that: what is held is to be saved, and no more asked for.
    pub async fn leaving(&self) {
        tokio::select! {
            () = self.cancel.cancelled() => (),
            () = self.tenant.portal().stopping().cancelled() => (),
        }
    }

    /// Whether the run should stop: asked by a user, or its lease lost.
    pub fn cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Enters a phase with `total` rows ahead, where known.
    pub fn phase(&self, phase: Phase, total: Option<i64>) {
        let mut live = self.live();
        (live.phase, live.done, live.total) = (phase, 0, total);
        live.speed = Speed::default();
    }

    /// Rows read in this phase, ahead of what is saved.
    pub fn progress(&self, done: i64) {
        self.live().done = done;
    }

    /// So many more rows read in this phase, by one of several readers.
    pub fn advance(&self, rows: i64) {
        self.live().done += rows;
    }

    /// One more request was sent.
    pub fn count_request(&self) {
        self.live().requests += 1;
    }

    /// A request has to be sent again.
    pub fn count_retry(&self) {
        self.live().retries += 1;
    }

    /// Runs in a row that did not complete before this one.
    pub fn tries(&self) -> i64 {
        self.tries
    }

    /// Attempts in a row that saved nothing, this one included.
    pub(super) fn stalled(&self) -> i64 {
        self.stalled
    }

    /// Where `entity` goes on after an interruption.
    pub fn place(&self, entity: &str) -> Option<Place> {
        self.live().checkpoint.place(entity).cloned()
    }

    /// Whether an earlier attempt of this run has done with `entity`.
    pub fn has_closed(&self, entity: &str) -> bool {
        self.live().checkpoint.has_closed(entity)
    }

    /// Notes that `entity` is done; saved with the next rows, or [`Self::keep`].
    pub fn close(&self, entity: &str) {
        self.live().checkpoint.close(entity);
    }

    /// A source was read to its end; noted when its entity is done with, or the run ends.
    pub fn has_read(&self, source: &str) {
        let at = self.now();
        let read = &mut self.live().read;
        read.retain(|(known, _)| known != source);
        read.push((source.to_owned(), at));
    }

    /// What [`Self::has_read`] took up.
    pub fn take_read(&self) -> Vec<(String, i64)> {
        std::mem::take(&mut self.live().read)
    }

    /// The next `n` places in the list of errors.
    pub fn error_places(&self, n: usize) -> i64 {
        let mut live = self.live();
        let first = live.errors;
        live.errors += i64::try_from(n).unwrap_or_default();
        first
    }

    /// What the run waits for; `None` when it goes on.
    pub fn notice(&self, text: Option<String>) {
        self.live().notice = text.map(Notice::new);
    }

    /// Something optional failed; a whole sentence, said once however often it happens.
    pub fn warn_once(&self, text: String) {
        let mut live = self.live();
        if !live.warnings.contains(&text) {
            live.warnings.push(text);
        }
    }

    /// How many optional sources failed so far.
    pub fn warnings(&self) -> usize {
        self.live().warnings.len()
    }

    /// Rows handled in this phase.
    pub fn done(&self) -> i64 {
        self.live().done
    }

    /// What kind of run this is.
    pub fn kind(&self) -> Result<RunKind> {
        RunKind::from_str(&self.row.kind).map_err(Error::internal)
    }

    /// What proves a pull; replaces what an earlier attempt said of it.
    pub fn prove(&self, evidence: Evidence) {
        let mut live = self.live();
        live.evidence.retain(|e| e.entity != evidence.entity);
        live.evidence.push(evidence);
    }

    /// Whether this run has proven its pull of `entity` complete.
    pub fn is_proven(&self, entity: &str) -> bool {
        self.live().evidence.iter().any(|e| e.entity == entity && e.complete)
    }

    /// Rows of `entity` that this run could not read.
    pub fn unreadable(&self, entity: &str) -> i64 {
        self.live().evidence.iter().filter(|e| e.entity == entity).map(|e| e.unreadable).sum()
    }

    /// Takes a proof back, and says why.
    pub fn disprove(&self, entity: &str, why: &str) {
        let mut live = self.live();
        for evidence in live.evidence.iter_mut().filter(|e| e.entity == entity) {
            evidence.complete = false;
            evidence.words = format!("{} {why}", evidence.words);
        }
        live.checkpoint.closed.retain(|closed| closed != entity);
    }

    /// The counts so far.
    pub fn counts(&self) -> Counts {
        self.live().counts
    }

    /// Saves counts and progress in the transaction of the rows they cover, and proves that the lease still holds.
    /// Fails, and with it the transaction, when somebody else took the run over or it was cancelled for good.
    pub async fn save(&self, tx: &impl ConnectionTrait, delta: Counts, done: i64) -> Result<()> {
        let checkpoint = self.live().checkpoint.clone();
        self.write(tx, delta, done, checkpoint).await
    }

    /// Like [`Self::save`], and notes where the run goes on.
    pub async fn save_at(
        &self,
        tx: &impl ConnectionTrait,
        delta: Counts,
        done: i64,
        place: Place,
    ) -> Result<()> {
        let checkpoint = Checkpoint { at: Some(place), ..self.live().checkpoint.clone() };
        self.write(tx, delta, done, checkpoint).await
    }

    /// Saves where the run is between two entities.
    pub async fn keep(&self) -> Result<()> {
        let tx = db::begin(self.db()).await?;
        self.save(&tx, Counts::default(), self.done()).await?;
        Ok(tx.commit().await?)
    }

    async fn write(
        &self,
        tx: &impl ConnectionTrait,
        delta: Counts,
        done: i64,
        checkpoint: Checkpoint,
    ) -> Result<()> {
        let counts = add(self.counts(), delta);
        let (warnings, evidence, requests, retries) = {
            let live = self.live();
            (json(&live.warnings)?, json(&live.evidence)?, live.requests, live.retries)
        };
        let update = "UPDATE runs SET added = $3, changed = $4, unchanged = $5, moved = $6, missing = $7, returned = $8,
                failed = $9, done = $10, lease_until = $11, checkpoint = $12, warnings = $13, evidence = $14,
                requests = $15, retries = $16, stalled = 0
            WHERE id = $1 AND lease_owner = $2 AND state = 'running'";
        let values = vec![
            self.row.id.into(),
            self.owner.into(),
            counts.added.into(),
            counts.changed.into(),
            counts.unchanged.into(),
            counts.moved.into(),
            counts.missing.into(),
            counts.returned.into(),
            counts.failed.into(),
            done.into(),
            (self.now() + self.lease).into(),
            json(&checkpoint)?.into(),
            warnings.into(),
            evidence.into(),
            requests.into(),
            retries.into(),
        ];
        if sql::execute(tx, update, values).await? == 0 {
            return Err(Error::LeaseLost);
        }
        let mut live = self.live();
        live.counts = counts;
        live.done = done;
        live.checkpoint = checkpoint;
        Ok(())
    }

    /// Renews the lease and shows the progress. Stops the run when the lease is lost or a user asked for it.
    pub(super) async fn tick(&self) -> Result<()> {
        let (live, rate) = {
            let mut live = self.live();
            let done = live.done;
            let rate = live.speed.rate(done);
            (live.clone(), rate)
        };
        let update =
            "UPDATE runs SET phase = $3, done = $4, total = $5, requests = $6, retries = $7, notice = $8, lease_until = $9,
                rate = $10
            WHERE id = $1 AND lease_owner = $2 AND state = 'running' RETURNING (cancel_requested OR pause_requested) AS stop";
        let values = vec![
            self.row.id.into(),
            self.owner.into(),
            live.phase.as_str().into(),
            live.done.into(),
            live.total.into(),
            live.requests.into(),
            live.retries.into(),
            live.notice.map(|notice| notice.now()).into(),
            (self.now() + self.lease).into(),
            rate.into(),
        ];
        // In line with the transactions of imports, also its own: they would leave it no moment.
        let tx = db::begin(self.db()).await?;
        let renewed = sql::one::<Renewed>(&tx, update, values).await?;
        tx.commit().await?;
        match renewed {
            Some(renewed) if !renewed.stop => {}
            Some(_) => self.cancel.cancel(),
            None => {
                // Without the lease nothing that is held can be saved.
                self.holding.forget();
                self.cancel.cancel();
            }
        }
        self.tenant.portal().hub().wake(self.row.id.into());
        Ok(())
    }

    pub(super) fn owner(&self) -> Uuid {
        self.owner
    }
}

/// What an earlier attempt left, or nothing.
fn live(row: &RunRow, taken: &Taken) -> Result<Live> {
    let parsed = |text: &Option<String>| match text {
        Some(text) => serde_json::from_str(text).map_err(Error::internal),
        None => Ok(Checkpoint::default()),
    };
    Ok(Live {
        phase: Phase::Connecting,
        done: 0,
        total: None,
        counts: row.counts(),
        requests: row.requests,
        retries: row.retries,
        notice: None,
        warnings: serde_json::from_str(&row.warnings).map_err(Error::internal)?,
        evidence: serde_json::from_str(&row.evidence).map_err(Error::internal)?,
        checkpoint: parsed(&taken.checkpoint)?,
        errors: taken.errors,
        speed: Speed::default(),
        read: Vec::new(),
    })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn add(a: Counts, b: Counts) -> Counts {
    Counts {
        added: a.added + b.added,
        changed: a.changed + b.changed,
        unchanged: a.unchanged + b.unchanged,
        moved: a.moved + b.moved,
        missing: a.missing + b.missing,
        returned: a.returned + b.returned,
        failed: a.failed + b.failed,
    }
}
