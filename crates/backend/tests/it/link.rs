//! Imports that find a device in the inventory by its serial number.

use crate::{
    staged::Staged,
    support::{TestPortal, search},
};
use domain::{
    company::CompanyInput,
    device::DeviceFilter,
    device_edit::{DeviceField, FieldValue, HistoryKind},
    import::{
        ImportOutcome::{self, Created, Linked, Skipped},
        ImportSelection,
    },
    page::ListQuery,
    run::RunState,
};

on_both!(
    a_good_serial_links,
    what_was_typed_stays,
    what_others_have_links_nothing,
    kept_devices_are_found,
    kept_devices_tell_what_they_come_back_with,
);

async fn outcomes(staged: &Staged<'_>) -> Vec<(String, ImportOutcome, Option<String>)> {
    let run = staged.import(ImportSelection::All).await;
    assert_eq!(run.state, RunState::Completed);
    let results = staged.results(&run).await;
    results.into_iter().map(|r| (r.remote_id, r.outcome, r.reason)).collect()
}

/// An organization of Contoso with devices of these ids, whose serial numbers are `SN-` and their id.
async fn fleet(staged: &Staged<'_>, ids: &[&str]) -> domain::ids::CompanyId {
    staged.organization("1", "Contoso", 1).await;
    let company = staged.company("Contoso").await;
    staged.link("1", company).await;
    for id in ids {
        staged.device(id, "1", None, "MAC").await;
    }
    staged.map_class("MAC", "Laptop").await;
    company
}

async fn set(test: &TestPortal, table: &str, set: &str, condition: &str) {
    let update = format!("UPDATE {table} SET {set} WHERE tenant_id = $1 AND {condition}");
    assert!(test.execute(&update, vec![test.tenant_id()]).await > 0, "{update}");
}

async fn total(staged: &Staged<'_>) -> i64 {
    staged.admin().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().total
}

async fn a_good_serial_links(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = fleet(&staged, &["a", "b"]).await;
    staged.inventory(company, " sn-a ").await;
    set(&test, "devices", "location_id = NULL, search_key = 'by hand'", "serial = ' sn-a '").await;
    let ours = staged.admin().devices(search("by hand"), DeviceFilter::default()).await.unwrap().items[0].id;
    let told = outcomes(&staged).await;
    assert_eq!((told[0].1, told[1].1), (Linked, Created));
    let reason = told[0].2.as_deref().unwrap();
    assert!(reason.contains("serial number SN-a"), "{reason}");
    assert_eq!(total(&staged).await, 2, "not doubled");
    let device = staged.admin().device(ours).await.unwrap();
    assert_eq!((device.facts.name.as_str(), device.device_type.name.as_str()), ("PC-a", "Laptop"));
    assert_eq!(device.source.unwrap().remote_id, "a");
    let told = staged.admin().device_history(ours, ListQuery::default()).await.unwrap().items;
    let linked = told.iter().find(|e| e.kind == HistoryKind::Linked).unwrap();
    let change = |name: &str| linked.fields.iter().find(|f| f.field == name).expect(name);
    assert_eq!(change("name").after.as_deref(), Some("PC-a"), "what the row told it");
    assert_eq!(
        (change("os_name").before.as_deref(), change("os_name").after.as_deref()),
        (None, Some("Windows 11"))
    );
    let again = outcomes(&staged).await;
    assert_eq!((again[0].1, again[1].1, total(&staged).await), (Skipped, Skipped, 2));
}

async fn what_was_typed_stays(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = fleet(&staged, &["a"]).await;
    let kind = staged.admin().device_types(ListQuery::default(), false).await.unwrap().items;
    let kind = kind.iter().find(|t| t.name == "Server").unwrap().id;
    let fields = [
        (DeviceField::Name, "Reception".to_owned()),
        (DeviceField::Company, company.to_string()),
        (DeviceField::DeviceType, kind.to_string()),
        (DeviceField::Serial, "sn-A".to_owned()),
        (DeviceField::AssetTag, "A-7".to_owned()),
    ];
    let fields = fields.into_iter().map(|(field, value)| FieldValue { field, value: Some(value) });
    let ours = staged.admin().create_device(fields.collect()).await.unwrap().id;
    assert_eq!(outcomes(&staged).await[0].1, Linked);
    let device = staged.admin().device(ours).await.unwrap();
    assert_eq!((device.facts.name.as_str(), device.device_type.name.as_str()), ("Reception", "Server"));
    assert_eq!((device.facts.serial.as_deref(), device.asset_tag.as_deref()), (Some("sn-A"), Some("A-7")));
    assert_eq!(device.facts.os_name.as_deref(), Some("Windows 11"), "what nobody typed is the sync's");
    let told = staged.admin().device_history(ours, ListQuery::default()).await.unwrap().items;
    assert!(told.iter().any(|e| e.kind == HistoryKind::Linked), "{told:?}");
}

async fn what_others_have_links_nothing(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = fleet(&staged, &["arch", "elsewhere", "fleet1", "fleet2", "junk", "twice"]).await;
    let other = CompanyInput { name: "Fabrikam".into(), ..CompanyInput::default() };
    let other = staged.admin().create_company(other).await.unwrap().id;
    staged.inventory(other, "SN-elsewhere").await;
    staged.inventory(company, "SN-twice").await;
    staged.inventory(company, "SN-twice").await;
    staged.inventory(company, "SN-fleet1").await;
    staged.inventory(company, "To be filled by O.E.M.").await;
    staged.inventory(company, "SN-arch").await;
    set(&test, "devices", "archived_at = 1", "serial = 'SN-arch'").await;
    set(&test, "remote_devices", "serial = 'To be filled by O.E.M.'", "remote_id = 'junk'").await;
    set(&test, "remote_devices", "serial = 'SN-fleet1'", "remote_id = 'fleet2'").await;
    let told = outcomes(&staged).await;
    assert!(told.iter().all(|(_, outcome, _)| *outcome == Created), "{told:?}");
    let unsure: Vec<&str> = told.iter().filter(|t| t.2.is_some()).map(|t| t.0.as_str()).collect();
    assert_eq!(unsure, ["fleet1", "fleet2", "twice"], "said why");
}

async fn kept_devices_are_found(test: TestPortal) {
    let gone = Staged::new(&test).await;
    fleet(&gone, &["a"]).await;
    gone.import(ImportSelection::All).await;
    let before =
        gone.admin().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items[0].id;
    let keep = domain::integration::DeviceFate::Keep;
    gone.admin().delete_integration(gone.id, "NinjaOne", keep).await.unwrap();
    // Another account of the same client, where the machine has another id.
    let staged = Staged::new(&test).await;
    staged.organization("7", "Contoso again", 1).await;
    let company = gone.admin().device(before).await.unwrap().company.id;
    staged.link("7", company).await;
    staged.device("z", "7", None, "MAC").await;
    set(&test, "remote_devices", "serial = 'SN-a'", "remote_id = 'z'").await;
    staged.map_class("MAC", "Server").await;
    let told = outcomes(&staged).await;
    assert_eq!((told[0].1, total(&staged).await), (Linked, 1));
    let device = staged.admin().device(before).await.unwrap();
    assert_eq!((device.facts.name.as_str(), device.device_type.name.as_str()), ("PC-z", "Server"));
}

/// The same account once more, where the machine has another system by now.
async fn kept_devices_tell_what_they_come_back_with(test: TestPortal) {
    let gone = Staged::new(&test).await;
    let company = fleet(&gone, &["a"]).await;
    gone.import(ImportSelection::All).await;
    let ours = gone.admin().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items[0].id;
    let keep = domain::integration::DeviceFate::Keep;
    gone.admin().delete_integration(gone.id, "NinjaOne", keep).await.unwrap();

    let staged = Staged::new(&test).await;
    let account = "UPDATE integrations SET account_hash = $2 WHERE tenant_id = $1 AND id = $3";
    let values = vec![test.tenant_id(), gone.id.0.as_bytes().to_vec().into(), staged.id.0.into()];
    assert_eq!(test.execute(account, values).await, 1);
    staged.organization("1", "Contoso", 1).await;
    staged.link("1", company).await;
    staged.device("a", "1", None, "MAC").await;
    set(&test, "remote_devices", "os_name = 'Windows 12'", "remote_id = 'a'").await;
    staged.map_class("MAC", "Server").await;
    let told = outcomes(&staged).await;
    assert_eq!((told[0].1, total(&staged).await), (Linked, 1));
    let reason = told[0].2.as_deref().unwrap();
    assert!(reason.contains("The inventory had this device already"), "{reason}");
    let history = staged.admin().device_history(ours, ListQuery::default()).await.unwrap().items;
    let linked = history.iter().find(|e| e.kind == HistoryKind::Linked).unwrap();
    let told = |name: &str| {
        let change = linked.fields.iter().find(|f| f.field == name).expect(name);
        (change.before.as_deref(), change.after.as_deref())
    };
    assert_eq!(told("os_name"), (Some("Windows 11"), Some("Windows 12")));
    assert_eq!(told("device_type"), (Some("Laptop"), Some("Server")));
}
