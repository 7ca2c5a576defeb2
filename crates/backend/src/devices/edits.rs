//! Edits of the inventory, newest first.

use crate::{
    Error, Result, Tenant,
    clock::time,
    mappings::listing::{self, Parts},
    tenant::Access,
};
use domain::{
    device_edit::{DeviceEdit, HistoryKind},
    page::{ListQuery, Listing},
};
use sea_orm::FromQueryResult;
use std::str::FromStr;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    fields: String,
    devices: i64,
    name: String,
    user_name: Option<String>,
    at: i64,
    undone_at: Option<i64>,
    undone_by: Option<String>,
    can_undo: bool,
}

impl<A: Access> Tenant<A> {
    /// What people did with devices, newest first, as far as all of them are within; the search looks at the name of a device and at who did it.
    pub async fn device_edits(&self, query: ListQuery) -> Result<Listing<DeviceEdit>> {
        let window = query.window()?;
        let mut p = crate::sql::Params(vec![self.id().into()]);
        // Those of syncs are in the histories of their devices alone.
        let mut filter = "WHERE tenant_id = $1 AND kind <> 'exchanged'".to_owned();
        filter.push_str(&self.edits_within("device_edits.id"));
        listing::search(&mut filter, &mut p, query.text()?, &["lower(name)", "lower(user_name)"]);
        let parts = Parts {
            columns: "id, kind, fields, devices, name, user_name, at, undone_at, undone_by, can_undo",
            from: "FROM device_edits",
            filter: &filter,
            order: "ORDER BY at DESC, id DESC",
        };
        let (rows, total) = listing::page::<Row>(self.db(), parts, p.0, window).await?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }

    /// ` AND …`: that all devices of an edit belong to the companies that the tenant is limited to.
    pub(super) fn edits_within(&self, edit: &str) -> String {
        if !self.is_limited() {
            return String::new();
        }
        let within = self.within("d.company_id");
        format!(
            " AND EXISTS (SELECT 1 FROM device_history h WHERE h.edit_id = {edit})
              AND NOT EXISTS (SELECT 1 FROM device_history h WHERE h.edit_id = {edit} AND NOT EXISTS (
                SELECT 1 FROM devices d WHERE d.id = h.device_id{within}))"
        )
    }
}

fn view(row: Row) -> Result<DeviceEdit> {
    Ok(DeviceEdit {
        id: row.id.into(),
        kind: HistoryKind::from_str(&row.kind).map_err(Error::internal)?,
        fields: serde_json::from_str(&row.fields).map_err(Error::internal)?,
        devices: row.devices,
        name: row.name,
        user_name: row.user_name,
        at: time(row.at),
        undone_at: row.undone_at.map(time),
        undone_by: row.undone_by,
        can_undo: row.can_undo && row.undone_at.is_none(),
    })
}
