//! A run while others write.

use super::{Request, RunContext, insert};
use crate::{Config, Portal, clock::new_id, db, sql};
use domain::{
    ids::{IntegrationId, TenantId},
    run::{RunKind, StartedBy},
};
use sea_orm::ConnectionTrait;
use std::time::Duration;

/// A run that is executed here.
async fn claimed(portal: &Portal) -> RunContext {
    let (tenant, integration) = (new_id(), new_id());
    let msp = "INSERT INTO tenants (id, name, created_at) VALUES ($1, 'T', 0)";
    sql::execute(portal.db(), msp, vec![tenant.into()]).await.unwrap();
    let account = "INSERT INTO integrations (id, tenant_id, vendor, name, region, base_url, client_id_hint, key_id, data_key,
            client_id, client_secret, account_hash, refused, connected_at, created_at, updated_at)
        VALUES ($1, $2, 'ninjaone', 'N', 'us', '', '', 'k', x'00', x'00', x'00', x'00', FALSE, 0, 0, 0)";
    sql::execute(portal.db(), account, vec![integration.into(), tenant.into()]).await.unwrap();
    let wanted = Request::new(IntegrationId(integration), RunKind::Import, StartedBy::AutoImport);
    let run = insert(portal.db(), &portal.worker(TenantId(tenant)), &wanted).await.unwrap();
    RunContext::claim(portal, run.unwrap()).await.unwrap().unwrap()
}

/// Beside the line, each of an import's transactions in turn would come before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_renewed_in_line() {
    let dir = tempfile::tempdir().unwrap();
    let portal = Portal::open(Config::new(dir.path()), None).await.unwrap();
    let ctx = claimed(&portal).await;
    let lease =
        async || sql::count(portal.db(), "SELECT lease_until AS n FROM runs", Vec::new()).await.unwrap();
    let import = db::begin(portal.db()).await.unwrap();
    // The turn is taken and the lock is free, as between two transactions.
    import.execute_unprepared("ROLLBACK").await.unwrap();
    let (before, ticking) = (lease().await, ctx.clone());
    let tick = tokio::spawn(async move { ticking.tick().await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!tick.is_finished(), "it did not wait for its turn");
    assert_eq!(lease().await, before);
    import.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    import.commit().await.unwrap();
    tick.await.unwrap().unwrap();
    assert!(lease().await > before && !ctx.cancelled());
}
