//! Fields that people own, edits of one device and of many, undo, devices added by hand, history.

use crate::{
    fleet::Fleet,
    staged::Staged,
    support::{TestPortal, kind_of, refused, search},
};
use backend::clock::new_id;
use domain::{
    device::{DeviceDetail, DeviceFilter},
    device_edit::{
        DeviceAction::{self, Archive, Release, Restore, Set},
        DeviceField::{
            self, AssetTag, Company, DeviceType, Location, Name, Notes, OwnerEmail, OwnerName, Serial,
            WarrantyEnd,
        },
        DeviceQuery, DeviceSelection, FieldValue, HistoryKind, OwnedField,
    },
    device_list::ArchivedFilter,
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::{DeviceId, EditId},
    import::ImportSelection,
    integration::DeviceFate,
    page::ListQuery,
    run::{RunKind, RunState},
};

on_both!(
    by_hand,
    one_edit_and_back,
    many_at_once,
    what_is_refused,
    undo_knows_what_came_after,
    kept_devices_tell_why
);
on_both_with_fleet!(a_person_wins_over_the_sync, what_is_archived_stays_so_until_it_is_restored);

fn to(field: DeviceField, value: impl ToString) -> FieldValue {
    FieldValue { field, value: Some(value.to_string()) }
}

fn ids(ids: &[DeviceId]) -> DeviceSelection {
    DeviceSelection::Ids(ids.to_vec())
}

fn owned(device: &DeviceDetail) -> Vec<DeviceField> {
    device.owned.iter().map(|o| o.field).collect()
}

/// Contoso with two sites and two devices, Fabrikam with one: all imported.
async fn imported(staged: &Staged<'_>) -> Vec<DeviceId> {
    for (id, organization, class) in [("a", "1", "MAC"), ("b", "1", "SRV"), ("c", "2", "MAC")] {
        staged.device(id, organization, (id == "a").then_some("11"), class).await;
    }
    staged.organization("1", "Contoso", 2).await;
    staged.organization("2", "Fabrikam", 1).await;
    let (contoso, fabrikam) = (staged.company("Contoso").await, staged.company("Fabrikam").await);
    staged.link("1", contoso).await;
    staged.link("2", fabrikam).await;
    staged.map_class("MAC", "Laptop").await;
    staged.map_class("SRV", "Server").await;
    let run = staged.import(ImportSelection::All).await;
    let mut results = staged.results(&run).await;
    results.sort_by(|a, b| a.remote_id.cmp(&b.remote_id));
    results.into_iter().map(|r| r.device_id.unwrap()).collect()
}

async fn kinds(staged: &Staged<'_>, id: DeviceId) -> Vec<HistoryKind> {
    let history = staged.admin().device_history(id, ListQuery::default()).await.unwrap();
    history.items.into_iter().map(|h| h.kind).collect()
}

async fn by_hand(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let admin = staged.admin();
    let company = staged.company("Contoso").await;
    let hq = staged.site(company, "HQ").await;
    let kind = admin.create_device_type("Projector").await.unwrap().id;
    let device = admin
        .create_device(vec![
            to(Name, "  Projector 1 "),
            to(Company, company),
            to(DeviceType, kind),
            to(Location, hq),
            to(Serial, "PRJ-77"),
            to(AssetTag, "Ä-0042"),
            to(WarrantyEnd, "2027-03-31"),
            to(DeviceField::MacAddresses, "00-11-22-33-44-55"),
            FieldValue { field: Notes, value: Some(" ".into()) },
        ])
        .await
        .unwrap();
    assert_eq!((device.facts.name.as_str(), device.company.name.as_str()), ("Projector 1", "Contoso"));
    assert_eq!(device.location.as_ref().map(|l| l.name.as_str()), Some("HQ"));
    assert_eq!(device.facts.mac_addresses, ["00:11:22:33:44:55"]);
    assert_eq!(device.facts.warranty_end.unwrap().to_rfc3339(), "2027-03-31T00:00:00+00:00");
    assert_eq!((device.asset_tag.as_deref(), device.notes, device.source), (Some("Ä-0042"), None, None));
    for text in ["projector", "prj-77", "ä-0042", "00:11:22:33"] {
        let found = admin.devices(search(text), DeviceFilter::default()).await.unwrap();
        assert_eq!(found.total, 1, "{text} finds it");
    }
    assert_eq!(kinds(&staged, device.id).await, [HistoryKind::Created]);

    // Nothing feeds it, so its company can be changed; the location stays behind.
    let other = staged.company("Fabrikam").await;
    let moved = admin.update_device(device.id, Some(device.version), vec![to(Company, other)]).await.unwrap();
    assert_eq!((moved.company.name.as_str(), moved.location), ("Fabrikam", None));
    let history = admin.device_history(device.id, ListQuery::default()).await.unwrap().items;
    let change = |field: &str| history[0].fields.iter().find(|f| f.field == field).unwrap();
    assert_eq!(
        (change("location").before.as_deref(), change("location").after.as_deref()),
        (Some("HQ"), None)
    );
    assert_eq!(history[0].by.as_deref(), Some("Sam Owner"));
    let back = admin.undo_edit(history[0].edit.unwrap()).await.unwrap();
    assert_eq!(back.changed, 1);
    let device = admin.device(device.id).await.unwrap();
    assert_eq!(device.location.map(|l| l.name).as_deref(), Some("HQ"));
    assert_eq!(
        kinds(&staged, device.id).await,
        [HistoryKind::Undone, HistoryKind::Edited, HistoryKind::Created]
    );

    // What is entered is all there is of it: there is no sync to give a field back to.
    admin.update_device(device.id, None, vec![to(Name, "Mine")]).await.unwrap();
    let released = admin.edit_devices(ids(&[device.id]), Release(vec![Name])).await.unwrap();
    assert_eq!((released.changed, released.skipped, released.edit), (0, 1, None));
    let device = admin.device(device.id).await.unwrap();
    assert!(device.facts.name == "Mine" && owned(&device).contains(&Name));
}

/// The answer to an edit of one device says what takes it back; reading it does not, nor an edit that changed nothing.
async fn one_edit_and_back(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let id = imported(&staged).await[0];
    let admin = staged.admin();
    let name = async || admin.update_device(id, None, vec![to(Name, "Mine")]).await.unwrap();
    let mine = name().await;
    let edit = mine.edit.expect("the way back");
    assert_eq!((mine.facts.name.as_str(), admin.device(id).await.unwrap().edit), ("Mine", None));
    assert_eq!(name().await.edit, None, "it was so already");
    assert_eq!(admin.device_edits(ListQuery::default()).await.unwrap().items[0].id, edit);
    assert_eq!(admin.undo_edit(edit).await.unwrap().changed, 1);
    let device = admin.device(id).await.unwrap();
    assert_eq!((device.facts.name.as_str(), owned(&device)), ("PC-a", vec![]));
    assert_eq!(kinds(&staged, id).await[..2], [HistoryKind::Undone, HistoryKind::Edited]);
}

async fn many_at_once(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let devices = imported(&staged).await;
    let admin = staged.admin();
    let contoso = admin.device(devices[0]).await.unwrap().company.id;
    let hq = staged.site(contoso, "HQ").await;
    let kiosk = admin.create_device_type("Kiosk").await.unwrap().id;

    let all = DeviceSelection::Filter(DeviceQuery::default());
    let set = Set(vec![to(DeviceType, kiosk), to(OwnerName, "Ana Lima"), to(Location, hq)]);
    let edited = admin.edit_devices(all.clone(), set).await.unwrap();
    assert_eq!((edited.changed, edited.skipped), (2, 1), "the location is Contoso's");
    assert_eq!(edited.reasons[0].id, devices[2]);
    let edit = edited.edit.unwrap();
    for id in &devices[..2] {
        let device = admin.device(*id).await.unwrap();
        assert_eq!(
            (device.device_type.name.as_str(), device.facts.owner_name.as_deref()),
            ("Kiosk", Some("Ana Lima"))
        );
        assert_eq!(owned(&device), [Location, DeviceType, OwnerName]);
        let told = |field| device.owned.iter().find(|o| o.field == field).unwrap().clone();
        let types = if *id == devices[0] { "Laptop" } else { "Server" };
        let OwnedField { by, remote, .. } = told(DeviceType);
        assert_eq!((by.as_deref(), remote.as_deref()), (Some("Sam Owner"), Some(types)));
    }
    let listed = admin.device_edits(ListQuery::default()).await.unwrap().items;
    assert_eq!((listed[0].id, listed[0].devices, listed[0].can_undo), (edit, 2, true));

    let released = admin.edit_devices(all.clone(), Release(vec![DeviceType])).await.unwrap();
    assert_eq!(released.changed, 2);
    assert_eq!(admin.device(devices[1]).await.unwrap().device_type.name, "Server", "as its mapping says");
    assert_eq!(admin.undo_edit(released.edit.unwrap()).await.unwrap().changed, 2);
    assert_eq!(admin.device(devices[1]).await.unwrap().device_type.name, "Kiosk");

    assert_eq!(admin.undo_edit(edit).await.unwrap().changed, 2);
    for (id, kind) in [(devices[0], "Laptop"), (devices[1], "Server")] {
        let device = admin.device(id).await.unwrap();
        assert_eq!(
            (device.device_type.name.as_str(), device.facts.owner_name.as_deref(), device.location.is_none()),
            (kind, None, true)
        );
        assert_eq!(owned(&device), []);
    }

    let archived = admin.edit_devices(ids(&devices[..2]), Archive).await.unwrap();
    assert_eq!(archived.changed, 2);
    assert_eq!(admin.edit_devices(ids(&devices[..2]), Archive).await.unwrap().edit, None, "nothing to do");
    assert!(admin.device(devices[0]).await.unwrap().archived_at.is_some());
    assert_eq!(admin.edit_devices(ids(&devices[..1]), Restore).await.unwrap().changed, 1);
    let undone = admin.undo_edit(archived.edit.unwrap()).await.unwrap();
    assert_eq!((undone.changed, undone.skipped), (1, 1), "one is restored already");
    assert_eq!(admin.device(devices[1]).await.unwrap().archived_at, None);
}

async fn what_is_refused(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let devices = imported(&staged).await;
    let (admin, id) = (staged.admin(), devices[0]);
    let device = admin.device(id).await.unwrap();
    let update = async |field: FieldValue| kind_of(admin.update_device(id, None, vec![field]).await);
    let invalid = |field: &str| (Invalid, Some(field.to_owned()));
    let fabrikam = admin.device(devices[2]).await.unwrap().company.id;
    let elsewhere = staged.site(fabrikam, "Depot").await;
    assert_eq!(update(to(Name, " ")).await, invalid("name"));
    assert_eq!(update(to(OwnerEmail, "nobody")).await, invalid("owner_email"));
    assert_eq!(update(to(Company, fabrikam)).await, invalid("company"), "it follows its organization");
    assert_eq!(update(to(Location, elsewhere)).await, invalid("location"));
    let gone = |field: &str| (NotFound, Some(field.to_owned()));
    assert_eq!(update(to(Location, uuid::Uuid::nil())).await, gone("location"));
    assert_eq!(update(to(DeviceType, uuid::Uuid::nil())).await, gone("device_type"));
    let phone = admin.create_device_type("Phone").await.unwrap();
    admin.archive_device_type(phone.id, true).await.unwrap();
    assert_eq!(update(to(DeviceType, phone.id)).await, invalid("device_type"), "archived, not gone");
    let unknown = admin.edit_devices(ids(&[new_id().into()]), Set(vec![to(Name, "x")])).await;
    assert_eq!(kind_of(unknown), (NotFound, None));
    let twice = admin.update_device(id, None, vec![to(Name, "x"), to(Name, "y")]).await;
    assert_eq!(kind_of(twice), invalid("name"));
    assert_eq!(kind_of(admin.update_device(id, None, vec![]).await), invalid("fields"));
    assert_eq!(admin.device(id).await.unwrap().version, device.version, "nothing was written");

    admin.update_device(id, Some(device.version), vec![to(Name, "Mine")]).await.unwrap();
    let late = admin.update_device(id, Some(device.version), vec![to(Name, "Theirs")]).await;
    assert_eq!(refused(late).kind, Conflict);
    let stranger = test.stranger().await;
    assert_eq!(kind_of(stranger.update_device(id, Some(1), vec![to(Name, "x")]).await), (NotFound, None));
    assert_eq!(kind_of(stranger.edit_devices(ids(&[id]), Archive).await), (NotFound, None));
    assert_eq!(kind_of(stranger.device_history(id, ListQuery::default()).await), (NotFound, None));
    let edit = admin.device_edits(ListQuery::default()).await.unwrap().items[0].id;
    assert_eq!(kind_of(stranger.undo_edit(edit).await), (NotFound, None));
    assert_eq!(admin.device(id).await.unwrap().facts.name, "Mine");

    let merge = "UPDATE devices SET merged_into = $2 WHERE tenant_id = $1 AND id = $3";
    test.execute(merge, vec![test.tenant_id(), devices[1].0.into(), id.0.into()]).await;
    let hidden = refused(admin.update_device(id, None, vec![to(Name, "Hidden")]).await);
    assert_eq!(hidden.kind, Conflict, "it says where to, instead of doing nothing");

    let missing = admin.create_device(vec![to(Name, "PC"), to(Company, fabrikam)]).await;
    assert_eq!(kind_of(missing), invalid("device_type"));
}

async fn undo_knows_what_came_after(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let devices = imported(&staged).await;
    let admin = staged.admin();
    let name = async |id, name: &str| -> EditId {
        let set = Set(vec![to(Name, name)]);
        admin.edit_devices(ids(&[id]), set).await.unwrap().edit.unwrap()
    };
    let first = name(devices[0], "One").await;
    test.clock.advance(1);
    let second = name(devices[0], "Two").await;
    assert_eq!(refused(admin.undo_edit(first).await).kind, Conflict, "it was changed again since");
    assert_eq!(admin.device(devices[0]).await.unwrap().facts.name, "Two");
    admin.undo_edit(second).await.unwrap();
    let device = admin.device(devices[0]).await.unwrap();
    assert_eq!((device.facts.name.as_str(), owned(&device)), ("One", vec![Name]));
    assert_eq!(refused(admin.undo_edit(second).await).kind, Conflict, "twice");
    admin.undo_edit(first).await.unwrap();
    let device = admin.device(devices[0]).await.unwrap();
    assert_eq!((device.facts.name.as_str(), owned(&device)), ("PC-a", vec![]));
    let action: DeviceAction = serde_json::from_str(r#"{"set": [{"field": "notes"}]}"#).unwrap();
    assert_eq!(action, Set(vec![FieldValue { field: Notes, value: None }]));

    // Its company is another one by now: it does not go back to a location of the one before.
    let (contoso, fabrikam) =
        (admin.device(devices[1]).await.unwrap().company.id, staged.company("Fabrikam Ltd").await);
    let quay = staged.site(contoso, "Quay").await;
    let placed = Set(vec![to(Location, quay)]);
    admin.edit_devices(ids(&devices[1..2]), placed).await.unwrap();
    test.clock.advance(1);
    let released = Release(vec![Location]);
    let released = admin.edit_devices(ids(&devices[1..2]), released).await.unwrap().edit.unwrap();
    let moved = "UPDATE devices SET company_id = $2 WHERE tenant_id = $1 AND id = $3";
    test.execute(moved, vec![test.tenant_id(), fabrikam.0.into(), devices[1].0.into()]).await;
    let refusal = refused(admin.undo_edit(released).await);
    assert_eq!(refusal.kind, Conflict);
    assert_eq!(admin.device(devices[1]).await.unwrap().location, None);
    test.execute(moved, vec![test.tenant_id(), contoso.0.into(), devices[1].0.into()]).await;
    admin.undo_edit(released).await.unwrap();
    assert_eq!(admin.device(devices[1]).await.unwrap().location.map(|l| l.name).as_deref(), Some("Quay"));

    // A location that was the sync's is the sync's again, whichever company has the device by now.
    let (told, pier) = (
        "UPDATE devices SET location_id = $2 WHERE tenant_id = $1 AND id = $3",
        staged.site(contoso, "Pier").await,
    );
    test.execute(told, vec![test.tenant_id(), quay.0.into(), devices[0].0.into()]).await;
    test.clock.advance(1);
    let set = Set(vec![to(Location, pier)]);
    let set = admin.edit_devices(ids(&devices[..1]), set).await.unwrap().edit.unwrap();
    test.execute(moved, vec![test.tenant_id(), fabrikam.0.into(), devices[0].0.into()]).await;
    assert_eq!(admin.undo_edit(set).await.unwrap().changed, 1);
    let device = admin.device(devices[0]).await.unwrap();
    assert_eq!((device.location.is_none(), owned(&device)), (true, vec![]));

    // An integration feeds by now what was made by hand: its company is the mapping's.
    let kind = admin.create_device_type("Projector").await.unwrap().id;
    let made = vec![to(Name, "By hand"), to(Company, fabrikam), to(DeviceType, kind)];
    let made = admin.create_device(made).await.unwrap();
    test.clock.advance(1);
    let set = Set(vec![to(Company, contoso)]);
    let set = admin.edit_devices(ids(&[made.id]), set).await.unwrap().edit.unwrap();
    let linked = "UPDATE devices SET integration_id = $2, remote_id = 'z' WHERE tenant_id = $1 AND id = $3";
    test.execute(linked, vec![test.tenant_id(), staged.id.0.into(), made.id.0.into()]).await;
    assert_eq!(refused(admin.undo_edit(set).await).kind, Conflict);
    assert_eq!(admin.device(made.id).await.unwrap().company.id, contoso);

    let archived = admin.edit_devices(ids(&devices[..2]), Archive).await.unwrap().edit.unwrap();
    let merge = "UPDATE devices SET merged_into = $2 WHERE tenant_id = $1 AND id = $3";
    test.execute(merge, vec![test.tenant_id(), devices[2].0.into(), devices[0].0.into()]).await;
    let undone = admin.undo_edit(archived).await.unwrap();
    assert_eq!((undone.changed, undone.skipped, undone.reasons[0].id), (1, 1, devices[0]));
    assert!(undone.reasons[0].reason.contains("Un-merge it first"), "{:?}", undone.reasons);
}

async fn kept_devices_tell_why(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let devices = imported(&staged).await;
    let admin = staged.admin();
    admin.edit_devices(ids(&devices[..1]), Set(vec![to(Name, "Mine")])).await.unwrap();
    let name = admin.integration(staged.id).await.unwrap().name;
    admin.delete_integration(staged.id, &name, DeviceFate::Keep).await.unwrap();
    assert_eq!(kinds(&staged, devices[0]).await, [HistoryKind::Detached, HistoryKind::Edited]);
    let device = admin.device(devices[0]).await.unwrap();
    assert_eq!((device.facts.name.as_str(), device.owned[0].remote.as_deref()), ("Mine", None));
}

async fn a_person_wins_over_the_sync(fleet: Fleet) {
    let integration = fleet.all_imported().await;
    let tenant = fleet.tenant();
    let listed = tenant.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items;
    let id = listed[0].id;
    let device = tenant.device(id).await.unwrap();
    let remote: i64 = device.source.as_ref().unwrap().remote_id.parse().unwrap();
    let set = vec![to(Name, "Zebra desk"), to(Notes, "By the door"), to(WarrantyEnd, "2030-01-01")];
    let mine = tenant.update_device(id, Some(device.version), set).await.unwrap();
    assert_eq!(owned(&mine), [Name, WarrantyEnd]);

    let control = fleet.control();
    control.rename_device(remote, "renamed by the vendor");
    let run = fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(run.state, RunState::Completed);
    let after = tenant.device(id).await.unwrap();
    assert_eq!((after.facts.name.as_str(), after.notes.as_deref()), ("Zebra desk", Some("By the door")));
    assert_eq!(
        after.owned[0].remote.as_deref(),
        Some("renamed by the vendor"),
        "what NinjaOne says is shown"
    );
    let find = async |text: &str| tenant.devices(search(text), DeviceFilter::default()).await.unwrap().total;
    assert_eq!(
        (find("zebra desk").await, find("renamed by the vendor").await),
        (1, 0),
        "it is found by its own name"
    );

    // Another organization, another company: what is owned goes along.
    let home = control.device(remote).unwrap()["organizationId"].as_i64().unwrap();
    let (target, target_name) = control.organizations().into_iter().find(|(id, _)| *id != home).unwrap();
    control.move_device(remote, target, control.locations(target).first().map_or(0, |l| l.0));
    fleet.sync(integration, RunKind::Devices).await;
    let moved = tenant.device(id).await.unwrap();
    assert_eq!(
        (moved.company.name.as_str(), moved.facts.name.as_str()),
        (target_name.as_str(), "Zebra desk")
    );

    tenant.edit_devices(ids(&[id]), Release(vec![Name])).await.unwrap();
    let free = tenant.device(id).await.unwrap();
    assert_eq!((free.facts.name.as_str(), owned(&free)), ("renamed by the vendor", vec![WarrantyEnd]));
    assert_eq!((find("zebra desk").await, find("renamed by the vendor").await), (0, 1));
    control.rename_device(remote, "once more");
    fleet.sync(integration, RunKind::Devices).await;
    assert_eq!(
        tenant.device(id).await.unwrap().facts.name,
        "once more",
        "the sync goes on where it was released"
    );

    let history = tenant.device_history(id, ListQuery::default()).await.unwrap().items;
    let told: Vec<HistoryKind> = history.iter().map(|h| h.kind).collect();
    for kind in [
        HistoryKind::Added,
        HistoryKind::Imported,
        HistoryKind::Edited,
        HistoryKind::Moved,
        HistoryKind::Released,
        HistoryKind::Changed,
    ] {
        assert!(told.contains(&kind), "{kind} is missing in {told:?}");
    }
    assert!(history.iter().all(|h| h.by.is_some() != h.run.is_some() || h.kind == HistoryKind::Imported));
    let went = history.iter().find(|h| h.kind == HistoryKind::Moved).expect("a move");
    let to = went.fields.iter().find(|f| f.field == "organization").expect("from where to where");
    assert_eq!(to.after.as_deref(), Some(target_name.as_str()), "by its name, not the vendor's id");
}

async fn what_is_archived_stays_so_until_it_is_restored(fleet: Fleet) {
    let integration = fleet.all_imported().await;
    let tenant = fleet.tenant();
    let count = async |archived: Option<ArchivedFilter>| {
        let filter = DeviceFilter { archived, ..DeviceFilter::default() };
        tenant.devices(ListQuery::default(), filter).await.unwrap().total
    };
    let all = count(None).await;
    let listed = tenant.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items;
    let (id, other) = (listed[0].id, listed[1].id);
    let remote: i64 = tenant.device(id).await.unwrap().source.unwrap().remote_id.parse().unwrap();
    let counts = async || {
        let judged = tenant.report_summary(None).await.unwrap().devices;
        (count(None).await, count(Some(ArchivedFilter::Only)).await, judged)
    };
    // Two edits of the same moment.
    for (action, n) in [(Archive, 1), (Restore, 0)] {
        assert_eq!(tenant.edit_devices(ids(&[other]), action).await.unwrap().changed, 1);
        assert_eq!(counts().await, (all - n, n, all - n));
    }
    fleet.portal.clock.advance(60);
    assert_eq!(tenant.edit_devices(ids(&[id]), Archive).await.unwrap().changed, 1);
    assert_eq!(counts().await, (all - 1, 1, all - 1));
    fleet.portal.clock.advance(60);

    // NinjaOne goes on telling of it, and says something new.
    fleet.control().rename_device(remote, "renamed by the vendor");
    for kind in [RunKind::Devices, RunKind::All] {
        assert_eq!(fleet.sync(integration, kind).await.state, RunState::Completed);
    }
    let import = tenant.start_import(integration, ImportSelection::All).await.unwrap();
    assert_eq!(fleet.execute(import.id).await.counts.added, 0, "it is not made a second time");
    assert_eq!(counts().await, (all - 1, 1, all - 1));
    assert!(tenant.device(id).await.unwrap().archived_at.is_some());

    fleet.portal.clock.advance(60);
    assert_eq!(tenant.edit_devices(ids(&[id]), Restore).await.unwrap().changed, 1);
    assert_eq!(counts().await, (all, 0, all));
    let back = tenant.device(id).await.unwrap();
    assert_eq!((back.facts.name.as_str(), back.archived_at), ("renamed by the vendor", None));
    let history = tenant.device_history(id, ListQuery::default()).await.unwrap().items;
    let told: Vec<HistoryKind> = history.iter().map(|h| h.kind).collect();
    assert_eq!(
        told[..3],
        [HistoryKind::Restored, HistoryKind::Changed, HistoryKind::Archived],
        "newest first"
    );
    assert!(
        told[3..].contains(&HistoryKind::Imported) && told[3..].contains(&HistoryKind::Added),
        "{told:?}"
    );
    for entry in history.iter().filter(|h| matches!(h.kind, HistoryKind::Archived | HistoryKind::Restored)) {
        assert!(entry.by.is_some(), "who it was: {entry:?}");
    }
}
