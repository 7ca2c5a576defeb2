//! What the list of devices shows: filters, search, export.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, search, sort},
};
use backend::clock::new_id;
use domain::{
    company::{DeviceTypeRef, LocationInput},
    device::{BackupState, DeviceFilter, DeviceStatus},
    device_list::{ArchivedFilter, Columns, LocationFilter, SerialFilter, SupportFilter, WarrantyFilter},
    error::ErrorKind::Invalid,
    ids::CompanyId,
    import::ImportSelection,
    os::OsFamily,
    page::ListQuery,
    serial,
};
use futures::TryStreamExt;
use sea_orm::Value;

on_both!(filters, common_words, searches, what_is_computed_agrees, staging_is_followed, export);

const DAY: i64 = 86_400_000_000;

/// An inventory that is written behind the portal's back.
struct Shelf<'a> {
    test: &'a TestPortal,
    company: CompanyId,
    kind: DeviceTypeRef,
}

impl<'a> Shelf<'a> {
    async fn new(test: &'a TestPortal) -> Self {
        let staged = Staged::new(test).await;
        let company = staged.company("Contoso").await;
        let types = test.admin().device_types(ListQuery::default(), false).await.unwrap().items;
        let kind = DeviceTypeRef { id: types[0].id, name: types[0].name.clone() };
        Self { test, company, kind }
    }

    /// A device with these columns.
    async fn put(&self, name: &str, columns: &[(&str, Value)]) {
        let names: String = columns.iter().map(|(column, _)| format!(", {column}")).collect();
        let marks: String = (0..columns.len()).map(|n| format!(", ${}", n + 7)).collect();
        let key = if columns.iter().any(|(c, _)| *c == "search_key") { "" } else { ", search_key" };
        let key_mark = if key.is_empty() { "" } else { ", $6" };
        let insert = format!(
            "INSERT INTO devices (id, tenant_id, company_id, device_type_id, name{key}, ip_addresses, mac_addresses, version,
                created_at, updated_at{names})
             VALUES ($1, $2, $3, $4, $5{key_mark}, '[]', '[]', 1, 0, 0{marks})"
        );
        let own: [Value; 6] = [
            new_id().into(),
            self.test.tenant_id(),
            self.company.0.into(),
            self.kind.id.0.into(),
            name.into(),
            name.to_lowercase().into(),
        ];
        let rest = columns.iter().map(|(_, value)| value.clone());
        let values: Vec<Value> = own.into_iter().chain(rest).collect();
        if key.is_empty() {
            // Its own key stands in the place of the name's.
            let values = values.iter().enumerate().filter(|(n, _)| *n != 5).map(|(_, v)| v.clone()).collect();
            let insert = (0..columns.len())
                .fold(insert, |sql, n| sql.replace(&format!("${}", n + 7), &format!("${}", n + 6)));
            self.test.execute(&insert, values).await;
        } else {
            self.test.execute(&insert, values).await;
        }
    }

    /// The names that are found, in their order, and their number.
    async fn names(&self, query: ListQuery, filter: DeviceFilter) -> String {
        let found = self.test.admin().devices(query, filter).await.unwrap();
        let names: Vec<String> = found.items.into_iter().map(|d| d.name).collect();
        assert_eq!(usize::try_from(found.total).unwrap(), names.len());
        names.join(" ")
    }
}

fn text(text: &str) -> Value {
    text.into()
}

async fn filters(test: TestPortal) {
    let shelf = Shelf::new(&test).await;
    let quay = LocationInput { name: "Quay".into(), ..LocationInput::default() };
    let quay = test.admin().create_location(shelf.company, quay).await.unwrap().id;
    let now = test.portal.now().timestamp_micros();
    let day = |n: i64| Value::from(now + n * DAY);
    shelf
        .put(
            "a",
            &[
                ("os_name", text("Windows 11 Pro")),
                ("serial", text("5CG0042X")),
                ("owner_email", text("pat@x")),
                ("location_id", quay.0.into()),
            ],
        )
        .await;
    shelf
        .put(
            "b",
            &[
                ("os_name", text("Windows Server 2022")),
                ("warranty_end", day(-1)),
                ("last_contact", day(-31)),
            ],
        )
        .await;
    shelf
        .put("c", &[("node_class", text("MAC")), ("warranty_end", day(89)), ("last_contact", day(-29))])
        .await;
    shelf
        .put("d", &[("archived_at", day(-2)), ("os_name", text("Ubuntu 24.04")), ("warranty_end", day(91))])
        .await;
    shelf.put("m", &[("merged_into", Value::from(new_id())), ("os_name", text("Ubuntu 24.04"))]).await;
    let all = DeviceFilter::default;
    let cases = [
        (all(), "a b c"),
        (DeviceFilter { os: Some(OsFamily::Windows), ..all() }, "a"),
        (DeviceFilter { os: Some(OsFamily::WindowsServer), ..all() }, "b"),
        (DeviceFilter { os: Some(OsFamily::MacOs), ..all() }, "c"),
        (DeviceFilter { os: Some(OsFamily::Linux), ..all() }, ""),
        (DeviceFilter { warranty: Some(WarrantyFilter::Ended), ..all() }, "b"),
        (DeviceFilter { warranty: Some(WarrantyFilter::Ending), ..all() }, "c"),
        (DeviceFilter { warranty: Some(WarrantyFilter::None), ..all() }, "a"),
        (DeviceFilter { os_support: Some(SupportFilter::Supported), ..all() }, "b"),
        (DeviceFilter { os_support: Some(SupportFilter::Unknown), ..all() }, "a c"),
        (DeviceFilter { os_support: Some(SupportFilter::Ended), ..all() }, ""),
        (DeviceFilter { serial: Some(SerialFilter::None), ..all() }, "b c"),
        (DeviceFilter { owner: Some("none".into()), ..all() }, "b c"),
        (DeviceFilter { location: Some(quay.into()), ..all() }, "a"),
        (DeviceFilter { location: Some(LocationFilter::None), ..all() }, "b c"),
        (DeviceFilter { location: Some(LocationFilter::None), company: Some(shelf.company), ..all() }, "b c"),
        (DeviceFilter { owner: Some("PAT".into()), ..all() }, "a"),
        (DeviceFilter { last_contact: Some("never".into()), ..all() }, "a"),
        (DeviceFilter { last_contact: Some("30".into()), ..all() }, "b"),
        (DeviceFilter { last_contact: Some("28".into()), ..all() }, "b c"),
        (DeviceFilter { archived: Some(ArchivedFilter::Only), ..all() }, "d"),
        (DeviceFilter { archived: Some(ArchivedFilter::With), ..all() }, "a b c d"),
        (DeviceFilter { status: Some(DeviceStatus::Detached), ..all() }, "a b c"),
        (DeviceFilter { status: Some(DeviceStatus::Offline), ..all() }, ""),
        (DeviceFilter { backup: Some(BackupState::Unknown), os: Some(OsFamily::MacOs), ..all() }, "c"),
    ];
    for (filter, expected) in cases {
        let said = format!("{filter:?}");
        assert_eq!(shelf.names(ListQuery::default(), filter).await, expected, "{said}");
    }
    for by in domain::device_list::DeviceColumn::ALL {
        assert_eq!(shelf.names(sort(&format!("-{by}")), all()).await.len(), 5, "{by}");
    }
    assert_eq!(shelf.names(sort("-warranty_end"), all()).await, "c b a");
    let wrong = DeviceFilter { last_contact: Some("soon".into()), ..all() };
    assert_eq!(
        kind_of(test.admin().devices(ListQuery::default(), wrong).await),
        (Invalid, Some("last_contact".into()))
    );
}

/// A text that very many devices hold, with filters and orders of every kind.
async fn common_words(test: TestPortal) {
    let shelf = Shelf::new(&test).await;
    let now = test.portal.now().timestamp_micros();
    for n in 0..1_100_i64 {
        let contact = Value::from(now - (n % 11 + 1) * DAY);
        shelf.put(&format!("item-{n:04}"), &[("last_contact", contact)]).await;
    }
    shelf.put("other", &[("last_contact", Value::from(now - 20 * DAY))]).await;
    let ask = |by: &str, page: u32, filter: DeviceFilter| {
        let query = ListQuery {
            search: Some("ITEM-".into()),
            sort: Some(by.into()),
            page: Some(page),
            page_size: Some(3),
        };
        let admin = test.admin();
        async move {
            let found = admin.devices(query, filter).await.unwrap();
            let names: Vec<String> = found.items.into_iter().map(|d| d.name).collect();
            (found.total, names.join(" "))
        }
    };
    let told = |total: i64, names: &str| (total, names.to_owned());
    let all = DeviceFilter::default;
    assert_eq!(ask("name", 1, all()).await, told(1_100, "item-0000 item-0001 item-0002"));
    assert_eq!(ask("-name", 2, all()).await, told(1_100, "item-1096 item-1095 item-1094"));
    assert_eq!(ask("company", 1, all()).await.0, 1_100);
    assert_eq!(ask("model", 1, all()).await.0, 1_100);
    assert_eq!(ask("last_contact", 1, all()).await, told(1_100, "item-0010 item-0021 item-0032"));
    assert_eq!(ask("-last_contact", 34, all()).await, told(1_100, "item-1089 item-0001 item-0012"));
    let old = || DeviceFilter { last_contact: Some("10".into()), ..all() };
    assert_eq!(ask("name", 2, old()).await, told(100, "item-0043 item-0054 item-0065"));
    let nobody = DeviceFilter { owner: Some("none".into()), ..old() };
    assert_eq!(ask("-warranty_end", 1, nobody).await, told(100, "item-0010 item-0021 item-0032"));
    assert_eq!(ask("status", 1, DeviceFilter { owner: Some("pat".into()), ..all() }).await, told(0, ""));
}

async fn searches(test: TestPortal) {
    let shelf = Shelf::new(&test).await;
    let key =
        "front desk\nfd-01.corp.example\n5cg0042x\n10.1.2.3\nd0:67:26:00:03:52\npat doe\npat@example.com";
    shelf
        .put(
            "Front desk",
            &[
                ("search_key", text(key)),
                ("netbios_name", text("FD01NB")),
                ("asset_tag", text("A-0815")),
                ("last_user", text("CORP\\Pat")),
                ("remote_id", text("4711")),
            ],
        )
        .await;
    shelf.put("other", &[("remote_id", text("47110"))]).await;
    let all = DeviceFilter::default;
    for typed in [
        "front DESK",
        "fd-01.corp",
        "5CG0042",
        "10.1.2.",
        "D0:67:26",
        "d067.2600.0352",
        "D0-67-26-00-03-52",
        "d06726000352",
        "672600",
        "Pat Doe",
        "@example",
        "fd01nb",
        "a-0815",
        "corp\\pat",
        "4711",
    ] {
        assert_eq!(shelf.names(search(typed), all()).await, "Front desk", "{typed}");
    }
    for typed in ["471", "d0:67:27", "%", "_ront", "no such device"] {
        assert_eq!(shelf.names(search(typed), all()).await, "", "{typed}");
    }
    assert_eq!(shelf.names(search("e"), all()).await, "Front desk other", "a single letter");

    // What is changed, archived or deleted is found as it is.
    test.execute("UPDATE devices SET asset_tag = 'B-1', last_user = NULL WHERE name = 'Front desk'", vec![])
        .await;
    assert_eq!(shelf.names(search("a-0815"), all()).await, "");
    assert_eq!(shelf.names(search("b-1"), all()).await, "Front desk");
    test.execute("UPDATE devices SET archived_at = 1 WHERE name = 'Front desk'", vec![]).await;
    assert_eq!(shelf.names(search("b-1"), all()).await, "");
    let archived = |a| DeviceFilter { archived: Some(a), ..DeviceFilter::default() };
    assert_eq!(shelf.names(search("b-1"), archived(ArchivedFilter::Only)).await, "Front desk");
    assert_eq!(shelf.names(search("e"), archived(ArchivedFilter::With)).await, "Front desk other");
    test.execute("DELETE FROM devices WHERE name = 'Front desk'", vec![]).await;
    assert_eq!(shelf.names(search("e"), archived(ArchivedFilter::With)).await, "other");

    // Letters beyond ASCII, in whatever case they are kept and typed.
    let fields = [
        ("search_key", "press\nömer çetin"),
        ("asset_tag", "LAGER-ÖL"),
        ("last_user", "CORP\\JÖRG"),
        ("owner_name", "Ömer ÇETIN"),
    ];
    shelf.put("press", &fields.map(|(field, value)| (field, text(value)))).await;
    for typed in ["lager-öl", "LAGER-Öl", "corp\\jörg", "jÖrg"] {
        assert_eq!(shelf.names(search(typed), all()).await, "press", "{typed}");
    }
    for typed in ["ömer", "ÖMER ç", "Ömer Ç"] {
        let owned = DeviceFilter { owner: Some(typed.into()), ..all() };
        assert_eq!(shelf.names(ListQuery::default(), owned).await, "press", "{typed}");
    }
    let fields =
        [("search_key", "till\nиван петров"), ("owner_name", "Иван Петров"), ("asset_tag", "ЖД-Терминал")];
    shelf.put("till", &fields.map(|(field, value)| (field, text(value)))).await;
    for typed in ["иван петров", "Иван Петров", "петров"] {
        let owned = DeviceFilter { owner: Some(typed.into()), ..all() };
        assert_eq!(shelf.names(ListQuery::default(), owned).await, "till", "{typed}");
    }
    for typed in ["ЖД-Терминал", "терминал"] {
        assert_eq!(shelf.names(search(typed), all()).await, "till", "{typed}");
    }
    test.execute("DELETE FROM devices WHERE name IN ('press', 'till')", vec![]).await;

    // More than are named by id.
    for n in 0..1100 {
        let owner = if n % 2 == 0 { "owner_name" } else { "domain" };
        shelf.put(&format!("kiosk {n:04}"), &[(owner, text("Ann"))]).await;
    }
    let found = test.admin().devices(search("kiosk"), all()).await.unwrap();
    assert_eq!((found.total, found.items[49].name.as_str()), (1100, "kiosk 0049"));
    let query = ListQuery { sort: Some("-name".into()), page: Some(22), ..search("kiosk") };
    let found = test.admin().devices(query, all()).await.unwrap();
    assert_eq!((found.total, found.items[49].name.as_str()), (1100, "kiosk 0000"));
    let ann = DeviceFilter { owner: Some("none".into()), ..all() };
    assert_eq!(test.admin().devices(search("kiosk"), ann).await.unwrap().total, 550);
    let stranger = test.stranger().await;
    assert_eq!(stranger.devices(search("kiosk"), all()).await.unwrap().total, 0);
}

/// The columns that the database computes say what the rules say.
async fn what_is_computed_agrees(test: TestPortal) {
    let shelf = Shelf::new(&test).await;
    let systems = [
        (Some("Windows 11 Pro"), None),
        (Some("Microsoft Windows Server 2019"), None),
        (Some("macOS 14.4"), None),
        (Some("Mac OS X"), None),
        (Some("VMware ESXi 8.0"), None),
        (Some("iPadOS 17"), None),
        (Some("iOS 17.4"), Some("APPLE_IOS")),
        (Some("IOS XE"), Some("NMS_SWITCH")),
        (Some("Red Hat Enterprise Linux"), None),
        (Some("Chrome OS"), None),
        (Some("Android 14"), None),
        (Some("Solaris"), Some("WINDOWS_SERVER")),
        (Some(""), Some("WINDOWS_WORKSTATION")),
        (None, Some("LINUX_SERVER")),
        (None, Some("HYPERV_VMM_HOST")),
        (None, Some("CLOUD_MONITOR_TARGET")),
        (None, None),
    ];
    for (n, (os, class)) in systems.iter().enumerate() {
        shelf.put(&format!("{n:02}"), &[("os_name", (*os).into()), ("node_class", (*class).into())]).await;
    }
    for family in OsFamily::ALL {
        let filter = DeviceFilter { os: Some(*family), ..DeviceFilter::default() };
        let right =
            systems.iter().enumerate().filter(|(_, (os, class))| OsFamily::of(*os, *class) == *family);
        let right: Vec<String> = right.map(|(n, _)| format!("{n:02}")).collect();
        assert_eq!(shelf.names(ListQuery::default(), filter).await, right.join(" "), "{family}");
    }
    test.execute("DELETE FROM devices", vec![]).await;
    let serials = [
        "5CG0042XYZ",
        "To Be Filled By O.E.M.",
        "System Serial Number",
        "0123456789",
        "1234567890",
        "None",
        "xxxxxxx",
        "0000000",
        "............",
        "AB",
        "ABC",
        "Default string",
        "VMware-42 1d 9e",
        "N/A",
        "Not Specified",
        "998877",
        "  ",
        "",
    ];
    for (n, serial) in serials.iter().enumerate() {
        shelf.put(&format!("{n:02}"), &[("serial", text(serial)), ("bios_serial", text("none"))]).await;
        shelf.put(&format!("{n:02}b"), &[("bios_serial", text(serial))]).await;
    }
    let filter = DeviceFilter { serial: Some(SerialFilter::None), ..DeviceFilter::default() };
    let bad = serials.iter().enumerate().filter(|(_, serial)| !serial::is_good(serial));
    let bad: Vec<String> = bad.flat_map(|(n, _)| [format!("{n:02}"), format!("{n:02}b")]).collect();
    assert_eq!(shelf.names(ListQuery::default(), filter).await, bad.join(" "));
}

/// What a device notes of its row of staging follows it, whoever writes.
async fn staging_is_followed(test: TestPortal) {
    let staged = Staged::new(&test).await;
    for id in ["a", "b"] {
        staged.device(id, "1", None, "MAC").await;
    }
    staged.heartbeat("a", Some(false), 30, "ann").await;
    staged.organization("1", "Contoso", 2).await;
    let company = staged.company("Contoso").await;
    staged.link("1", company).await;
    staged.map_class("MAC", "Laptop").await;
    staged.import(ImportSelection::All).await;
    let look = async |typed: &str| {
        let found = staged.admin().devices(search(typed), DeviceFilter::default()).await.unwrap().items;
        found.into_iter().map(|d| (d.name, d.status, d.last_user)).collect::<Vec<_>>()
    };
    let ann = |name: &str, status, user: &str| (name.to_owned(), status, Some(user.to_owned()));
    assert_eq!(look("ann").await, [ann("PC-a", DeviceStatus::Online, "ann")]);
    staged.heartbeat("a", Some(true), 40, "bea").await;
    assert_eq!(look("bea").await, [ann("PC-a", DeviceStatus::Offline, "bea")]);
    assert_eq!(look("ann").await, []);
    staged.lose("remote_devices", "a").await;
    assert_eq!(look("bea").await, [ann("PC-a", DeviceStatus::Missing, "bea")]);
    let missing = DeviceFilter { status: Some(DeviceStatus::Missing), ..DeviceFilter::default() };
    assert_eq!(staged.admin().devices(ListQuery::default(), missing).await.unwrap().total, 1);

    // The other row takes the device over.
    staged.heartbeat("b", Some(false), 50, "cleo").await;
    let of = vec![test.tenant_id()];
    test.execute("DELETE FROM devices WHERE tenant_id = $1 AND remote_id = 'b'", of.clone()).await;
    test.execute("UPDATE devices SET remote_id = 'b' WHERE tenant_id = $1 AND remote_id = 'a'", of.clone())
        .await;
    assert_eq!(look("cleo").await, [ann("PC-a", DeviceStatus::Online, "cleo")]);
    test.execute("UPDATE devices SET integration_id = NULL WHERE tenant_id = $1", of).await;
    assert_eq!(look("cleo").await, [ann("PC-a", DeviceStatus::Detached, "cleo")]);
}

async fn export(test: TestPortal) {
    let shelf = Shelf::new(&test).await;
    for (name, os) in [("b, \"x\"", "Windows 11"), ("=HYPERLINK(1)", "Windows 11"), ("ü😀", "macOS 14")] {
        shelf
            .put(
                name,
                &[("os_name", text(os)), ("last_user", text("-ann")), ("warranty_end", Value::from(0_i64))],
            )
            .await;
    }
    for n in 0..600 {
        shelf.put(&format!("z{n:03}"), &[("os_name", text("macOS 14"))]).await;
    }
    let file = async |query: ListQuery, filter: DeviceFilter, columns: &str| {
        let pieces = test.admin().export_devices(query, filter, Columns::parse(Some(columns))).await.unwrap();
        pieces.try_collect::<Vec<String>>().await.unwrap()
    };
    let windows = DeviceFilter { os: Some(OsFamily::Windows), ..DeviceFilter::default() };
    assert_eq!(
        file(sort("-name"), windows, "os_name,last_contact,warranty_end").await.concat(),
        "\u{feff}name,hostname,os_name,last_contact,last_user,warranty_end\r\n\
         \"b, \"\"x\"\"\",,Windows 11,,'-ann,1970-01-01\r\n\
         '=HYPERLINK(1),,Windows 11,,'-ann,1970-01-01\r\n"
    );
    let pieces = file(ListQuery::default(), DeviceFilter::default(), "name").await;
    assert!(pieces.len() > 1, "it is sent in pieces");
    let text = pieces.concat();
    let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
    assert_eq!((lines.len(), lines[3], lines[602]), (604, "z000,", "z599,"));
    assert_eq!(lines[603], "ü😀,");
    let none = file(search("no such device"), DeviceFilter::default(), "company").await.concat();
    assert_eq!(none, "\u{feff}name,hostname,company,location\r\n");
    let wrong = DeviceFilter { last_contact: Some("x".into()), ..DeviceFilter::default() };
    let refused = test.admin().export_devices(ListQuery::default(), wrong, Columns::default()).await;
    assert!(refused.is_err(), "before the first byte");
}
