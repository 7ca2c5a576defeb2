//! One pass over SQLite's index of the list (`devices_list`) that filters, counts and finds a page at once.
//!
//! What a list asks of heartbeats, of names (companies, locations, types, integrations) or of very many ids costs SQLite a
//! look-up for each device; here each of them is read once, and compared while the index goes by in the list's order.

use super::filter::Filter;
use crate::{Result, bulk, db};
use domain::{
    device_list::DeviceColumn,
    page::{Direction, Window},
};
use rustc_hash::{FxHashMap, FxHashSet};
use sea_orm::DatabaseConnection;
use sqlite_direct::{Cell, Direct, Row};
use uuid::Uuid;

/// What a condition asks of a device's last heartbeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BeatRule {
    /// Online (`false`) or not.
    pub offline: Option<bool>,
    pub contact: Option<Contact>,
}

/// When a device was last in contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    Never,
    /// Before that moment, in microseconds since 1970.
    Before(i64),
}

/// A page's ids in their order, and how many devices there are in all.
pub(super) struct Walked {
    pub ids: Vec<Uuid>,
    pub total: i64,
}

/// What a list is sorted by.
#[derive(Clone, Copy)]
pub(super) struct By {
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
        looks_up || found.beat != BeatRule::default() || found.many.is_some()
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
pub(super) async fn walk(
    db: &DatabaseConnection,
    tenant: Uuid,
    found: &Filter,
    by: By,
    window: Window,
) -> Result<Walked> {
    db::direct_apart(db, |direct| {
        let mut pass = Pass {
            ranks: ranks(direct, tenant, by)?,
            beats: beats(direct, found, by)?,
            rule: found.beat,
            many: found.many.as_ref(),
            by,
            rows: Vec::new(),
        };
        let values: Vec<Cell<'_>> = found.index_values().iter().map(bulk::cell).collect();
        direct.select(&statement(found, by).replace('$', "?"), &values, |row| pass.take(&row))?;
        Ok(pass.page(window))
    })
    .await
}

/// What the pass reads, in the order of names; the values are [`Filter::index_values`].
pub(super) fn statement(found: &Filter, by: By) -> String {
    let direction = if by.descending && by.column == DeviceColumn::Name { "DESC" } else { "ASC" };
    format!(
        "SELECT d.id, {}, d.beat_no, d.integration_id IS NULL, d.missing, d.last_contact FROM devices d {}
         WHERE d.tenant_id = $1 AND {} ORDER BY lower(d.name) {direction}, d.id",
        by.source(),
        found.index_hint(),
        found.index
    )
}

struct Pass<'a> {
    /// Places in the order of names, by id.
    ranks: FxHashMap<[u8; 16], i64>,
    beats: Beats,
    rule: BeatRule,
    many: Option<&'a FxHashSet<Uuid>>,
    by: By,
    /// What a device is sorted by, and its id, in the order of names.
    rows: Vec<(i64, [u8; 16])>,
}

impl Pass<'_> {
    fn take(&mut self, row: &Row<'_>) {
        let Some(id) = row.bytes(0).and_then(|id| <[u8; 16]>::try_from(id).ok()) else { return };
        if self.many.is_some_and(|many| !many.contains(&Uuid::from_bytes(id))) {
            return;
        }
        let beat = row.int(2).and_then(|no| self.beats.of(no));
        let contact = beat.and_then(|b| b.last_contact).or_else(|| row.int(5));
        let online = beat.is_some_and(|b| b.offline == Some(false));
        let fits = self.rule.offline.is_none_or(|offline| offline != online)
            && self.rule.contact.is_none_or(|rule| match rule {
                Contact::Never => contact.is_none(),
                Contact::Before(moment) => contact.is_some_and(|c| c < moment),
            });
        if fits {
            let place = match self.by.column {
                DeviceColumn::Name => Some(0),
                DeviceColumn::LastContact => contact,
                DeviceColumn::Status => Some(match (row.int(3), row.int(4)) {
                    (Some(1), _) => 3,
                    (_, Some(1)) => 2,
                    _ => i64::from(!online),
                }),
                DeviceColumn::Backup | DeviceColumn::WarrantyEnd => row.int(1),
                _ => row.bytes(1).and_then(|id| self.ranks.get(id).copied()),
            };
            // What is unknown comes last in both directions.
            let place = place.map_or(i64::MAX, |p| if self.by.descending { -p } else { p });
            self.rows.push((place, id));
        }
    }

    fn page(mut self, window: Window) -> Walked {
        if self.by.column != DeviceColumn::Name {
            // Stable: names in their order where the rest is equal.
            self.rows.sort_by_key(|(place, _)| *place);
        }
        let from = usize::try_from(window.offset()).unwrap_or(usize::MAX);
        let size = usize::try_from(window.size).unwrap_or(usize::MAX);
        let ids = self.rows.iter().skip(from).take(size).map(|(_, id)| Uuid::from_bytes(*id)).collect();
        Walked { ids, total: i64::try_from(self.rows.len()).unwrap_or(i64::MAX) }
    }
}

/// Equal names have equal places.
fn ranks(direct: &Direct<'_>, tenant: Uuid, by: By) -> Result<FxHashMap<[u8; 16], i64>> {
    let (mut ranks, mut last, mut rank) = (FxHashMap::default(), Vec::new(), 0);
    let Some(select) = by.names() else { return Ok(ranks) };
    direct.select(select, &[Cell::Bytes(tenant.as_bytes())], |row| {
        let name = row.bytes(1).unwrap_or_default();
        if name != last.as_slice() {
            rank += 1;
            last = name.to_vec();
        }
        ranks.extend(row.bytes(0).and_then(|id| Some((<[u8; 16]>::try_from(id).ok()?, rank))));
    })?;
    Ok(ranks)
}

#[derive(Clone, Copy)]
struct Beat {
    offline: Option<bool>,
    last_contact: Option<i64>,
}

/// Heartbeats by their number. Hardly a number is left out: a place is told from the first one.
#[derive(Default)]
struct Beats(Vec<(i64, Beat)>);

impl Beats {
    fn of(&self, no: i64) -> Option<Beat> {
        let guess = self.0.first().and_then(|(first, _)| usize::try_from(no - first).ok())?;
        match self.0.get(guess) {
            Some((there, beat)) if *there == no => Some(*beat),
            _ => self.0.binary_search_by_key(&no, |(no, _)| *no).ok().map(|at| self.0[at].1),
        }
    }
}

fn beats(direct: &Direct<'_>, found: &Filter, by: By) -> Result<Beats> {
    let mut beats = Beats::default();
    let sorted_by = matches!(by.column, DeviceColumn::Status | DeviceColumn::LastContact);
    if sorted_by || found.beat != BeatRule::default() {
        let select = "SELECT no, offline, last_contact FROM remote_device_beats ORDER BY no";
        direct.select(select, &[], |row| {
            let beat = Beat { offline: row.int(1).map(|o| o != 0), last_contact: row.int(2) };
            beats.0.extend(row.int(0).map(|no| (no, beat)));
        })?;
    }
    Ok(beats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heartbeats_are_found_past_gaps() {
        let beat = |n| Beat { offline: None, last_contact: Some(n) };
        let beats = Beats([5, 6, 9, 40].map(|n| (n, beat(n))).to_vec());
        for n in [5, 6, 9, 40] {
            assert_eq!(beats.of(n).and_then(|b| b.last_contact), Some(n));
        }
        for n in [-3, 0, 4, 7, 8, 41] {
            assert!(beats.of(n).is_none(), "{n}");
        }
    }
}
