//! Merging two devices that are one machine, and taking that back.

use crate::{
    fleet::Fleet,
    staged::Staged,
    support::{TestPortal, refused, search, sort},
};
use backend::WhyAsked;
use domain::{
    compliance::{Check, SubjectInput, TermsInput},
    device::{DeviceDetail, DeviceFilter, DeviceStatus},
    device_edit::{DeviceField, FieldValue, HistoryKind},
    duplicates::{DuplicatePair, DuplicateState},
    error::ErrorKind::{Conflict, NotFound},
    ids::{DeviceId, DuplicateId, IntegrationId},
    import::ImportSelection,
    mapping::OrganizationChoice,
    page::ListQuery,
    run::RunKind,
    why::WhyCode,
};

on_both!(
    a_merge_and_its_way_back,
    the_histories_of_both_lead_to_the_other_one,
    a_manual_device_takes_over_the_feed,
    a_listed_row_feeds_the_one_that_stays,
    what_changed_since_is_said,
    the_hidden_one_survives_the_kept_one,
);
on_both_with_fleet!(syncs_neither_double_nor_revive, the_kept_one_follows_the_row_that_is_listed);

async fn imported(staged: &Staged<'_>, ids: &[&str]) -> domain::ids::CompanyId {
    staged.organization("1", "Contoso", 1).await;
    let company = staged.company("Contoso").await;
    staged.link("1", company).await;
    for id in ids {
        staged.device(id, "1", None, "MAC").await;
    }
    staged.map_class("MAC", "Laptop").await;
    let same = "UPDATE remote_devices SET serial = 'SAME-1' WHERE tenant_id = $1";
    staged.test.execute(same, vec![staged.test.tenant_id()]).await;
    staged.import(ImportSelection::All).await;
    company
}

async fn pair(staged: &Staged<'_>) -> DuplicatePair {
    let found = staged.admin().duplicates(ListQuery::default(), None, None).await.unwrap().items;
    found.into_iter().next().expect("a pair")
}

async fn named(staged: &Staged<'_>, name: &str) -> DeviceId {
    let found = staged.admin().devices(search(name), DeviceFilter::default()).await.unwrap().items;
    found.iter().find(|d| d.name == name).unwrap_or_else(|| panic!("{name}")).id
}

/// A device without what every write moves.
async fn state(staged: &Staged<'_>, id: DeviceId) -> DeviceDetail {
    let device = staged.admin().device(id).await.unwrap();
    DeviceDetail { version: 0, updated_at: device.created_at, ..device }
}

/// The devices that are not hidden.
async fn live(staged: &Staged<'_>) -> Vec<DeviceId> {
    let mut ids = Vec::new();
    for device in staged.admin().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items {
        if staged.admin().device(device.id).await.unwrap().merged_into.is_none() {
            ids.push(device.id);
        }
    }
    ids
}

async fn kinds(staged: &Staged<'_>, id: DeviceId) -> Vec<HistoryKind> {
    let found = staged.admin().device_history(id, ListQuery::default()).await.unwrap().items;
    found.into_iter().map(|e| e.kind).collect()
}

fn value(field: DeviceField, value: &str) -> FieldValue {
    FieldValue { field, value: Some(value.into()) }
}

async fn a_merge_and_its_way_back(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = imported(&staged, &["a", "b"]).await;
    let (a, b) = (named(&staged, "PC-a").await, named(&staged, "PC-b").await);
    let tenant = staged.admin();
    let notes = vec![value(DeviceField::Notes, "On the third floor"), value(DeviceField::OwnerName, "Ann")];
    tenant.update_device(b, None, notes).await.unwrap();
    // What one of the two may fail, both may once they are one.
    let because = || TermsInput { reason: "Kiosk".into(), until: None };
    for (check, device) in [(Check::NoOwner, b), (Check::Offline, b), (Check::Offline, a)] {
        let subject = SubjectInput { device: Some(device), company: None };
        tenant.add_compliance_exception(check, subject, because()).await.unwrap();
    }
    let excepted = async || {
        let listed = tenant.compliance_exceptions(sort("check"), None, None).await.unwrap().items;
        listed.into_iter().map(|x| (x.check, x.device_id.unwrap())).collect::<Vec<_>>()
    };
    let before = excepted().await;
    let (was_a, was_b) = (state(&staged, a).await, state(&staged, b).await);
    test.clock.advance(5);

    let found = pair(&staged).await;
    let compared = tenant.compare_duplicates(found.id).await.unwrap();
    let field = |key: &str| compared.fields.iter().find(|f| f.key == key).unwrap();
    assert!(field("name").differs() && !field("serial").differs() && field("notes").differs());
    let take = vec![DeviceField::Notes, DeviceField::OwnerName];
    let merged = tenant.merge_duplicates(found.id, a, take, vec![]).await.unwrap();
    assert_eq!((merged.state, merged.hidden), (DuplicateState::Merged, Some(b)));
    assert_eq!(live(&staged).await, [a]);
    assert!(excepted().await.contains(&(Check::NoOwner, a)), "{:?}", excepted().await);
    assert!(excepted().await.contains(&(Check::Offline, b)), "the kept one has its own");
    let kept = tenant.device(a).await.unwrap();
    assert_eq!(
        (kept.notes.as_deref(), kept.facts.owner_name.as_deref()),
        (Some("On the third floor"), Some("Ann"))
    );
    assert_eq!(kept.source.as_ref().unwrap().remote_id, "a", "its own row feeds it");
    assert_eq!(kept.owned.iter().map(|o| o.field).collect::<Vec<_>>(), [DeviceField::OwnerName]);
    assert_eq!(kept.owned[0].by.as_deref(), Some("Sam Owner"));
    assert_eq!(tenant.device(b).await.unwrap().merged_into.map(|k| k.id), Some(a));
    assert_eq!(tenant.company(company).await.unwrap().device_count, 1);
    assert!(tenant.duplicates(ListQuery::default(), None, None).await.unwrap().items.is_empty());
    for id in [a, b] {
        assert!(kinds(&staged, id).await.contains(&HistoryKind::Merged));
    }
    assert_eq!(refused(tenant.merge_duplicates(found.id, a, vec![], vec![]).await).kind, Conflict);

    test.clock.advance(5);
    let back = tenant.unmerge_duplicates(found.id).await.unwrap();
    assert_eq!((back.state, back.hidden, back.decided_by), (DuplicateState::Open, None, None));
    assert_eq!((state(&staged, a).await, state(&staged, b).await), (was_a, was_b), "both exactly as before");
    let (mut now, mut then) = (excepted().await, before);
    now.sort_unstable_by_key(|(check, device)| (check.as_str(), *device));
    then.sort_unstable_by_key(|(check, device)| (check.as_str(), *device));
    assert_eq!(now, then);
    assert!(kinds(&staged, b).await.contains(&HistoryKind::Unmerged));
    assert_eq!(refused(tenant.unmerge_duplicates(found.id).await).kind, Conflict);
    assert_eq!(pair(&staged).await.id, found.id, "the pair waits again");
    let other = refused(tenant.merge_duplicates(found.id, DeviceId(found.id.0), vec![], vec![]).await);
    assert_eq!((other.kind, other.field.as_deref()), (NotFound, Some("keep")));
}

async fn the_histories_of_both_lead_to_the_other_one(test: TestPortal) {
    let staged = Staged::new(&test).await;
    imported(&staged, &["a", "b"]).await;
    let (a, b) = (named(&staged, "PC-a").await, named(&staged, "PC-b").await);
    let tenant = staged.admin();
    let found = pair(&staged).await;
    tenant.merge_duplicates(found.id, a, vec![], vec![]).await.unwrap();
    test.clock.advance(5);
    tenant.update_device(a, None, vec![value(DeviceField::Name, "Renamed since")]).await.unwrap();
    for (id, other, name) in [(a, b, "PC-b"), (b, a, "Renamed since")] {
        let told = tenant.device_history(id, ListQuery::default()).await.unwrap().items;
        let merged = told.iter().find(|e| e.kind == HistoryKind::Merged).expect("in its history");
        let led_to = merged.other.as_ref().map(|o| (o.id, o.name.as_str()));
        assert_eq!(led_to, Some((other, name)), "as it is called now");
        let others = told.iter().filter(|e| e.kind != HistoryKind::Merged);
        assert!(others.into_iter().all(|e| e.other.is_none()), "{told:?}");
    }
}

async fn a_manual_device_takes_over_the_feed(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = imported(&staged, &["a"]).await;
    let tenant = staged.admin();
    let types = tenant.device_types(ListQuery::default(), false).await.unwrap().items;
    let kind = types.iter().find(|t| t.name == "Server").unwrap().id;
    let fields = vec![
        value(DeviceField::Name, "Reception"),
        value(DeviceField::Company, &company.to_string()),
        value(DeviceField::DeviceType, &kind.to_string()),
        value(DeviceField::Serial, "same-1"),
    ];
    let ours = tenant.create_device(fields).await.unwrap().id;
    let fed = named(&staged, "PC-a").await;
    let (was_ours, was_fed) = (state(&staged, ours).await, state(&staged, fed).await);
    test.clock.advance(5);
    let found = pair(&staged).await;
    let compared = tenant.compare_duplicates(found.id).await.unwrap();
    assert_eq!((compared.keep, compared.takes_feed), (fed, Some(fed)));

    tenant.merge_duplicates(found.id, ours, vec![], vec![]).await.unwrap();
    let kept = tenant.device(ours).await.unwrap();
    assert_eq!(kept.source.as_ref().map(|s| s.remote_id.as_str()), Some("a"), "fed from now on");
    assert_eq!(
        (kept.facts.name.as_str(), kept.device_type.name.as_str()),
        ("Reception", "Server"),
        "what was typed stays"
    );
    assert_eq!(kept.facts.os_name.as_deref(), Some("Windows 11"), "the rest is the sync's");
    assert_eq!(live(&staged).await, [ours]);
    assert_eq!(
        kinds(&staged, ours).await,
        [HistoryKind::Merged, HistoryKind::Created],
        "its own past, not the other one's"
    );
    assert_eq!(kinds(&staged, fed).await, [HistoryKind::Merged, HistoryKind::Imported], "nor is that lost");
    // Another import neither doubles it nor brings the hidden one back.
    staged.import(ImportSelection::All).await;
    assert_eq!(live(&staged).await, [ours]);

    test.clock.advance(5);
    tenant.unmerge_duplicates(found.id).await.unwrap();
    assert_eq!((state(&staged, ours).await, state(&staged, fed).await), (was_ours, was_fed));
    let back = [HistoryKind::Unmerged, HistoryKind::Merged];
    assert_eq!(kinds(&staged, ours).await, [&back[..], &[HistoryKind::Created]].concat());
    assert_eq!(kinds(&staged, fed).await, [&back[..], &[HistoryKind::Imported]].concat());
    assert_eq!(live(&staged).await.len(), 2);
    staged.import(ImportSelection::All).await;
    assert_eq!(live(&staged).await.len(), 2);
}

async fn a_listed_row_feeds_the_one_that_stays(test: TestPortal) {
    let staged = Staged::new(&test).await;
    imported(&staged, &["new", "old"]).await;
    staged.lose("remote_devices", "old").await;
    let (old, new) = (named(&staged, "PC-old").await, named(&staged, "PC-new").await);
    let (was_old, was_new) = (state(&staged, old).await, state(&staged, new).await);
    let found = pair(&staged).await;
    let hold = vec![DeviceField::Name];
    staged.admin().merge_duplicates(found.id, old, vec![], hold).await.unwrap();
    let kept = staged.admin().device(old).await.unwrap();
    assert_eq!((kept.source.unwrap().remote_id.as_str(), kept.status), ("new", DeviceStatus::Offline));
    assert_eq!(kept.facts.name, "PC-old", "held as it was, though another row feeds it");
    staged.admin().unmerge_duplicates(found.id).await.unwrap();
    assert_eq!((state(&staged, old).await, state(&staged, new).await), (was_old, was_new));
    staged.admin().merge_duplicates(found.id, old, vec![], vec![]).await.unwrap();
    assert_eq!(staged.admin().device(old).await.unwrap().facts.name, "PC-new", "it follows what is listed");
}

async fn what_changed_since_is_said(test: TestPortal) {
    let staged = Staged::new(&test).await;
    imported(&staged, &["a", "b"]).await;
    let (a, b) = (named(&staged, "PC-a").await, named(&staged, "PC-b").await);
    let tenant = staged.admin();
    let theirs = vec![value(DeviceField::Model, "Latitude"), value(DeviceField::Notes, "Third floor")];
    tenant.update_device(b, None, theirs).await.unwrap();
    let found = pair(&staged).await;
    let take = vec![DeviceField::Model, DeviceField::Notes];
    tenant.merge_duplicates(found.id, a, take, vec![]).await.unwrap();
    tenant.update_device(a, None, vec![value(DeviceField::Notes, "Fourth floor")]).await.unwrap();
    let refusal = refused(tenant.unmerge_duplicates(found.id).await);
    assert!(refusal.message.starts_with("Notes of"), "{}", refusal.message);
    tenant.update_device(a, None, vec![value(DeviceField::Notes, "Third floor")]).await.unwrap();
    tenant.update_device(a, None, vec![value(DeviceField::Model, "Optiplex")]).await.unwrap();
    let refusal = refused(tenant.unmerge_duplicates(found.id).await);
    assert_eq!(refusal.kind, Conflict);
    assert!(refusal.message.contains("Model"), "{}", refusal.message);
    assert_eq!(live(&staged).await, [a], "nothing was done");
    tenant.update_device(a, None, vec![value(DeviceField::Model, "Latitude")]).await.unwrap();
    // What somebody has set since elsewhere stays theirs.
    tenant.update_device(a, None, vec![value(DeviceField::OwnerName, "Ann")]).await.unwrap();
    tenant.unmerge_duplicates(found.id).await.unwrap();
    let back = tenant.device(a).await.unwrap();
    assert_eq!((back.facts.model, back.facts.owner_name.as_deref()), (None, Some("Ann")));
}

async fn the_hidden_one_survives_the_kept_one(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let company = imported(&staged, &["a"]).await;
    staged.inventory(company, "SAME-1").await;
    let (fed, manual) = (named(&staged, "PC-a").await, named(&staged, "x").await);
    test.clock.advance(5);
    let forget = "DELETE FROM duplicate_checks WHERE tenant_id = $1";
    test.execute(forget, vec![test.tenant_id()]).await;
    let found = pair(&staged).await;
    staged.admin().merge_duplicates(found.id, fed, vec![], vec![]).await.unwrap();
    let remove = domain::integration::DeviceFate::Remove;
    staged.admin().delete_integration(staged.id, "NinjaOne", remove).await.unwrap();
    assert_eq!(live(&staged).await, [manual], "its twin is gone, so it is listed again");
}

async fn map_and_import(fleet: &Fleet, it: IntegrationId) {
    let tenant = fleet.tenant();
    for row in tenant.organizations(it, ListQuery::default(), None).await.unwrap().items {
        tenant.save_organization(it, &row.remote_id, OrganizationChoice::Create, None, true).await.unwrap();
    }
    tenant.quick_create_node_classes(it).await.unwrap();
    let import = tenant.start_import(it, ImportSelection::All).await.unwrap();
    fleet.execute(import.id).await;
}

async fn syncs_neither_double_nor_revive(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    map_and_import(&fleet, it).await;
    let (tenant, control) = (fleet.tenant(), fleet.control());
    let all = || ListQuery { page_size: Some(200), ..ListQuery::default() };
    // A machine gets a second agent, and somebody takes it for another one.
    let with_own_serial = "SELECT CAST(min(CAST(remote_id AS bigint)) AS bigint) AS n FROM remote_devices r
        WHERE serial IS NOT NULL AND EXISTS (SELECT 1 FROM devices d WHERE d.integration_id = r.integration_id AND d.remote_id = r.remote_id)
            AND (SELECT count(*) FROM remote_devices t WHERE t.serial = r.serial) = 1";
    let old = fleet.number(with_own_serial).await;
    let new = control.reenroll_device(old);
    fleet.sync(it, RunKind::Devices).await;
    tenant.resolve_same(it, &new.to_string(), domain::import::SameChoice::New).await.unwrap();
    let named = ImportSelection::RemoteIds(vec![new.to_string()]);
    let import = tenant.start_import(it, named).await.unwrap();
    fleet.execute(import.id).await;
    let newer = tenant.import_results(import.id, all(), None).await.unwrap().items[0].device_id.unwrap();
    let pairs = tenant.duplicates(all(), None, None).await.unwrap().items;
    let pair: DuplicateId =
        pairs.iter().find(|p| p.left.id == newer || p.right.id == newer).expect("a pair").id;
    tenant.merge_duplicates(pair, newer, vec![], vec![]).await.unwrap();
    let count = "SELECT count(*) AS n FROM devices WHERE merged_into IS NULL";
    let live = fleet.number(count).await;
    control.rename_device(new, "renamed machine");
    for _ in 0..2 {
        fleet.sync(it, RunKind::Devices).await;
        let import = tenant.start_import(it, ImportSelection::All).await.unwrap();
        fleet.execute(import.id).await;
    }
    assert_eq!(fleet.number(count).await, live, "neither doubled nor brought back");
    assert_eq!(
        tenant.device(newer).await.unwrap().facts.name,
        "renamed machine",
        "the kept one is kept true"
    );
    // Enrolled once more: the one that is listed is proposed, not the hidden one.
    let newest = control.reenroll_device(new);
    fleet.sync(it, RunKind::Devices).await;
    let proposed = format!(
        "SELECT count(*) AS n FROM remote_devices r JOIN devices d ON d.id = r.same_as
         WHERE r.remote_id = '{newest}' AND d.merged_into IS NULL"
    );
    assert_eq!(fleet.number(&proposed).await, 1);
}

async fn the_kept_one_follows_the_row_that_is_listed(fleet: Fleet) {
    let it = fleet.connect().await;
    fleet.sync(it, RunKind::Devices).await;
    let (tenant, control) = (fleet.tenant(), fleet.control());
    let approved = control.approved_device_ids();
    let of = |org: i64| control.devices_of_organization(org).into_iter().filter(|id| approved.contains(id));
    let twins = control.organizations().into_iter().map(|(org, _)| of(org).take(2).collect::<Vec<_>>());
    let twins = twins.into_iter().find(|ids| ids.len() == 2).expect("two devices of one organization");
    let same = format!(
        "UPDATE remote_devices SET serial = 'TWIN-77' WHERE tenant_id = $1 AND remote_id IN ('{}', '{}')",
        twins[0], twins[1]
    );
    assert_eq!(fleet.portal.execute(&same, vec![fleet.portal.tenant_id()]).await, 2);
    map_and_import(&fleet, it).await;
    let row = async |id: DeviceId| tenant.device(id).await.unwrap().source.unwrap().remote_id;
    let all = ListQuery { page_size: Some(200), ..ListQuery::default() };
    let mut found = None;
    for pair in tenant.duplicates(all, None, None).await.unwrap().items {
        let rows = [row(pair.left.id).await, row(pair.right.id).await];
        if twins.iter().all(|id| rows.contains(&id.to_string())) {
            found = Some((pair.id, pair.left.id, pair.right.id, rows));
        }
    }
    let (pair, keep, hide, [own, other]) = found.expect("a pair");
    tenant.merge_duplicates(pair, keep, vec![], vec![]).await.unwrap();

    assert!(control.delete_device(own.parse().unwrap()));
    fleet.sync(it, RunKind::Devices).await;
    let kept = tenant.device(keep).await.unwrap();
    assert_eq!(kept.source.unwrap().remote_id, other, "its own row is missing, the other one is there");
    assert_ne!(kept.status, DeviceStatus::Missing);
    let why = tenant.why(WhyAsked { device: Some(keep), ..WhyAsked::default() }).await.unwrap();
    assert!(why.chain.unwrap().steps.iter().all(|step| step.code != WhyCode::Missing));

    let told = tenant.device_history(keep, ListQuery::default()).await.unwrap().items;
    let told = told.iter().find(|e| e.kind == HistoryKind::Exchanged).expect("a line about it");
    assert_eq!(told.fields[0].field, "remote_id");
    assert_eq!((told.fields[0].before.as_ref(), told.fields[0].after.as_ref()), (Some(&own), Some(&other)));

    let back = tenant.unmerge_duplicates(pair).await.unwrap();
    assert_eq!((back.state, row(keep).await, row(hide).await), (DuplicateState::Open, own, other));
    assert_eq!(tenant.device(keep).await.unwrap().status, DeviceStatus::Missing);
}
