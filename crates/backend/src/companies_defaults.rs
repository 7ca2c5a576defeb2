//! The device types a new portal starts with.

use crate::{
    Result,
    clock::new_id,
    sql::{self, Params},
};
use domain::{
    company::{DEFAULT_DEVICE_TYPES, name_key},
    ids::TenantId,
};
use sea_orm::ConnectionTrait;

/// Inserts the default device types of a new tenant.
pub async fn insert(db: &impl ConnectionTrait, tenant: TenantId, now: i64) -> Result<()> {
    let mut params = Params::default();
    let (tenant, now) = (params.push(tenant.0), params.push(now));
    let rows: Vec<String> = DEFAULT_DEVICE_TYPES
        .iter()
        .map(|name| {
            let (id, name, key) = (params.push(new_id()), params.push(*name), params.push(name_key(name)));
            format!("({id}, {tenant}, {name}, {key}, 1, {now}, {now})")
        })
        .collect();
    let sql = format!(
        "INSERT INTO device_types (id, tenant_id, name, name_key, version, created_at, updated_at) VALUES {}",
        rows.join(", ")
    );
    sql::execute(db, &sql, params.0).await?;
    Ok(())
}
