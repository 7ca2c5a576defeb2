//! Whether every device is where the mappings say: known from a hash of the mappings, so that a sync that changed nothing need
//! not look at every device.

use crate::{Result, db, runs::RunContext, sql};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_64;

/// Everything that decides where a device belongs, a line each. Mappings count their changes.
const LINES: &str = "
    SELECT 'o ' || remote_id || ' ' || name AS line FROM organizations WHERE tenant_id = $1 AND integration_id = $2
    UNION ALL SELECT 'l ' || remote_id || ' ' || name FROM remote_locations WHERE tenant_id = $1 AND integration_id = $2
    UNION ALL SELECT 'om ' || m.remote_id || ' ' || m.status || ' ' || CAST(m.version AS text) || ' '
            || COALESCE(CAST(c.archived_at AS text), '')
        FROM organization_mappings m LEFT JOIN companies c ON c.id = m.company_id AND c.tenant_id = m.tenant_id
        WHERE m.tenant_id = $1 AND m.integration_id = $2
    UNION ALL SELECT 'lm ' || m.remote_id || ' ' || m.status || ' ' || CAST(m.version AS text) || ' '
            || COALESCE(CAST(l.archived_at AS text), '')
        FROM location_mappings m LEFT JOIN locations l ON l.id = m.location_id AND l.tenant_id = m.tenant_id
        WHERE m.tenant_id = $1 AND m.integration_id = $2
    UNION ALL SELECT 'nm ' || m.node_class || ' ' || CAST(m.version AS text) || CASE WHEN m.ignored THEN ' i ' ELSE ' ' END
            || COALESCE(CAST(t.archived_at AS text), '')
        FROM node_class_mappings m LEFT JOIN device_types t ON t.id = m.device_type_id AND t.tenant_id = m.tenant_id
        WHERE m.tenant_id = $1 AND m.integration_id = $2";

/// Whether another run than `$4` reads devices.
const BUSY: &str = "EXISTS (SELECT 1 FROM runs WHERE tenant_id = $1 AND integration_id = $2 AND id <> $4
    AND locks_devices AND state IN ('queued', 'running', 'paused'))";

#[derive(FromQueryResult)]
struct Line {
    line: String,
}

/// Keeps other runs from putting devices of this integration into place until the transaction ends: two that write the
/// same devices in another order would wait for each other. SQLite's write transaction holds the whole database.
pub(crate) async fn lock(tx: &impl ConnectionTrait, integration: Uuid) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended('places ' || CAST($1 AS text), 0))";
        sql::execute(tx, lock, vec![integration.into()]).await?;
    }
    Ok(())
}

/// The hash of the present mappings.
pub(super) async fn hash(ctx: &RunContext) -> Result<i64> {
    hash_in(ctx, ctx.db()).await
}

/// The hash of the mappings as `db` sees them.
pub(super) async fn hash_in(ctx: &RunContext, db: &impl ConnectionTrait) -> Result<i64> {
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into()];
    let lines: Vec<Line> = sql::all(db, LINES, values).await?;
    // In any order.
    let sum = lines.iter().map(|l| xxh3_64(l.line.as_bytes())).fold(0, u64::wrapping_add);
    Ok(sum.cast_signed())
}

/// Whether all devices were put where these mappings say, and no row has changed since.
pub(super) async fn holds(ctx: &RunContext, hash: i64) -> Result<bool> {
    let count =
        "SELECT count(*) AS n FROM integrations WHERE tenant_id = $1 AND id = $2 AND placed_hash = $3";
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into(), hash.into()];
    Ok(sql::count(ctx.db(), count, values).await? > 0)
}

/// Whether they were, or another run that reads devices will see to it at its end.
pub(super) async fn are_cared_for(ctx: &RunContext, hash: i64) -> Result<bool> {
    let count = format!(
        "SELECT count(*) AS n FROM integrations WHERE tenant_id = $1 AND id = $2 AND (placed_hash = $3 OR {BUSY})"
    );
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into(), hash.into(), ctx.run_id().into()];
    Ok(sql::count(ctx.db(), &count, values).await? > 0)
}

/// Notes that they are, unless another run is writing rows of devices: that one looks at all of them at its end.
pub(super) async fn note(ctx: &RunContext, hash: i64) -> Result<()> {
    let update =
        format!("UPDATE integrations SET placed_hash = $3 WHERE tenant_id = $1 AND id = $2 AND NOT {BUSY}");
    let update = update.as_str();
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into(), hash.into(), ctx.run_id().into()];
    db::write(ctx.db(), update, values).await?;
    Ok(())
}

/// Notes, with rows of staging or devices that are written, that somebody has to look again.
pub(crate) async fn forget(ctx: &RunContext, tx: &impl ConnectionTrait) -> Result<()> {
    let update = "UPDATE integrations SET placed_hash = NULL
        WHERE tenant_id = $1 AND id = $2 AND placed_hash IS NOT NULL";
    sql::execute(tx, update, vec![ctx.tenant_id().into(), ctx.integration_id().into()]).await?;
    Ok(())
}
