//! Edits as they are kept: who did what, and for each device its fields before and after, with the way back.

use super::row::EditRow;
use crate::{
    Error, Result, Tenant,
    bulk::{self, Kind, Target},
    clock::new_id,
    db::Tx,
    sql,
    tenant::Access,
};
use domain::{
    device_edit::{DeviceField, HistoryKind},
    ids::EditId,
    run::FieldChange,
};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an edit did to one device, as its undo needs it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::devices) struct Undo {
    pub fields: Vec<UndoField>,
    /// When it was archived, before and after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<(Option<i64>, Option<i64>)>,
}

/// One field before and after, exactly, and whether a person owned it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::devices) struct UndoField {
    pub field: DeviceField,
    pub before: Option<String>,
    pub after: Option<String>,
    pub was_owned: bool,
    pub is_owned: bool,
}

/// A line of a device's history.
pub(crate) struct Line {
    pub device: Uuid,
    pub fields: Vec<FieldChange>,
    /// The way back as JSON, of a kind that its edit knows.
    pub undo: Option<String>,
}

/// What a row that began to feed a device changed about it. The location is the one that mappings give: the vendor has another.
pub(crate) fn told(before: &EditRow, after: &EditRow) -> Result<Vec<FieldChange>> {
    let line = Line::between(before, after, DeviceField::ALL)?;
    let mut fields = line.map(|line| line.fields).unwrap_or_default();
    let location = DeviceField::Location.as_str();
    fields.iter_mut().filter(|f| f.field == location).for_each(|f| f.field = "psa_location".into());
    Ok(fields)
}

impl Line {
    /// What became of a device, if anything did: `of` are the fields that the edit is about.
    pub(super) fn between(before: &EditRow, after: &EditRow, of: &[DeviceField]) -> Result<Option<Self>> {
        let mut undo = Undo::default();
        let mut fields = Vec::new();
        for &field in DeviceField::ALL {
            let (was, is) = (before.raw(field), after.raw(field));
            let (was_owned, is_owned) = (before.owned & field.bit() != 0, after.owned & field.bit() != 0);
            // What a sync has told meanwhile is not of this edit.
            let is_same = was_owned == is_owned && (was == is || !of.contains(&field));
            if is_same {
                continue;
            }
            let (shown_before, shown_after) = (before.words(field), after.words(field));
            undo.fields.push(UndoField { field, before: was, after: is, was_owned, is_owned });
            fields.push(FieldChange {
                field: field.as_str().into(),
                before: shown_before,
                after: shown_after,
            });
        }
        if before.archived_at != after.archived_at {
            undo.archived = Some((before.archived_at, after.archived_at));
        }
        if undo == Undo::default() {
            return Ok(None);
        }
        let undo = Some(serde_json::to_string(&undo).map_err(Error::internal)?);
        Ok(Some(Self { device: after.id, fields, undo }))
    }
}

/// An edit that is about to be kept.
pub(crate) struct NewEdit<'a> {
    pub kind: HistoryKind,
    pub fields: &'a [DeviceField],
    /// How many devices, and the name of one of them.
    pub devices: i64,
    pub name: &'a str,
    pub can_undo: bool,
    pub undo_of: Option<Uuid>,
}

/// Keeps an edit of the acting user; its lines follow with [`lines`].
pub(crate) async fn open<A: Access>(tenant: &Tenant<A>, tx: &Tx, edit: NewEdit<'_>) -> Result<EditId> {
    let id = EditId(new_id());
    let actor = tenant.actor();
    let fields = serde_json::to_string(edit.fields).map_err(Error::internal)?;
    let insert = "INSERT INTO device_edits (id, tenant_id, kind, fields, devices, name, can_undo, user_id, user_name, at, undo_of)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let values: Vec<Value> = vec![
        id.0.into(),
        tenant.id().into(),
        edit.kind.as_str().into(),
        fields.into(),
        edit.devices.into(),
        edit.name.into(),
        edit.can_undo.into(),
        actor.map(|a| a.id.0).into(),
        actor.map(|a| a.name.clone()).into(),
        tenant.now().into(),
        edit.undo_of.into(),
    ];
    sql::execute(tx, insert, values).await?;
    Ok(id)
}

const TARGET: Target<'_> = Target {
    table: "device_history",
    columns: &[
        ("edit_id", Kind::Uuid),
        ("device_id", Kind::Uuid),
        ("tenant_id", Kind::Uuid),
        ("at", Kind::Int),
        ("fields", Kind::Text),
        ("undo", Kind::Text),
    ],
    after: "",
};

/// Writes what an edit did to its devices.
pub(crate) async fn lines<A: Access>(
    tenant: &Tenant<A>,
    tx: &Tx,
    edit: EditId,
    lines: &[Line],
) -> Result<()> {
    let (owner, now) = (tenant.id(), tenant.now());
    let values = |line: &Line| -> Result<Vec<Value>> {
        Ok(vec![
            edit.0.into(),
            line.device.into(),
            owner.into(),
            now.into(),
            serde_json::to_string(&line.fields).map_err(Error::internal)?.into(),
            line.undo.clone().into(),
        ])
    };
    bulk::insert(tx, TARGET, lines.iter().map(values).collect::<Result<Vec<_>>>()?).await
}
