//! Merged devices after a sync: what the vendor lists feeds the one that is shown.

use crate::{Result, db, devices::edit::merge::exchange, runs::RunContext, sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Pair {
    id: Uuid,
    undo: String,
}

/// Merges of the run's integration whose kept device follows a row that is missing, while the hidden one's is there.
const LEFT_BEHIND: &str = "SELECT p.id, p.undo FROM duplicate_pairs p
    JOIN devices h ON h.id = p.hidden_id AND h.tenant_id = p.tenant_id
    JOIN devices k ON k.id = h.merged_into AND k.tenant_id = p.tenant_id
    JOIN remote_devices own ON own.integration_id = k.integration_id AND own.remote_id = k.remote_id
    JOIN remote_devices other ON other.integration_id = h.integration_id AND other.remote_id = h.remote_id
    WHERE p.tenant_id = $1 AND p.state = 'merged' AND p.undo IS NOT NULL AND $2 IN (k.integration_id, h.integration_id)
        AND own.missing_since IS NOT NULL AND other.missing_since IS NULL
    ORDER BY p.id";

/// Lets each of them go on with the row that is listed. A merge can be taken back as before.
pub(crate) async fn follow(ctx: &RunContext) -> Result<()> {
    let values = vec![ctx.tenant_id().into(), ctx.integration_id().into()];
    let pairs: Vec<Pair> = sql::all(ctx.db(), LEFT_BEHIND, values).await?;
    for pair in pairs {
        let tx = db::begin(ctx.db()).await?;
        let undo = exchange(ctx.tenant(), &tx, &pair.undo).await?;
        let note =
            "UPDATE duplicate_pairs SET undo = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'merged'";
        let values = vec![ctx.tenant_id().into(), pair.id.into(), undo.into()];
        if sql::execute(&tx, note, values).await? == 1 {
            tx.commit().await?;
        }
    }
    Ok(())
}
