//! Device types: list, create, rename, archive.

use crate::{
    Result, Tenant,
    audit::{self, Subject},
    clock::{new_id, time},
    companies::records::{Records, archived_is, page_of},
    db,
    sql::{self, Params, contains},
    tenant::{Access, CanManage},
};
use domain::{
    audit::AuditAction::{DeviceTypeArchived, DeviceTypeCreated, DeviceTypeRenamed, DeviceTypeRestored},
    company::{DeviceType, checked_name, name_key},
    ids::DeviceTypeId,
    page::{ListQuery, Listing},
};
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

const DEVICE_TYPES: Records = Records { table: "device_types", noun: "device type" };
const SELECT: &str = "SELECT t.id, t.name, t.archived_at, t.version, t.created_at, t.updated_at, \
    (SELECT count(*) FROM devices d WHERE d.device_type_id = t.id AND d.archived_at IS NULL \
        AND d.merged_into IS NULL{within}) AS device_count FROM device_types t";

/// Sort fields of the list; the first is the default.
const SORTS: &[&str] = &["name", "device_count", "updated_at"];

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    archived_at: Option<i64>,
    version: i64,
    device_count: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<Row> for DeviceType {
    fn from(row: Row) -> Self {
        Self {
            id: DeviceTypeId(row.id),
            name: row.name,
            archived: row.archived_at.is_some(),
            version: row.version,
            device_count: row.device_count,
            created_at: time(row.created_at),
            updated_at: time(row.updated_at),
        }
    }
}

impl<A: Access> Tenant<A> {
    /// Device types, or the archived ones, searched by name.
    pub async fn device_types(&self, query: ListQuery, archived: bool) -> Result<Listing<DeviceType>> {
        let window = query.window()?;
        let (field, direction) = query.order(SORTS)?;
        let column = match field {
            "name" => "t.name_key",
            "updated_at" => "t.updated_at",
            counted => counted,
        };
        let mut params = Params::default();
        let mut filter =
            format!(" WHERE t.tenant_id = {} AND {}", params.push(self.id()), archived_is("t", archived));
        if let Some(text) = query.text()? {
            let like = params.push(contains(&name_key(text)));
            filter += &format!(r" AND t.name_key LIKE {like} ESCAPE '\'");
        }
        let count = format!("SELECT count(*) AS n FROM device_types t{filter}");
        let total = sql::count(self.db(), &count, params.0.clone()).await?;
        let select = SELECT.replace("{within}", &self.within("d.company_id"));
        let page = format!("{select}{filter}{}", page_of(column, direction, "t", window));
        let rows: Vec<Row> = sql::all(self.db(), &page, params.0).await?;
        Ok(Listing::new(rows.into_iter().map(DeviceType::from).collect(), total, window))
    }

    /// One device type, archived or not.
    pub async fn device_type(&self, id: DeviceTypeId) -> Result<DeviceType> {
        let select = SELECT.replace("{within}", &self.within("d.company_id"));
        let sql = format!("{select} WHERE t.id = $1 AND t.tenant_id = $2");
        let row = sql::one::<Row>(self.db(), &sql, vec![id.0.into(), self.id().into()]).await?;
        Ok(row.map(DeviceType::from).ok_or_else(|| DEVICE_TYPES.missing())?)
    }
}

impl<A: CanManage> Tenant<A> {
    /// A new device type; a second one of the same name is a conflict.
    pub async fn create_device_type(&self, name: &str) -> Result<DeviceType> {
        let name = checked_name("name", name)?;
        let id = new_id();
        let sql = "INSERT INTO device_types (id, tenant_id, name, name_key, version, created_at, updated_at) VALUES ($1, $2, $3, $4, 1, $5, $5)";
        let values = vec![
            id.into(),
            self.id().into(),
            name.as_str().into(),
            name_key(&name).into(),
            self.now().into(),
        ];
        let tx = db::begin(self.db()).await?;
        sql::execute(&tx, sql, values).await.map_err(|e| DEVICE_TYPES.write_error(e, &name))?;
        let subject = Subject::device_type(DeviceTypeId(id), &name);
        audit::note(self, &tx, DeviceTypeCreated, subject, json!({})).await?;
        tx.commit().await?;
        self.device_type(DeviceTypeId(id)).await
    }

    /// Renames a device type. With `version`, only if nobody else has changed it since.
    pub async fn update_device_type(
        &self,
        id: DeviceTypeId,
        name: &str,
        version: Option<i64>,
    ) -> Result<DeviceType> {
        let name = checked_name("name", name)?;
        let sql = "UPDATE device_types SET name = $3, name_key = $4, updated_at = $5, version = version + 1 \
                   WHERE id = $1 AND tenant_id = $2 AND version = COALESCE($6, version)";
        let values = vec![
            id.0.into(),
            self.id().into(),
            name.as_str().into(),
            name_key(&name).into(),
            self.now().into(),
            version.into(),
        ];
        let tx = db::begin(self.db()).await?;
        // Held until the end: what the log says it was called before is what this edit found.
        let hold = "UPDATE device_types SET name = name WHERE id = $1 AND tenant_id = $2";
        sql::execute(&tx, hold, vec![id.0.into(), self.id().into()]).await?;
        let before = audit::name_of(&tx, self.id(), "device_types", id.0).await?;
        let done = sql::execute(&tx, sql, values).await;
        let touched = done.map_err(|e| DEVICE_TYPES.write_error(e, &name))?;
        DEVICE_TYPES.settle(self, &tx, id.0, touched).await?;
        if before != name {
            let details = json!({ "before": before, "after": name });
            audit::note(self, &tx, DeviceTypeRenamed, Subject::device_type(id, &name), details).await?;
        }
        tx.commit().await?;
        self.device_type(id).await
    }

    /// Archives a device type, or restores it. Restoring into a name that is taken by now is a conflict.
    pub async fn archive_device_type(&self, id: DeviceTypeId, archived: bool) -> Result<DeviceType> {
        let name = self.device_type(id).await?.name;
        let tx = db::begin(self.db()).await?;
        if DEVICE_TYPES.archive(self, &tx, (id.0, &name), archived).await? {
            let action = if archived { DeviceTypeArchived } else { DeviceTypeRestored };
            audit::note(self, &tx, action, Subject::device_type(id, &name), json!({})).await?;
        }
        tx.commit().await?;
        self.device_type(id).await
    }
}
