//! What a vendor sends: names of organizations, locations, devices, their owners and users, whatever they are.

use super::{NAMES, devices::COLUMNS, holds, id, kept, looks_harmless};
use crate::support::{Client, Setup};
use serde_json::{Value, json};
use simulator::{BadRow, Control, Fault, FaultKind, FleetSpec, Told};
use std::collections::BTreeSet;

/// Texts of a vendor's rows that nothing is decided by.
const KEYS: [&str; 17] = [
    "name",
    "description",
    "address",
    "displayName",
    "systemName",
    "dnsName",
    "netbiosName",
    "firstName",
    "lastName",
    "lastLoggedInUser",
    "userName",
    "serialNumber",
    "biosSerialNumber",
    "manufacturer",
    "model",
    "domain",
    "architecture",
];

/// The names, one of them with NUL, which nobody can type. `turn` makes them others.
fn told(turn: usize) -> Told {
    let mut texts: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    texts.push("nul\0<script>alert(8)</script>".to_owned());
    // Ids of organizations are odd: of an even number of texts they would say every other one.
    if texts.len().is_multiple_of(2) {
        texts.insert(texts.len() / 2, NAMES[0].to_owned());
    }
    texts.rotate_left(turn);
    Told { keys: KEYS.map(str::to_owned).to_vec(), texts }
}

fn tell(vendor: &Control, told: &Told) {
    vendor.inject(Fault::always("*", FaultKind::Told(told.clone())));
}

/// What is read of a row: databases refuse NUL.
fn read(told: &Told, id: i64) -> String {
    told.of(id).replace('\0', "")
}

fn all_read(told: &Told, ids: &[i64]) -> BTreeSet<String> {
    ids.iter().map(|id| read(told, *id)).collect()
}

fn all_kept(told: &Told, ids: &[i64]) -> BTreeSet<String> {
    ids.iter().map(|id| kept(&read(told, *id))).collect()
}

fn names(rows: &[Value]) -> BTreeSet<String> {
    rows.iter().filter_map(|row| row["name"].as_str()).map(str::to_owned).collect()
}

/// The one with a picture in its name.
fn pictured(rows: &[Value]) -> String {
    let found = rows.iter().find(|row| row["name"].as_str().is_some_and(|name| name.starts_with("<img")));
    found.and_then(|row| row["id"].as_str()).expect("one with a picture").to_owned()
}

async fn import(owner: &mut Client, integration: &str) -> Value {
    let run = json!({ "integration_id": integration, "select": "all" });
    let run = owner.post("imports/start", run).await.ok();
    owner.ended(&run).await
}

/// A company for each organization, a location for each of theirs, a device type for each class.
async fn map(owner: &mut Client, integration: &str) {
    for (list, save) in [
        ("organizations/list", "mappings/save_organization"),
        ("remote_locations/list", "mappings/save_location"),
    ] {
        for row in owner.all(list, &[("integration_id", integration)]).await {
            let create = json!({
                "integration_id": integration, "remote_id": row["remote_id"], "choice": "create",
            });
            let saved = owner.post(save, create).await.ok();
            assert_eq!((&saved["status"], &saved["name"]), (&json!("mapped"), &row["name"]));
        }
    }
    owner.post("node_classes/quick_create", json!({ "integration_id": integration })).await.ok();
}

/// The inventory has the texts as they were sent.
fn are_told(devices: &[Value], told: &Told, ids: &[i64]) {
    assert_eq!(names(devices), all_read(told, ids));
    for device in devices {
        for field in ["hostname", "model", "last_user"] {
            assert!(device[field].is_null() || device[field] == device["name"], "{field}: {device}");
        }
    }
    let users: BTreeSet<String> = (1..1000).map(|id| read(told, id)).collect();
    let owners: BTreeSet<&str> = devices.iter().filter_map(|device| device["owner_name"].as_str()).collect();
    assert!(!owners.is_empty(), "somebody owns a device");
    for owner in owners {
        assert!(users.iter().any(|user| owner == format!("{user} {user}")), "{owner:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_vendor_sends_does_nothing() {
    let first = told(0);
    // Ids leave gaps: of so many organizations, each text has one.
    let organizations = u32::try_from(3 * first.texts.len()).expect("a few");
    let setup = Setup::sqlite().fleet(FleetSpec { organizations, ..FleetSpec::default() });
    // The page that is spoilt below is then the first one.
    let mut site = setup.with(|config| config.limits.in_flight = 1).start().await;
    site.work();
    let mut owner = site.owner().await;
    let vendor = site.simulator.control();
    tell(&vendor, &first);
    let integration = id(&mut owner, "integrations/connect", site.credentials()).await;
    let of = [("integration_id", integration.as_str())];
    let runs = owner.get("runs/list", &of).await.ok();
    owner.ended(&runs["items"][0]).await;
    let synced = owner.run(&integration, "devices").await;
    assert_eq!(synced["state"], "completed", "{synced}");
    let ids = vendor.approved_device_ids();
    let organizations: Vec<i64> = vendor.organizations().iter().map(|(id, _)| *id).collect();
    let locations: Vec<i64> =
        organizations.iter().flat_map(|id| vendor.locations(*id)).map(|(id, _)| id).collect();

    // Nothing is mapped: each device is named with what stands in its way.
    let refused = import(&mut owner, &integration).await;
    let failed = [("run_id", refused["id"].as_str().expect("an id")), ("outcome", "failed")];
    assert_eq!(names(&owner.all("imports/results", &failed).await), all_read(&first, &ids));

    map(&mut owner, &integration).await;
    let imported = import(&mut owner, &integration).await;
    assert_eq!(imported["counts"]["added"], ids.len(), "{imported}");
    assert_eq!(names(&owner.all("organizations/list", &of).await), all_read(&first, &organizations));
    assert_eq!(names(&owner.all("remote_locations/list", &of).await), all_read(&first, &locations));
    assert_eq!(names(&owner.all("staged_devices/list", &of).await), all_read(&first, &ids));
    let companies = owner.all("companies/list", &[]).await;
    assert_eq!(names(&companies), all_kept(&first, &organizations));
    let places = owner.all("locations/list", &[]).await;
    assert_eq!(names(&places), all_kept(&first, &locations));
    let devices = owner.all("devices/list", &[]).await;
    are_told(&devices, &first, &ids);
    let device = pictured(&devices);
    let raw = owner.get("devices/raw", &[("device_id", &device)]).await.ok();
    assert!(raw["json"].as_str().is_some_and(|row| row.contains("<img src=x")), "{raw}");

    let step = |path: &str| format!("/integrations/{integration}/{path}");
    let run = |run: &Value| step(&format!("runs/{}", run["id"].as_str().expect("an id")));
    for (page, shown) in [
        (step("organizations"), true),
        (step("organizations?search=onerror"), true),
        (step("locations?search=onerror"), true),
        (step("devices?search=onerror"), true),
        (step("runs"), false),
        (format!("{}?search=onerror", run(&synced)), true),
        (format!("{}?search=onerror", run(&refused)), true),
        (run(&imported), false),
        ("/settings/integrations".to_owned(), false),
        ("/settings/integrations/companies".to_owned(), true),
        ("/".to_owned(), false),
        ("/companies".to_owned(), true),
        (format!("/companies/{}", pictured(&companies)), true),
        (format!("/locations/{}", pictured(&places)), true),
        ("/device-types".to_owned(), false),
        (format!("/devices?search=onerror&cols={COLUMNS}"), true),
        (format!("/devices/{device}"), true),
        (format!("/why?device={device}"), false),
        ("/duplicates".to_owned(), false),
        ("/reports/companies".to_owned(), false),
        ("/reports/devices".to_owned(), false),
        ("/settings/audit?search=onerror".to_owned(), true),
    ] {
        looks_harmless(&mut owner, &page, shown).await;
    }
    let sent: Vec<String> = all_read(&first, &ids).into_iter().collect();
    holds(&mut owner, (&csv(&synced), &[]), &sent).await;
    holds(&mut owner, ("devices/export.csv", &[("cols", COLUMNS)]), &sent).await;
    for file in ["reports/devices.csv", "reports/companies.csv"] {
        holds(&mut owner, (file, &[]), &[]).await;
    }
    let created: Vec<String> = all_kept(&first, &organizations).into_iter().collect();
    holds(&mut owner, ("audit/export.csv", &[]), &created).await;

    // Others take their places, and one that is not among them is missing.
    let gone = ids.iter().find(|id| read(&first, **id).starts_with("<img")).expect("one with a picture");
    assert!(vendor.delete_device(*gone));
    let left = vendor.approved_device_ids();
    let second = told(1);
    vendor.clear_faults();
    tell(&vendor, &second);
    let changed = owner.run(&integration, "devices").await;
    let counts = &changed["counts"];
    assert_eq!((&counts["changed"], &counts["missing"]), (&json!(left.len()), &json!(1)), "{changed}");
    for page in [format!("{}?search=onerror", run(&changed)), "/devices?search=onerror".to_owned()] {
        looks_harmless(&mut owner, &page, true).await;
    }
    for page in [run(&changed), format!("/devices/{device}"), "/".to_owned()] {
        looks_harmless(&mut owner, &page, false).await;
    }
    let both: Vec<String> = all_read(&second, &left).into_iter().chain(sent).collect();
    holds(&mut owner, (&csv(&changed), &[]), &both).await;

    vendor.clear_faults();
    vendor.inject(Fault::once("/v2/devices-detailed", FaultKind::BadRows(BadRow::TextsAreObjects)));
    tell(&vendor, &second);
    let spoilt = owner.run(&integration, "devices").await;
    assert_eq!((&spoilt["state"], &spoilt["errors"]), (&json!("completed_with_errors"), &json!(5)));
    looks_harmless(&mut owner, &run(&spoilt), false).await;
}

/// The file of a run's changes.
fn csv(run: &Value) -> String {
    format!("runs/{}/changes.csv", run["id"].as_str().expect("an id"))
}
