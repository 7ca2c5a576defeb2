//! The locations of an account. Optional: an instance without them, or without the permission, loses nothing.

use super::{
    apply::{change, differs},
    close::close,
    entity::LOCATIONS,
    hash::Content,
    held, ledger,
    list::List,
    proof,
    pull::{Fetch, Pull, Tally},
    sources,
};
use crate::{
    Result,
    bulk::{self, Kind, Target},
    db,
    runs::{NewChange, NewError, Place, RunContext, note_errors, record},
    sql::{self, Params},
};
use domain::{
    company::name_key,
    remote::RemoteLocation,
    run::{Counts, FieldChange, Phase},
    sync::{Key, Ledger, Verdict},
};
use rmm::{Lost, Page, RmmClient, RmmError};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::{collections::HashMap, sync::Arc};

const COLUMNS: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Uuid),
    ("integration_id", Kind::Uuid),
    ("remote_id", Kind::Text),
    ("organization_id", Kind::Text),
    ("name", Kind::Text),
    ("name_key", Kind::Text),
    ("address", Kind::Text),
    ("hash", Kind::Int),
    ("missing_since", Kind::Int),
    ("created_at", Kind::Int),
    ("updated_at", Kind::Int),
];

const FETCH: Fetch<RemoteLocation> = |c, at| Box::pin(async move { c.locations(&at).await });

/// Pulls all locations into staging.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    if ctx.has_closed(LOCATIONS.plural) {
        return Ok(());
    }
    ctx.phase(Phase::Locations, None);
    held::supersede(ctx, LOCATIONS).await?;
    let mut ledger = ledger::load(ctx, LOCATIONS).await?;
    let list = List {
        client: client.clone(),
        fetch: FETCH,
        id: |row| &row.remote_id,
        more: None,
        page_size: ctx.page_size(),
    };
    let mut pull = Pull::from(list, ctx.place(LOCATIONS.plural));
    loop {
        match pull.next().await {
            Ok(Some(page)) => save(ctx, &mut ledger, page, pull.tally()).await?,
            Ok(None) => break,
            Err(RmmError::NotAvailable(_) | RmmError::Forbidden(_)) => return not_shown(ctx).await,
            Err(error) => return Err(error.into()),
        }
    }
    let verify =
        |unseen: Vec<String>| async move { proof::verify_locations(ctx, client, FETCH, &unseen).await };
    close(ctx, client, LOCATIONS, &ledger, pull.tally(), verify).await
}

async fn not_shown(ctx: &RunContext) -> Result<()> {
    let words = "NinjaOne did not show its locations (not on this instance, or no permission). What was read before stays.";
    ctx.warn_once(words.into());
    sources::failed(ctx, LOCATIONS.plural, words).await?;
    ctx.close(LOCATIONS.plural);
    ctx.keep().await
}

async fn save(
    ctx: &RunContext,
    ledger: &mut Ledger,
    page: Page<RemoteLocation>,
    tally: &Tally,
) -> Result<()> {
    let Page { rows, lost, ids, .. } = page;
    let mut delta = Counts { failed: i64::try_from(lost.len()).unwrap_or(i64::MAX), ..Counts::default() };
    for id in lost.iter().filter_map(|lost| lost.id.as_deref()) {
        ledger.mark_known(&Key::from(id));
    }
    let mut write = Vec::new();
    for row in rows {
        let hash = Content::new()
            .maybe(row.organization_id.as_deref())
            .text(&row.name)
            .maybe(row.address.as_deref())
            .done();
        let verdict = ledger.judge(Key::from(row.remote_id.as_str()), hash);
        super::count_verdict(&mut delta, verdict);
        if verdict.writes() {
            write.push((verdict, hash, row));
        }
    }
    let tx = db::begin(ctx.db()).await?;
    match Place::after(LOCATIONS.plural, &ids, ledger, tally) {
        Some(place) => ctx.save_at(&tx, delta, tally.rows, place).await?,
        None => ctx.save(&tx, delta, tally.rows).await?,
    }
    let changes = changes(ctx, &tx, &write).await?;
    let now = ctx.now();
    let rows = write.into_iter().map(|(_, hash, row)| values(ctx, row, hash, now)).collect();
    let after = bulk::replace(COLUMNS, &["integration_id", "remote_id"], &["tenant_id", "created_at"]);
    bulk::insert(&tx, Target { table: LOCATIONS.table, columns: COLUMNS, after: &after }, rows).await?;
    record(&tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    note_errors(ctx, &tx, lost.into_iter().map(error).collect()).await?;
    tx.commit().await?;
    Ok(())
}

fn error(lost: Lost) -> NewError {
    NewError { entity: LOCATIONS.name, remote_id: lost.id, name: None, reason: lost.reason }
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
