//! The clock: daily syncs. Every server ticks; the first to insert the tick's row starts the runs.

use crate::{
    Portal, Result,
    clock::micros,
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

/// Whether this process is the first to see a tick.
async fn first_to_see(portal: &Portal, schedule: &str, at: Time) -> Result<bool> {
    let tick = "INSERT INTO schedule_ticks (schedule, tick_at, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let values = vec![schedule.into(), micros(at).into(), portal.now_micros().into()];
    Ok(sql::execute(portal.db(), tick, values).await? == 1)
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
    let due: Vec<Due> =
        sql::all(portal.db(), "SELECT id, tenant_id FROM integrations WHERE NOT refused ORDER BY id", vec![])
            .await?;
    let mut started = 0;
    for Due { id, tenant_id } in due {
        let tenant = portal.worker(TenantId(tenant_id));
        let wanted = Request::new(IntegrationId(id), kind, StartedBy::Schedule);
        match runs::request(&tenant, wanted).await {
            Ok((_, new)) => started += usize::from(new),
            Err(error) => {
                tracing::error!(integration = %id, error = %chain(&error), "scheduled sync not started")
            }
        }
    }
    Ok(started)
}

fn chain(error: &Error) -> String {
    crate::error::chain(error)
}
