//! What the facts of a tenant stand on, in a line: when it is another one, they have to be brought up to date.

use super::day_of;
use crate::{Result, Tenant, sql, tenant::Access};
use domain::compliance::Check;
use sea_orm::FromQueryResult;

#[derive(FromQueryResult)]
struct Row {
    run: Option<i64>,
    integrations: i64,
    devices: i64,
    edits: i64,
    edited: Option<i64>,
    undone: Option<i64>,
    rules: Option<i64>,
    exceptions: i64,
    excepted: Option<i64>,
    reworded: Option<i64>,
    closed: Option<i64>,
}

const SELECT: &str = "SELECT
    (SELECT max(u.finished_at) FROM runs u WHERE u.integration_id IN (
        SELECT i.id FROM integrations i WHERE i.tenant_id = $1)) AS run,
    (SELECT count(*) FROM integrations i WHERE i.tenant_id = $1) AS integrations,
    (SELECT count(*) FROM devices d WHERE d.tenant_id = $1) AS devices,
    (SELECT count(*) FROM device_edits e WHERE e.tenant_id = $1) AS edits,
    (SELECT max(e.at) FROM device_edits e WHERE e.tenant_id = $1) AS edited,
    (SELECT max(e.undone_at) FROM device_edits e WHERE e.tenant_id = $1) AS undone,
    (SELECT r.version FROM compliance_rules r WHERE r.tenant_id = $1) AS rules,
    (SELECT count(*) FROM compliance_exceptions x WHERE x.tenant_id = $1) AS exceptions,
    (SELECT max(x.created_at) FROM compliance_exceptions x WHERE x.tenant_id = $1) AS excepted,
    (SELECT CAST(sum(x.version) AS bigint) FROM compliance_exceptions x WHERE x.tenant_id = $1) AS reworded,
    (SELECT CAST(sum(c.archived_at % 1000000007) AS bigint) FROM companies c WHERE c.tenant_id = $1) AS closed";

/// The present one: the last run that ended, edits, rules and exceptions, archived companies, the day, and the checks that there are. Edits are
/// counted as well: the one with the last time is not always the last that is committed. The moments of archiving are summed up as far
/// as they fit.
pub(super) async fn now<A: Access>(tenant: &Tenant<A>) -> Result<String> {
    let row: Option<Row> = sql::one(tenant.db(), SELECT, vec![tenant.id().into()]).await?;
    let n = Option::unwrap_or_default;
    Ok(row.map_or_else(String::new, |r| {
        format!(
            "checks {} day {} run {} of {} devices {} edits {} {} {} rules {} exceptions {} {} {} archived {}",
            Check::ALL.len(),
            day_of(tenant.now()),
            n(r.run),
            r.integrations,
            r.devices,
            r.edits,
            n(r.edited),
            n(r.undone),
            n(r.rules),
            r.exceptions,
            n(r.excepted),
            n(r.reworded),
            n(r.closed)
        )
    }))
}
