//! How many devices each organization has, from the cheap device list.

use super::{
    proof,
    pull::{Fetch, Pull, Tally},
    references::{self, References},
};
use crate::{
    Result, db,
    runs::RunContext,
    sql::{self, Params},
};
use domain::{
    remote::RemoteDeviceRef,
    run::{Counts, Evidence, Phase},
    sync::Key,
};
use rmm::RmmClient;
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

const CHUNK: usize = 1000;
/// What the counts are called as evidence.
const COUNTS: &str = "device counts";

/// Reads the cheap device list.
pub const SHORT_LIST: Fetch<RemoteDeviceRef> = |c, at| Box::pin(async move { c.device_refs(&at).await });

/// The cheap device list, as it arrives.
fn short_list(client: &Arc<dyn RmmClient>) -> Pull<RemoteDeviceRef> {
    Pull::start(client, SHORT_LIST)
}

/// Counts devices by organization. Failing costs a warning only: the counts stay as they were.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    if ctx.has_closed(COUNTS) {
        return Ok(());
    }
    ctx.phase(Phase::CountingDevices, None);
    let mut pull = short_list(client);
    let mut counts: HashMap<String, i64> = HashMap::new();
    let mut named = References::default();
    let mut seen: HashSet<Key> = HashSet::new();
    loop {
        match pull.next().await {
            Ok(Some(page)) => {
                for row in page.rows {
                    if seen.insert(Key::from(row.remote_id.as_str())) {
                        named.add(row.organization_id.as_deref(), row.location_id.as_deref());
                        *counts.entry(row.organization_id.unwrap_or_default()).or_default() += 1;
                    }
                }
                ctx.progress(pull.tally().rows);
            }
            Ok(None) => break,
            Err(error) if error.is_credentials() => return Err(error.into()),
            Err(error) => {
                stay(ctx, pull.tally(), count(seen.len()), &error.to_string());
                return Ok(());
            }
        }
    }
    let tally = pull.tally();
    // Any organization might have more of them than are counted.
    let doubt = match (tally.unreadable, tally.unsorted) {
        (0, 0) => None,
        (0, _) => Some("their list did not come in the order of its ids"),
        _ => Some("some rows of their list could not be read"),
    };
    match doubt {
        Some(why) => stay(ctx, tally, count(seen.len()), why),
        None => {
            ctx.prove(proof::evidence(COUNTS, tally, count(seen.len()), None, proof::ending(tally)));
            save(ctx, &counts).await?;
        }
    }
    references::check(ctx, client, named).await?;
    ctx.close(COUNTS);
    Ok(())
}

/// Says why the counts stay as they were.
fn stay(ctx: &RunContext, tally: &Tally, distinct: i64, why: &str) {
    let words = format!("Devices could not be counted: {why}. The counts shown are older.");
    let evidence = proof::evidence(COUNTS, tally, distinct, None, words.clone());
    ctx.prove(Evidence { complete: false, ..evidence });
    ctx.warn_once(words);
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The counts as staging has them, after a complete pull of devices.
pub async fn from_staging(ctx: &RunContext) -> Result<()> {
    // The run's integration is the tenant's: the index holds all that is asked.
    let select = "SELECT organization_id AS remote_id, count(*) AS device_count FROM remote_devices
        WHERE integration_id = $1 AND missing_since IS NULL GROUP BY organization_id";
    let values = vec![ctx.integration_id().into()];
    let rows: Vec<Held> = sql::all(ctx.db(), select, values).await?;
    save(ctx, &rows.into_iter().map(|h| (h.remote_id, h.device_count)).collect()).await
}

#[derive(FromQueryResult)]
struct Held {
    remote_id: String,
    device_count: i64,
}

#[derive(FromQueryResult)]
struct Counted {
    remote_id: String,
    device_count: i64,
    counted_at: Option<i64>,
}

/// Writes the counts that differ.
pub async fn save(ctx: &RunContext, counts: &HashMap<String, i64>) -> Result<()> {
    let select = "SELECT remote_id, device_count, counted_at FROM organizations WHERE integration_id = $1 AND tenant_id = $2";
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into()];
    let held: Vec<Counted> = sql::all(ctx.db(), select, values).await?;
    let new = |h: &Counted| counts.get(&h.remote_id).copied().unwrap_or(0);
    let differing: Vec<(String, i64)> =
        held.iter().filter(|h| h.device_count != new(h)).map(|h| (h.remote_id.clone(), new(h))).collect();
    if differing.is_empty() && held.iter().all(|h| h.counted_at.is_some()) {
        return Ok(());
    }
    let tx = db::begin(ctx.db()).await?;
    ctx.save(&tx, Counts::default(), ctx.done()).await?;
    let counted = "UPDATE organizations SET counted_at = $3 WHERE integration_id = $1 AND tenant_id = $2
        AND counted_at IS NULL";
    let values = vec![ctx.integration_id().into(), ctx.tenant_id().into(), ctx.now().into()];
    sql::execute(&tx, counted, values).await?;
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
