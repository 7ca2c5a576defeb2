//! What people ask lists for.

use crate::Outcome;
use backend::{Tenant, tenant::Admin};
use domain::{
    device::{BackupState, DeviceDetail, DeviceFilter, DeviceStatus},
    device_list::{ArchivedFilter, DeviceColumn, SerialFilter, SupportFilter, WarrantyFilter},
    ids::CompanyId,
    os::OsFamily,
    page::ListQuery,
};

/// Words and ids that stand in the inventory.
pub struct Words {
    devices: Vec<DeviceDetail>,
    total: i64,
}

impl Words {
    /// Reads some devices from all over the list.
    pub async fn read(tenant: &Tenant<Admin>) -> Outcome<Self> {
        let page = |page| ListQuery { page: Some(page), page_size: Some(1), ..ListQuery::default() };
        let total = tenant.devices(page(1), DeviceFilter::default()).await?.total;
        let mut devices = Vec::new();
        for n in 0..50 {
            let at = u32::try_from(total * (2 * n + 1) / 100)?.max(1);
            for row in tenant.devices(page(at), DeviceFilter::default()).await?.items {
                devices.push(tenant.device(row.id).await?);
            }
        }
        Ok(Self { devices, total })
    }

    fn device(&self, round: u32) -> &DeviceDetail {
        &self.devices[round as usize % self.devices.len()]
    }

    /// The company of a device.
    pub fn company(&self, round: u32) -> CompanyId {
        self.device(round).company.id
    }

    /// Part of a device's name.
    pub fn name(&self, round: u32) -> String {
        self.device(round).facts.name.chars().skip(2).take(5).collect()
    }

    /// What is typed to search for that, after the device of a round.
    pub fn search(&self, round: u32, what: &str) -> Option<String> {
        let (_, typed) = SEARCHES.iter().find(|(name, _)| *name == what)?;
        self.typed(round, *typed)
    }

    /// What `typed` makes of the first device, from this round's on, that has something to type.
    fn typed(&self, round: u32, typed: Typed) -> Option<String> {
        let rounds = (round..).take(self.devices.len());
        rounds.filter_map(|n| typed(self.device(n))).find(|text| !text.trim().is_empty())
    }
}

/// What a figure belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Pages of the list, sorted and filtered.
    Page,
    /// Far down a list that is sorted by something else than the name.
    Deep,
    /// With a search.
    Search,
    /// A report, or the devices behind one of its numbers.
    Report,
    /// "Why?"
    Why,
    /// A whole page of the browser.
    Html,
}

/// Makes a question of a round.
type Ask = dyn Fn(&Words, u32) -> (ListQuery, DeviceFilter);

/// One kind of question about the list.
pub struct Kind {
    pub name: String,
    pub group: Group,
    ask: Box<Ask>,
}

impl Kind {
    /// The question of a round.
    pub fn ask(&self, words: &Words, round: u32) -> (ListQuery, DeviceFilter) {
        (self.ask)(words, round)
    }
}

fn kind(
    name: impl Into<String>,
    group: Group,
    ask: impl Fn(&Words, u32) -> (ListQuery, DeviceFilter) + 'static,
) -> Kind {
    Kind { name: name.into(), group, ask: Box::new(ask) }
}

/// All kinds.
pub fn kinds() -> Vec<Kind> {
    [sorts(), pages(), filters(), searches(), filtered_searches()].into_iter().flatten().collect()
}

fn sorts() -> Vec<Kind> {
    let sort = |column: &DeviceColumn| {
        let column = column.as_str();
        kind(format!("sort {column}"), Group::Page, move |_, round| {
            let minus = if round % 2 == 1 { "-" } else { "" };
            let page = Some(1 + round % 3);
            (
                ListQuery { sort: Some(format!("{minus}{column}")), page, ..ListQuery::default() },
                DeviceFilter::default(),
            )
        })
    };
    DeviceColumn::ALL.iter().map(sort).collect()
}

fn pages() -> Vec<Kind> {
    let deep = |sort: &'static str, part: i64| {
        let group = if sort == "name" { Group::Page } else { Group::Deep };
        kind(format!("{part} % down by {sort}"), group, move |words, round| {
            let pages = (words.total / 50).max(1);
            let page = u32::try_from((pages * part / 100 - i64::from(round % 5)).max(1)).ok();
            (ListQuery { page, sort: Some(sort.into()), ..ListQuery::default() }, DeviceFilter::default())
        })
    };
    vec![deep("name", 50), deep("name", 100), deep("company", 50), deep("-last_contact", 50)]
}

/// A filter, after the words and the round.
type Narrow = fn(&Words, u32) -> DeviceFilter;

const FILTERS: [(&str, Narrow); 18] = [
    ("company", |w, r| DeviceFilter { company: Some(w.device(r).company.id), ..all() }),
    ("company and type", |w, r| DeviceFilter {
        company: Some(w.device(r).company.id),
        device_type: Some(w.device(r).device_type.id),
        ..all()
    }),
    ("type", |w, r| DeviceFilter { device_type: Some(w.device(r).device_type.id), ..all() }),
    ("online", |_, _| DeviceFilter { status: Some(DeviceStatus::Online), ..all() }),
    ("offline", |_, _| DeviceFilter { status: Some(DeviceStatus::Offline), ..all() }),
    ("missing", |_, _| DeviceFilter { status: Some(DeviceStatus::Missing), ..all() }),
    ("not synced", |_, _| DeviceFilter { status: Some(DeviceStatus::Detached), ..all() }),
    ("backup", |_, r| DeviceFilter { backup: Some(pick(BackupState::ALL, r)), ..all() }),
    ("os family", |_, r| DeviceFilter { os: Some(pick(OsFamily::ALL, r)), ..all() }),
    ("owner", |w, r| DeviceFilter { owner: w.typed(r, |d| d.facts.owner_name.clone()), ..all() }),
    ("no owner", |_, _| DeviceFilter { owner: Some("none".into()), ..all() }),
    ("last contact", |_, r| DeviceFilter { last_contact: Some((1 + r * 10).to_string()), ..all() }),
    ("never in contact", |_, _| DeviceFilter { last_contact: Some("never".into()), ..all() }),
    ("warranty", |_, r| DeviceFilter { warranty: Some(pick(WarrantyFilter::ALL, r)), ..all() }),
    ("no serial", |_, _| DeviceFilter { serial: Some(SerialFilter::None), ..all() }),
    ("archived", |_, r| DeviceFilter { archived: Some(pick(ArchivedFilter::ALL, r)), ..all() }),
    ("system support", |_, r| DeviceFilter { os_support: Some(pick(SupportFilter::ALL, r)), ..all() }),
    ("source", |w, r| DeviceFilter {
        source: Some(w.device(r).source.as_ref().map_or("manual".into(), |s| s.integration_id.to_string())),
        ..all()
    }),
];

fn all() -> DeviceFilter {
    DeviceFilter::default()
}

fn pick<T: Copy>(values: &[T], round: u32) -> T {
    values[round as usize % values.len()]
}

fn filters() -> Vec<Kind> {
    let by_name = FILTERS.iter().map(|(name, narrow)| {
        kind(format!("filter {name}"), Group::Page, move |words, round| {
            (ListQuery::default(), narrow(words, round))
        })
    });
    let two = [
        ("offline, by last contact", "last_contact", 4),
        ("company, by status", "status", 0),
        ("type, by company", "company", 2),
    ];
    let sorted = two.into_iter().map(|(name, sort, filter)| {
        kind(format!("filter {name}"), Group::Page, move |words, round| {
            (ListQuery { sort: Some(sort.into()), ..ListQuery::default() }, FILTERS[filter].1(words, round))
        })
    });
    by_name.chain(sorted).collect()
}

/// What is typed, after a device.
type Typed = fn(&DeviceDetail) -> Option<String>;

const SEARCHES: [(&str, Typed); 13] = [
    ("name", |d| Some(d.facts.name.clone())),
    ("part of a name", |d| d.facts.name.get(2..7).map(str::to_owned)),
    ("serial", |d| d.facts.serial.clone()),
    ("mac", |d| d.facts.mac_addresses.first().cloned()),
    ("mac without colons", |d| d.facts.mac_addresses.first().map(|m| m.replace(':', ""))),
    ("ip", |d| d.facts.ip_addresses.first().cloned()),
    ("part of an ip", |d| {
        d.facts.ip_addresses.first().and_then(|ip| ip.rsplit_once('.')).map(|(net, _)| net.to_owned())
    }),
    ("owner", |d| d.facts.owner_name.clone()),
    ("user", |d| d.last_user.clone()),
    ("remote id", |d| d.source.as_ref().map(|s| s.remote_id.clone())),
    ("nothing", |_| Some("no such device at all".into())),
    ("three letters", |d| d.facts.name.get(..3).map(str::to_owned)),
    ("one letter", |d| d.facts.name.get(..1).map(str::to_owned)),
];

fn searches() -> Vec<Kind> {
    let search = |(name, typed): &'static (&str, Typed)| {
        kind(format!("search {name}"), Group::Search, move |words, round| {
            (
                ListQuery { search: words.typed(round, *typed), ..ListQuery::default() },
                DeviceFilter::default(),
            )
        })
    };
    SEARCHES.iter().map(search).collect()
}

fn filtered_searches() -> Vec<Kind> {
    let both = |search: usize, filter: usize, sort: &'static str| {
        let ((what, typed), (which, narrow)) = (&SEARCHES[search], &FILTERS[filter]);
        kind(format!("search {what}, {which}, by {sort}"), Group::Search, move |words, round| {
            let search = words.typed(round, *typed);
            (ListQuery { search, sort: Some(sort.into()), ..ListQuery::default() }, narrow(words, round))
        })
    };
    vec![
        both(1, 4, "name"),
        both(6, 2, "-last_contact"),
        both(7, 0, "status"),
        both(11, 3, "name"),
        both(11, 8, "company"),
        both(12, 2, "name"),
    ]
}
