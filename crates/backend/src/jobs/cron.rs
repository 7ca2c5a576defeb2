//! The clock: daily syncs. Every server ticks; the first to insert the tick's row starts the runs.

use crate::{Portal, Result, clock::micros, error::Error, runs, sql};
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

/// Adds one scheduler per daily sync.
pub(super) fn register(mut monitor: Monitor, portal: &Portal) -> Monitor {
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
    let at =
        i64::try_from(tick.get_timestamp()).ok().and_then(|s| Time::from_timestamp(s, 0)).unwrap_or_default();
    if let Err(error) = start_due(&portal, *kind, at).await {
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
    let tick = "INSERT INTO schedule_ticks (schedule, tick_at, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let values = vec![kind.as_str().into(), micros(at).into(), portal.now_micros().into()];
    if sql::execute(portal.db(), tick, values).await? == 0 {
        return Ok(0);
    }
    let due: Vec<Due> =
        sql::all(portal.db(), "SELECT id, tenant_id FROM integrations WHERE NOT refused ORDER BY id", vec![])
            .await?;
    let mut started = 0;
    for Due { id, tenant_id } in due {
        let tenant = portal.worker(TenantId(tenant_id));
        match runs::request(&tenant, IntegrationId(id), kind, StartedBy::Schedule, None).await {
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
