//! The worker: takes queued runs and executes them.

use super::{RunJob, queue::Storage, sweep};
use crate::{Portal, clock::new_id, compliance, mail, runs, task::Task};
use apalis::prelude::*;
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::sync::Notify;

/// Runs executed at a time by one process.
const CONCURRENCY: usize = 4;
/// How often the queue is looked at when nobody wakes the worker.
const POLL: Duration = Duration::from_secs(2);
/// Pause before the workers are started again after their database failed.
const PAUSE: Duration = Duration::from_secs(3);

/// Works until the portal stops: executes runs, ticks the clock, sweeps what was lost, sends mails.
pub async fn run(portal: Portal) {
    let sweeper = tokio::spawn(sweep::run(portal.clone()));
    let sender = tokio::spawn(mail::run(portal.clone()));
    // Each in a monitor of its own: one ends only when all its workers have, and the clock never does. A queue whose
    // database failed must be started again.
    let queue = restarting(&portal, queue_monitor);
    let clock = restarting(&portal, clock_monitor);
    futures::join!(queue, clock);
    _ = sweeper.await;
    _ = sender.await;
}

/// Runs a monitor, and another one after each that ended, until the portal stops.
async fn restarting(portal: &Portal, monitor: fn(&Portal) -> Monitor) {
    let stop = portal.stopping().clone();
    while !stop.is_cancelled() {
        let monitor = monitor(portal);
        let signal = stop.clone();
        let ended = monitor
            .run_with_signal(async move {
                signal.cancelled().await;
                Ok(())
            })
            .await;
        if let Err(error) = ended {
            tracing::error!(error = %crate::error::chain(&error), "workers ended");
        }
        if !stop.is_cancelled() {
            tracing::warn!("workers are started again");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Executes a job in a task of its own. In that of its worker, which also asks the queue for more, whatever the run computes
/// would keep the queue's own transactions open, and with them everybody who writes waiting.
async fn execute(job: RunJob, portal: Data<Portal>) -> Result<(), BoxDynError> {
    Task::spawn(async move { work(job, &portal).await }).await?
}

/// The job itself: the run's row says what to do. Never retried by the queue: the sweep decides from the row.
async fn work(job: RunJob, portal: &Portal) -> Result<(), BoxDynError> {
    runs::execute(portal, job.run_id).await.inspect_err(|e| {
        tracing::error!(run = %job.run_id, error = %crate::error::chain(e), "run could not be executed");
    })?;
    if let Err(error) = compliance::after_run(portal, job.run_id).await {
        tracing::warn!(run = %job.run_id, error = %crate::error::chain(&error), "devices not checked");
    }
    Ok(())
}

macro_rules! worker {
    ($storage:expr, $portal:expr, $n:expr) => {
        WorkerBuilder::new(format!("runs-{}-{}", new_id(), $n))
            .backend($storage.poll_with_strategy(strategy($portal.queue().wake.clone())))
            .concurrency(CONCURRENCY)
            .catch_panic()
            .data($portal)
            .build(execute)
    };
}

fn clock_monitor(portal: &Portal) -> Monitor {
    super::cron::register(Monitor::new().shutdown_timeout(Duration::from_secs(2)), portal)
}

fn queue_monitor(portal: &Portal) -> Monitor {
    let monitor = Monitor::new().shutdown_timeout(Duration::from_secs(8));
    let portal = portal.clone();
    match portal.queue().storage.clone() {
        Storage::Sqlite(s) => monitor.register(move |n| worker!(s.clone(), portal.clone(), n)),
        Storage::Postgres(s) => monitor.register(move |n| worker!(s.clone(), portal.clone(), n)),
    }
}

fn strategy(wake: Arc<Notify>) -> Strategy {
    let woken = futures::stream::unfold(wake, |w| async move {
        w.notified().await;
        Some(((), w))
    });
    Strategy::new().stream(Woken(Box::pin(woken))).interval(POLL)
}

/// `Strategy::stream` wants `Sync`.
struct Woken(Pin<Box<dyn futures::Stream<Item = ()> + Send + Sync>>);

impl futures::Stream for Woken {
    type Item = ();

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> std::task::Poll<Option<()>> {
        self.0.as_mut().poll_next(cx)
    }
}
