//! How far the facts of a tenant are, and bringing them up to date once, however many ask for it.

use super::{refresh, stamp};
use crate::{
    Error, Portal, Result, Tenant, db, sql,
    tenant::{Access, Admin},
};
use domain::ids::{RunId, TenantId};
use sea_orm::FromQueryResult;
use std::time::Duration;
use uuid::Uuid;

/// The figures that reports read.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct State {
    pub stamp: String,
    /// The day of the figures.
    pub day: i64,
    pub checked_at: i64,
}

/// Longest that one process keeps the others from bringing facts up to date, in microseconds.
const LEASE: i64 = 60_000_000;
/// How often, and how many times, somebody else's work is waited for.
const PAUSE: Duration = Duration::from_millis(50);
const PATIENCE: usize = 400;

/// The state, brought up to date before.
pub(crate) async fn fresh<A: Access>(tenant: &Tenant<A>) -> Result<State> {
    for _ in 0..PATIENCE {
        let wanted = stamp::now(tenant).await?;
        match read(tenant).await? {
            Some(state) if state.stamp == wanted => return Ok(state),
            _ if claim(tenant).await? => bring(worker(tenant), wanted).await?,
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
    // Somebody has been at it for long: what there is tells its age.
    read(tenant).await?.ok_or_else(|| Error::internal("devices were not checked in time"))
}

/// The state as it is, being brought up to date behind the reader's back; the first one is waited for.
pub(super) async fn latest<A: Access>(tenant: &Tenant<A>) -> Result<State> {
    let Some(state) = read(tenant).await? else { return fresh(tenant).await };
    if state.stamp != stamp::now(tenant).await? {
        start(worker(tenant));
    }
    Ok(state)
}

/// Brings the facts up to date behind everybody's back.
fn start(tenant: Tenant<Admin>) {
    tokio::spawn(async move {
        if let Err(error) = fresh(&tenant).await {
            tracing::warn!(error = %crate::error::chain(&error), "devices not checked");
        }
    });
}

/// After a run: when it changed something, the facts follow. An unchanged fleet costs one small read.
pub(crate) async fn after_run(portal: &Portal, run: RunId) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        tenant_id: Uuid,
    }
    let changed = "SELECT tenant_id FROM runs WHERE id = $1 AND finished_at IS NOT NULL
        AND added + changed + moved + missing + returned > 0";
    if let Some(row) = sql::one::<Row>(portal.db(), changed, vec![run.0.into()]).await? {
        start(portal.worker(TenantId(row.tenant_id)));
    }
    Ok(())
}

fn worker<A: Access>(tenant: &Tenant<A>) -> Tenant<Admin> {
    tenant.portal().worker(TenantId(tenant.id()))
}

async fn read<A: Access>(tenant: &Tenant<A>) -> Result<Option<State>> {
    let select = "SELECT stamp, day, checked_at FROM compliance_state WHERE tenant_id = $1 AND stamp <> ''";
    Ok(sql::one(tenant.db(), select, vec![tenant.id().into()]).await?)
}

/// Whether the work is ours to do.
async fn claim<A: Access>(tenant: &Tenant<A>) -> Result<bool> {
    let now = tenant.now();
    let first = "INSERT INTO compliance_state (tenant_id, stamp, day, checked_at, busy_until) VALUES ($1, '', 0, 0, 0)
        ON CONFLICT DO NOTHING";
    let free = "SELECT count(*) AS n FROM compliance_state WHERE tenant_id = $1";
    if sql::count(tenant.db(), free, vec![tenant.id().into()]).await? == 0 {
        db::write(tenant.db(), first, vec![tenant.id().into()]).await?;
    }
    let claim = "UPDATE compliance_state SET busy_until = $2 WHERE busy_until < $3 AND tenant_id = $1";
    let values = vec![tenant.id().into(), (now + LEASE).into(), now.into()];
    Ok(db::write(tenant.db(), claim, values).await? == 1)
}

/// In a task of its own: a reader who leaves does not stop it half-way.
async fn bring(tenant: Tenant<Admin>, wanted: String) -> Result<()> {
    let work = async move {
        let done = refresh::refresh(&tenant, &wanted).await;
        let free = "UPDATE compliance_state SET busy_until = 0 WHERE tenant_id = $1";
        db::write(tenant.db(), free, vec![tenant.id().into()]).await?;
        done
    };
    tokio::spawn(work).await.map_err(Error::internal)?
}
