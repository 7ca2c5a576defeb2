//! The clock: daily syncs. Every server ticks; the first to insert the tick's row starts the runs.

use crate::{
    Portal, Result,
    clock::micros,
    db,
    error::Error,
    runs::{self, Request},
    sql,
};
use apalis::prelude::*;
use apalis_cron::{CronScheduler, Tick};
use domain::{
    Time,
    ids::{IntegrationId, TenantId},
    run::{RunKind, StartedBy},
    schedule::DAILY,
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

/// When old changes are pruned: in the quiet after the syncs.
const PRUNE: &str = "0 45 4 * * *";

/// When devices are checked and the day's figures kept, also where nobody opens a report.
const CHECK: &str = "0 30 4 * * *";

/// Adds one scheduler per daily sync, one that checks devices, and one that prunes.
pub(super) fn register(monitor: Monitor, portal: &Portal) -> Monitor {
    let monitor = register_prune(monitor, portal);
    let monitor = register_check(monitor, portal);
    register_syncs(monitor, portal)
}

fn register_check(monitor: Monitor, portal: &Portal) -> Monitor {
    let Ok(schedule) = cron::Schedule::from_str(CHECK) else { return monitor };
    let portal = portal.clone();
    monitor.register(move |n| {
        WorkerBuilder::new(format!("compliance-{n}"))
            .backend(CronScheduler::new(schedule.clone()))
            .data(portal.clone())
            .build(on_check)
    })
}

/// One server checks: the tick's row decides which.
async fn on_check(tick: Tick, portal: Data<Portal>) -> Result<(), BoxDynError> {
    let checked = match first_to_see(&portal, "compliance", time_of(&tick)).await {
        Ok(true) => crate::compliance::refresh_all(&portal).await,
        Ok(false) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = checked {
        tracing::error!(error = %crate::error::chain(&error), "devices not checked");
    }
    Ok(())
}

fn register_prune(monitor: Monitor, portal: &Portal) -> Monitor {
    let Ok(schedule) = cron::Schedule::from_str(PRUNE) else { return monitor };
    let portal = portal.clone();
    monitor.register(move |n| {
        WorkerBuilder::new(format!("prune-{n}"))
            .backend(CronScheduler::new(schedule.clone()))
            .data(portal.clone())
            .build(on_prune)
    })
}

/// One server prunes: the tick's row decides which.
async fn on_prune(tick: Tick, portal: Data<Portal>) -> Result<(), BoxDynError> {
    let pruned = match first_to_see(&portal, "prune", time_of(&tick)).await {
        Ok(true) => super::prune::prune(&portal).await.map(drop),
        Ok(false) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = pruned {
        tracing::error!(error = %crate::error::chain(&error), "old changes not pruned");
    }
    Ok(())
}

fn time_of(tick: &Tick) -> Time {
    i64::try_from(tick.get_timestamp()).ok().and_then(|s| Time::from_timestamp(s, 0)).unwrap_or_default()
}

/// How long the server that saw a tick has to start its runs, in microseconds.
const PATIENCE: i64 = 60_000_000;

/// Whether this process is the first to see a tick. A tick of syncs waits for its runs; to check and to prune comes round again.
async fn first_to_see(portal: &Portal, schedule: &str, at: Time) -> Result<bool> {
    let tick = "INSERT INTO schedule_ticks (schedule, tick_at, created_at, follow_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING";
    let now = portal.now_micros();
    let follow = RunKind::from_str(schedule).is_ok().then_some(now + PATIENCE);
    let values = vec![schedule.into(), micros(at).into(), now.into(), follow.into()];
    Ok(db::write(portal.db(), tick, values).await? == 1)
}

fn register_syncs(mut monitor: Monitor, portal: &Portal) -> Monitor {
    for daily in DAILY {
        let schedule = match cron::Schedule::from_str(&daily.cron()) {
            Ok(schedule) => schedule,
            Err(error) => {
                tracing::error!(%error, cron = daily.cron(), "schedule not understood");
                continue;
            }
        };
        let portal = portal.clone();
        monitor = monitor.register(move |n| {
            WorkerBuilder::new(format!("daily-{}-{n}", daily.kind))
                .backend(CronScheduler::new(schedule.clone()))
                .data(portal.clone())
                .data(daily.kind)
                .build(on_tick)
        });
    }
    monitor
}

async fn on_tick(tick: Tick, portal: Data<Portal>, kind: Data<RunKind>) -> Result<(), BoxDynError> {
    if let Err(error) = start_due(&portal, *kind, time_of(&tick)).await {
        tracing::error!(error = %crate::error::chain(&error), kind = %*kind, "scheduled sync not started");
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Due {
    id: Uuid,
    tenant_id: Uuid,
}

/// Starts the runs of one tick, once however many servers see it. Answers how many were started here.
pub async fn start_due(portal: &Portal, kind: RunKind, at: Time) -> Result<usize> {
    if !first_to_see(portal, kind.as_str(), at).await? {
        return Ok(0);
    }
    start_runs(portal, kind, micros(at)).await
}

/// Starts the runs of a tick that was seen, apart from those that it has started already, here or elsewhere.
async fn start_runs(portal: &Portal, kind: RunKind, at: i64) -> Result<usize> {
    let select = "SELECT id, tenant_id FROM integrations WHERE NOT refused ORDER BY id";
    let due: Vec<Due> = sql::all(portal.db(), select, vec![]).await?;
    let (mut started, mut busy) = (0, false);
    for Due { id, tenant_id } in due {
        let tenant = portal.worker(TenantId(tenant_id));
        let wanted = Request::new(IntegrationId(id), kind, StartedBy::Schedule);
        match runs::request_for_tick(&tenant, wanted, at).await {
            Ok(new) => started += usize::from(new),
            Err(error) => {
                tracing::error!(integration = %id, error = %chain(&error), "scheduled sync not started");
                busy |= matches!(error, Error::Busy(_) | Error::Unanswered(_));
            }
        }
    }
    if busy {
        // Whoever looks next starts what is left.
        return Ok(started);
    }
    let done = "UPDATE schedule_ticks SET follow_at = NULL WHERE schedule = $1 AND tick_at = $2";
    db::write(portal.db(), done, vec![kind.as_str().into(), at.into()]).await?;
    Ok(started)
}

#[derive(FromQueryResult)]
struct Seen {
    schedule: String,
    tick_at: i64,
    follow_at: i64,
}

/// Starts the runs of ticks that a server has seen and not followed; of several servers one takes each.
pub(super) async fn follow_up(portal: &Portal) -> Result<()> {
    let now = portal.now_micros();
    let select = "SELECT schedule, tick_at, follow_at FROM schedule_ticks WHERE follow_at <= $1";
    for seen in sql::all::<Seen>(portal.db(), select, vec![now.into()]).await? {
        let take = "UPDATE schedule_ticks SET follow_at = $4 WHERE schedule = $1 AND tick_at = $2 AND follow_at = $3";
        let values = vec![
            seen.schedule.as_str().into(),
            seen.tick_at.into(),
            seen.follow_at.into(),
            (now + PATIENCE).into(),
        ];
        if db::write(portal.db(), take, values).await? == 1 {
            let kind = RunKind::from_str(&seen.schedule).map_err(Error::internal)?;
            start_runs(portal, kind, seen.tick_at).await?;
        }
    }
    Ok(())
}

fn chain(error: &Error) -> String {
    crate::error::chain(error)
}
