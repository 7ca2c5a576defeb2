//! What an executing run holds: its lease, its progress, and the right to write.
//!
//! Progress reaches the database in two ways: with the rows it covers, in their transaction ([`RunContext::save`]), and
//! twice a second for the eye ([`RunContext::tick`]). Both name the lease, so that a run which lost it cannot write.

use super::row::{RunRow, SELECT};
use crate::{
    Error, Portal, Result, Tenant,
    clock::{micros, new_id},
    sql,
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

/// How long a lease holds, in microseconds; it is renewed with every tick.
const LEASE: i64 = 20_000_000;
/// Pause between two ticks.
pub(super) const TICK: Duration = Duration::from_millis(500);

/// An executing run.
#[derive(Clone)]
pub(crate) struct RunContext {
    tenant: Arc<Tenant<Admin>>,
    row: Arc<RunRow>,
    owner: Uuid,
    live: Arc<Mutex<Live>>,
    cancel: CancellationToken,
}

/// Progress in memory.
#[derive(Clone)]
pub(super) struct Live {
    pub phase: Phase,
    pub done: i64,
    pub total: Option<i64>,
    pub counts: Counts,
    pub requests: i64,
    pub notice: Option<String>,
    pub warnings: Vec<String>,
    pub evidence: Vec<Evidence>,
}

#[derive(FromQueryResult)]
struct Renewed {
    cancel_requested: bool,
}

impl RunContext {
    /// Takes the run's lease; `None` when it has ended or somebody else executes it.
    pub async fn claim(portal: &Portal, run: RunId) -> Result<Option<Self>> {
        let (owner, now) = (new_id(), portal.now_micros());
        let claim =
            "UPDATE runs SET state = 'running', lease_owner = $2, lease_until = $3, attempt = attempt + 1,
                started_at = COALESCE(started_at, $4)
            WHERE id = $1 AND state IN ('queued', 'running') AND lease_until < $4";
        let values = vec![run.0.into(), owner.into(), (now + LEASE).into(), now.into()];
        if sql::execute(portal.db(), claim, values).await? == 0 {
            return Ok(None);
        }
        let row: Option<RunRow> =
            sql::one(portal.db(), &format!("{SELECT} WHERE id = $1"), vec![run.0.into()]).await?;
        let Some(row) = row else { return Ok(None) };
        let live = Live {
            phase: Phase::Connecting,
            done: 0,
            total: None,
            counts: Counts::default(),
            requests: row.requests,
            notice: None,
            warnings: Vec::new(),
            evidence: Vec::new(),
        };
        Ok(Some(Self {
            tenant: Arc::new(portal.worker(TenantId(row.tenant_id))),
            row: Arc::new(row),
            owner,
            live: Arc::new(Mutex::new(live)),
            cancel: CancellationToken::new(),
        }))
    }

    pub fn tenant(&self) -> &Tenant<Admin> {
        &self.tenant
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

    pub(super) fn row(&self) -> &RunRow {
        &self.row
    }

    /// The present moment in microseconds.
    pub fn now(&self) -> i64 {
        micros(self.tenant.portal().now())
    }

    pub(super) fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancelled when the run should stop: asked by a user, lease lost, or process stopping.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    pub fn cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Enters a phase with `total` rows ahead, where known.
    pub fn phase(&self, phase: Phase, total: Option<i64>) {
        let mut live = self.live();
        (live.phase, live.done, live.total) = (phase, 0, total);
    }

    /// Rows read in this phase, ahead of what is saved.
    pub fn progress(&self, done: i64) {
        self.live().done = done;
    }

    /// One more request was sent.
    pub fn count_request(&self) {
        self.live().requests += 1;
    }

    /// What the run waits for; `None` when it goes on.
    pub fn notice(&self, text: Option<String>) {
        self.live().notice = text;
    }

    /// An optional source failed; a whole sentence.
    pub fn warn(&self, text: impl Into<String>) {
        self.live().warnings.push(text.into());
    }

    /// How many optional sources failed so far.
    pub fn warnings(&self) -> usize {
        self.live().warnings.len()
    }

    /// Rows handled in this phase.
    pub fn done(&self) -> i64 {
        self.live().done
    }

    /// Whether an earlier attempt of this run was interrupted.
    pub fn resumed(&self) -> bool {
        self.row.attempt > 1
    }

    /// What kind of run this is.
    pub fn kind(&self) -> Result<RunKind> {
        RunKind::from_str(&self.row.kind).map_err(Error::internal)
    }

    /// What proves a pull.
    pub fn prove(&self, evidence: Evidence) {
        self.live().evidence.push(evidence);
    }

    /// The counts so far.
    pub fn counts(&self) -> Counts {
        self.live().counts
    }

    /// Saves counts and progress in the transaction of the rows they cover, and proves that the lease still holds.
    /// Fails, and with it the transaction, when somebody else took the run over or it was cancelled for good.
    pub async fn save(&self, tx: &impl ConnectionTrait, delta: Counts, done: i64) -> Result<()> {
        let counts = add(self.counts(), delta);
        let update =
            "UPDATE runs SET added = $3, changed = $4, unchanged = $5, missing = $6, failed = $7, done = $8,
                lease_until = $9
            WHERE id = $1 AND lease_owner = $2 AND state = 'running'";
        let values = vec![
            self.row.id.into(),
            self.owner.into(),
            counts.added.into(),
            counts.changed.into(),
            counts.unchanged.into(),
            counts.missing.into(),
            counts.failed.into(),
            done.into(),
            (self.now() + LEASE).into(),
        ];
        if sql::execute(tx, update, values).await? == 0 {
            return Err(Error::LeaseLost);
        }
        let mut live = self.live();
        live.counts = counts;
        live.done = done;
        Ok(())
    }

    /// Renews the lease and shows the progress. Cancels the run when the lease is lost or a user asked for it.
    pub(super) async fn tick(&self) -> Result<()> {
        let live = self.live().clone();
        let update =
            "UPDATE runs SET phase = $3, done = $4, total = $5, requests = $6, notice = $7, lease_until = $8
            WHERE id = $1 AND lease_owner = $2 AND state = 'running' RETURNING cancel_requested";
        let values = vec![
            self.row.id.into(),
            self.owner.into(),
            live.phase.as_str().into(),
            live.done.into(),
            live.total.into(),
            live.requests.into(),
            live.notice.into(),
            (self.now() + LEASE).into(),
        ];
        match sql::one::<Renewed>(self.db(), update, values).await? {
            Some(renewed) if !renewed.cancel_requested => {}
            _ => self.cancel.cancel(),
        }
        self.tenant.portal().hub().wake(self.row.id.into());
        Ok(())
    }

    pub(super) fn owner(&self) -> Uuid {
        self.owner
    }
}

fn add(a: Counts, b: Counts) -> Counts {
    Counts {
        added: a.added + b.added,
        changed: a.changed + b.changed,
        unchanged: a.unchanged + b.unchanged,
        missing: a.missing + b.missing,
        failed: a.failed + b.failed,
    }
}
