//! The queue: apalis tables in the application's own database and pool.

use crate::{Error, Result, error::chain};
use apalis::prelude::*;
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use domain::ids::RunId;
use sea_orm::{DatabaseConnection, DbBackend};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

/// What is queued: ids only. The run's row says what to do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RunJob {
    pub run_id: RunId,
}

const QUEUE: &str = "runs";
/// A worker that misses this many heartbeats of this length is dead, and its jobs are taken over.
const HEARTBEAT: Duration = Duration::from_secs(5);
const MISSED: usize = 3;

/// Pushes jobs; cheap to clone.
#[derive(Clone)]
pub struct Queue {
    pub(super) storage: Storage,
    /// Wakes the worker of this process at once; other processes find the job by polling.
    pub(super) wake: Arc<Notify>,
}

#[derive(Clone)]
pub(super) enum Storage {
    Sqlite(SqliteStorage<RunJob>),
    Postgres(PostgresStorage<RunJob>),
}

impl Queue {
    /// Makes apalis' tables where they are missing.
    pub async fn open(db: &DatabaseConnection) -> Result<Self> {
        let storage = match db.get_database_backend() {
            DbBackend::Sqlite => {
                let pool = db.get_sqlite_connection_pool();
                // Not `SqliteStorage::setup`: that also runs `PRAGMA synchronous = OFF`.
                let migrations = SqliteStorage::<()>::migrations();
                migrations.run(pool).await.map_err(Error::internal)?;
                let config = apalis_sqlite::Config::default().queue(QUEUE).heartbeat_interval(HEARTBEAT);
                Storage::Sqlite(SqliteStorage::new(pool).with_config(config.missed_heartbeats(MISSED)))
            }
            _ => {
                let pool = db.get_postgres_connection_pool();
                PostgresStorage::setup(pool).await.map_err(Error::internal)?;
                let config = apalis_postgres::Config::default().queue(QUEUE).heartbeat_interval(HEARTBEAT);
                Storage::Postgres(PostgresStorage::new(pool).with_config(config.missed_heartbeats(MISSED)))
            }
        };
        Ok(Self { storage, wake: Arc::new(Notify::new()) })
    }

    /// Queues the run's `attempt`-th execution. Queueing it twice for the same `reason` is the same as once.
    ///
    /// A job is spent when a worker has taken it, also when the worker could not take the run: whoever sweeps gives another
    /// reason after a while.
    pub async fn push(&self, run_id: RunId, attempt: i64, reason: i64) -> Result<()> {
        let task = TaskBuilder::new(RunJob { run_id })
            .max_attempts(1)
            .idempotency_key(format!("{run_id}/{attempt}/{reason}"))
            .build();
        let pushed = match self.storage.clone() {
            Storage::Sqlite(mut s) => s.push_task(task).await.map_err(|e| chain(&e)),
            Storage::Postgres(mut s) => s.push_task(task).await.map_err(|e| chain(&e)),
        };
        match pushed {
            Ok(()) => {}
            // apalis-postgres raises the unique violation that apalis-sqlite ignores.
            Err(text) if text.contains("duplicate key") || text.contains("UNIQUE") => {}
            Err(text) => return Err(Error::internal(text)),
        }
        self.wake.notify_one();
        Ok(())
    }

    /// Queues the `attempt`-th execution of a run that is saved by now. Where that fails the sweep does it: whoever asked for the
    /// run has it.
    pub async fn hand_over(&self, run_id: RunId, attempt: i64) {
        if let Err(error) = self.push(run_id, attempt, 0).await {
            tracing::warn!(run = %run_id, error = %chain(&error), "the run was not queued; the sweep does it");
        }
    }
}
