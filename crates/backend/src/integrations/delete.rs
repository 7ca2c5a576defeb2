//! Deleting an integration: its staging and mappings go; its devices stay or go, as the user says.

use crate::{
    Error, Result, Tenant,
    audit::{self, Subject},
    db::{self, Tx},
    devices::edit::log::{self, NewEdit},
    sql,
    sync::beats,
    tenant::CanAdmin,
};
use domain::{
    audit::AuditAction,
    device_edit::HistoryKind,
    error::UserError,
    ids::IntegrationId,
    integration::{DeletedCounts, DeviceFate},
    permissions::{self, Area, Level},
    run::FieldChange,
};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;

/// The tables of mappings, and what makes a row of theirs one.
const MAPPINGS: [(&str, &str); 3] = [
    ("organization_mappings", "status = 'mapped'"),
    ("location_mappings", "status = 'mapped'"),
    ("node_class_mappings", "device_type_id IS NOT NULL"),
];

impl<A: CanAdmin> Tenant<A> {
    /// Deletes an integration; `confirm_name` must be its name.
    pub async fn delete_integration(
        &self,
        id: IntegrationId,
        confirm_name: &str,
        devices: DeviceFate,
    ) -> Result<DeletedCounts> {
        if let (DeviceFate::Remove, Some(actor)) = (devices, self.actor())
            && !actor.permissions.allow(Area::Devices, Level::Manage)
        {
            return Err(permissions::refusal(Area::Devices, Level::Manage, actor.token.is_some()).into());
        }
        let row = self.integration_row(id).await?;
        if confirm_name.trim() != row.name {
            let message = format!("Type the name \"{}\" exactly to delete this integration.", row.name);
            return Err(UserError::invalid("confirm_name", message).into());
        }
        let tx = db::begin(self.db()).await?;
        let owner = || -> Vec<Value> { vec![id.0.into(), self.id().into()] };
        let counted = |table: &str| {
            format!("SELECT count(*) AS n FROM {table} WHERE integration_id = $1 AND tenant_id = $2")
        };
        let organizations = sql::count(&tx, &counted("organizations"), owner()).await?;
        let mut mappings = 0;
        for (table, is_mapped) in MAPPINGS {
            let mapped = format!("{} AND {is_mapped}", counted(table));
            mappings += sql::count(&tx, &mapped, owner()).await?;
        }
        let (devices_removed, devices_kept) = match devices {
            DeviceFate::Remove => {
                // What was hidden behind one of them, and stays, is listed again.
                let show = "UPDATE devices SET merged_into = NULL WHERE tenant_id = $2 AND merged_into IN (
                    SELECT id FROM devices WHERE integration_id = $1 AND tenant_id = $2)";
                sql::execute(&tx, show, owner()).await?;
                let delete = "DELETE FROM devices WHERE integration_id = $1 AND tenant_id = $2";
                (sql::execute(&tx, delete, owner()).await?, 0)
            }
            DeviceFate::Keep => {
                self.tell_histories(&tx, id, &row.name).await?;
                (0, detach(&tx, owner(), self.now()).await?)
            }
        };
        beats::delete(&tx, owner()).await?;
        // Staging, mappings, runs and their results follow by their foreign keys.
        sql::execute(&tx, "DELETE FROM integrations WHERE id = $1 AND tenant_id = $2", owner()).await?;
        let details = json!({
            "organizations": organizations, "mappings": mappings, "devices_removed": devices_removed,
            "devices_kept": devices_kept,
        });
        let subject = Subject::integration(id, &row.name);
        audit::note(self, &tx, AuditAction::IntegrationDeleted, subject, details).await?;
        tx.commit().await?;
        Ok(DeletedCounts {
            organizations,
            mappings,
            devices_removed: i64::try_from(devices_removed).unwrap_or(i64::MAX),
            devices_kept: i64::try_from(devices_kept).unwrap_or(i64::MAX),
        })
    }
}

impl<A: CanAdmin> Tenant<A> {
    /// Writes into the history of each device that it was kept when its integration was deleted.
    async fn tell_histories(&self, tx: &Tx, id: IntegrationId, name: &str) -> Result<()> {
        let count = "SELECT count(*) AS n FROM devices WHERE integration_id = $1 AND tenant_id = $2";
        let devices = sql::count(tx, count, vec![id.0.into(), self.id().into()]).await?;
        if devices == 0 {
            return Ok(());
        }
        let kind = HistoryKind::Detached;
        let edit = NewEdit { kind, fields: &[], devices, name, can_undo: false, undo_of: None };
        let edit = log::open(self, tx, edit).await?;
        let change = FieldChange { field: "integration".into(), before: Some(name.to_owned()), after: None };
        let fields = serde_json::to_string(&[change]).map_err(Error::internal)?;
        let insert = "INSERT INTO device_history (edit_id, device_id, tenant_id, at, fields)
            SELECT CAST($3 AS {uuid}), id, tenant_id, CAST($4 AS bigint), CAST($5 AS text) FROM devices
            WHERE integration_id = $1 AND tenant_id = $2";
        let values: Vec<Value> =
            vec![id.0.into(), self.id().into(), edit.0.into(), self.now().into(), fields.into()];
        sql::execute(tx, &sql::typed(tx, insert), values).await?;
        Ok(())
    }
}

/// Cuts devices loose from their source, with the last state that it told. They remember the account, so that
/// connecting it again links them instead of making them twice.
async fn detach(tx: &impl ConnectionTrait, mut values: Vec<Value>, now: i64) -> Result<u64> {
    values.push(now.into());
    let beat = beats::join(tx, "s.no", "b", "");
    let update = format!(
        "UPDATE devices SET
            last_contact = (SELECT b.last_contact FROM remote_device_status s {beat}
                WHERE s.integration_id = devices.integration_id AND s.remote_id = devices.remote_id),
            last_user = (SELECT s.last_user FROM remote_device_status s
                WHERE s.integration_id = devices.integration_id AND s.remote_id = devices.remote_id),
            source_account = (SELECT i.account_hash FROM integrations i WHERE i.id = devices.integration_id),
            integration_id = NULL, source_hash = NULL, url = NULL,
            version = version + 1, updated_at = $3
        WHERE integration_id = $1 AND tenant_id = $2"
    );
    Ok(sql::execute(tx, &update, values).await?)
}
