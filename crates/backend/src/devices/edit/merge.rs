//! Two devices that are one machine: one is hidden behind the other, with the way back.

use super::{
    carry_out::{cast, update},
    feed::{self, Feed},
    log::{self, Line, NewEdit, Undo, UndoField},
    row::{EditRow, column, rows, write_search_keys},
};
use crate::{Error, Result, Tenant, compliance, db::Tx, imports, sql, tenant::CanManage};
use domain::{
    device_edit::{DeviceField, HistoryKind},
    error::UserError,
    run::FieldChange,
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an un-merge needs.
#[derive(Serialize, Deserialize)]
struct Merged {
    kept: Uuid,
    hidden: Uuid,
    /// Whether the two have exchanged what feeds them, and what fed the hidden one.
    swapped: bool,
    fed_by: Option<(Uuid, String)>,
    /// Fields of the kept one before and after.
    fields: Vec<UndoField>,
    /// The fields that people owned afterwards.
    owned: i64,
    /// The facts of a kept one that nothing fed.
    facts: Option<String>,
    /// The exceptions that the hidden one had, and the kept one has by now.
    #[serde(default)]
    excepted: Vec<Uuid>,
}

#[derive(FromQueryResult)]
struct Hidden {
    name: String,
    merged_into: Option<Uuid>,
}

/// Hides `hidden` behind `kept`. `take` are fields whose value comes from the hidden one, `hold` those that keep the kept
/// one's whatever feeds it; both are a person's from then on. Answers what [`unmerge`] wants.
pub(crate) async fn merge<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    (kept, hidden): (Uuid, Uuid),
    (take, hold): (&[DeviceField], &[DeviceField]),
) -> Result<String> {
    let (before, other) = both(tenant, tx, kept, hidden).await?;
    let (own, foreign) = (fed(tenant, tx, kept).await?, fed(tenant, tx, hidden).await?);
    lock(tx, &[&own, &foreign]).await?;
    // What the vendor still lists feeds the one that stays.
    let swapped = foreign.listed && !own.listed || own.row().is_none() && foreign.row().is_some();
    let mut facts = None;
    if swapped {
        if own.row().is_none() {
            facts = Some(feed::facts(tx, tenant.id(), kept).await?);
        }
        feed::swap(tx, tenant.id(), tenant.now(), &own, &foreign).await?;
    }
    let values = take.iter().map(|f| (*f, other.raw(*f))).chain(hold.iter().map(|f| (*f, before.raw(*f))));
    set(tenant, tx, kept, values.collect()).await?;
    hide(tenant, tx, hidden, Some(kept)).await?;
    let excepted = compliance::hand_over(tx, tenant.id(), hidden, kept).await?;
    let after = one(tenant, tx, kept).await?;
    write_search_keys(tx, std::slice::from_ref(&after)).await?;
    let line = Line::between(&before, &after, DeviceField::ALL)?;
    let undo = line.as_ref().and_then(|l| l.undo.as_deref()).map(serde_json::from_str::<Undo>).transpose();
    let merged = Merged {
        kept,
        hidden,
        swapped,
        fed_by: foreign.row().map(|(integration, remote)| (integration, remote.to_owned())),
        fields: undo.map_err(Error::internal)?.map(|u| u.fields).unwrap_or_default(),
        owned: after.owned,
        facts,
        excepted,
    };
    let fields = line.map(|l| l.fields).unwrap_or_default();
    tell(tenant, tx, HistoryKind::Merged, (kept, &before.name), (hidden, &other.name), fields).await?;
    serde_json::to_string(&merged).map_err(Error::internal)
}

/// Takes a merge back: both are as they were, and follow their sources again. Refuses, with the reason, where something has
/// changed since that cannot be put back.
pub(crate) async fn unmerge<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, merged: &str) -> Result<()> {
    let merged: Merged = serde_json::from_str(merged).map_err(Error::internal)?;
    let before = one(tenant, tx, merged.kept).await?;
    let hidden = hidden(tenant, tx, &merged).await?;
    let (own, foreign) = (fed(tenant, tx, merged.kept).await?, fed(tenant, tx, merged.hidden).await?);
    lock(tx, &[&own, &foreign]).await?;
    check(&merged, &before, &own)?;
    hide(tenant, tx, merged.hidden, None).await?;
    compliance::give_back(tx, tenant.id(), &merged.excepted, (merged.kept, merged.hidden)).await?;
    if merged.swapped {
        feed::swap(tx, tenant.id(), tenant.now(), &own, &foreign).await?;
    }
    put_back(tenant, tx, &merged, &before).await?;
    let after = one(tenant, tx, merged.kept).await?;
    write_search_keys(tx, std::slice::from_ref(&after)).await?;
    let fields = Line::between(&before, &after, DeviceField::ALL)?.map(|l| l.fields).unwrap_or_default();
    let kind = HistoryKind::Unmerged;
    tell(tenant, tx, kind, (merged.kept, &before.name), (merged.hidden, &hidden.name), fields).await
}

/// Lets the two devices of a merge go on with what feeds the other one, and answers what [`unmerge`] wants from then on.
pub(crate) async fn exchange<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, merged: &str) -> Result<String> {
    let mut merged: Merged = serde_json::from_str(merged).map_err(Error::internal)?;
    let (own, foreign) = (fed(tenant, tx, merged.kept).await?, fed(tenant, tx, merged.hidden).await?);
    lock(tx, &[&own, &foreign]).await?;
    let before = one(tenant, tx, merged.kept).await?;
    feed::swap(tx, tenant.id(), tenant.now(), &own, &foreign).await?;
    let after = one(tenant, tx, merged.kept).await?;
    write_search_keys(tx, std::slice::from_ref(&after)).await?;
    let feeds = |before: &Feed, after: &Feed| FieldChange {
        field: "remote_id".into(),
        before: before.remote_id.clone(),
        after: after.remote_id.clone(),
    };
    let fields = [vec![feeds(&own, &foreign)], log::told(&before, &after)?].concat();
    let lines = [
        Line { device: merged.kept, fields, undo: None },
        Line { device: merged.hidden, fields: vec![feeds(&foreign, &own)], undo: None },
    ];
    keep(tenant, tx, HistoryKind::Exchanged, &before.name, &lines).await?;
    merged.swapped = !merged.swapped;
    serde_json::to_string(&merged).map_err(Error::internal)
}

/// The two devices, both as lists show them and of one company.
async fn both<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    kept: Uuid,
    hidden: Uuid,
) -> Result<(EditRow, EditRow)> {
    let found = rows(tx, tenant.id(), &[kept, hidden]).await?;
    let of = |id: Uuid| found.iter().find(|row| row.id == id && row.archived_at.is_none()).cloned();
    let (Some(kept), Some(hidden)) = (of(kept), of(hidden)) else {
        let message =
            "One of the two was archived or merged meanwhile. Reload the page to see how they are now.";
        return Err(UserError::conflict(message).into());
    };
    if kept.company_id != hidden.company_id {
        let message =
            "The two belong to different companies by now. Only devices of one company can be merged.";
        return Err(UserError::conflict(message).into());
    }
    Ok((kept, hidden))
}

async fn one<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, kept: Uuid) -> Result<EditRow> {
    let found = rows(tx, tenant.id(), &[kept]).await?.pop();
    let message = "The device that was kept is merged into another one by now. Take that back first.";
    Ok(found.ok_or_else(|| UserError::conflict(message))?)
}

async fn fed<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, id: Uuid) -> Result<Feed> {
    Ok(feed::feed(tx, tenant.id(), id).await?.ok_or_else(|| UserError::not_found("device"))?)
}

/// No run puts devices of these integrations into place meanwhile.
async fn lock(tx: &Tx, feeds: &[&Feed]) -> Result<()> {
    let mut ids: Vec<Uuid> = feeds.iter().filter_map(|f| f.integration_id).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        imports::lock_places(tx, id).await?;
    }
    Ok(())
}

async fn hidden<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, merged: &Merged) -> Result<Hidden> {
    let select = "SELECT name, merged_into FROM devices WHERE tenant_id = $1 AND id = $2";
    let row: Option<Hidden> = sql::one(tx, select, vec![tenant.id().into(), merged.hidden.into()]).await?;
    let row = row.ok_or_else(|| UserError::not_found("device"))?;
    match row.merged_into == Some(merged.kept) {
        true => Ok(row),
        false => Err(UserError::conflict("This merge was taken back already. Reload the page.").into()),
    }
}

/// Whether everything that has to be put back is as the merge left it.
fn check(merged: &Merged, now: &EditRow, own: &Feed) -> Result<()> {
    let feed = merged.fed_by.as_ref().map(|(integration, remote)| (*integration, remote.as_str()));
    if merged.swapped && own.row() != feed {
        let message = "What feeds the device that was kept has changed since (its integration was deleted, or it was \
             enrolled again), so the two cannot be told apart as they were.";
        return Err(UserError::conflict(message).into());
    }
    // What no sync tells is a person's without a mark.
    let is_set = |f: &&UndoField| f.is_owned || matches!(f.field, DeviceField::Notes | DeviceField::AssetTag);
    let changed = merged.fields.iter().filter(is_set).filter(|f| now.raw(f.field) != f.after);
    let changed: Vec<&str> = changed.map(|f| f.field.label()).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let list = changed.join(", ");
    let message = format!(
        "{list} of {} was set by the merge and changed again since. Undo that change first, under Edits.",
        now.name
    );
    Err(UserError::conflict(message).into())
}

/// Sets values that are a person's from now on.
async fn set<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    kept: Uuid,
    values: Vec<(DeviceField, Option<String>)>,
) -> Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let mask = values.iter().fold(0, |mask, (field, _)| mask | field.bit());
    update(tenant, tx, &[kept], |p| {
        let mut parts = vec![format!("owned = owned | {mask}")];
        for (field, value) in &values {
            let (column, value) = column(*field, value.as_deref())?;
            parts.push(format!("{column} = {}", cast(column, p, value)));
        }
        Ok(parts.join(", "))
    })
    .await
}

async fn hide<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, hidden: Uuid, behind: Option<Uuid>) -> Result<()> {
    let hide = "UPDATE devices SET merged_into = $3, version = version + 1, updated_at = $4 WHERE tenant_id = $1 AND id = $2";
    let values = vec![tenant.id().into(), hidden.into(), behind.into(), tenant.now().into()];
    sql::execute(tx, hide, values).await?;
    Ok(())
}

/// The fields of the kept one as they were before the merge; what people have set since stays theirs.
async fn put_back<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, merged: &Merged, now: &EditRow) -> Result<()> {
    let since = DeviceField::of_mask(now.owned & !merged.owned);
    if let Some(facts) = &merged.facts {
        let but: Vec<&str> = since.iter().map(|f| f.as_str()).collect();
        feed::put_back(tx, tenant.id(), merged.kept, facts, &but).await?;
    }
    let back: Vec<&UndoField> = merged.fields.iter().filter(|f| !since.contains(&f.field)).collect();
    let released = back.iter().filter(|f| f.is_owned && !f.was_owned).fold(0, |mask, f| mask | f.field.bit());
    update(tenant, tx, &[merged.kept], |p| {
        let mut parts = vec![format!("owned = owned & {}", !released)];
        for field in back {
            let (column, value) = column(field.field, field.before.as_deref())?;
            parts.push(format!("{column} = {}", cast(column, p, value)));
        }
        Ok(parts.join(", "))
    })
    .await?;
    // What the sync owns is what it says now.
    match fed(tenant, tx, merged.kept).await?.row() {
        Some((integration, remote)) => {
            imports::bring_up_to_date(tx, tenant.id(), integration, tenant.now(), &[remote]).await
        }
        None => Ok(()),
    }
}

/// Writes what became of both into their histories.
async fn tell<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    kind: HistoryKind,
    (kept, kept_name): (Uuid, &str),
    (hidden, hidden_name): (Uuid, &str),
    fields: Vec<FieldChange>,
) -> Result<()> {
    let side = |field: &str, name: &str| {
        let (with, without) = (Some(name.to_owned()), None);
        let (before, after) = if kind == HistoryKind::Merged { (without, with) } else { (with, without) };
        FieldChange { field: field.to_owned(), before, after }
    };
    let kept_fields = [vec![side("merged_device", hidden_name)], fields].concat();
    let lines = [
        Line { device: kept, fields: kept_fields, undo: None },
        Line { device: hidden, fields: vec![side("merged_into", kept_name)], undo: None },
    ];
    keep(tenant, tx, kind, kept_name, &lines).await
}

/// Keeps what became of a pair, which is not taken back as an edit.
async fn keep<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    kind: HistoryKind,
    name: &str,
    lines: &[Line],
) -> Result<()> {
    let edit = NewEdit { kind, fields: &[], devices: 2, name, can_undo: false, undo_of: None };
    let edit = log::open(tenant, tx, edit).await?;
    log::lines(tenant, tx, edit, lines).await
}
