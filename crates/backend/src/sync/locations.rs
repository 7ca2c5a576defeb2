//! The locations of an account. Optional: an instance without them, or without the permission, loses nothing.

use super::{
    apply::{change, differs, upsert},
    hash,
    missing::{LOCATIONS, close, ledger},
    pull::Pull,
};
use crate::{
    Result, db,
    runs::{NewChange, RunContext, record},
    sql::{self, Params},
};
use domain::{
    company::name_key,
    remote::RemoteLocation,
    run::{Counts, FieldChange, Phase},
    sync::{Ledger, Verdict},
};
use rmm::{RmmClient, RmmError};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::{collections::HashMap, sync::Arc};

const COLUMNS: &[&str] = &[
    "tenant_id",
    "integration_id",
    "remote_id",
    "organization_id",
    "name",
    "name_key",
    "address",
    "hash",
    "missing_since",
    "created_at",
    "updated_at",
];

/// Pulls all locations into staging.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    ctx.phase(Phase::Locations, None);
    let mut ledger = ledger(ctx, LOCATIONS).await?;
    let mut pull = Pull::start(client, |c, at| Box::pin(async move { c.locations(&at).await }));
    loop {
        let page = match pull.next().await {
            Ok(Some(page)) => page,
            Ok(None) => break,
            Err(RmmError::NotAvailable(_) | RmmError::Forbidden(_)) => {
                ctx.warn("NinjaOne did not show its locations (not on this instance, or no permission). What was read before stays.");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        for id in &page.ids {
            ledger.mark_known(id);
        }
        save(ctx, &mut ledger, page.rows, page.unreadable, pull.tally().rows).await?;
    }
    close(ctx, LOCATIONS, &ledger, pull.tally()).await
}

async fn save(
    ctx: &RunContext,
    ledger: &mut Ledger,
    rows: Vec<RemoteLocation>,
    unreadable: usize,
    done: i64,
) -> Result<()> {
    let mut delta = Counts { failed: i64::try_from(unreadable).unwrap_or(i64::MAX), ..Counts::default() };
    let mut write = Vec::new();
    for row in rows {
        let hash = hash::content(&(&row.organization_id, &row.name, &row.address))?;
        let verdict = ledger.judge(&row.remote_id, hash);
        super::count_verdict(&mut delta, verdict);
        if verdict.writes() {
            write.push((verdict, hash, row));
        }
    }
    let tx = db::begin(ctx.db()).await?;
    ctx.save(&tx, delta, done).await?;
    let changes = changes(ctx, &tx, &write).await?;
    let now = ctx.now();
    let rows = write.into_iter().map(|(_, hash, row)| values(ctx, row, hash, now)).collect();
    upsert(&tx, "remote_locations", COLUMNS, &["created_at"], rows).await?;
    record(&tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    tx.commit().await?;
    Ok(())
}

fn values(ctx: &RunContext, row: RemoteLocation, hash: i64, now: i64) -> Vec<Value> {
    let key = name_key(&row.name);
    vec![
        ctx.tenant_id().into(),
        ctx.integration_id().into(),
        row.remote_id.into(),
        row.organization_id.unwrap_or_default().into(),
        row.name.into(),
        key.into(),
        row.address.into(),
        hash.into(),
        None::<i64>.into(),
        now.into(),
        now.into(),
    ]
}

#[derive(FromQueryResult)]
struct Before {
    remote_id: String,
    organization_id: String,
    name: String,
    address: Option<String>,
}

async fn changes(
    ctx: &RunContext,
    tx: &impl ConnectionTrait,
    write: &[(Verdict, i64, RemoteLocation)],
) -> Result<Vec<NewChange>> {
    let mut p = Params::default();
    let (integration, tenant) = (p.push(ctx.integration_id()), p.push(ctx.tenant_id()));
    let ids = p.list(write.iter().filter(|w| w.0 != Verdict::Added).map(|w| w.2.remote_id.as_str()));
    let select = format!(
        "SELECT remote_id, organization_id, name, address FROM remote_locations
         WHERE integration_id = {integration} AND tenant_id = {tenant} AND remote_id IN ({ids})"
    );
    let before: Vec<Before> = sql::all(tx, &select, p.0).await?;
    let before: HashMap<&str, &Before> = before.iter().map(|b| (b.remote_id.as_str(), b)).collect();
    let describe = |(verdict, _, row): &(Verdict, i64, RemoteLocation)| {
        let fields = before.get(row.remote_id.as_str()).map(|b| fields(b, row)).unwrap_or_default();
        change("location", *verdict, &row.remote_id, &row.name, fields)
    };
    Ok(write.iter().map(describe).collect())
}

fn fields(before: &Before, after: &RemoteLocation) -> Vec<FieldChange> {
    let organization = after.organization_id.as_deref().unwrap_or_default();
    [
        differs("organization", Some(&before.organization_id), Some(organization)),
        differs("name", Some(&before.name), Some(&after.name)),
        differs("address", before.address.as_deref(), after.address.as_deref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
