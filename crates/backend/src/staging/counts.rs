//! How much an integration holds and how far its mapping is.

use super::{
    fragment::{BLOCKED_BY, FED, JOINS, OWNED, STATUS, groups, owner},
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
    /// Whether all that is in the way is that its class has no device type.
    untyped: bool,
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
        locations_pending: locations.pending,
        ..IntegrationCounts::default()
    };
    let (staged, untyped) = standing(db, OWNED, owner(tenant, integration).0).await?;
    counts.devices = staged.all;
    counts.devices_ready = staged.ready;
    counts.devices_imported = staged.imported;
    counts.devices_blocked = staged.blocked;
    counts.devices_untyped = untyped;
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
    Ok(standing(db, filter, values).await?.0)
}

/// The same, and how many wait for a device type alone.
async fn standing(
    db: &impl ConnectionTrait,
    filter: &str,
    values: Vec<Value>,
) -> Result<(StagedCounts, i64)> {
    let groups = groups(filter);
    let select = format!(
        "SELECT {STATUS} AS status, (fed.remote_id IS NULL AND COALESCE({BLOCKED_BY} = 'type_unmapped', FALSE)) AS untyped,
            CAST(sum(r.devices) AS bigint) AS n FROM {groups} {FED} {JOINS} GROUP BY 1, 2"
    );
    let (mut counts, mut untyped) = (StagedCounts::default(), 0);
    for row in sql::all::<Row>(db, &select, values).await? {
        counts.all += row.n;
        *match StagedStatus::from_str(&row.status).map_err(Error::internal)? {
            StagedStatus::Ready => &mut counts.ready,
            StagedStatus::Imported => &mut counts.imported,
            StagedStatus::Blocked => &mut counts.blocked,
        } += row.n;
        untyped += if row.untyped { row.n } else { 0 };
    }
    Ok((counts, untyped))
}
