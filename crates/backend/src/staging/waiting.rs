//! Imported devices that are not where their organization would put them, because it is not mapped.

use super::fragment::{IS_FED, OWNED};
use crate::{Result, sql};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

/// Why `r`, the row of staging that feeds the device `fed`, waits; NULL when it does not. `om` is the mapping of its
/// organization, `mapped` the alias of the company that it is mapped to. Where the device is there already, nothing waits.
pub(crate) fn why(fed: &str, mapped: &str) -> String {
    format!(
        "CASE WHEN r.remote_id IS NULL OR r.missing_since IS NOT NULL OR {fed}.id IS NULL THEN NULL
            WHEN om.status = 'ignored' THEN 'ignored'
            WHEN {mapped}.id IS NULL THEN 'unmapped'
            WHEN {mapped}.archived_at IS NOT NULL AND {mapped}.id <> {fed}.company_id THEN 'archived' END"
    )
}

/// The sentence for it.
pub(crate) fn sentence(why: &str, organization: &str, company: &str) -> String {
    let (is, mend) = match why {
        "ignored" => ("is ignored", "Map the organization to move it."),
        "archived" => {
            ("is mapped to an archived company", "Map the organization to another company to move it.")
        }
        _ => ("is not mapped", "Map the organization to move it."),
    };
    format!("Its organization {organization} in NinjaOne {is}, so it stays under {company}. {mend}")
}

/// How many devices wait, and how many look like one that was enrolled again.
#[derive(FromQueryResult)]
pub(super) struct Waiting {
    pub waiting: i64,
    pub proposed: i64,
}

/// Organizations in use are found once, not per device; only rows of the others are looked at closely.
pub(super) async fn waiting(db: &impl ConnectionTrait, owner: Vec<Value>) -> Result<Waiting> {
    let in_use = "SELECT om.remote_id FROM organization_mappings om
        JOIN companies c ON c.id = om.company_id AND c.tenant_id = om.tenant_id
        WHERE om.tenant_id = $1 AND om.integration_id = $2 AND om.status = 'mapped'";
    let there = format!(
        "EXISTS ({in_use} AND om.remote_id = r.organization_id
            AND c.id = (SELECT d.company_id FROM devices d WHERE d.integration_id = r.integration_id AND d.remote_id = r.remote_id))"
    );
    let select = format!(
        "SELECT count(CASE WHEN {IS_FED} AND NOT {there} THEN 1 END) AS waiting,
            count(CASE WHEN NOT {IS_FED} THEN 1 END) AS proposed
         FROM remote_devices r {OWNED} AND r.missing_since IS NULL AND (
            r.same_as IS NOT NULL AND NOT {IS_FED}
            OR r.organization_id NOT IN ({in_use} AND c.archived_at IS NULL) AND {IS_FED})"
    );
    Ok(sql::one(db, &select, owner).await?.unwrap_or(Waiting { waiting: 0, proposed: 0 }))
}
