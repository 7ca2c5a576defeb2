//! Devices as list rows.

use super::{
    filter::{Filter, Reads, filter, named_source},
    fragment::{BACKUP, LAST_CONTACT, LAST_USER, NAMES, OWNED_ROWS, STATUS, addresses, backup, beat, status},
    pass::{
        self, Paged,
        rows::{self, By as ByRows, Key},
        walk::{self, By},
    },
};
use crate::{
    Result, Tenant,
    clock::time,
    compliance,
    mappings::listing::{self, Sort},
    named::Kind,
    sql::{self, Params},
    tenant::Access,
};
use domain::{
    company::{CompanyRef, DeviceTypeRef, LocationRef},
    device::{DeviceFilter, DeviceRow},
    device_list::LocationFilter,
    page::{ListQuery, Listing, Window},
    serial,
};
use futures::try_join;
use sea_orm::{DatabaseConnection, DbBackend, FromQueryResult, Value};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    hostname: Option<String>,
    company_id: Uuid,
    company: String,
    location_id: Option<Uuid>,
    location: Option<String>,
    type_id: Uuid,
    type_name: String,
    status: String,
    os_name: Option<String>,
    os_version: Option<String>,
    serial: Option<String>,
    bios_serial: Option<String>,
    asset_tag: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    ip_addresses: String,
    mac_addresses: String,
    last_contact: Option<i64>,
    last_user: Option<String>,
    owner_name: Option<String>,
    backup: String,
    warranty_end: Option<i64>,
    source: Option<String>,
    integration_id: Option<Uuid>,
    created_at: i64,
    archived_at: Option<i64>,
}

/// By every [`domain::device_list::DeviceColumn`].
const SORTS: [Sort; 19] = [
    ("name", "lower(d.name) {dir}"),
    ("company", "c.name_key {dir}, lower(d.name)"),
    ("location", "l.name_key {dir} NULLS LAST, lower(d.name)"),
    ("type", "t.name_key {dir}, lower(d.name)"),
    (
        "status",
        "CASE {status} WHEN 'online' THEN 0 WHEN 'offline' THEN 1 WHEN 'missing' THEN 2 ELSE 3 END {dir}, lower(d.name)",
    ),
    ("os_name", "lower(d.os_name) {dir} NULLS LAST, lower(d.name)"),
    ("os_version", "d.os_version {dir} NULLS LAST, lower(d.name)"),
    ("serial", "d.serial {dir} NULLS LAST, lower(d.name)"),
    ("asset_tag", "lower(d.asset_tag) {dir} NULLS LAST, lower(d.name)"),
    ("model", "lower(d.manufacturer) {dir} NULLS LAST, lower(d.model) {dir} NULLS LAST, lower(d.name)"),
    ("ip", "NULLIF(d.ip_addresses, '[]') {dir} NULLS LAST, lower(d.name)"),
    ("mac", "NULLIF(d.mac_addresses, '[]') {dir} NULLS LAST, lower(d.name)"),
    ("last_contact", "{last_contact} {dir} NULLS LAST, lower(d.name)"),
    ("last_user", "lower(d.last_user) {dir} NULLS LAST, lower(d.name)"),
    ("owner", "lower(COALESCE(d.owner_name, d.owner_email)) {dir} NULLS LAST, lower(d.name)"),
    (
        "backup",
        "CASE d.backup_state WHEN 'protected' THEN 0 WHEN 'none' THEN 1 ELSE 2 END {dir}, lower(d.name)",
    ),
    ("warranty_end", "d.warranty_end {dir} NULLS LAST, lower(d.name)"),
    ("source", "i.name {dir} NULLS LAST, lower(d.name)"),
    ("created_at", "d.created_at {dir}, lower(d.name)"),
];

/// What is sorted by and stands in the rows alone.
const IN_ROWS: [&str; 8] =
    ["os_version", "asset_tag", "model", "ip", "mac", "last_user", "owner", "created_at"];

/// The statement of a list's ids in its order. It joins only what filter and order use: both engines leave the others out.
fn keys(db: &DatabaseConnection, query: &ListQuery, found: &Filter, order: &str) -> String {
    let hint = found.hint(db, in_rows(query, found.reads));
    let beat = &found.beat_join;
    format!("SELECT d.id FROM devices d {hint} {NAMES} {beat} {} {order}", found.condition(db))
}

/// Whether the rows are read for the order that a query asks for, or for a condition that looks at them. By name they come out
/// of the index, and few of them have to be looked at for the first that satisfy it.
fn in_rows(query: &ListQuery, reads: Reads) -> bool {
    let by = query.sort.as_deref().unwrap_or_default().trim().trim_start_matches('-');
    IN_ROWS.contains(&by) || matches!(reads, Reads::Rows | Reads::Found) && !matches!(by, "" | "name")
}

/// What a row shows.
const COLUMNS: &str = "d.id, d.name, d.hostname, d.company_id, c.name AS company, d.location_id, l.name AS location,
    d.device_type_id AS type_id, t.name AS type_name, {status} AS status, d.os_name, d.os_version, d.serial, d.bios_serial,
    d.asset_tag, d.manufacturer, d.model, d.ip_addresses, d.mac_addresses, {last_contact} AS last_contact,
    {last_user} AS last_user, COALESCE(d.owner_name, d.owner_email) AS owner_name, {backup} AS backup, d.warranty_end,
    i.name AS source, i.id AS integration_id, d.created_at, d.archived_at";

/// Fills in what list and detail share.
fn filled(sql: &str) -> String {
    sql.replace("{status}", STATUS)
        .replace("{last_contact}", LAST_CONTACT)
        .replace("{last_user}", LAST_USER)
        .replace("{backup}", BACKUP)
}

/// A list in statements.
pub(super) struct Asked {
    /// How many devices there are, if that is known already.
    pub total: Option<i64>,
    pub count: String,
    pub page: String,
    pub values: Vec<Value>,
    window: Window,
}

/// How one pass finds a page.
pub(super) enum Pass {
    /// Along the index of the list.
    Index(By),
    /// Through the rows.
    Rows(ByRows),
    None,
}

/// The values of an order of [`SORTS`], without the name at its end.
fn sorted_by(order: &str) -> Vec<Key> {
    let mut parts: Vec<&str> = order.split("{dir}").collect();
    parts.pop();
    let value = |part: &&str| Key::of(part.trim_start_matches(" NULLS LAST").trim_start_matches(", ").trim());
    parts.iter().map(value).collect()
}

/// Ids of devices.
pub(super) struct Keys(pub Vec<Uuid>);

impl<A: Access> Tenant<A> {
    /// The inventory; sorted by any of its columns. The search looks at all that names a device, at its addresses, its owner
    /// and its last user.
    pub async fn devices(&self, query: ListQuery, wanted: DeviceFilter) -> Result<Listing<DeviceRow>> {
        let found = self.device_filter(&query, &wanted).await?;
        let window = query.window()?;
        let Paged { ids, total } = match self.passed(&query, &found)? {
            Pass::Index(by) => walk::walk(self.db(), self.id(), found, by, window).await?,
            Pass::Rows(by) => rows::rows(self.db(), &found, by, window).await?,
            Pass::None => return self.devices_asked(&query, found).await,
        };
        Ok(Listing::new(self.device_rows(&ids).await?, total, window))
    }

    /// The same by statements.
    async fn devices_asked(&self, query: &ListQuery, found: Filter) -> Result<Listing<DeviceRow>> {
        let Asked { total, count, page, values, window } = self.asked(query, found)?;
        let total = async {
            match total {
                Some(total) => Ok(total),
                None => sql::count(self.db(), &count, values.clone()).await,
            }
        };
        let (total, rows) = try_join!(total, sql::all::<Row>(self.db(), &page, values.clone()))?;
        Ok(Listing::new(rows.into_iter().map(view).collect::<Result<_>>()?, total, window))
    }

    /// The ids of a whole list, in its order.
    pub(super) async fn device_keys(&self, query: &ListQuery, wanted: &DeviceFilter) -> Result<Keys> {
        #[derive(FromQueryResult)]
        struct Key {
            id: Uuid,
        }
        let order = filled(&listing::order_by(query, &SORTS, "d.id")?);
        let found = self.device_filter(query, wanted).await?;
        let (select, values) = (keys(self.db(), query, &found, &order), found.params.0);
        if self.db().get_database_backend() == DbBackend::Sqlite {
            return Ok(Keys(pass::ids(self.db(), &select, &values).await?));
        }
        let keys: Vec<Key> = sql::all(self.db(), &select, values).await?;
        Ok(Keys(keys.into_iter().map(|key| key.id).collect()))
    }

    /// The rows of these ids, in their order, as far as they are still there.
    pub(super) async fn device_rows(&self, ids: &[Uuid]) -> Result<Vec<DeviceRow>> {
        let mut p = Params(vec![self.id().into()]);
        let list = p.list(ids.iter().copied());
        let (columns, owned) = (filled(COLUMNS), sql::typed(self.db(), OWNED_ROWS));
        let beat = beat(self.db());
        let within = self.within("d.company_id");
        let select =
            format!("SELECT {columns} FROM devices d {NAMES} {beat} {owned} AND d.id IN ({list}){within}");
        let rows: Vec<Row> = sql::all(self.db(), &select, p.0).await?;
        let mut by_id: HashMap<Uuid, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        ids.iter().filter_map(|id| by_id.remove(id)).map(view).collect()
    }

    /// What a list asks for, and whatever has to be known before it can be asked.
    pub(super) async fn device_filter(&self, query: &ListQuery, wanted: &DeviceFilter) -> Result<Filter> {
        self.check_places(wanted).await?;
        if wanted.os_support.is_some() {
            compliance::fresh(self).await?;
        }
        let within = self.within("d.company_id");
        filter(self.db(), (self.id(), self.now(), &within), query, wanted).await
    }

    async fn check_places(&self, wanted: &DeviceFilter) -> Result<()> {
        let location = match wanted.location {
            Some(LocationFilter::At(id)) => Some(id.0),
            _ => None,
        };
        let source = named_source(wanted.source.as_deref())?.map(|id| id.0);
        for (field, named) in [
            ("company", (Kind::Company, wanted.company.map(|id| id.0))),
            ("location", (Kind::Location, location)),
            ("device_type", (Kind::DeviceType, wanted.device_type.map(|id| id.0))),
            ("source", (Kind::Integration, source)),
        ] {
            self.check_named(self.db(), field, named).await?;
        }
        Ok(())
    }

    /// The pass that finds the page sooner than statements.
    pub(super) fn passed(&self, query: &ListQuery, found: &Filter) -> Result<Pass> {
        let names = SORTS.map(|(name, _)| name);
        let (field, direction) = query.order(&names)?;
        if IN_ROWS.contains(&field) && found.is_in_rows(self.db()) {
            let by = SORTS.iter().find(|(name, _)| *name == field).map_or("", |(_, by)| by);
            return Ok(Pass::Rows(ByRows { keys: sorted_by(by), direction }));
        }
        let by = By::of(field, direction).filter(|by| found.walks(self.db()) && by.pays(found));
        Ok(by.map_or(Pass::None, Pass::Index))
    }

    pub(super) fn asked(&self, query: &ListQuery, found: Filter) -> Result<Asked> {
        let window = query.window()?;
        let order = filled(&listing::order_by(query, &SORTS, "d.id")?);
        let (joins, condition) = (&found.joins, found.condition(self.db()));
        let hint = found.hint(self.db(), matches!(found.reads, Reads::Rows | Reads::Found));
        let count = format!("SELECT count(*) AS n FROM devices d {hint} {joins} {condition}");
        let (columns, owned) = (filled(COLUMNS), sql::typed(self.db(), OWNED_ROWS));
        let (keys, beat) = (keys(self.db(), query, &found, &order), beat(self.db()));
        let (size, offset) = (window.size, window.offset());
        let page = format!(
            "SELECT {columns} FROM devices d {NAMES} {beat} {owned} AND d.id IN ({keys} LIMIT {size} OFFSET {offset}) {order}"
        );
        Ok(Asked { total: found.total, count, page, values: found.params.0, window })
    }
}

fn view(row: Row) -> Result<DeviceRow> {
    Ok(DeviceRow {
        id: row.id.into(),
        name: row.name,
        hostname: row.hostname,
        company: CompanyRef { id: row.company_id.into(), name: row.company },
        location: row.location_id.zip(row.location).map(|(id, name)| LocationRef { id: id.into(), name }),
        device_type: DeviceTypeRef { id: row.type_id.into(), name: row.type_name },
        status: status(&row.status)?,
        os_name: row.os_name,
        os_version: row.os_version,
        asset_tag: row.asset_tag,
        manufacturer: row.manufacturer,
        model: row.model,
        mac: addresses(&row.mac_addresses)?.into_iter().next(),
        warranty_end: row.warranty_end.map(time),
        created_at: time(row.created_at),
        archived: row.archived_at.is_some(),
        serial: serial::best(row.serial.as_deref(), row.bios_serial.as_deref()).map(str::to_owned),
        ip: addresses(&row.ip_addresses)?.into_iter().next(),
        last_contact: row.last_contact.map(time),
        last_user: row.last_user,
        owner_name: row.owner_name,
        backup: backup(&row.backup)?,
        source: row.source,
        integration_id: row.integration_id.map(Into::into),
    })
}
