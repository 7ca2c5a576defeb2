//! The organizations of an account.

use super::{
    apply::{change, differs, upsert},
    hash,
    missing::{ORGANIZATIONS, close, ledger},
    pull::Pull,
};
use crate::{
    Result, db,
    runs::{NewChange, RunContext, record},
    sql::{self, Params},
};
use domain::{
    company::name_key,
    remote::RemoteOrganization,
    run::{Counts, FieldChange, Phase},
    sync::{Ledger, Verdict},
};
use rmm::RmmClient;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::{collections::HashMap, sync::Arc};

const COLUMNS: &[&str] = &[
    "tenant_id",
    "integration_id",
    "remote_id",
    "name",
    "name_key",
    "description",
    "device_count",
    "hash",
    "missing_since",
    "created_at",
    "updated_at",
];

/// Pulls all organizations into staging.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    ctx.phase(Phase::Organizations, None);
    let mut ledger = ledger(ctx, ORGANIZATIONS).await?;
    let mut pull = Pull::start(client, |c, at| Box::pin(async move { c.organizations(&at).await }));
    while let Some(page) = pull.next().await? {
        for id in &page.ids {
            ledger.mark_known(id);
        }
        save(ctx, &mut ledger, page.rows, page.unreadable, pull.tally().rows).await?;
    }
    close(ctx, ORGANIZATIONS, &ledger, pull.tally()).await
}

async fn save(
    ctx: &RunContext,
    ledger: &mut Ledger,
    rows: Vec<RemoteOrganization>,
    unreadable: usize,
    done: i64,
) -> Result<()> {
    let mut delta = Counts { failed: i64::try_from(unreadable).unwrap_or(i64::MAX), ..Counts::default() };
    let mut write = Vec::new();
    for row in rows {
        let hash = hash::content(&(&row.name, &row.description))?;
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
    upsert(&tx, "organizations", COLUMNS, &["device_count", "created_at"], rows).await?;
    record(&tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    tx.commit().await?;
    Ok(())
}

fn values(ctx: &RunContext, row: RemoteOrganization, hash: i64, now: i64) -> Vec<Value> {
    let key = name_key(&row.name);
    vec![
        ctx.tenant_id().into(),
        ctx.integration_id().into(),
        row.remote_id.into(),
        row.name.into(),
        key.into(),
        row.description.into(),
        0i64.into(),
        hash.into(),
        None::<i64>.into(),
        now.into(),
        now.into(),
    ]
}

#[derive(FromQueryResult)]
struct Before {
    remote_id: String,
    name: String,
    description: Option<String>,
}

async fn changes(
    ctx: &RunContext,
    tx: &impl ConnectionTrait,
    write: &[(Verdict, i64, RemoteOrganization)],
) -> Result<Vec<NewChange>> {
    let mut p = Params::default();
    let (integration, tenant) = (p.push(ctx.integration_id()), p.push(ctx.tenant_id()));
    let ids = p.list(write.iter().filter(|w| w.0 != Verdict::Added).map(|w| w.2.remote_id.as_str()));
    let select = format!(
        "SELECT remote_id, name, description FROM organizations
         WHERE integration_id = {integration} AND tenant_id = {tenant} AND remote_id IN ({ids})"
    );
    let before: Vec<Before> = sql::all(tx, &select, p.0).await?;
    let before: HashMap<&str, &Before> = before.iter().map(|b| (b.remote_id.as_str(), b)).collect();
    let describe = |(verdict, _, row): &(Verdict, i64, RemoteOrganization)| {
        let fields = before.get(row.remote_id.as_str()).map(|b| fields(b, row)).unwrap_or_default();
        change("organization", *verdict, &row.remote_id, &row.name, fields)
    };
    Ok(write.iter().map(describe).collect())
}

fn fields(before: &Before, after: &RemoteOrganization) -> Vec<FieldChange> {
    let name = differs("name", Some(&before.name), Some(&after.name));
    let description = differs("description", before.description.as_deref(), after.description.as_deref());
    name.into_iter().chain(description).collect()
}
