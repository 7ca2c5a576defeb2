//! How much an integration holds and how far its mapping is.

use super::{
    fragment::{JOINS, OWNED, STATUS, groups, owner},
    waiting::waiting,
};
use crate::{
    Error, Result,
    mappings::{organization_status_counts, remote_location_status_counts},
    sql,
};
use domain::{
    import::{StagedCounts, StagedStatus},
    integration::IntegrationCounts,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::str::FromStr;
use uuid::Uuid;

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
    let staged = staged(db, OWNED, owner(tenant, integration).0).await?;
    counts.devices = staged.all;
    counts.devices_ready = staged.ready;
    counts.devices_imported = staged.imported;
    counts.devices_blocked = staged.blocked;
    let waiting = waiting(db, owner(tenant, integration).0).await?;
    counts.devices_waiting = waiting.waiting;
    counts.devices_proposed = waiting.proposed;
    Ok(counts)
}

/// How many of the rows of a `WHERE …` stand where.
pub(super) async fn staged(
    db: &impl ConnectionTrait,
    filter: &str,
    values: Vec<Value>,
) -> Result<StagedCounts> {
    let groups = groups(filter);
    let select = format!(
        "SELECT {STATUS} AS status, CAST(sum(r.devices) AS bigint) AS n FROM {groups} {JOINS} GROUP BY 1"
    );
    let mut counts = StagedCounts::default();
    for row in sql::all::<Row>(db, &select, values).await? {
        counts.all += row.n;
        match StagedStatus::from_str(&row.status).map_err(Error::internal)? {
            StagedStatus::Ready => counts.ready = row.n,
            StagedStatus::Imported => counts.imported = row.n,
            StagedStatus::Blocked => counts.blocked = row.n,
        }
    }
    Ok(counts)
}
