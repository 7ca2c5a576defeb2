//! Which devices a list shows.

use super::{
    fragment::{LAST_CONTACT, OWNED, OWNED_ROWS},
    pass::{
        middle::{Middle, middle},
        walk::{BeatRule, Contact},
    },
    search::{self, Texts},
};
use crate::{
    Result,
    clock::time,
    sql::{self, Params},
    sync::beats,
};
use domain::{
    compliance::os,
    device::{DeviceFilter, DeviceStatus},
    device_list::{
        ArchivedFilter, ContactFilter, LocationFilter, SerialFilter, SupportFilter, WARRANTY_ENDING_DAYS,
        WarrantyFilter,
    },
    error::UserError,
    ids::IntegrationId,
    page::{ListQuery, MAX_SEARCH},
};
use rustc_hash::FxHashSet;
use sea_orm::{DatabaseConnection, DbBackend, FromQueryResult, Value};
use uuid::Uuid;

const DAY: i64 = 86_400_000_000;

/// The condition of a list and what has to be joined to check it.
pub(super) struct Filter {
    /// Without the tenant, which is [`OWNED`].
    pub sql: String,
    pub joins: String,
    /// The last heartbeat, for an order that looks at it.
    pub beat_join: String,
    pub params: Params,
    /// How many devices there are, if that is known already.
    pub total: Option<i64>,
    pub reads: Reads,
    /// Whether it names companies or a location.
    placed: bool,
    /// What the index of the list tells without anything else, whose values are the first `index_params`.
    pub index: String,
    index_params: usize,
    /// What it asks of the last heartbeat beyond that.
    pub beat: BeatRule,
    /// The devices that hold the text of a search, where they are known and many.
    pub many: Option<FxHashSet<Uuid>>,
    /// What it asks of operating systems, where a pass had better look them up aside.
    pub systems: Option<Systems>,
    /// Where a pass over all devices is cut in two, where that is known already.
    pub middle: Option<Middle>,
}

/// Operating systems by their keys.
pub(super) struct Systems {
    /// As a list of SQL: they are words of a table of ours.
    pub list: String,
    /// All but these.
    pub others: bool,
}

/// What a condition looks at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// What the index of the list holds.
    Index,
    /// Rows that it names by id.
    Named,
    /// The rows themselves, for a text that very many hold.
    Found,
    /// The rows themselves.
    Rows,
}

impl Filter {
    /// `WHERE …`
    pub fn condition(&self, db: &DatabaseConnection) -> String {
        let owned = if self.reads == Reads::Named { OWNED_ROWS } else { OWNED };
        sql::typed(db, &format!("{owned} AND {}", self.sql))
    }

    /// Whether index, heartbeats and ids tell all.
    pub fn walks(&self, db: &DatabaseConnection) -> bool {
        let told = self.reads == Reads::Index || self.many.is_some() && self.reads == Reads::Found;
        told && db.get_database_backend() == DbBackend::Sqlite
    }

    /// Whether it names companies or a location, which have few devices.
    pub fn is_placed(&self) -> bool {
        self.placed
    }

    /// Whether one pass over the rows tells all.
    pub fn is_in_rows(&self, db: &DatabaseConnection) -> bool {
        let told = self.reads == Reads::Index && self.beat == BeatRule::default() && self.systems.is_none();
        told && !self.placed && db.get_database_backend() == DbBackend::Sqlite
    }

    /// The values of `index`.
    pub fn index_values(&self) -> &[Value] {
        &self.params.0[..self.index_params]
    }

    /// How SQLite is told to read the index of the list, unless a place narrows it better.
    pub fn index_hint(&self) -> &'static str {
        if self.placed { "" } else { "INDEXED BY devices_list" }
    }

    /// How SQLite is told to read all rows one after the other (rather than each through an index) when rows have to be read
    /// and no place narrows them.
    pub fn hint(&self, db: &DatabaseConnection, rows: bool) -> &'static str {
        let all = rows && !self.placed && self.reads != Reads::Named;
        if all && db.get_database_backend() == DbBackend::Sqlite { "NOT INDEXED" } else { "" }
    }
}

/// The condition of a list of a tenant's inventory; `now` is the present moment, `within` what limits it to some companies
/// (`Tenant::within`, of `d.company_id`).
pub(super) async fn filter(
    db: &DatabaseConnection,
    (tenant, now, within): (Uuid, i64, &str),
    query: &ListQuery,
    wanted: &DeviceFilter,
) -> Result<Filter> {
    let mut params = Params(vec![tenant.into()]);
    let p = &mut params;
    let owner = checked_owner(wanted.owner.as_deref())?;
    let contact: Option<ContactFilter> = given(wanted.last_contact.as_deref()).map(str::parse).transpose()?;
    let mut parts = vec![archived(wanted.archived).to_owned()];
    parts.extend(within.strip_prefix(" AND ").map(str::to_owned));
    let placed = places(db, wanted, p, &mut parts) || !within.is_empty();
    parts.extend(states(wanted, now, p));
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let supported = wanted.os_support.map(|s| Systems::of(s, now));
    // A place has few devices: each is looked up.
    let (aside, looked_up) = if sqlite && !placed { (supported, None) } else { (None, supported) };
    parts.extend(looked_up.map(|s| sql::typed(db, &s.sql())));
    parts.extend(source(wanted.source.as_deref(), p)?);
    parts.extend(owner.filter(|text| *text == NOBODY).map(|_| "NOT d.has_owner".to_owned()));
    let (index, index_params) = (parts.join(" AND "), p.0.len());
    parts.extend(aside.as_ref().map(|s| sql::typed(db, &s.sql())));
    let beat = BeatRule { offline: wanted.status.and_then(offline), contact: contact.map(|c| since(c, now)) };
    parts.extend(
        beat.offline.map(|o| if o { "b.offline IS NOT FALSE" } else { "b.offline = FALSE" }.to_owned()),
    );
    parts.extend(beat.contact.map(|c| last_contact(c, p)));
    let owner = owner.filter(|text| *text != NOBODY);
    parts.extend(owner.map(|text| owned_by(text, p)));
    let plain = parts.len() == 1;

    let mut texts = Texts::default();
    query.text()?.into_iter().for_each(|text| texts.search(text));
    owner.into_iter().for_each(|text| texts.hint(db, text));
    let middle = if sqlite && !texts.is_empty() { middle(db, tenant).await? } else { None };
    let found = search::found(db, (tenant, middle.as_ref()), wanted.archived, &texts, p).await?;
    let total = found.as_ref().and_then(|f| f.total).filter(|_| plain);
    let reads = match &found {
        Some(found) if found.named => Reads::Named,
        None if owner.is_none() => Reads::Index,
        Some(_) if owner.is_none() => Reads::Found,
        _ => Reads::Rows,
    };
    let mut many = None;
    if let Some(found) = found {
        parts.push(found.sql);
        many = found.many;
    }
    let by = query.sort.as_deref().unwrap_or_default().trim().trim_start_matches('-');
    let filters = beat != BeatRule::default();
    let beat_join = if filters || ["status", "last_contact"].contains(&by) {
        tenant_beats(db, tenant).await?
    } else {
        beats::join(db, "d.beat_no", "b", "")
    };
    let joins = if filters { beat_join.clone() } else { String::new() };
    let sql = parts.join(" AND ");
    let systems = aside;
    Ok(Filter {
        sql,
        joins,
        beat_join,
        params,
        total,
        reads,
        placed,
        index,
        index_params,
        beat,
        many,
        systems,
        middle,
    })
}

/// The join of heartbeats. PostgreSQL, which would read those of all tenants, is told between which pages a tenant's are: they
/// are given out in the order in which devices are first seen, so that most of what lies between them is the tenant's.
async fn tenant_beats(db: &DatabaseConnection, tenant: Uuid) -> Result<String> {
    #[derive(FromQueryResult)]
    struct Range {
        first: Option<i64>,
        last: Option<i64>,
    }
    if db.get_database_backend() == DbBackend::Sqlite {
        return Ok(beats::join(db, "d.beat_no", "b", ""));
    }
    let select = "SELECT min(beat_no) AS first, max(beat_no) AS last FROM devices WHERE tenant_id = $1";
    let range: Option<Range> = sql::one(db, select, vec![tenant.into()]).await?;
    let within = range.and_then(|r| r.first.zip(r.last)).map(|(first, last)| beats::between(first, last));
    Ok(beats::join(db, "d.beat_no", "b", &within.unwrap_or_default()))
}

fn archived(archived: Option<ArchivedFilter>) -> &'static str {
    match archived {
        None => "d.merged_into IS NULL AND d.archived_at IS NULL",
        Some(ArchivedFilter::Only) => "d.merged_into IS NULL AND d.archived_at IS NOT NULL",
        Some(ArchivedFilter::With) => "d.merged_into IS NULL",
    }
}

fn places(db: &DatabaseConnection, wanted: &DeviceFilter, p: &mut Params, parts: &mut Vec<String>) -> bool {
    let at = match wanted.location {
        Some(LocationFilter::At(id)) => Some(id),
        Some(LocationFilter::None) => {
            // Most devices of all tenants may be without one: the index of locations is no help.
            parts.push(sql::typed(db, "{no_index}d.location_id IS NULL"));
            None
        }
        None => None,
    };
    let ids = [
        ("d.company_id", wanted.company.map(|id| id.0)),
        ("d.location_id", at.map(|id| id.0)),
        ("d.device_type_id", wanted.device_type.map(|id| id.0)),
    ];
    for (column, id) in ids.into_iter().filter_map(|(column, id)| Some((column, id?))) {
        parts.push(format!("{column} = {}", p.push(id)));
    }
    wanted.company.is_some() || at.is_some()
}

fn states(wanted: &DeviceFilter, now: i64, p: &mut Params) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(wanted.status.map(|s| status(s).to_owned()));
    parts.extend(wanted.backup.map(|b| format!("d.backup_state = {}", p.push(b.as_str()))));
    parts.extend(wanted.os.map(|os| format!("d.os_family = {}", p.push(os.as_str()))));
    parts.extend(wanted.serial.map(|SerialFilter::None| "NOT d.has_serial".to_owned()));
    parts.extend(wanted.warranty.map(|w| match w {
        WarrantyFilter::None => "d.warranty_end IS NULL".to_owned(),
        // The last day counts, as in reports.
        WarrantyFilter::Ended => format!("d.warranty_end < {}", p.push(today(now))),
        WarrantyFilter::Ending => {
            let (from, to) = (p.push(today(now)), p.push(now + WARRANTY_ENDING_DAYS * DAY));
            format!("d.warranty_end >= {from} AND d.warranty_end < {to}")
        }
    }));
    parts
}

/// When the day began, in UTC.
const fn today(now: i64) -> i64 {
    now - now.rem_euclid(DAY)
}

fn status(status: DeviceStatus) -> &'static str {
    match status {
        DeviceStatus::Detached => "d.integration_id IS NULL",
        DeviceStatus::Missing => "d.integration_id IS NOT NULL AND d.missing",
        DeviceStatus::Online | DeviceStatus::Offline => "d.integration_id IS NOT NULL AND NOT d.missing",
    }
}

impl Systems {
    /// Those whose support stands so.
    fn of(support: SupportFilter, now: i64) -> Self {
        let keys: Vec<String> = os::keys(support, time(now).date_naive())
            .map(|key| format!("'{}'", key.replace('\'', "''")))
            .collect();
        Self { list: keys.join(", "), others: support == SupportFilter::Unknown }
    }

    /// By what the compliance checks found of a device.
    fn sql(&self) -> String {
        let not = if self.others { "NOT " } else { "" };
        format!(
            "{not}EXISTS (SELECT 1 FROM device_facts f WHERE {{no_index}}f.tenant_id = $1 AND f.device_id = d.id
                AND f.os IN ({}))",
            self.list
        )
    }
}

/// What a status asks of the heartbeat beyond that.
fn offline(status: DeviceStatus) -> Option<bool> {
    match status {
        DeviceStatus::Online => Some(false),
        DeviceStatus::Offline => Some(true),
        _ => None,
    }
}

fn since(filter: ContactFilter, now: i64) -> Contact {
    match filter {
        ContactFilter::Never => Contact::Never,
        ContactFilter::Older(days) => Contact::Before(now - i64::from(days) * DAY),
    }
}

fn last_contact(rule: Contact, p: &mut Params) -> String {
    match rule {
        Contact::Never => format!("{LAST_CONTACT} IS NULL"),
        Contact::Before(moment) => format!("{LAST_CONTACT} < {}", p.push(moment)),
    }
}

fn source(source: Option<&str>, p: &mut Params) -> Result<Option<String>> {
    match given(source) {
        Some(MANUAL) => Ok(Some("d.integration_id IS NULL".to_owned())),
        source => Ok(named_source(source)?.map(|id| format!("d.integration_id = {}", p.push(id.0)))),
    }
}

/// The word for devices that no integration feeds.
const MANUAL: &str = "manual";

/// The integration that a filter by source names.
pub(super) fn named_source(source: Option<&str>) -> Result<Option<IntegrationId>, UserError> {
    let wrong = |_| UserError::invalid("source", "Filter by an integration's id, or by \"manual\".");
    given(source).filter(|source| *source != MANUAL).map(|id| id.parse().map_err(wrong)).transpose()
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
    sql::any_holds(&["lower(d.owner_name)", "lower(d.owner_email)"], text, p)
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}
