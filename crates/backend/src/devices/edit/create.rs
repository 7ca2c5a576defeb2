//! Devices that no integration tells of.

use super::{
    check, company_of_location, in_use,
    log::{self, Line, NewEdit},
    row::{column, rows, write_search_keys},
};
use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::new_id,
    db,
    named::Kind,
    roles,
    sql::{self, Params},
    tenant::CanManage,
};
use domain::{
    audit::AuditAction,
    device::DeviceDetail,
    device_edit::{DeviceField, FieldValue, HistoryKind},
    error::UserError,
    ids::DeviceId,
    run::FieldChange,
};
use serde_json::json;

impl<A: CanManage> Tenant<A> {
    /// Adds a device by hand. It needs a name, a company and a device type; all that is given is the person's, also
    /// when an import links it to a device of an integration later.
    pub async fn create_device(&self, fields: Vec<FieldValue>) -> Result<DeviceDetail> {
        let mut values = check(fields)?;
        values.retain(|v| v.value.is_some());
        let of = |field| values.iter().find(|v: &&FieldValue| v.field == field).and_then(|v| v.value.clone());
        for field in [DeviceField::Name, DeviceField::Company, DeviceField::DeviceType] {
            if of(field).is_none() {
                let message = format!("{} is needed.", field.label());
                return Err(UserError::invalid(field.as_str(), message).into());
            }
        }
        let tx = db::begin(self.db()).await?;
        roles::refuse_late(self, &tx).await?;
        let (company, kind) = (of(DeviceField::Company), of(DeviceField::DeviceType));
        in_use(self, &tx, (Kind::Company, DeviceField::Company), company.as_deref()).await?;
        in_use(self, &tx, (Kind::DeviceType, DeviceField::DeviceType), kind.as_deref()).await?;
        if let Some(location) = of(DeviceField::Location) {
            let at = company_of_location(self, &tx, &location).await?;
            if company.as_deref() != Some(at.to_string().as_str()) {
                return Err(UserError::invalid("location", "The location belongs to another company.").into());
            }
        }
        let id = new_id();
        let set: Vec<DeviceField> = values.iter().map(|v| v.field).collect();
        let mut p =
            Params(vec![id.into(), self.id().into(), self.now().into(), DeviceField::mask(&set).into()]);
        let (mut columns, mut marks) = (String::new(), String::new());
        for value in &values {
            let (name, value) = column(value.field, value.value.as_deref())?;
            columns.push_str(&format!(", {name}"));
            marks.push_str(&format!(", {}", p.push(value)));
        }
        for (name, field) in
            [("ip_addresses", DeviceField::IpAddresses), ("mac_addresses", DeviceField::MacAddresses)]
        {
            if !set.contains(&field) {
                columns.push_str(&format!(", {name}"));
                marks.push_str(", '[]'");
            }
        }
        let insert = format!(
            "INSERT INTO devices (id, tenant_id, created_at, updated_at, owned, version, search_key{columns})
             VALUES ($1, $2, $3, $3, $4, 1, ''{marks})"
        );
        sql::execute(&tx, &insert, p.0).await?;
        let made = rows(&tx, self.id(), &[id]).await?;
        write_search_keys(&tx, &made).await?;
        let changes = set.iter().map(|f| FieldChange {
            field: f.as_str().into(),
            before: None,
            after: made.first().and_then(|row| row.words(*f)),
        });
        let line = Line { device: id, fields: changes.collect(), undo: None };
        let name = of(DeviceField::Name).unwrap_or_default();
        let kind = HistoryKind::Created;
        let edit = NewEdit { kind, fields: &set, devices: 1, name: &name, can_undo: false, undo_of: None };
        let edit = log::open(self, &tx, edit).await?;
        log::lines(self, &tx, edit, &[line]).await?;
        let subject = Subject::device(DeviceId(id), &name);
        audit::note(self, &tx, AuditAction::DeviceCreated, subject, json!({ "edit": edit })).await?;
        tx.commit().await?;
        self.device(DeviceId(id)).await
    }
}
