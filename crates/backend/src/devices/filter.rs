//! Which devices a list shows.

use super::fragment::{BACKUP, FEED, LAST_USER, OWNED, STATUS};
use crate::{
    Result,
    sql::{self, Params},
};
use domain::{
    device::DeviceFilter,
    error::UserError,
    ids::IntegrationId,
    page::{ListQuery, MAX_SEARCH},
};
use uuid::Uuid;

/// The condition of a list and what has to be joined to check it.
pub(super) struct Filter {
    /// `WHERE …`
    pub sql: String,
    pub joins: &'static str,
    pub params: Params,
}

/// The condition of a list of the inventory.
pub(super) fn filter(tenant: Uuid, query: &ListQuery, filter: &DeviceFilter) -> Result<Filter> {
    let mut params = Params(vec![tenant.into()]);
    let p = &mut params;
    let mut parts = vec![OWNED.to_owned()];
    if let Some(text) = query.text()? {
        let like = p.push(sql::contains(text));
        parts.push(format!(
            "(d.search_key LIKE {like} ESCAPE '\\' OR lower({LAST_USER}) LIKE {like} ESCAPE '\\')"
        ));
    }
    let ids = [
        ("d.company_id", filter.company.map(|id| id.0)),
        ("d.location_id", filter.location.map(|id| id.0)),
        ("d.device_type_id", filter.device_type.map(|id| id.0)),
    ];
    for (column, id) in ids.into_iter().filter_map(|(column, id)| Some((column, id?))) {
        parts.push(format!("{column} = {}", p.push(id)));
    }
    if let Some(status) = filter.status {
        parts.push(format!("{STATUS} = {}", p.push(status.as_str())));
    }
    if let Some(backup) = filter.backup {
        parts.push(format!("{BACKUP} = {}", p.push(backup.as_str())));
    }
    parts.extend(source(filter.source.as_deref(), p)?);
    parts.extend(owner(filter.owner.as_deref(), p)?);
    let sql = parts.join(" AND ");
    let joins = if query.text()?.is_some() || filter.status.is_some() { FEED } else { "" };
    Ok(Filter { sql, joins, params })
}

fn source(source: Option<&str>, p: &mut Params) -> Result<Option<String>> {
    match source.map(str::trim).filter(|s| !s.is_empty()) {
        None => Ok(None),
        Some("manual") => Ok(Some("d.integration_id IS NULL".to_owned())),
        Some(id) => {
            let id: IntegrationId = id.parse().map_err(|_| {
                UserError::invalid("source", "Filter by an integration's id, or by \"manual\".")
            })?;
            Ok(Some(format!("d.integration_id = {}", p.push(id.0))))
        }
    }
}

fn owner(owner: Option<&str>, p: &mut Params) -> Result<Option<String>> {
    let Some(text) = owner.map(str::trim).filter(|s| !s.is_empty()) else { return Ok(None) };
    if text.chars().count() > MAX_SEARCH {
        let message = format!("Filter by at most {MAX_SEARCH} characters of the owner's name or e-mail.");
        return Err(UserError::invalid("owner", message).into());
    }
    let like = p.push(sql::contains(text));
    let columns = ["lower(d.owner_name)", "lower(d.owner_email)"];
    let any = columns.map(|c| format!("{c} LIKE {like} ESCAPE '\\'"));
    Ok(Some(format!("({})", any.join(" OR "))))
}
