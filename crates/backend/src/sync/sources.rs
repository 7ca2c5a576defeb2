//! When each source of an integration was last read whole, and why not since: what is held may be stale.

use crate::{Result, runs::RunContext, sql};

/// Notes that `source` was read to its end.
pub async fn read(ctx: &RunContext, source: &str) -> Result<()> {
    let upsert = "INSERT INTO source_states (tenant_id, integration_id, source, read_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (integration_id, source) DO UPDATE SET read_at = excluded.read_at, failed_at = NULL, problem = NULL";
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into(), source.into(), ctx.now().into()];
    sql::execute(ctx.db(), upsert, values).await?;
    Ok(())
}

/// Notes that `source` could not be read; what it told before stays, and is stale.
pub async fn failed(ctx: &RunContext, source: &str, problem: &str) -> Result<()> {
    let upsert = "INSERT INTO source_states (tenant_id, integration_id, source, failed_at, problem)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (integration_id, source) DO UPDATE SET failed_at = excluded.failed_at, problem = excluded.problem";
    let values = vec![
        ctx.tenant_id().into(),
        ctx.integration_id().into(),
        source.into(),
        ctx.now().into(),
        problem.into(),
    ];
    sql::execute(ctx.db(), upsert, values).await?;
    Ok(())
}

/// Whether `source` was ever read to its end.
pub async fn was_read(ctx: &RunContext, source: &str) -> Result<bool> {
    let count = "SELECT count(*) AS n FROM source_states
        WHERE tenant_id = $1 AND integration_id = $2 AND source = $3 AND read_at IS NOT NULL";
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into(), source.into()];
    Ok(sql::count(ctx.db(), count, values).await? > 0)
}
