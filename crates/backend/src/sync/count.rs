//! How many devices each organization has, from the cheap device list.

use super::pull::Pull;
use crate::{
    Result, db,
    runs::RunContext,
    sql::{self, Params},
};
use domain::run::{Counts, Phase};
use rmm::RmmClient;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

const CHUNK: usize = 1000;

/// Counts devices by organization. Failing costs a warning only: the counts stay as they were.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    ctx.phase(Phase::CountingDevices, None);
    let mut pull = Pull::start(client, |c, at| Box::pin(async move { c.device_refs(&at).await }));
    let mut counts: HashMap<String, i64> = HashMap::new();
    let mut seen: HashSet<String> = HashSet::new();
    loop {
        match pull.next().await {
            Ok(Some(page)) => {
                for row in page.rows {
                    if seen.insert(row.remote_id) {
                        *counts.entry(row.organization_id.unwrap_or_default()).or_default() += 1;
                    }
                }
                ctx.progress(pull.tally().rows);
            }
            Ok(None) => break,
            Err(error) if error.is_credentials() => return Err(error.into()),
            Err(error) => {
                ctx.prove(pull.tally().evidence("device counts", count(seen.len())));
                ctx.warn(format!("Devices could not be counted: {error}. The counts shown are older."));
                return Ok(());
            }
        }
    }
    ctx.prove(pull.tally().evidence("device counts", count(seen.len())));
    save(ctx, &counts).await
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[derive(FromQueryResult)]
struct Held {
    remote_id: String,
    device_count: i64,
}

/// Writes the counts that differ.
pub async fn save(ctx: &RunContext, counts: &HashMap<String, i64>) -> Result<()> {
    let select =
        "SELECT remote_id, device_count FROM organizations WHERE integration_id = $1 AND tenant_id = $2";
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let held: Vec<Held> = sql::all(ctx.db(), select, values).await?;
    let new = |h: &Held| counts.get(&h.remote_id).copied().unwrap_or(0);
    let differing: Vec<(String, i64)> =
        held.iter().filter(|h| h.device_count != new(h)).map(|h| (h.remote_id.clone(), new(h))).collect();
    if differing.is_empty() {
        return Ok(());
    }
    let tx = db::begin(ctx.db()).await?;
    ctx.save(&tx, Counts::default(), ctx.done()).await?;
    for chunk in differing.chunks(CHUNK) {
        update(ctx, &tx, chunk).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn update(ctx: &RunContext, tx: &impl ConnectionTrait, counts: &[(String, i64)]) -> Result<()> {
    let mut p = Params::default();
    let (integration, tenant) = (p.push(ctx.integration_id()), p.push(ctx.tenant_id()));
    let mut tuples = Vec::new();
    for (id, n) in counts {
        let (id, n) = (p.push(id.as_str()), p.push(*n));
        tuples.push(format!("(CAST({id} AS text), CAST({n} AS bigint))"));
    }
    let update = format!(
        "WITH counted (remote_id, n) AS (VALUES {})
         UPDATE organizations SET device_count = counted.n FROM counted
         WHERE organizations.remote_id = counted.remote_id AND organizations.integration_id = {integration}
            AND organizations.tenant_id = {tenant}",
        tuples.join(", ")
    );
    sql::execute(tx, &update, p.0).await?;
    Ok(())
}
