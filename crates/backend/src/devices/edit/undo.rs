//! Taking an edit back, where nobody has changed the same since.

use super::{
    carry_out::{CHUNK, ELSEWHERE, FED, Tally, cast, follow_sources, update},
    log::{Undo, UndoField},
    row::{EditRow, column, rows, write_search_keys},
};
use crate::{
    Error, Result, Tenant,
    db::{self, Tx},
    roles,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    device_edit::{DeviceField, Edited, HistoryKind},
    error::UserError,
    ids::EditId,
};
use sea_orm::FromQueryResult;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    str::FromStr,
};
use uuid::Uuid;

const SINCE: &str = "It was changed again since.";
const MERGED: &str = "It was merged into another device since. Un-merge it first.";
const OUTSIDE: &str = "It was in a company that is not one of yours.";

#[derive(FromQueryResult)]
struct Head {
    kind: String,
    fields: String,
    can_undo: bool,
    undone_at: Option<i64>,
}

#[derive(FromQueryResult)]
struct Done {
    device_id: Uuid,
    undo: Option<String>,
}

impl<A: CanManage> Tenant<A> {
    /// Puts the devices of an edit back to what they were before it. What was changed again since stays as it is and is
    /// named; a field that no person owned before is what the sync says now.
    pub async fn undo_edit(&self, id: EditId) -> Result<Edited> {
        let tx = db::begin(self.db()).await?;
        roles::refuse_late(self, &tx).await?;
        // Takes the row, so that two at once do not both undo.
        let take = "UPDATE device_edits SET undone_at = $3, undone_by = $4
            WHERE id = $1 AND tenant_id = $2 AND undone_at IS NULL";
        let by = self.actor().map(|a| a.name.clone());
        let head = self.edit_head(&tx, id).await?;
        let kind = HistoryKind::from_str(&head.kind).map_err(Error::internal)?;
        if !head.can_undo || matches!(kind, HistoryKind::Merged | HistoryKind::Unmerged) {
            return Err(UserError::conflict("This cannot be undone from here.").into());
        }
        let values = vec![id.0.into(), self.id().into(), self.now().into(), by.into()];
        if head.undone_at.is_some() || sql::execute(&tx, take, values).await? == 0 {
            return Err(UserError::conflict("This was undone already. Reload the page.").into());
        }
        let fields: Vec<DeviceField> = serde_json::from_str(&head.fields).map_err(Error::internal)?;
        let mut tally = Tally::default();
        let select = "SELECT device_id, undo FROM device_history WHERE edit_id = $1 AND tenant_id = $2 ORDER BY device_id";
        let done: Vec<Done> = sql::all(&tx, select, vec![id.0.into(), self.id().into()]).await?;
        for chunk in done.chunks(CHUNK) {
            take_back(self, &tx, chunk, &fields, &mut tally).await?;
        }
        if tally.lines.is_empty() {
            return Err(UserError::conflict(
                "Everything of this was changed again since, so nothing was undone. Change the devices themselves.",
            )
            .into());
        }
        let edited = tally.keep(self, &tx, HistoryKind::Undone, &fields, Some(id.0)).await?;
        tx.commit().await?;
        Ok(edited)
    }

    async fn edit_head(&self, tx: &Tx, id: EditId) -> Result<Head> {
        let select = "SELECT e.kind, e.fields, e.can_undo, e.undone_at FROM device_edits e WHERE e.id = $1 AND e.tenant_id = $2";
        let select = format!("{select}{}", self.edits_within("e.id"));
        let head: Option<Head> = sql::one(tx, &select, vec![id.0.into(), self.id().into()]).await?;
        Ok(head.ok_or_else(|| UserError::not_found("edit"))?)
    }
}

async fn take_back<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    done: &[Done],
    fields: &[DeviceField],
    tally: &mut Tally,
) -> Result<()> {
    let ids: Vec<Uuid> = done.iter().map(|d| d.device_id).collect();
    let places = Places::of(tenant, tx, done).await?;
    let before = rows(tx, tenant.id(), &ids).await?;
    let now: HashMap<Uuid, &EditRow> = before.iter().map(|row| (row.id, row)).collect();
    for (id, name) in merged(tenant, tx, ids.into_iter().filter(|id| !now.contains_key(id))).await? {
        tally.skip_one((id, &name), MERGED);
    }
    // Devices that go back to the same values are written together.
    let mut alike: BTreeMap<String, (Undo, Vec<&EditRow>)> = BTreeMap::new();
    for done in done {
        let (Some(row), Some(json)) = (now.get(&done.device_id), done.undo.as_deref()) else { continue };
        let mut undo: Undo = serde_json::from_str(json).map_err(Error::internal)?;
        places.leave_to_sync(row, &mut undo);
        if !is_as_left(row, &undo) {
            tally.skip(row, SINCE);
            continue;
        }
        if let Some(reason) = places.refuse(row, &undo) {
            tally.skip(row, reason);
            continue;
        }
        let key = back_key(&undo)?;
        alike.entry(key).or_insert_with(|| (undo, Vec::new())).1.push(row);
    }
    let mut touched = Vec::new();
    for (undo, rows) in alike.into_values() {
        put_back(tenant, tx, &undo, &rows).await?;
        touched.extend(rows.iter().map(|row| row.id));
    }
    let after = rows(tx, tenant.id(), &touched).await?;
    let before: Vec<EditRow> = before.iter().filter(|row| touched.contains(&row.id)).cloned().collect();
    write_search_keys(tx, &after).await?;
    tally.note(&before, &after, fields)
}

/// Ids and names of those that were merged; what is gone altogether is not told of.
async fn merged<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<(Uuid, String)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        name: String,
    }
    let mut p = Params(vec![tenant.id().into()]);
    let list = p.list(ids);
    let select = format!(
        "SELECT d.id, d.name FROM devices d WHERE d.tenant_id = $1 AND d.id IN ({list}) AND d.merged_into IS NOT NULL{}
         ORDER BY d.id",
        tenant.within("d.company_id")
    );
    let rows: Vec<Row> = sql::all(tx, &select, p.0).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Where devices may go back to.
struct Places {
    /// Companies and locations, for one who is limited to some companies; `None` for any.
    known: Option<HashSet<Uuid>>,
    /// The companies of the locations that undos lead back to.
    company_of: HashMap<Uuid, Uuid>,
}

impl Places {
    async fn of<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, done: &[Done]) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Place {
            id: Uuid,
            company_id: Option<Uuid>,
        }
        let mut wanted = HashSet::new();
        for json in done.iter().filter_map(|done| done.undo.as_deref()) {
            wanted.extend(places(&serde_json::from_str(json).map_err(Error::internal)?));
        }
        let mut p = Params(vec![tenant.id().into()]);
        let list = p.list(wanted);
        let select = format!(
            "SELECT c.id, NULL AS company_id FROM companies c WHERE c.tenant_id = $1 AND c.id IN ({list}){}
             UNION ALL SELECT l.id, l.company_id FROM locations l WHERE l.tenant_id = $1 AND l.id IN ({list}){}",
            tenant.within("c.id"),
            tenant.within("l.company_id")
        );
        let rows: Vec<Place> = sql::all(tx, &select, p.0).await?;
        let company_of = rows.iter().filter_map(|place| Some((place.id, place.company_id?))).collect();
        let known = tenant.is_limited().then(|| rows.iter().map(|place| place.id).collect());
        Ok(Self { known, company_of })
    }

    /// Where the location was the sync's and is another company's by now, the sync says where the device is.
    fn leave_to_sync(&self, row: &EditRow, undo: &mut Undo) {
        let elsewhere = self.is_elsewhere(row, undo);
        let location = undo.fields.iter_mut().find(|f| f.field == DeviceField::Location && !f.was_owned);
        if let Some(location) = location.filter(|_| elsewhere && row.integration_id.is_some()) {
            location.before = None;
        }
    }

    /// Whether the location of an undo belongs to another company than the device then has.
    fn is_elsewhere(&self, row: &EditRow, undo: &Undo) -> bool {
        let company = before(undo, DeviceField::Company).unwrap_or(row.company_id);
        let at = before(undo, DeviceField::Location).and_then(|location| self.company_of.get(&location));
        at.is_some_and(|of| *of != company)
    }

    /// Why a device may not go back to the places of an undo.
    fn refuse(&self, row: &EditRow, undo: &Undo) -> Option<&'static str> {
        let outside = |known: &HashSet<Uuid>| places(undo).any(|place| !known.contains(&place));
        if self.known.as_ref().is_some_and(outside) {
            return Some(OUTSIDE);
        }
        // Since then an integration may feed it, or another company have it.
        let company = before(undo, DeviceField::Company);
        if row.integration_id.is_some() && company.is_some_and(|company| company != row.company_id) {
            return Some(FED);
        }
        self.is_elsewhere(row, undo).then_some(ELSEWHERE)
    }
}

/// The company or location that an undo leads back to.
fn before(undo: &Undo, field: DeviceField) -> Option<Uuid> {
    undo.fields.iter().find(|f| f.field == field)?.before.as_deref()?.parse().ok()
}

/// The companies and locations that an undo leads back to.
fn places(undo: &Undo) -> impl Iterator<Item = Uuid> + '_ {
    let is_place = |f: &&UndoField| matches!(f.field, DeviceField::Company | DeviceField::Location);
    undo.fields.iter().filter(is_place).filter_map(|f| f.before.as_deref()?.parse().ok())
}

/// Whether the device still has what the edit left.
fn is_as_left(row: &EditRow, undo: &Undo) -> bool {
    let field = |f: &UndoField| {
        let is_owned = row.owned & f.field.bit() != 0;
        // A field that is the sync's may have moved on.
        is_owned == f.is_owned && (row.raw(f.field) == f.after || (f.field.bit() != 0 && !f.is_owned))
    };
    undo.fields.iter().all(field) && undo.archived.is_none_or(|(_, after)| row.archived_at == after)
}

/// What devices that can be put back together share.
fn back_key(undo: &Undo) -> Result<String> {
    let fields: Vec<_> = undo.fields.iter().map(|f| (f.field, &f.before, f.was_owned)).collect();
    serde_json::to_string(&(fields, undo.archived.map(|(before, _)| before))).map_err(Error::internal)
}

async fn put_back<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, undo: &Undo, rows: &[&EditRow]) -> Result<()> {
    let mask =
        |was: bool| undo.fields.iter().filter(|f| f.was_owned == was).fold(0, |mask, f| mask | f.field.bit());
    let (taken, given) = (mask(true), !mask(false));
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    update(tenant, tx, &ids, |p| {
        let mut parts = vec![format!("owned = (owned & {given}) | {taken}")];
        for field in &undo.fields {
            let (column, value) = column(field.field, field.before.as_deref())?;
            parts.push(format!("{column} = {}", cast(column, p, value)));
        }
        if let Some((before, _)) = undo.archived {
            parts.push(format!("archived_at = CAST({} AS bigint)", p.push(before)));
        }
        Ok(parts.join(", "))
    })
    .await?;
    match given == -1 {
        true => Ok(()),
        false => follow_sources(tenant, tx, rows.iter().copied()).await,
    }
}
