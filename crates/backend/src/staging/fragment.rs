//! The one place that says in SQL where a staged device stands.
//!
//! `r` is the row of staging (or a group of rows that stand alike), `o` and `om` its organization and mapping, `c` the
//! company, `nm` and `t` the mapping of its node class and the device type in use. With [`FED`]: `fed` is the device of the
//! inventory that it feeds. With [`PLACES`]: `rl` and `lm` its remote location and mapping, `l` the PSA location, if it is one of
//! the company in use.

use crate::{
    Result,
    mappings::listing,
    sql::{self, Params},
};
use domain::import::{StagedFilter, StagedStatus};
use uuid::Uuid;

/// Whether `r` feeds a device. That names its row, and no other has the same; the row names none, so that an import need not write
/// wide rows of staging once more.
macro_rules! feeds {
    ($device:literal) => {
        concat!($device, ".integration_id = r.integration_id AND ", $device, ".remote_id = r.remote_id")
    };
}

/// The device that `r` feeds, if there is one.
pub(crate) const FED: &str = concat!("LEFT JOIN devices fed ON ", feeds!("fed"));

/// The same as `d`, of rows that feed one.
pub(crate) const FEEDS: &str = concat!("JOIN devices d ON ", feeds!("d"));

/// Whether there is one, where it is not joined.
pub(crate) const IS_FED: &str = concat!("EXISTS (SELECT 1 FROM devices fed WHERE ", feeds!("fed"), ")");

/// What has to be joined to [`FED`] to know where `r` stands.
pub(crate) const JOINS: &str = "
    LEFT JOIN organizations o ON o.integration_id = r.integration_id AND o.remote_id = r.organization_id
    LEFT JOIN organization_mappings om ON om.integration_id = r.integration_id AND om.remote_id = r.organization_id
    LEFT JOIN companies c ON c.id = om.company_id AND c.tenant_id = r.tenant_id AND om.status = 'mapped'
    LEFT JOIN node_class_mappings nm ON nm.integration_id = r.integration_id AND nm.node_class = r.node_class
    LEFT JOIN device_types t ON t.id = nm.device_type_id AND t.tenant_id = r.tenant_id AND t.archived_at IS NULL";

/// Where it is, once it can be imported.
pub(crate) const PLACES: &str = "
    LEFT JOIN remote_locations rl ON rl.integration_id = r.integration_id AND rl.remote_id = r.location_id
    LEFT JOIN location_mappings lm ON lm.integration_id = r.integration_id AND lm.remote_id = r.location_id
        AND lm.status = 'mapped'
    LEFT JOIN locations l ON l.id = lm.location_id AND l.tenant_id = r.tenant_id AND l.company_id = c.id";

/// What keeps a row that is not imported from being so; NULL when nothing does.
pub(crate) const BLOCKED_BY: &str = "CASE
    WHEN r.missing_since IS NOT NULL THEN 'missing'
    WHEN r.same_as IS NOT NULL THEN 'reenrolled'
    WHEN om.status = 'ignored' THEN 'organization_ignored'
    WHEN c.id IS NULL THEN 'organization_unmapped'
    WHEN c.archived_at IS NOT NULL THEN 'company_archived'
    WHEN nm.ignored THEN 'type_ignored'
    WHEN t.id IS NULL THEN 'type_unmapped' END";

macro_rules! may_feed {
    () => {
        "(r.missing_since IS NULL AND r.same_as IS NULL AND c.id IS NOT NULL
    AND c.archived_at IS NULL AND t.id IS NOT NULL AND NOT nm.ignored)"
    };
}

/// Whether nothing keeps a row from being imported, if it is not yet.
pub(crate) const MAY_FEED: &str = may_feed!();

/// Whether a row is yet to be imported, and nothing keeps it from being so; needs [`FED`].
pub(crate) const IS_READY: &str = concat!("(fed.remote_id IS NULL AND ", may_feed!(), ")");

/// The word of [`StagedStatus`]; needs [`FED`].
pub(crate) const STATUS: &str = concat!(
    "CASE WHEN fed.remote_id IS NOT NULL THEN 'imported' WHEN ",
    may_feed!(),
    " THEN 'ready' ELSE 'blocked' END"
);

/// The name of the organization, also of one that no sync has seen yet.
pub(crate) const ORGANIZATION: &str = "COALESCE(o.name, CASE r.organization_id WHEN '' THEN 'No organization'
    ELSE 'Organization ' || r.organization_id END)";

/// `$1` and `$2` of every statement over staging: tenant and integration.
pub(crate) const OWNED: &str = "WHERE r.tenant_id = $1 AND r.integration_id = $2";

/// The parameters of [`OWNED`].
pub(crate) fn owner(tenant: Uuid, integration: Uuid) -> Params {
    Params(vec![tenant.into(), integration.into()])
}

/// `WHERE …` of rows.
pub(crate) struct Selected {
    pub sql: String,
    /// Whether it looks where they stand: it needs [`FED`] and [`JOINS`] then.
    pub stands: bool,
}

/// The rows that a filter selects.
pub(crate) fn selected(filter: &StagedFilter, p: &mut Params) -> Result<Selected> {
    let mut sql = named(filter, p)?;
    if let Some(status) = filter.status {
        sql.push_str(" AND ");
        sql.push_str(&standing(status));
    }
    Ok(Selected { sql, stands: filter.status.is_some() })
}

/// `WHERE …` of the rows that a filter selects apart from its status; needs nothing joined.
pub(crate) fn named(filter: &StagedFilter, p: &mut Params) -> Result<String> {
    let mut sql = OWNED.to_owned();
    if let Some(text) = listing::checked_search(filter.search.as_deref())? {
        let like = p.push(sql::contains(&text));
        sql.push_str(&format!(
            " AND (r.search_key LIKE {like} ESCAPE '\\' OR r.organization_id IN (SELECT remote_id FROM organizations
                WHERE tenant_id = $1 AND integration_id = $2 AND name_key LIKE {like} ESCAPE '\\'))"
        ));
    }
    if let Some(class) = given(filter.node_class.as_deref()) {
        sql.push_str(&format!(" AND r.node_class = {}", p.push(class)));
    }
    if let Some(organization) = given(filter.organization.as_deref()) {
        sql.push_str(&format!(" AND r.organization_id = {}", p.push(organization)));
    }
    if let Some(company) = filter.company {
        sql.push_str(&format!(
            " AND r.organization_id IN (SELECT remote_id FROM organization_mappings
                WHERE tenant_id = $1 AND integration_id = $2 AND status = 'mapped' AND company_id = {})",
            p.push(company.0)
        ));
    }
    Ok(sql)
}

/// Rows of a `WHERE …` in groups that stand alike: mappings are looked up once per group, not once per device.
/// `r.devices` is how many there are, and `r.remote_id` one of them: it feeds a device if the others do.
pub(crate) fn groups(filter: &str) -> String {
    format!(
        "(SELECT r.tenant_id, r.integration_id, r.organization_id, r.node_class, fed.remote_id IS NULL AS unfed,
            CASE WHEN r.missing_since IS NULL THEN NULL ELSE 1 END AS missing_since,
            CASE WHEN r.same_as IS NULL THEN NULL ELSE 1 END AS same_as, count(*) AS devices, min(r.remote_id) AS remote_id
          FROM remote_devices r {FED} {filter} GROUP BY 1, 2, 3, 4, 5, 6, 7) r"
    )
}

fn standing(status: StagedStatus) -> String {
    match status {
        StagedStatus::Imported => "fed.remote_id IS NOT NULL".to_owned(),
        StagedStatus::Ready => IS_READY.to_owned(),
        StagedStatus::Blocked => format!("fed.remote_id IS NULL AND {BLOCKED_BY} IS NOT NULL"),
    }
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|t| !t.is_empty())
}
