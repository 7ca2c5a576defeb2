//! The inventory: list, detail, and what a sync does to it.

use crate::{
    fleet::Fleet,
    staged::Staged,
    support::{TestPortal, kind_of, refused, search, sort},
};
use backend::clock::new_id;
use domain::{
    company::DeviceTypeRef,
    device::{BackupState, DeviceFilter, DeviceStatus},
    device_edit::HistoryKind,
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::IntegrationId,
    import::ImportSelection,
    mapping::{LocationChoice, OrganizationChoice},
    page::ListQuery,
    run::{Change, ChangeKind, RunKind, RunState},
};

on_both!(find, detail, sealed_credentials_say_what_to_do);
on_both_with_fleet!(the_inventory_follows, a_sync_tells_the_location_that_it_sets);

async fn imported(staged: &Staged<'_>) {
    staged.organization("1", "Contoso", 4).await;
    staged.location("11", "1", "HQ").await;
    let company = staged.company("Contoso").await;
    let hq = staged.site(company, "HQ").await;
    staged.link("1", company).await;
    staged.admin().save_location(staged.id, "11", LocationChoice::Link(hq), None).await.unwrap();
    staged.map_class("MAC", "Laptop").await;
    staged.map_class("SRV", "Server").await;
}

async fn find(test: TestPortal) {
    let staged = Staged::new(&test).await;
    for (id, class) in [("a", "MAC"), ("b", "SRV"), ("c", "MAC"), ("d", "SRV")] {
        staged.device(id, "1", (id == "a").then_some("11"), class).await;
    }
    imported(&staged).await;
    let set = async |column: &str, value: &str, id: &str| {
        let update =
            format!("UPDATE remote_devices SET {column} = {value} WHERE tenant_id = $1 AND remote_id = $2");
        test.execute(&update, vec![test.tenant_id(), id.into()]).await;
    };
    set("backup_total_bytes", "9", "a").await;
    set("backup_total_bytes", "0", "b").await;
    set("owner_email", "'Pat@Example.com'", "b").await;
    set("serial", "'To be filled by O.E.M.'", "c").await;
    set("bios_serial", "'BIOS77'", "c").await;
    staged.import(ImportSelection::All).await;
    staged.heartbeat("a", Some(false), 30, "CONTOSO\\ann").await;
    staged.heartbeat("b", Some(true), 20, "bob").await;
    staged.lose("remote_devices", "c").await;
    let detach =
        "UPDATE devices SET integration_id = NULL, remote_id = NULL, last_contact = 10, last_user = 'dora'
        WHERE tenant_id = $1 AND remote_id = 'd'";
    test.execute(detach, vec![test.tenant_id()]).await;

    let tenant = staged.admin();
    let rows = tenant.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items;
    let told: Vec<_> = rows.iter().map(|d| (d.status, d.backup, d.last_user.as_deref())).collect();
    use {
        BackupState::{Protected, Unknown},
        DeviceStatus::{Detached, Missing, Offline, Online},
    };
    assert_eq!(
        told,
        [
            (Online, Protected, Some("CONTOSO\\ann")),
            (Offline, BackupState::None, Some("bob")),
            (Missing, Unknown, Option::None),
            (Detached, Unknown, Some("dora")),
        ]
    );
    assert_eq!((rows[0].ip.as_deref(), rows[0].source.as_deref()), (Some("10.0.0.1"), Some("NinjaOne")));
    assert_eq!((rows[3].source.as_deref(), rows[3].integration_id), (Option::None, Option::None));
    assert_eq!(rows[2].serial.as_deref(), Some("BIOS77"), "a placeholder is no serial number");
    assert_eq!(rows[0].location.as_ref().map(|l| l.name.as_str()), Some("HQ"));

    let names = async |query: ListQuery, filter: DeviceFilter| {
        let rows = tenant.devices(query, filter).await.unwrap().items;
        rows.into_iter().map(|d| d.name.trim_start_matches("PC-").to_owned()).collect::<Vec<_>>().join("")
    };
    let all = DeviceFilter::default;
    assert_eq!(names(sort("-name"), all()).await, "dcba");
    assert_eq!(names(sort("type"), all()).await, "acbd");
    assert_eq!(names(sort("company"), all()).await, "abcd");
    assert_eq!(names(sort("-status"), all()).await, "dcba");
    assert_eq!(names(sort("os_name"), all()).await, "abcd");
    assert_eq!(names(sort("-last_contact"), all()).await, "abdc");
    assert_eq!(names(sort("last_contact"), all()).await, "dbac");
    assert_eq!(names(sort("serial"), all()).await.len(), 4);
    assert_eq!(names(search("Contoso\\AN"), all()).await, "a");
    assert_eq!(names(search("dora"), all()).await, "d");
    assert_eq!(names(search("PC-B"), all()).await, "b");
    for (status, expected) in [(Online, "a"), (Offline, "b"), (Missing, "c"), (Detached, "d")] {
        assert_eq!(
            names(ListQuery::default(), DeviceFilter { status: Some(status), ..all() }).await,
            expected
        );
    }
    for (backup, expected) in [(Protected, "a"), (BackupState::None, "b"), (Unknown, "cd")] {
        assert_eq!(
            names(ListQuery::default(), DeviceFilter { backup: Some(backup), ..all() }).await,
            expected
        );
    }
    let source = |s: &str| DeviceFilter { source: Some(s.into()), ..DeviceFilter::default() };
    assert_eq!(names(ListQuery::default(), source("manual")).await, "d");
    assert_eq!(names(ListQuery::default(), source(&staged.id.to_string())).await, "abc");
    for (wrong, kind) in [(new_id().to_string(), NotFound), ("x".to_owned(), Invalid)] {
        let asked = tenant.devices(ListQuery::default(), source(&wrong)).await;
        assert_eq!(kind_of(asked), (kind, Some("source".into())));
    }
    assert_eq!(names(ListQuery::default(), DeviceFilter { owner: Some("pat@".into()), ..all() }).await, "b");
    let DeviceTypeRef { id, .. } = rows[1].device_type;
    assert_eq!(names(ListQuery::default(), DeviceFilter { device_type: Some(id), ..all() }).await, "bd");
    let company = Some(rows[0].company.id);
    let total = tenant.devices(ListQuery::default(), DeviceFilter { company, ..all() }).await.unwrap().total;
    assert_eq!(total, 4);
}

async fn detail(test: TestPortal) {
    let staged = Staged::new(&test).await;
    staged.device("a", "1", Some("11"), "MAC").await;
    staged.device("s", "2", None, "SRV").await;
    imported(&staged).await;
    let run = staged.import(ImportSelection::All).await;
    let id = staged.results(&run).await[0].device_id.unwrap();
    let device = staged.admin().device(id).await.unwrap();
    assert_eq!((device.facts.name.as_str(), device.facts.node_class.as_deref()), ("PC-a", Some("MAC")));
    assert_eq!(device.facts.ip_addresses, ["10.0.0.1", "10.0.0.2"]);
    assert_eq!((device.version, device.status), (1, DeviceStatus::Offline));
    assert_eq!(device.created_at, test.portal.now());
    let source = device.source.unwrap();
    assert_eq!((source.integration_id, source.integration.as_str()), (staged.id, "NinjaOne"));
    assert_eq!((source.vendor.as_str(), source.remote_id.as_str()), ("ninjaone", "a"));
    assert_eq!((source.organization.as_deref(), source.location.as_deref()), (Some("Contoso"), Some("HQ")));
    assert_eq!(
        (source.node_class.as_deref(), source.synced_at, source.missing_since),
        (Some("MAC"), None, None)
    );
    assert_eq!(kind_of(staged.admin().device(new_id().into()).await), (NotFound, None));
}

/// The versions of all devices, added up: grows with every write.
async fn versions(fleet: &Fleet) -> i64 {
    let mut sum = 0;
    for page in 1.. {
        let query = ListQuery { page: Some(page), page_size: Some(200), ..ListQuery::default() };
        let listed = fleet.tenant().devices(query, DeviceFilter::default()).await.unwrap();
        for row in &listed.items {
            sum += fleet.tenant().device(row.id).await.unwrap().version;
        }
        if page >= listed.pages() {
            break;
        }
    }
    sum
}

async fn map_all(fleet: &Fleet, integration: IntegrationId) {
    let tenant = fleet.tenant();
    for row in tenant.organizations(integration, ListQuery::default(), None).await.unwrap().items {
        tenant
            .save_organization(integration, &row.remote_id, OrganizationChoice::Create, None, true)
            .await
            .unwrap();
    }
    tenant.quick_create_node_classes(integration).await.unwrap();
}

async fn the_inventory_follows(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::Devices).await;
    map_all(&fleet, integration).await;
    let tenant = fleet.tenant();
    let import = tenant.start_import(integration, ImportSelection::All).await.unwrap();
    let import = fleet.execute(import.id).await;
    let n = i64::try_from(fleet.control().approved_device_count()).unwrap();
    assert_eq!((import.state, import.counts.added), (RunState::Completed, n));
    assert_eq!(versions(&fleet).await, n);

    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Completed);
    assert_eq!(versions(&fleet).await, n, "an unchanged sync writes nothing");

    let control = fleet.control();
    let results =
        tenant.import_results(import.id, ListQuery { page_size: Some(200), ..sort("name") }, None).await;
    let results = results.unwrap().items;
    let device_of =
        |id: i64| results.iter().find(|r| r.remote_id == id.to_string()).and_then(|r| r.device_id);
    let known: Vec<i64> =
        control.approved_device_ids().into_iter().filter(|id| device_of(*id).is_some()).collect();
    let (renamed, moved) = (known[0], known[1]);
    let home = control.device(moved).unwrap()["organizationId"].as_i64().unwrap();
    let (target, target_name) = control.organizations().into_iter().find(|(id, _)| *id != home).unwrap();
    control.rename_device(renamed, "front desk");
    control.move_device(moved, target, control.locations(target).first().map_or(0, |l| l.0));
    let before = tenant.device(device_of(moved).unwrap()).await.unwrap().company;
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(tenant.device(device_of(renamed).unwrap()).await.unwrap().facts.name, "front desk");
    let after = tenant.device(device_of(moved).unwrap()).await.unwrap();
    assert_eq!(after.company.name, target_name);
    assert_eq!(after.source.unwrap().organization.as_deref(), Some(target_name.as_str()));
    assert_eq!(versions(&fleet).await, n + 2);
    let changes = fleet.changes(run.id).await;
    let of_moved = |c: &&Change| c.remote_id == moved.to_string() && c.change == ChangeKind::Moved;
    assert_eq!(changes.iter().filter(of_moved).count(), 1, "one line of history");
    let change = changes.iter().find(of_moved).unwrap();
    let company = change.fields.iter().find(|f| f.field == "company").unwrap();
    assert_eq!((company.before.as_ref(), company.after.as_ref()), (Some(&before.name), Some(&target_name)));
    assert!(change.fields.iter().any(|f| f.field == "organization"), "what moved it is told as well");

    let target = target.to_string();
    tenant.save_organization(integration, &target, OrganizationChoice::Unmap, None, true).await.unwrap();
    fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(versions(&fleet).await, n + 2, "an unmapped organization leaves its devices where they are");
    let link = OrganizationChoice::Link(before.id);
    tenant.save_organization(integration, &target, link, None, true).await.unwrap();
    let run = fleet.sync(integration, RunKind::Devices).await;
    let of_target = i64::try_from(control.devices_of_organization(target.parse().unwrap()).len()).unwrap();
    assert_eq!(versions(&fleet).await, n + 2 + of_target);
    let moved: Vec<_> =
        fleet.changes(run.id).await.into_iter().filter(|c| c.change == ChangeKind::Moved).collect();
    assert_eq!(i64::try_from(moved.len()).unwrap(), of_target);
}

async fn a_sync_tells_the_location_that_it_sets(fleet: Fleet) {
    let integration = fleet.connect().await;
    fleet.sync(integration, RunKind::Devices).await;
    map_all(&fleet, integration).await;
    let (tenant, control) = (fleet.tenant(), fleet.control());
    let approved = control.approved_device_ids();
    let place = |id: i64| control.device(id).unwrap()["locationId"].as_i64();
    let found = control.organizations().into_iter().find_map(|(org, _)| {
        let id = control.devices_of_organization(org).into_iter().find(|id| approved.contains(id))?;
        let sites = control.locations(org);
        let here = sites.iter().find(|site| Some(site.0) == place(id))?.clone();
        let there = sites.into_iter().find(|site| site.1 != here.1)?;
        Some((org, id, here, there))
    });
    let (org, id, here, there) = found.expect("an organization with two locations and a device");
    for site in [&here, &there] {
        let site = site.0.to_string();
        tenant.save_location(integration, &site, LocationChoice::Create, None).await.unwrap();
    }
    let import = tenant.start_import(integration, ImportSelection::All).await.unwrap();
    let results = fleet.execute(import.id).await;
    assert_eq!(results.state, RunState::Completed);
    let mine = search(&id.to_string());
    let results = tenant.import_results(import.id, mine, None).await.unwrap().items;
    let device = results.iter().find(|r| r.remote_id == id.to_string()).and_then(|r| r.device_id).unwrap();

    control.move_device(id, org, there.0);
    fleet.sync(integration, RunKind::Devices).await;
    let told = tenant.device_history(device, ListQuery::default()).await.unwrap().items;
    let told = told.into_iter().find(|e| e.kind == HistoryKind::Moved).expect("one line about it");
    for field in ["location", "psa_location"] {
        let change = told.fields.iter().find(|f| f.field == field).unwrap();
        let names = (change.before.as_deref(), change.after.as_deref());
        assert_eq!(names, (Some(here.1.as_str()), Some(there.1.as_str())), "{field}");
    }
}

async fn sealed_credentials_say_what_to_do(test: TestPortal) {
    let staged = Staged::new(&test).await;
    for (id, class) in [("a", "MAC"), ("s", "SRV")] {
        staged.device(id, "1", None, class).await;
    }
    imported(&staged).await;
    let run = staged.import(ImportSelection::All).await;
    let id = staged.results(&run).await[0].device_id.unwrap();
    // Nothing of this keyring's has sealed what stands in the row.
    let told = refused(staged.admin().raw_device(id).await);
    assert_eq!((told.kind, told.field), (Conflict, None));
    for words in ["cannot be opened with this keyring", "msportal vault check", "connect again"] {
        assert!(told.message.contains(words), "{words}: {}", told.message);
    }
}
