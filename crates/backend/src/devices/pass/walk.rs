//! One pass over SQLite's index of the list (`devices_list`) that filters, counts and finds a page at once.
//!
//! What a list asks of heartbeats, of names (companies, locations, types, integrations) or of very many ids costs SQLite a
//! look-up for each device; here each of them is read once, and compared while the index goes by in the list's order.

use super::{
    Id, Paged,
    aside::{self, Aside, Wanted},
    id,
    middle::{Middle, middle},
    ranks,
};
use crate::{Error, Result, bulk, db, devices::filter::Filter};
use domain::{
    device_list::DeviceColumn,
    page::{Direction, Window},
};
use futures::future::try_join_all;
use rustc_hash::FxHashMap;
use sea_orm::DatabaseConnection;
use sqlite_direct::{Cell, Direct, Row};
use std::sync::Arc;
use uuid::Uuid;

/// What a condition asks of a device's last heartbeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BeatRule {
    /// Online (`false`) or not.
    pub offline: Option<bool>,
    pub contact: Option<Contact>,
}

/// When a device was last in contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    Never,
    /// Before that moment, in microseconds since 1970.
    Before(i64),
}

/// What a list is sorted by.
#[derive(Clone, Copy)]
pub(crate) struct By {
    column: DeviceColumn,
    descending: bool,
}

impl By {
    /// `None` for a column that stands in the rows alone, or is sorted by as text.
    pub fn of(field: &str, direction: Direction) -> Option<Self> {
        use DeviceColumn::{Backup, Company, LastContact, Location, Name, Source, Status, Type, WarrantyEnd};
        let column: DeviceColumn = field.parse().ok()?;
        let here = [Name, Company, Location, Type, Source, Status, LastContact, Backup, WarrantyEnd];
        here.contains(&column).then_some(Self { column, descending: direction == Direction::Descending })
    }

    /// Whether a list is found sooner in one pass than by statements: where heartbeats or names tell the order or the rows.
    pub fn pays(self, found: &Filter) -> bool {
        use DeviceColumn::{Backup, Name, WarrantyEnd};
        let looks_up = !matches!(self.column, Name | Backup | WarrantyEnd);
        looks_up || found.beat != BeatRule::default() || found.many.is_some() || found.systems.is_some()
    }

    /// Whether the pass goes from the last name to the first.
    fn is_backwards(self) -> bool {
        self.descending && self.column == DeviceColumn::Name
    }

    /// The column of the index that a device's place is told from.
    fn source(self) -> &'static str {
        match self.column {
            DeviceColumn::Company => "d.company_id",
            DeviceColumn::Location => "d.location_id",
            DeviceColumn::Type => "d.device_type_id",
            DeviceColumn::Source => "d.integration_id",
            DeviceColumn::Backup => {
                "CASE d.backup_state WHEN 'protected' THEN 0 WHEN 'none' THEN 1 ELSE 2 END"
            }
            DeviceColumn::WarrantyEnd => "d.warranty_end",
            _ => "0",
        }
    }

    /// Ids and what they are sorted by.
    fn names(self) -> Option<&'static str> {
        Some(match self.column {
            DeviceColumn::Company => {
                "SELECT id, name_key FROM companies WHERE tenant_id = ? ORDER BY name_key"
            }
            DeviceColumn::Location => {
                "SELECT id, name_key FROM locations WHERE tenant_id = ? ORDER BY name_key"
            }
            DeviceColumn::Type => {
                "SELECT id, name_key FROM device_types WHERE tenant_id = ? ORDER BY name_key"
            }
            DeviceColumn::Source => "SELECT id, name FROM integrations WHERE tenant_id = ? ORDER BY name",
            _ => return None,
        })
    }
}

/// The page `window` of what `found` describes.
pub(crate) async fn walk(
    db: &DatabaseConnection,
    tenant: Uuid,
    found: Filter,
    by: By,
    window: Window,
) -> Result<Paged> {
    let by_beats = matches!(by.column, DeviceColumn::Status | DeviceColumn::LastContact);
    let systems = found.systems.as_ref().map(|s| s.list.clone());
    let wanted = Wanted { beats: by_beats || found.beat != BeatRule::default(), systems };
    let begun = aside::begin(db, tenant, wanted);
    let cut = match &found.middle {
        None if !found.is_placed() => middle(db, tenant).await?,
        known => known.clone(),
    };
    let found = Arc::new(found);
    let parts = Part::all(cut.filter(|_| !found.is_placed()), by).into_iter().map(|part| {
        let (db, found) = (db.clone(), found.clone());
        tokio::spawn(
            async move { db::direct_apart(&db, |direct| pass(direct, tenant, &found, by, &part)).await },
        )
    });
    let passed: Result<Vec<Vec<Passed>>> =
        try_join_all(parts).await.map_err(Error::internal)?.into_iter().collect();
    let aside = aside::end(begun).await?;
    Ok(page(&passed?, &aside, &found, by, window))
}

/// What one connection passes.
#[derive(Default)]
pub(crate) struct Part {
    /// As SQL, ` AND …`, with `{mark}` for the name.
    condition: &'static str,
    name: Option<String>,
}

impl Part {
    /// All of them in the order of the list, cut at `middle` if there is one.
    fn all(middle: Option<Middle>, by: By) -> Vec<Self> {
        let Some(Middle { name, .. }) = middle else { return vec![Self::default()] };
        let half = |condition| Self { condition, name: Some(name.clone()) };
        let mut halves = vec![half(" AND lower(d.name) < ${mark}"), half(" AND lower(d.name) >= ${mark}")];
        if by.is_backwards() {
            halves.reverse();
        }
        halves
    }
}

/// What has to be known of each device besides its id: each column that is read costs a twentieth of the pass.
#[derive(Clone, Copy)]
struct Needs {
    /// What it is sorted by, where a column tells.
    place: bool,
    beat: bool,
    /// Whether something feeds it, and whether it is missing.
    state: bool,
    contact: bool,
}

impl Needs {
    fn of(found: &Filter, by: By) -> Self {
        use DeviceColumn::{LastContact, Name, Status};
        let (status, last_contact) = (by.column == Status, by.column == LastContact);
        Self {
            place: !matches!(by.column, Name | Status | LastContact),
            beat: status || last_contact || found.beat != BeatRule::default(),
            state: status,
            contact: last_contact || found.beat.contact.is_some(),
        }
    }

    /// The columns, in the order in which [`Passed::read`] takes them.
    fn columns(self, by: By) -> String {
        let mut all = vec!["d.id"];
        all.extend(self.place.then(|| by.source()));
        all.extend(self.beat.then_some("d.beat_no"));
        if self.state {
            all.extend(["d.integration_id IS NULL", "d.missing"]);
        }
        all.extend(self.contact.then_some("d.last_contact"));
        all.join(", ")
    }
}

/// What a part of the pass reads, in the order of names; the values are [`Filter::index_values`], then the part's name.
pub(crate) fn statement(found: &Filter, by: By, part: &Part) -> String {
    let direction = if by.is_backwards() { "DESC" } else { "ASC" };
    let mark = found.index_values().len() + 1;
    format!(
        "SELECT {} FROM devices d {}
         WHERE d.tenant_id = $1 AND {}{} ORDER BY lower(d.name) {direction}, d.id",
        Needs::of(found, by).columns(by),
        found.index_hint(),
        found.index,
        part.condition.replace("{mark}", &mark.to_string())
    )
}

/// A device that went by.
struct Passed {
    id: Id,
    /// What it is sorted by, as far as the index tells.
    place: Option<i64>,
    beat_no: Option<i64>,
    last_contact: Option<i64>,
    detached: bool,
    missing: bool,
}

/// Devices in the order of names.
fn pass(direct: &Direct<'_>, tenant: Uuid, found: &Filter, by: By, part: &Part) -> Result<Vec<Passed>> {
    let ranks = match by.names() {
        Some(select) => ranks(direct, tenant, select)?,
        None => FxHashMap::default(),
    };
    let mut passed = Vec::new();
    let name = part.name.as_deref().map(Cell::Text);
    let values: Vec<Cell<'_>> = found.index_values().iter().map(bulk::cell).chain(name).collect();
    let needs = Needs::of(found, by);
    direct.select(&statement(found, by, part).replace('$', "?"), &values, |row| {
        let Some(id) = id(&row, 0) else { return };
        if found.many.as_ref().is_none_or(|many| many.contains(&Uuid::from_bytes(id))) {
            passed.push(Passed::read(id, &row, needs, &ranks));
        }
    })?;
    Ok(passed)
}

impl Passed {
    fn read(id: Id, row: &Row<'_>, needs: Needs, ranks: &FxHashMap<Id, i64>) -> Self {
        let mut column = 0;
        let mut next = |needed: bool| {
            column += usize::from(needed);
            if needed { row.cell(column) } else { Cell::Null }
        };
        let number = |cell: Cell<'_>| match cell {
            Cell::Int(number) => Some(number),
            _ => None,
        };
        let place = match next(needs.place) {
            Cell::Bytes(of) => ranks.get(of).copied(),
            other => number(other),
        };
        let beat_no = number(next(needs.beat));
        let [detached, missing] = [next(needs.state), next(needs.state)].map(|cell| cell == Cell::Int(1));
        Self { id, place, beat_no, last_contact: number(next(needs.contact)), detached, missing }
    }

    /// What it is sorted by, if it fits what is asked of heartbeats and operating systems.
    fn place(&self, aside: &Aside, found: &Filter, by: By) -> Option<i64> {
        let beat = self.beat_no.and_then(|no| aside.beats.of(no));
        let contact = beat.and_then(|b| b.last_contact).or(self.last_contact);
        let online = beat.is_some_and(|b| b.offline == Some(false));
        let fits = found.beat.offline.is_none_or(|offline| offline != online)
            && found.beat.contact.is_none_or(|rule| match rule {
                Contact::Never => contact.is_none(),
                Contact::Before(moment) => contact.is_some_and(|c| c < moment),
            })
            && found
                .systems
                .as_ref()
                .zip(aside.of_systems.as_ref())
                .is_none_or(|(systems, of)| of.contains(&self.id) != systems.others);
        let place = match by.column {
            DeviceColumn::Name => Some(0),
            DeviceColumn::LastContact => contact,
            DeviceColumn::Status => Some(match (self.detached, self.missing) {
                (true, _) => 3,
                (_, true) => 2,
                _ => i64::from(!online),
            }),
            _ => self.place,
        };
        // What is unknown comes last in both directions.
        fits.then(|| place.map_or(i64::MAX, |p| if by.descending { -p } else { p }))
    }
}

fn page(passed: &[Vec<Passed>], aside: &Aside, found: &Filter, by: By, window: Window) -> Paged {
    // The second number keeps names in their order where the rest is equal.
    let fitting = passed.iter().flatten().filter_map(|p| Some((p.place(aside, found, by)?, p.id)));
    let mut rows: Vec<(i64, usize, Id)> =
        fitting.enumerate().map(|(n, (place, id))| (place, n, id)).collect();
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let from = usize::try_from(window.offset()).unwrap_or(usize::MAX);
    let end = from.saturating_add(usize::try_from(window.size).unwrap_or(usize::MAX));
    if by.column != DeviceColumn::Name {
        if end < rows.len() {
            rows.select_nth_unstable(end);
            rows.truncate(end);
        }
        rows.sort_unstable();
    }
    let ids = rows.iter().take(end).skip(from).map(|(.., id)| Uuid::from_bytes(*id)).collect();
    Paged { ids, total }
}
