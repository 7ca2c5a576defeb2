//! Editing devices: what a person sets is theirs until they release it, and each edit is kept with the way back.

mod carry_out;
mod create;
pub(crate) mod feed;
pub(crate) mod log;
pub(crate) mod merge;
mod owned;
pub(crate) mod row;
mod undo;

use crate::{Result, Tenant, db, db::Tx, named::Kind, roles, sql, tenant::CanManage};
use carry_out::{Step, carry_out};
use domain::{
    device::DeviceDetail,
    device_edit::{DeviceAction, DeviceField, DeviceSelection, Edited, FieldValue, MAX_IDS},
    error::UserError,
    ids::DeviceId,
    page::ListQuery,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

impl<A: CanManage> Tenant<A> {
    /// Sets fields of one device; they win over the sync from now on. `version` is the one that the user saw. The answer says
    /// what takes it back.
    pub async fn update_device(
        &self,
        id: DeviceId,
        version: Option<i64>,
        fields: Vec<FieldValue>,
    ) -> Result<DeviceDetail> {
        let step = Step::of(DeviceAction::Set(fields))?;
        if let Some(kept) = self.device(id).await?.merged_into {
            let message = format!("This device was merged into \"{}\". Change that one instead.", kept.name);
            return Err(UserError::conflict(message).into());
        }
        let tx = db::begin(self.db()).await?;
        roles::refuse_late(self, &tx).await?;
        if let Some(version) = version {
            // Takes the row before it is looked at: of two at once, the second is told.
            let take =
                "UPDATE devices SET version = version WHERE id = $1 AND tenant_id = $2 AND version = $3";
            let values = vec![id.0.into(), self.id().into(), version.into()];
            if sql::execute(&tx, take, values).await? == 0 {
                self.device(id).await?;
                return Err(UserError::outdated("this device").into());
            }
        }
        let edited = carry_out(self, &tx, &step, &[id.0]).await?;
        if let Some(skipped) = edited.reasons.first() {
            let field = if step.sets(DeviceField::Company) { "company" } else { "location" };
            return Err(UserError::invalid(field, skipped.reason.clone()).into());
        }
        tx.commit().await?;
        Ok(DeviceDetail { edit: edited.edit, ..self.device(id).await? })
    }

    /// Does the same with many devices, as one edit that can be undone.
    pub async fn edit_devices(&self, select: DeviceSelection, action: DeviceAction) -> Result<Edited> {
        let step = Step::of(action)?;
        let ids = self.selected(select).await?;
        let tx = db::begin(self.db()).await?;
        roles::refuse_late(self, &tx).await?;
        let edited = carry_out(self, &tx, &step, &ids).await?;
        tx.commit().await?;
        Ok(edited)
    }

    async fn selected(&self, select: DeviceSelection) -> Result<Vec<Uuid>> {
        match select {
            DeviceSelection::Ids(ids) if ids.len() > MAX_IDS => {
                let message = format!("Name at most {MAX_IDS} devices, or select all that match a filter.");
                Err(UserError::invalid("select", message).into())
            }
            DeviceSelection::Ids(ids) => {
                let there = self.devices_within(ids.iter().map(|id| id.0).collect()).await?;
                let all_gone = there.is_empty() && !ids.is_empty();
                if all_gone { Err(UserError::not_found("device").into()) } else { Ok(there) }
            }
            DeviceSelection::Filter(wanted) => {
                let query = ListQuery { search: wanted.search, ..ListQuery::default() };
                Ok(self.device_keys(&query, &wanted.filter).await?.0)
            }
        }
    }
}

/// Values as they are kept; each field once.
fn check(values: Vec<FieldValue>) -> Result<Vec<FieldValue>> {
    if values.is_empty() {
        return Err(UserError::invalid("fields", "Name at least one field to set.").into());
    }
    let mut checked: Vec<FieldValue> = Vec::with_capacity(values.len());
    for FieldValue { field, value } in values {
        if checked.iter().any(|c| c.field == field) {
            return Err(UserError::invalid(field.as_str(), "Name each field once.").into());
        }
        checked.push(FieldValue { field, value: field.check(value.as_deref())? });
    }
    Ok(checked)
}

/// The company that a location belongs to; an error at the field if there is no such location in use.
async fn company_of_location<A: CanManage>(tenant: &Tenant<A>, tx: &Tx, location: &str) -> Result<Uuid> {
    let id: Uuid = location.parse().unwrap_or_default();
    let select = format!(
        "SELECT l.company_id AS id FROM locations l WHERE l.id = $1 AND l.tenant_id = $2 AND l.archived_at IS NULL{}",
        tenant.within("l.company_id")
    );
    let found: Option<Id> = sql::one(tx, &select, vec![id.into(), tenant.id().into()]).await?;
    let Some(found) = found else {
        tenant.check_named(tx, "location", (Kind::Location, Some(id))).await?;
        return Err(archived(DeviceField::Location).into());
    };
    Ok(found.id)
}

/// Whether a company or device type of that id is in use.
async fn in_use<A: CanManage>(
    tenant: &Tenant<A>,
    tx: &Tx,
    (kind, field): (Kind, DeviceField),
    value: Option<&str>,
) -> Result<()> {
    let Some(id) = value.and_then(|v| v.parse::<Uuid>().ok()) else { return Ok(()) };
    let within = if field == DeviceField::Company { tenant.within("x.id") } else { String::new() };
    let count = format!(
        "SELECT count(*) AS n FROM {} x WHERE x.id = $1 AND x.tenant_id = $2 AND x.archived_at IS NULL{within}",
        kind.table()
    );
    if sql::count(tx, &count, vec![id.into(), tenant.id().into()]).await? == 0 {
        tenant.check_named(tx, field.as_str(), (kind, Some(id))).await?;
        return Err(archived(field).into());
    }
    Ok(())
}

fn archived(field: DeviceField) -> UserError {
    let message = format!("This {} is archived. Choose another one.", field.label().to_lowercase());
    UserError::invalid(field.as_str(), message)
}
