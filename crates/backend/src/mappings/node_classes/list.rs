//! Node classes with their mapping.

use crate::{
    Result, Tenant, sql,
    staging::fragment::{FED, IS_READY, JOINS, OWNED, groups, owner},
    tenant::Access,
};
use domain::{
    company::DeviceTypeRef,
    ids::IntegrationId,
    mapping::NodeClassRow,
    page::{DEFAULT_PAGE_SIZE, Listing, Window},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::BTreeMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Found {
    node_class: String,
    devices: i64,
    ready: i64,
    imported: i64,
}

#[derive(FromQueryResult)]
struct Mapping {
    node_class: String,
    type_id: Option<Uuid>,
    type_name: Option<String>,
    auto_sync: bool,
    ignored: bool,
    version: i64,
}

impl<A: Access> Tenant<A> {
    /// All node classes of devices that are not missing, and those that are mapped, by name, on one page.
    pub async fn node_classes(&self, integration: IntegrationId) -> Result<Listing<NodeClassRow>> {
        self.integration_exists(integration).await?;
        let items = self.node_class_rows(self.db(), integration).await?;
        let total = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let window = Window { page: 1, size: total.max(DEFAULT_PAGE_SIZE) };
        Ok(Listing::new(items, total.into(), window))
    }

    pub(super) async fn node_class_rows(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
    ) -> Result<Vec<NodeClassRow>> {
        let groups = groups(OWNED);
        let owner = || owner(self.id(), integration.0).0;
        let found = format!(
            "SELECT r.node_class, CAST(sum(r.devices) AS bigint) AS devices,
                CAST(sum(CASE WHEN {IS_READY} THEN r.devices ELSE 0 END) AS bigint) AS ready,
                CAST(sum(CASE WHEN fed.remote_id IS NOT NULL THEN r.devices ELSE 0 END) AS bigint) AS imported
             FROM {groups} {FED} {JOINS} WHERE r.missing_since IS NULL GROUP BY r.node_class"
        );
        let mapped =
            "SELECT nm.node_class, t.id AS type_id, t.name AS type_name, nm.auto_sync, nm.ignored, nm.version
             FROM node_class_mappings nm LEFT JOIN device_types t
                ON t.id = nm.device_type_id AND t.tenant_id = nm.tenant_id AND t.archived_at IS NULL
             WHERE nm.tenant_id = $1 AND nm.integration_id = $2";
        let found: Vec<Found> = sql::all(db, &found, owner()).await?;
        let mapped: Vec<Mapping> = sql::all(db, mapped, owner()).await?;
        Ok(joined(found, mapped))
    }
}

fn joined(found: Vec<Found>, mapped: Vec<Mapping>) -> Vec<NodeClassRow> {
    let mut rows: BTreeMap<String, NodeClassRow> = BTreeMap::new();
    for f in found {
        let row = NodeClassRow {
            device_count: f.devices,
            ready_count: f.ready,
            imported_count: f.imported,
            ..unmapped(&f.node_class)
        };
        rows.insert(f.node_class, row);
    }
    for m in mapped {
        let row = rows.entry(m.node_class).or_insert_with_key(|class| unmapped(class));
        row.device_type = m.type_id.zip(m.type_name).map(|(id, name)| DeviceTypeRef { id: id.into(), name });
        (row.auto_sync, row.ignored, row.version) = (m.auto_sync, m.ignored, m.version);
    }
    rows.into_values().collect()
}

fn unmapped(node_class: &str) -> NodeClassRow {
    NodeClassRow {
        node_class: node_class.to_owned(),
        device_count: 0,
        ready_count: 0,
        imported_count: 0,
        device_type: None,
        auto_sync: false,
        ignored: false,
        version: 0,
    }
}
