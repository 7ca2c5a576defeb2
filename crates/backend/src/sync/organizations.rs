//! The organizations of an account.

use super::{
    apply::{change, differs},
    close::close,
    clues::Clues,
    entity::ORGANIZATIONS,
    hash::Content,
    held, ledger,
    list::List,
    proof,
    pull::{Fetch, Pull, Tally},
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
    remote::RemoteOrganization,
    run::{Counts, FieldChange, Phase},
    sync::{Key, Ledger, Verdict},
};
use rmm::{Lost, Page, RmmClient};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::{collections::HashMap, sync::Arc};

const COLUMNS: &[(&str, Kind)] = &[
    ("tenant_id", Kind::Uuid),
    ("integration_id", Kind::Uuid),
    ("remote_id", Kind::Text),
    ("name", Kind::Text),
    ("name_key", Kind::Text),
    ("description", Kind::Text),
    ("clues", Kind::Text),
    ("device_count", Kind::Int),
    ("hash", Kind::Int),
    ("missing_since", Kind::Int),
    ("created_at", Kind::Int),
    ("updated_at", Kind::Int),
];

const FETCH: Fetch<RemoteOrganization> = |c, at| Box::pin(async move { c.organizations(&at).await });

/// Pulls all organizations into staging.
pub async fn sync(ctx: &RunContext, client: &Arc<dyn RmmClient>) -> Result<()> {
    if ctx.has_closed(ORGANIZATIONS.plural) {
        return Ok(());
    }
    ctx.phase(Phase::Organizations, None);
    held::supersede(ctx, ORGANIZATIONS).await?;
    let mut ledger = ledger::load(ctx, ORGANIZATIONS).await?;
    let list = List {
        client: client.clone(),
        fetch: FETCH,
        id: |row| &row.remote_id,
        more: None,
        page_size: ctx.page_size(),
    };
    let mut pull = Pull::from(list, ctx.place(ORGANIZATIONS.plural));
    let clues = Clues::read(ctx, client).await?;
    while let Some(mut page) = pull.next().await? {
        page.rows.iter_mut().for_each(|row| clues.join(row));
        save(ctx, &mut ledger, page, pull.tally()).await?;
    }
    let verify =
        |unseen: Vec<String>| async move { proof::verify_organizations(client, FETCH, &unseen).await };
    close(ctx, client, ORGANIZATIONS, &ledger, pull.tally(), verify).await
}

async fn save(
    ctx: &RunContext,
    ledger: &mut Ledger,
    page: Page<RemoteOrganization>,
    tally: &Tally,
) -> Result<()> {
    let Page { rows, lost, ids, .. } = page;
    let mut delta = Counts { failed: i64::try_from(lost.len()).unwrap_or(i64::MAX), ..Counts::default() };
    for id in lost.iter().filter_map(|lost| lost.id.as_deref()) {
        ledger.mark_known(&Key::from(id));
    }
    let mut write = Vec::new();
    for row in rows {
        let hash = hash(&row);
        let verdict = ledger.judge(Key::from(row.remote_id.as_str()), hash);
        super::count_verdict(&mut delta, verdict);
        if verdict.writes() {
            write.push((verdict, hash, row));
        }
    }
    let tx = db::begin(ctx.db()).await?;
    match Place::after(ORGANIZATIONS.plural, &ids, ledger, tally) {
        Some(place) => ctx.save_at(&tx, delta, tally.rows, place).await?,
        None => ctx.save(&tx, delta, tally.rows).await?,
    }
    let changes = changes(ctx, &tx, &write).await?;
    let now = ctx.now();
    let rows = write.into_iter().map(|(_, hash, row)| values(ctx, row, hash, now)).collect();
    let after = bulk::replace(
        COLUMNS,
        &["integration_id", "remote_id"],
        &["tenant_id", "device_count", "created_at"],
    );
    bulk::insert(&tx, Target { table: ORGANIZATIONS.table, columns: COLUMNS, after: &after }, rows).await?;
    record(&tx, ctx.run_id(), ctx.tenant_id(), &changes).await?;
    note_errors(ctx, &tx, lost.into_iter().map(error).collect()).await?;
    tx.commit().await?;
    Ok(())
}

/// Of what staging keeps of an organization. Without clues it is that of the time before there were any: nothing is written
/// anew for them.
fn hash(row: &RemoteOrganization) -> i64 {
    let mut content = Content::new();
    content.text(&row.name).maybe(row.description.as_deref());
    if let Some(clues) = &row.clues {
        content.text(clues);
    }
    content.done()
}

fn error(lost: Lost) -> NewError {
    NewError { entity: ORGANIZATIONS.name, remote_id: lost.id, name: None, reason: lost.reason }
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
        row.clues.into(),
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
    clues: Option<String>,
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
        "SELECT remote_id, name, description, clues FROM organizations
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
    let clues = differs("custom_fields", before.clues.as_deref(), after.clues.as_deref());
    [name, description, clues].into_iter().flatten().collect()
}
