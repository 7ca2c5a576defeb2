//! Saving a decision about a node class.

use crate::{
    Result, Tenant, db, imports,
    mappings::{decisions, note::note_one},
    named::Kind,
    sql,
    tenant::{Access, CanManage},
};
use domain::{
    error::UserError,
    ids::{DeviceTypeId, IntegrationId},
    mapping::{NodeClassChoice, NodeClassRow},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

impl<A: CanManage> Tenant<A> {
    /// Changes what is given and leaves the rest. Choosing a device type for an ignored class takes it up again. Imported
    /// devices of the class follow by a run of their own. With a `version`, only if nobody has changed it since.
    pub async fn save_node_class(
        &self,
        integration: IntegrationId,
        node_class: &str,
        choice: NodeClassChoice,
    ) -> Result<NodeClassRow> {
        if choice.device_type_id.is_some() && choice.unmap == Some(true) {
            let message = "Either choose a device type or take it away, not both.";
            return Err(UserError::invalid("unmap", message).into());
        }
        self.integration_exists(integration).await?;
        let tx = db::begin(self.db()).await?;
        let before = self.node_class(&tx, integration, node_class).await?;
        if choice.version.is_some_and(|version| version != before.version) {
            return Err(UserError::outdated(node_class).into());
        }
        let device_type = match choice.device_type_id {
            Some(id) => Some(self.usable_type(&tx, id).await?),
            None if choice.unmap == Some(true) => None,
            None => before.device_type.as_ref().map(|t| t.id.0),
        };
        let unignored = before.ignored && choice.device_type_id.is_none();
        let values = vec![
            self.id().into(),
            integration.0.into(),
            node_class.into(),
            device_type.into(),
            choice.auto_sync.unwrap_or(before.auto_sync).into(),
            choice.ignore.unwrap_or(unignored).into(),
            choice.version.into(),
        ];
        let upsert = "INSERT INTO node_class_mappings (tenant_id, integration_id, node_class, device_type_id, auto_sync,
                ignored, version) VALUES ($1, $2, $3, $4, $5, $6, 1)
             ON CONFLICT (integration_id, node_class) DO UPDATE SET device_type_id = excluded.device_type_id,
                auto_sync = excluded.auto_sync, ignored = excluded.ignored, version = node_class_mappings.version + 1
             WHERE node_class_mappings.tenant_id = excluded.tenant_id
                AND node_class_mappings.version = COALESCE($7, node_class_mappings.version)";
        if sql::execute(&tx, upsert, values).await? == 0 {
            return Err(UserError::outdated(node_class).into());
        }
        let row = self.node_class(&tx, integration, node_class).await?;
        let run = match imports::any_elsewhere(&tx, (self.id(), integration.0), "node_class", &[node_class])
            .await?
        {
            true => decisions::queue_remap(self, &tx, integration.0).await?,
            false => None,
        };
        let (before, after) = (told(&before), told(&row));
        if before != after {
            let details = json!({ "of": "node_class", "before": before, "after": after });
            note_one(self, &tx, integration.0, (node_class, node_class), details).await?;
        }
        tx.commit().await?;
        self.push_remap(run).await;
        Ok(row)
    }
}

impl<A: Access> Tenant<A> {
    async fn node_class(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
        node_class: &str,
    ) -> Result<NodeClassRow> {
        let rows = self.node_class_rows(db, integration).await?;
        let row = rows.into_iter().find(|r| r.node_class == node_class);
        Ok(row.ok_or_else(|| UserError::not_found("node class"))?)
    }

    /// The device type to choose, which must be there and in use.
    async fn usable_type(&self, db: &impl ConnectionTrait, id: DeviceTypeId) -> Result<Uuid> {
        let count =
            "SELECT count(*) AS n FROM device_types WHERE id = $1 AND tenant_id = $2 AND archived_at IS NULL";
        if sql::count(db, count, vec![id.0.into(), self.id().into()]).await? == 0 {
            self.check_named(db, "device_type_id", (Kind::DeviceType, Some(id.0))).await?;
            let message = "This device type is archived. Choose another one.";
            return Err(UserError::invalid("device_type_id", message).into());
        }
        Ok(id.0)
    }
}

/// For the audit log.
fn told(row: &NodeClassRow) -> Value {
    let device_type = row.device_type.as_ref().map(|device_type| &device_type.name);
    json!({ "device_type": device_type, "auto_sync": row.auto_sync, "ignored": row.ignored })
}
