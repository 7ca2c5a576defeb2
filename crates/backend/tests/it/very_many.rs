//! Lists of so many devices that SQLite reads one half of them on each of two connections.

use crate::{
    staged::Staged,
    support::{TestPortal, search, sort},
};
use backend::clock::new_id;
use domain::{
    device::{DeviceFilter, DeviceStatus},
    page::ListQuery,
};
use sea_orm::Value;

on_both!(lists_are_whole);

const MANY: usize = 12_000;
const SIZE: usize = 100;

/// A device as it is written; its name tells all else.
struct Written {
    name: String,
    maker: String,
    contact: Option<i64>,
}

impl Written {
    /// In no order at all, neither by names nor by ids.
    fn of(n: usize) -> Self {
        let shuffled = n * 7919 % MANY;
        let name =
            if n.is_multiple_of(2) { format!("PC {shuffled:05}") } else { format!("pc {shuffled:05}") };
        let maker = ["dell", "HP", "Dell", "acer"][n % 4].to_owned();
        Self { name, maker, contact: (!n.is_multiple_of(5)).then_some((n % 700) as i64) }
    }
}

async fn lists_are_whole(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = staged.company("Contoso").await;
    let kind = test.admin().device_types(ListQuery::default(), false).await.unwrap().items[0].id;
    let mut all: Vec<Written> = (0..MANY).map(Written::of).collect();
    for some in all.chunks(500) {
        write(&test, [company.0.into(), kind.0.into()], some).await;
    }
    all.sort_by_key(|device| device.name.to_lowercase());
    let names = |devices: &[&Written]| devices.iter().map(|d| d.name.clone()).collect::<Vec<_>>();
    let detached = DeviceFilter { status: Some(DeviceStatus::Detached), ..DeviceFilter::default() };
    let contacted = DeviceFilter { last_contact: Some("never".into()), ..DeviceFilter::default() };

    for filter in [DeviceFilter::default(), detached] {
        let by_name: Vec<&Written> = all.iter().collect();
        check(&test, sort("name"), &filter, names(&by_name)).await;
        check(&test, sort("company"), &filter, names(&by_name)).await;
        let mut backwards = by_name.clone();
        backwards.reverse();
        check(&test, sort("-name"), &filter, names(&backwards)).await;
        let mut by_maker = by_name.clone();
        by_maker.sort_by_key(|d| d.maker.to_lowercase());
        check(&test, sort("model"), &filter, names(&by_maker)).await;
        let mut by_maker = by_name.clone();
        by_maker.sort_by_key(|d| std::cmp::Reverse(d.maker.to_lowercase()));
        check(&test, sort("-model"), &filter, names(&by_maker)).await;
        let mut by_contact = by_name.clone();
        by_contact.sort_by_key(|d| d.contact.unwrap_or(i64::MAX));
        check(&test, sort("last_contact"), &filter, names(&by_contact)).await;
        by_contact.sort_by_key(|d| d.contact.map_or(i64::MAX, |at| -at));
        check(&test, sort("-last_contact"), &filter, names(&by_contact)).await;
    }

    for text in ["pc", "7", "077", "11999", "no such"] {
        let holds: Vec<&Written> = all.iter().filter(|d| d.name.to_lowercase().contains(text)).collect();
        check(&test, search(text), &DeviceFilter::default(), names(&holds)).await;
        let mut by_contact: Vec<&Written> = holds.iter().copied().filter(|d| d.contact.is_none()).collect();
        by_contact.reverse();
        let query = ListQuery { search: Some(text.into()), ..sort("-name") };
        check(&test, query, &contacted, names(&by_contact)).await;
    }
}

async fn write(test: &TestPortal, [company, kind]: [Value; 2], devices: &[Written]) {
    let mut values = vec![test.tenant_id(), company, kind];
    let rows: Vec<String> = devices
        .iter()
        .map(|device| {
            let at = values.len();
            values.extend([new_id().into(), device.name.clone().into(), device.name.to_lowercase().into()]);
            values.extend([device.maker.clone().into(), device.contact.into()]);
            let [id, name, key, maker, contact] = [1, 2, 3, 4, 5].map(|n| at + n);
            format!("(${id}, $1, $2, $3, ${name}, ${key}, ${maker}, ${contact}, '[]', '[]', 1, 0, 0)")
        })
        .collect();
    let insert = format!(
        "INSERT INTO devices (id, tenant_id, company_id, device_type_id, name, search_key, manufacturer, last_contact,
            ip_addresses, mac_addresses, version, created_at, updated_at) VALUES {}",
        rows.join(", ")
    );
    test.execute(&insert, values).await;
}

/// The first, a middle and the last page, and a word on the number of all.
async fn check(test: &TestPortal, query: ListQuery, filter: &DeviceFilter, expected: Vec<String>) {
    let pages = expected.len().div_ceil(SIZE).max(1);
    for page in [1, pages.div_ceil(2), pages] {
        let asked = ListQuery {
            page: u32::try_from(page).ok(),
            page_size: u32::try_from(SIZE).ok(),
            ..query.clone()
        };
        let told = format!("{asked:?} {filter:?}");
        let listed = test.admin().devices(asked, filter.clone()).await.unwrap();
        assert_eq!(usize::try_from(listed.total).unwrap(), expected.len(), "{told}");
        let names: Vec<String> = listed.items.into_iter().map(|d| d.name).collect();
        let there: Vec<String> = expected.iter().skip((page - 1) * SIZE).take(SIZE).cloned().collect();
        assert_eq!(names, there, "{told}");
    }
}
