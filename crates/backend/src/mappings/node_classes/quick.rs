//! Quick Match and Quick Create of node classes.

use crate::{
    Result, Tenant,
    audit::{self, MOST_NAMED, Subject},
    clock::new_id,
    db::{self, Tx},
    mappings::note::{Named, note_many},
    sql::{self, Params},
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction,
    company::{checked_name, name_key},
    ids::IntegrationId,
    mapping::NodeClassMatchResult,
    matching::{device_type_for, device_type_name},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A device type in use.
#[derive(FromQueryResult)]
struct Type {
    id: Uuid,
    name: String,
    name_key: String,
}

/// A node class and its device type to be.
type Match = (String, Uuid);

impl<A: CanManage> Tenant<A> {
    /// Maps node classes without a device type to existing types of the same meaning.
    pub async fn quick_match_node_classes(&self, integration: IntegrationId) -> Result<NodeClassMatchResult> {
        self.integration_exists(integration).await?;
        let tx = db::begin(self.db()).await?;
        let (found, _) = self.matches(&tx, integration).await?;
        self.map_classes(&tx, integration, &found).await?;
        let result = NodeClassMatchResult { mapped: count(found.len()), created: 0 };
        self.note_classes(&tx, integration, &found, Vec::new()).await?;
        tx.commit().await?;
        Ok(result)
    }

    /// Like Quick Match, and creates a device type for each node class that is left.
    pub async fn quick_create_node_classes(
        &self,
        integration: IntegrationId,
    ) -> Result<NodeClassMatchResult> {
        self.integration_exists(integration).await?;
        let tx = db::begin(self.db()).await?;
        let (mut found, left) = self.matches(&tx, integration).await?;
        let created = self.create_types(&tx, &left).await?;
        let by_key: HashMap<String, Uuid> =
            self.types(&tx).await?.into_iter().map(|t| (t.name_key, t.id)).collect();
        for class in left {
            let id = type_name(&class).and_then(|name| by_key.get(&name_key(&name)).copied());
            found.extend(id.map(|id| (class, id)));
        }
        self.map_classes(&tx, integration, &found).await?;
        let result = NodeClassMatchResult { mapped: count(found.len()), created: count(created.len()) };
        self.note_classes(&tx, integration, &found, created).await?;
        tx.commit().await?;
        Ok(result)
    }
}

impl<A: Access> Tenant<A> {
    async fn types(&self, db: &impl ConnectionTrait) -> Result<Vec<Type>> {
        let select =
            "SELECT id, name, name_key FROM device_types WHERE tenant_id = $1 AND archived_at IS NULL
             ORDER BY name_key, id";
        Ok(sql::all(db, select, vec![self.id().into()]).await?)
    }

    /// Node classes that want a device type: with the one they mean, and those that mean none that is there.
    async fn matches(
        &self,
        db: &impl ConnectionTrait,
        integration: IntegrationId,
    ) -> Result<(Vec<Match>, Vec<String>)> {
        let types = self.types(db).await?;
        let names: Vec<&str> = types.iter().map(|t| t.name.as_str()).collect();
        let (mut found, mut left) = (Vec::new(), Vec::new());
        let rows = self.node_class_rows(db, integration).await?;
        for row in rows.into_iter().filter(|r| r.device_type.is_none() && !r.ignored) {
            match device_type_for(&row.node_class, &names).and_then(|(i, _)| types.get(i)) {
                Some(t) => found.push((row.node_class, t.id)),
                None => left.push(row.node_class),
            }
        }
        Ok((found, left))
    }

    /// Creates the device types that these classes ask for, where none of that name is there; answers which.
    async fn create_types(&self, tx: &Tx, classes: &[String]) -> Result<Vec<Named>> {
        let names: BTreeMap<String, String> =
            classes.iter().filter_map(|c| type_name(c)).map(|name| (name_key(&name), name)).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut p = Params::default();
        let (tenant, now) = (p.push(self.id()), p.push(self.now()));
        let rows: Vec<String> = names
            .into_iter()
            .map(|(key, name)| {
                format!(
                    "({}, {tenant}, {}, {}, 1, {now}, {now})",
                    p.push(new_id()),
                    p.push(name),
                    p.push(key)
                )
            })
            .collect();
        let insert = format!(
            "INSERT INTO device_types (id, tenant_id, name, name_key, version, created_at, updated_at) VALUES {}
             ON CONFLICT DO NOTHING RETURNING id, name",
            rows.join(", ")
        );
        Ok(sql::all(tx, &insert, p.0).await?)
    }

    /// Adds what was mapped to the audit log, and each device type that was created for it.
    async fn note_classes(
        &self,
        tx: &Tx,
        integration: IntegrationId,
        found: &[Match],
        created: Vec<Named>,
    ) -> Result<()> {
        if found.is_empty() && created.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = found.iter().take(MOST_NAMED).map(|(class, _)| class.as_str()).collect();
        let details = json!({
            "of": "node_class", "mapped": found.len(), "created": created.len(), "names": names.join(", "),
        });
        let made = created.iter().map(|made| {
            let subject = Subject::device_type(made.id.into(), &made.name);
            (AuditAction::DeviceTypeCreated, subject, json!({ "by": "a mapping" }))
        });
        audit::note_each(self, tx, made.collect()).await?;
        note_many(self, tx, integration.0, AuditAction::QuickMatchUsed, details).await
    }

    async fn map_classes(&self, tx: &Tx, integration: IntegrationId, found: &[Match]) -> Result<()> {
        if found.is_empty() {
            return Ok(());
        }
        let mut p = Params(vec![self.id().into(), integration.0.into()]);
        let rows: Vec<String> = found
            .iter()
            .map(|(class, id)| {
                format!("($1, $2, {}, {}, FALSE, FALSE, 1)", p.push(class.as_str()), p.push(*id))
            })
            .collect();
        let upsert = format!(
            "INSERT INTO node_class_mappings (tenant_id, integration_id, node_class, device_type_id, auto_sync, ignored,
                version) VALUES {}
             ON CONFLICT (integration_id, node_class) DO UPDATE SET device_type_id = excluded.device_type_id,
                version = node_class_mappings.version + 1
             WHERE node_class_mappings.tenant_id = excluded.tenant_id AND NOT node_class_mappings.ignored",
            rows.join(", ")
        );
        sql::execute(tx, &upsert, p.0).await?;
        Ok(())
    }
}

/// The name of the device type to create for a class, if it can be a name.
fn type_name(node_class: &str) -> Option<String> {
    checked_name("node_class", &device_type_name(node_class)).ok()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
