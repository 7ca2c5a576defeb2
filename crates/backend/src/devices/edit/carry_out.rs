//! Carrying out an edit, chunk by chunk in one transaction: read, written as one statement, read again; what differs is
//! the history.

use super::{
    log::{self, Line, NewEdit},
    row::{EditRow, column, rows, rows_within, write_search_keys},
};
use crate::{
    Result, Tenant,
    audit::{self, Subject},
    db::Tx,
    imports,
    named::Kind,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    audit::{AuditAction, AuditKind},
    device_edit::{DeviceAction, DeviceField, Edited, FieldValue, HistoryKind, SkippedDevice},
    ids::{DeviceId, EditId},
};
use sea_orm::Value;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Devices of one statement.
pub(super) const CHUNK: usize = 500;
/// Most devices that an answer names as left alone.
const MAX_REASONS: usize = 50;

const UNFED: &str = "No integration feeds it: what is entered is all there is.";
/// Why the company of a device that an integration feeds is not changed here.
pub(super) const FED: &str =
    "Its company follows the mapping of its organization. Change the mapping instead.";
/// Why a device is not put at a location.
pub(super) const ELSEWHERE: &str = "The location belongs to another company.";

/// What an edit does, checked.
pub(super) enum Step {
    Set(Vec<FieldValue>),
    Release(Vec<DeviceField>),
    Archive,
    Restore,
}

impl Step {
    /// In: the action as it was sent. Values are checked; each field may be named once.
    pub fn of(action: DeviceAction) -> Result<Self> {
        Ok(match action {
            DeviceAction::Set(values) => Self::Set(super::check(values)?),
            DeviceAction::Release(fields) => Self::Release(fields),
            DeviceAction::Archive => Self::Archive,
            DeviceAction::Restore => Self::Restore,
        })
    }

    fn kind(&self) -> HistoryKind {
        match self {
            Self::Set(_) => HistoryKind::Edited,
            Self::Release(_) => HistoryKind::Released,
            Self::Archive => HistoryKind::Archived,
            Self::Restore => HistoryKind::Restored,
        }
    }

    /// The fields that it is about; another company takes the location with it.
    fn fields(&self) -> Vec<DeviceField> {
        let mut fields: Vec<DeviceField> = match self {
            Self::Set(values) => values.iter().map(|v| v.field).collect(),
            Self::Release(fields) => fields.clone(),
            Self::Archive | Self::Restore => Vec::new(),
        };
        if fields.contains(&DeviceField::Company) && !fields.contains(&DeviceField::Location) {
            fields.push(DeviceField::Location);
        }
        fields
    }

    /// Whether it sets that field.
    pub fn sets(&self, field: DeviceField) -> bool {
        self.value(field).is_some()
    }

    fn value(&self, field: DeviceField) -> Option<&FieldValue> {
        match self {
            Self::Set(values) => values.iter().find(|v| v.field == field),
            _ => None,
        }
    }
}

/// What became of the devices so far.
#[derive(Default)]
pub(super) struct Tally {
    pub lines: Vec<Line>,
    /// Those of the first lines.
    names: Vec<String>,
    skipped: i64,
    reasons: Vec<SkippedDevice>,
}

impl Tally {
    pub fn skip(&mut self, row: &EditRow, reason: &str) {
        self.skip_one((row.id, &row.name), reason);
    }

    /// The same of a device of which no more is known than its id and name.
    pub fn skip_one(&mut self, (id, name): (Uuid, &str), reason: &str) {
        self.skipped += 1;
        if self.reasons.len() < MAX_REASONS {
            let (id, name) = (DeviceId(id), name.to_owned());
            self.reasons.push(SkippedDevice { id, name, reason: reason.to_owned() });
        }
    }

    pub fn note(&mut self, before: &[EditRow], after: &[EditRow], of: &[DeviceField]) -> Result<()> {
        let now: HashMap<Uuid, &EditRow> = after.iter().map(|row| (row.id, row)).collect();
        for row in before {
            let Some(after) = now.get(&row.id) else { continue };
            if let Some(line) = Line::between(row, after, of)? {
                if self.names.len() < audit::MOST_NAMED {
                    self.names.push(after.name.clone());
                }
                self.lines.push(line);
            }
        }
        Ok(())
    }

    /// The name of the first device that is otherwise.
    fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// Adds the edit to the audit log.
    async fn note_edit<A: CanManage>(
        &self,
        tenant: &Tenant<A>,
        tx: &Tx,
        (edit, kind): (EditId, HistoryKind),
        fields: &[DeviceField],
        undo_of: Option<Uuid>,
    ) -> Result<()> {
        let action = match kind {
            HistoryKind::Released => AuditAction::DevicesReleased,
            HistoryKind::Archived => AuditAction::DevicesArchived,
            HistoryKind::Restored => AuditAction::DevicesRestored,
            HistoryKind::Undone => AuditAction::EditUndone,
            _ => AuditAction::DevicesEdited,
        };
        let subject = match self.lines.as_slice() {
            [line] => Subject::device(DeviceId(line.device), self.name()),
            lines => Subject::named(AuditKind::Device, format!("{} devices", lines.len())),
        };
        let fields: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
        let details = json!({
            "fields": (!fields.is_empty()).then(|| fields.join(", ")), "edit": edit, "undo_of": undo_of,
            "names": (self.lines.len() > 1).then(|| self.names.join(", ")),
        });
        audit::note(tenant, tx, action, subject, details).await
    }

    /// Keeps the edit, if anything changed.
    pub async fn keep<A: CanManage>(
        self,
        tenant: &Tenant<A>,
        tx: &Tx,
        kind: HistoryKind,
        fields: &[DeviceField],
        undo_of: Option<Uuid>,
    ) -> Result<Edited> {
        let changed = i64::try_from(self.lines.len()).unwrap_or(i64::MAX);
        let mut edit = None;
        if changed > 0 {
            let can_undo = kind != HistoryKind::Undone;
            let new = NewEdit { kind, fields, devices: changed, name: self.name(), can_undo, undo_of };
            let id = log::open(tenant, tx, new).await?;
            log::lines(tenant, tx, id, &self.lines).await?;
            self.note_edit(tenant, tx, (id, kind), fields, undo_of).await?;
            edit = can_undo.then_some(id);
        }
        Ok(Edited { edit, changed, skipped: self.skipped, reasons: self.reasons })
    }
}

/// Does `step` with the devices, and keeps it as one edit. Devices of a company that was taken away from the tenant since they were
/// chosen are left alone.
pub(super) async fn carry_out<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    step: &Step,
    ids: &[Uuid],
) -> Result<Edited> {
    let fields = step.fields();
    let mut tally = Tally::default();
    for (kind, field) in [(Kind::Company, DeviceField::Company), (Kind::DeviceType, DeviceField::DeviceType)]
    {
        let value = step.value(field).and_then(|v| v.value.as_deref());
        super::in_use(tenant, tx, (kind, field), value).await?;
    }
    for chunk in ids.chunks(CHUNK) {
        let mut before = rows_within(tenant, tx, chunk).await?;
        match step {
            Step::Set(values) => before = fitting(tenant, tx, before, values, &mut tally).await?,
            // What a person typed is all there is of a device that nothing feeds.
            Step::Release(of) => {
                let mask = DeviceField::mask(of);
                let (fed, kept): (Vec<_>, Vec<_>) =
                    before.into_iter().partition(|row| row.integration_id.is_some() || row.owned & mask == 0);
                kept.iter().for_each(|row| tally.skip(row, UNFED));
                before = fed;
            }
            Step::Archive | Step::Restore => {}
        }
        let ids: Vec<Uuid> = before.iter().map(|row| row.id).collect();
        write(tenant, tx, step, &before, &ids).await?;
        let after = rows(tx, tenant.id(), &ids).await?;
        write_search_keys(tx, &after.iter().filter(|r| r.is_own()).cloned().collect::<Vec<_>>()).await?;
        tally.note(&before, &after, &fields)?;
    }
    tally.keep(tenant, tx, step.kind(), &fields, None).await
}

/// The devices that can take the values: the company of a fed one is not ours to set, a location belongs to one company.
async fn fitting<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    rows: Vec<EditRow>,
    values: &[FieldValue],
    tally: &mut Tally,
) -> Result<Vec<EditRow>> {
    let of = |field| values.iter().find(|v| v.field == field);
    let company = of(DeviceField::Company).and_then(|v| v.value.clone());
    let place = match of(DeviceField::Location).and_then(|v| v.value.as_deref()) {
        Some(location) => Some(super::company_of_location(tenant, tx, location).await?.to_string()),
        None => None,
    };
    let mut fitting = Vec::with_capacity(rows.len());
    for row in rows {
        let at = row.company_id.to_string();
        let moves = company.as_ref().is_some_and(|company| *company != at);
        if moves && row.integration_id.is_some() {
            tally.skip(&row, FED);
        } else if place.as_ref().is_some_and(|place| *place != *company.as_ref().unwrap_or(&at)) {
            tally.skip(&row, ELSEWHERE);
        } else {
            fitting.push(row);
        }
    }
    Ok(fitting)
}

async fn write<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    step: &Step,
    before: &[EditRow],
    ids: &[Uuid],
) -> Result<()> {
    match step {
        Step::Set(values) => set(tenant, tx, step, values, before).await,
        Step::Release(fields) => {
            let mask = DeviceField::mask(fields);
            let ids: Vec<Uuid> = before.iter().filter(|r| r.owned & mask != 0).map(|r| r.id).collect();
            let kept = !mask;
            update(tenant, tx, &ids, |_| Ok(format!("owned = owned & {kept}"))).await?;
            follow_sources(tenant, tx, before.iter().filter(|r| r.owned & mask != 0)).await
        }
        Step::Archive => {
            let now = tenant.now();
            update(tenant, tx, ids, |p| Ok(format!("archived_at = COALESCE(archived_at, {})", p.push(now))))
                .await
        }
        Step::Restore => update(tenant, tx, ids, |_| Ok("archived_at = NULL".to_owned())).await,
    }
}

async fn set<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    step: &Step,
    values: &[FieldValue],
    before: &[EditRow],
) -> Result<()> {
    let fields: Vec<DeviceField> = values.iter().map(|v| v.field).collect();
    let mask = DeviceField::mask(&fields);
    let moving = step.value(DeviceField::Company).and_then(|v| v.value.clone());
    let (moves, stays): (Vec<&EditRow>, Vec<&EditRow>) =
        before.iter().partition(|row| moving.as_ref().is_some_and(|c| *c != row.company_id.to_string()));
    for (rows, leaves) in [(stays, false), (moves, true)] {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        update(tenant, tx, &ids, |p| {
            let mut parts = Vec::new();
            for value in values {
                let (column, value) = column(value.field, value.value.as_deref())?;
                parts.push(format!("{column} = {}", cast(column, p, value)));
            }
            // Its location is not one of the other company.
            let loses = leaves && !fields.contains(&DeviceField::Location);
            let kept = if loses { !DeviceField::Location.bit() } else { -1 };
            if loses {
                parts.push("location_id = NULL".to_owned());
            }
            parts.push(format!("owned = (owned & {kept}) | {mask}"));
            Ok(parts.join(", "))
        })
        .await?;
    }
    Ok(())
}

/// A parameter whose type PostgreSQL cannot tell when it is NULL.
pub(super) fn cast(column: &str, p: &mut Params, value: Value) -> String {
    let mark = p.push(value);
    let kind = match column {
        "company_id" | "location_id" | "device_type_id" => "{uuid}",
        "warranty_start" | "warranty_end" => "bigint",
        _ => "text",
    };
    format!("CAST({mark} AS {kind})")
}

/// `UPDATE devices SET …` of these devices.
pub(super) async fn update<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    ids: &[Uuid],
    set: impl FnOnce(&mut Params) -> Result<String>,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut p = Params(vec![tenant.id().into()]);
    let now = p.push(tenant.now());
    let set = set(&mut p)?;
    let update = format!(
        "UPDATE devices SET {set}, version = version + 1, updated_at = {now} WHERE tenant_id = $1 AND id IN ({})",
        p.list(ids.iter().copied())
    );
    sql::execute(tx, &sql::typed(tx, &update), p.0).await?;
    Ok(())
}

/// Lets devices take from their rows of staging what nobody owns any more.
pub(super) async fn follow_sources<'a, A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    rows: impl Iterator<Item = &'a EditRow>,
) -> Result<()> {
    let mut fed: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    for row in rows {
        if let (Some(integration), Some(remote_id)) = (row.integration_id, row.remote_id.as_deref()) {
            fed.entry(integration).or_default().push(remote_id);
        }
    }
    for (integration, ids) in fed {
        imports::bring_up_to_date(tx, tenant.id(), integration, tenant.now(), &ids).await?;
    }
    Ok(())
}
