//! How much an integration holds and how far its mapping is.

use super::fragment::{JOINS, STATUS, owner};
use crate::{
    Error, Result,
    mappings::{organization_status_counts, remote_location_status_counts},
    sql,
};
use domain::{import::StagedStatus, integration::IntegrationCounts};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::str::FromStr;
use uuid::Uuid;

/// Staged devices in groups that stand alike: the mappings are looked up once per group, not once per device.
pub(crate) const GROUPS: &str = "(SELECT tenant_id, integration_id, organization_id, node_class,
        CASE WHEN device_id IS NULL THEN NULL ELSE 1 END AS device_id,
        CASE WHEN missing_since IS NULL THEN NULL ELSE 1 END AS missing_since, count(*) AS devices
    FROM remote_devices WHERE tenant_id = $1 AND integration_id = $2 GROUP BY 1, 2, 3, 4, 5, 6) r";

#[derive(FromQueryResult)]
struct Row {
    status: String,
    n: i64,
}

/// The figures of one integration.
pub(crate) async fn counts(
    db: &impl ConnectionTrait,
    tenant: Uuid,
    integration: Uuid,
) -> Result<IntegrationCounts> {
    let organizations = organization_status_counts(db, tenant, integration).await?;
    let locations = remote_location_status_counts(db, tenant, integration).await?;
    let mut counts = IntegrationCounts {
        organizations: organizations.all,
        organizations_mapped: organizations.mapped,
        organizations_pending: organizations.pending,
        organizations_ignored: organizations.ignored,
        locations: locations.all,
        locations_mapped: locations.mapped,
        ..IntegrationCounts::default()
    };
    let select = format!(
        "SELECT {STATUS} AS status, CAST(sum(r.devices) AS bigint) AS n FROM {GROUPS} {JOINS} GROUP BY 1"
    );
    for row in sql::all::<Row>(db, &select, owner(tenant, integration).0).await? {
        counts.devices += row.n;
        match StagedStatus::from_str(&row.status).map_err(Error::internal)? {
            StagedStatus::Ready => counts.devices_ready = row.n,
            StagedStatus::Imported => counts.devices_imported = row.n,
            StagedStatus::Blocked => counts.devices_blocked = row.n,
        }
    }
    Ok(counts)
}
