//! Which devices a list shows.

use super::{
    fragment::{BEAT, LAST_CONTACT, OWNED, OWNED_ROWS},
    search::{self, Texts},
};
use crate::{
    Result,
    sql::{self, Params},
};
use domain::{
    device::{DeviceFilter, DeviceStatus},
    device_list::{ArchivedFilter, ContactFilter, SerialFilter, WARRANTY_ENDING_DAYS, WarrantyFilter},
    error::UserError,
    ids::IntegrationId,
    page::{ListQuery, MAX_SEARCH},
};
use sea_orm::{DatabaseConnection, DbBackend};
use uuid::Uuid;

const DAY: i64 = 86_400_000_000;

/// The condition of a list and what has to be joined to check it.
pub(super) struct Filter {
    /// Without the tenant, which is [`OWNED`].
    pub sql: String,
    pub joins: &'static str,
    pub params: Params,
    /// How many devices there are, if that is known already.
    pub total: Option<i64>,
    pub reads: Reads,
    /// Whether it names a company or a location.
    placed: bool,
}

/// What a condition looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// What the index of the list holds.
    Index,
    /// Rows that it names by id.
    Named,
    /// The rows themselves.
    Rows,
}

impl Filter {
    /// `WHERE …`
    pub fn condition(&self, db: &DatabaseConnection) -> String {
        let owned = if self.reads == Reads::Named { OWNED_ROWS } else { OWNED };
        sql::typed(db, &format!("{owned} AND {}", self.sql))
    }

    /// How SQLite is told to read all rows one after the other (rather than each through an index) when rows have to be read
    /// and no place narrows them.
    pub fn hint(&self, db: &DatabaseConnection, rows: bool) -> &'static str {
        let all = rows && !self.placed && self.reads != Reads::Named;
        if all && db.get_database_backend() == DbBackend::Sqlite { "NOT INDEXED" } else { "" }
    }
}

/// The condition of a list of a tenant's inventory; `now` is the present moment.
pub(super) async fn filter(
    db: &DatabaseConnection,
    (tenant, now): (Uuid, i64),
    query: &ListQuery,
    wanted: &DeviceFilter,
) -> Result<Filter> {
    let mut params = Params(vec![tenant.into()]);
    let p = &mut params;
    let owner = checked_owner(wanted.owner.as_deref())?;
    let contact: Option<ContactFilter> = given(wanted.last_contact.as_deref()).map(str::parse).transpose()?;
    let mut parts = vec![archived(wanted.archived).to_owned()];
    let placed = places(wanted, p, &mut parts);
    parts.extend(states(wanted, now, p));
    parts.extend(source(wanted.source.as_deref(), p)?);
    parts.extend(contact.map(|c| last_contact(c, now, p)));
    parts.extend(owner.map(|text| owned_by(text, p)));
    let plain = parts.len() == 1;

    let mut texts = Texts::default();
    query.text()?.into_iter().for_each(|text| texts.search(text));
    owner.filter(|text| *text != NOBODY).into_iter().for_each(|text| texts.hint(db, text));
    let found = search::found(db, tenant, wanted.archived, &texts, p).await?;
    let total = found.as_ref().and_then(|f| f.total).filter(|_| plain);
    let reads = match &found {
        Some(found) if found.named => Reads::Named,
        None if owner.is_none_or(|text| text == NOBODY) => Reads::Index,
        _ => Reads::Rows,
    };
    parts.extend(found.map(|f| f.sql));
    let beats =
        contact.is_some() || matches!(wanted.status, Some(DeviceStatus::Online | DeviceStatus::Offline));
    let joins = if beats { BEAT } else { "" };
    Ok(Filter { sql: parts.join(" AND "), joins, params, total, reads, placed })
}

fn archived(archived: Option<ArchivedFilter>) -> &'static str {
    match archived {
        None => "d.merged_into IS NULL AND d.archived_at IS NULL",
        Some(ArchivedFilter::Only) => "d.merged_into IS NULL AND d.archived_at IS NOT NULL",
        Some(ArchivedFilter::With) => "d.merged_into IS NULL",
    }
}

fn places(wanted: &DeviceFilter, p: &mut Params, parts: &mut Vec<String>) -> bool {
    let ids = [
        ("d.company_id", wanted.company.map(|id| id.0)),
        ("d.location_id", wanted.location.map(|id| id.0)),
        ("d.device_type_id", wanted.device_type.map(|id| id.0)),
    ];
    for (column, id) in ids.into_iter().filter_map(|(column, id)| Some((column, id?))) {
        parts.push(format!("{column} = {}", p.push(id)));
    }
    wanted.company.is_some() || wanted.location.is_some()
}

fn states(wanted: &DeviceFilter, now: i64, p: &mut Params) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(wanted.status.map(|s| status(s).to_owned()));
    parts.extend(wanted.backup.map(|b| format!("d.backup_state = {}", p.push(b.as_str()))));
    parts.extend(wanted.os.map(|os| format!("d.os_family = {}", p.push(os.as_str()))));
    parts.extend(wanted.serial.map(|SerialFilter::None| "NOT d.has_serial".to_owned()));
    parts.extend(wanted.warranty.map(|w| match w {
        WarrantyFilter::None => "d.warranty_end IS NULL".to_owned(),
        WarrantyFilter::Ended => format!("d.warranty_end < {}", p.push(now)),
        WarrantyFilter::Ending => {
            let (from, to) = (p.push(now), p.push(now + WARRANTY_ENDING_DAYS * DAY));
            format!("d.warranty_end >= {from} AND d.warranty_end < {to}")
        }
    }));
    parts
}

fn status(status: DeviceStatus) -> &'static str {
    match status {
        DeviceStatus::Detached => "d.integration_id IS NULL",
        DeviceStatus::Missing => "d.integration_id IS NOT NULL AND d.missing",
        DeviceStatus::Online => "d.integration_id IS NOT NULL AND NOT d.missing AND b.offline = FALSE",
        DeviceStatus::Offline => "d.integration_id IS NOT NULL AND NOT d.missing AND b.offline IS NOT FALSE",
    }
}

fn last_contact(filter: ContactFilter, now: i64, p: &mut Params) -> String {
    match filter {
        ContactFilter::Never => format!("{LAST_CONTACT} IS NULL"),
        ContactFilter::Older(days) => format!("{LAST_CONTACT} < {}", p.push(now - i64::from(days) * DAY)),
    }
}

fn source(source: Option<&str>, p: &mut Params) -> Result<Option<String>> {
    match given(source) {
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

/// The word for devices without an owner.
const NOBODY: &str = "none";

fn checked_owner(owner: Option<&str>) -> Result<Option<&str>, UserError> {
    match given(owner) {
        Some(text) if text.chars().count() > MAX_SEARCH => {
            let message = format!("Filter by at most {MAX_SEARCH} characters of the owner's name or e-mail.");
            Err(UserError::invalid("owner", message))
        }
        other => Ok(other),
    }
}

fn owned_by(text: &str, p: &mut Params) -> String {
    if text == NOBODY {
        return "NOT d.has_owner".to_owned();
    }
    let like = p.push(sql::contains(text));
    let columns = ["lower(d.owner_name)", "lower(d.owner_email)"];
    let any = columns.map(|c| format!("{c} LIKE {like} ESCAPE '\\'"));
    format!("({})", any.join(" OR "))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}
