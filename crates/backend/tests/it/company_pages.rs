//! One company, one location: what they hold, what happened to them, and merging companies.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, page, refused},
};
use backend::{clock::new_id, devices::ViewInput};
use domain::{
    company::{CompanyInput, LocationInput},
    company_overview::CompanyEventKind::{Archived, Changed, Created, Mapping, Merged, MergedInto, Restored},
    device::{DeviceFilter, DeviceStatus},
    device_edit::HistoryKind,
    error::ErrorKind::{Invalid, NotFound},
    ids::{CompanyId, LocationId},
    import::ImportSelection,
    mapping::{LocationChoice, OrganizationChoice},
    page::ListQuery,
};

on_both!(
    overview,
    history,
    edits_and_files_are_told,
    who_created_them_is_told,
    older_ones_are_told_without_a_name,
    merge,
    merge_refusals,
    strangers
);

/// Contoso: two organizations, four devices, of which one class is not mapped; a location with a remote one.
async fn contoso(staged: &Staged<'_>) -> (CompanyId, LocationId) {
    staged.organization("1", "Contoso North", 3).await;
    staged.organization("2", "Contoso South", 1).await;
    staged.location("11", "1", "HQ").await;
    let company = staged.company("Contoso").await;
    let hq = staged.site(company, "HQ").await;
    staged.link("1", company).await;
    staged.link("2", company).await;
    staged.admin().save_location(staged.id, "11", LocationChoice::Link(hq), None).await.unwrap();
    staged.device("a", "1", Some("11"), "MAC").await;
    staged.device("b", "1", None, "SRV").await;
    staged.device("n", "1", None, "NEW").await;
    staged.device("s", "2", None, "MAC").await;
    staged.map_class("MAC", "Laptop").await;
    staged.map_class("SRV", "Server").await;
    staged.import(ImportSelection::All).await;
    staged.heartbeat("a", Some(false), 30, "ann").await;
    (company, hq)
}

async fn overview(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (company, hq) = contoso(&staged).await;
    staged.device("later", "2", None, "MAC").await;
    staged.inventory(company, "HAND1").await;
    staged.inventory(company, "HAND2").await;
    let put_away = "UPDATE devices SET archived_at = 1 WHERE tenant_id = $1 AND serial = 'HAND2'";
    test.execute(put_away, vec![test.tenant_id()]).await;
    let seen = staged.admin().company_overview(company).await.unwrap();
    let of = |status| seen.devices.statuses.iter().find(|s| s.status == status).unwrap().count;
    use DeviceStatus::{Detached, Missing, Offline, Online};
    assert_eq!((of(Online), of(Offline), of(Missing), of(Detached)), (1, 2, 0, 1));
    assert_eq!((seen.devices.total, seen.devices.archived, seen.devices.merged), (4, 1, 0));
    assert_eq!(seen.devices.types[0].device_type.name, "Laptop");
    let at: Vec<_> = seen.locations.iter().map(|l| (l.location.as_ref().map(|l| l.id), l.count)).collect();
    assert_eq!(at, [(Some(hq), 1), (None, 3)]);
    let [it] = seen.integrations.as_slice() else { panic!("one integration") };
    let told: Vec<_> = it
        .organizations
        .iter()
        .map(|o| (o.name.as_str(), o.devices, o.imported, o.ready, o.blocked, o.unmapped_classes.join(",")))
        .collect();
    assert_eq!(
        told,
        [("Contoso North", 3, 2, 0, 1, "NEW".to_owned()), ("Contoso South", 2, 1, 1, 0, String::new()),]
    );
    assert!(it.run_id.is_none() && it.proposed.is_empty());
    let place = staged.admin().location_overview(hq).await.unwrap();
    assert_eq!((place.devices.total, place.location.device_count), (1, 1));
    let there = &place.remote[0];
    assert_eq!((there.name.as_str(), there.devices, there.imported, there.run_id), ("HQ", 1, 1, None));
    assert_eq!(
        staged.admin().company(company).await.unwrap().device_count,
        4,
        "archived ones are not counted"
    );
}

async fn history(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (company, hq) = contoso(&staged).await;
    let tenant = staged.admin();
    test.clock.advance(60);
    tenant.save_organization(staged.id, "2", OrganizationChoice::Ignore, None, true).await.unwrap();
    test.clock.advance(60);
    tenant.archive_company(company, true).await.unwrap();
    tenant.archive_company(company, true).await.unwrap();
    test.clock.advance(60);
    tenant.archive_company(company, false).await.unwrap();
    let events = tenant.company_history(company, ListQuery::default()).await.unwrap();
    let kinds: Vec<_> = events.items.iter().map(|e| e.kind).collect();
    let expected = [Restored, Archived, Mapping, Mapping, Mapping, Created, Created];
    assert_eq!(kinds, expected, "archived once; it and its location were created");
    assert_eq!(events.items[2].text, "The organization Contoso South was ignored and left it.");
    assert_eq!(events.items[2].by.as_deref(), Some("Sam Owner"));
    assert!(events.items[3].text.ends_with("was mapped to it."), "{}", events.items[3].text);
    let second = tenant.company_history(company, page(2, 2)).await.unwrap();
    assert_eq!((second.total, second.items[0].kind), (7, Mapping));
    test.clock.advance(60);
    let renamed =
        CompanyInput { name: "Contoso Ltd".into(), phone: Some("555".into()), ..CompanyInput::default() };
    for _ in 0..2 {
        tenant.update_company(company, renamed.clone(), None).await.unwrap();
    }
    let events = tenant.company_history(company, ListQuery::default()).await.unwrap();
    let told = (events.total, events.items[0].kind, events.items[0].text.as_str());
    assert_eq!(
        told,
        (8, Changed, "Name: Contoso \u{2192} Contoso Ltd. Phone: none \u{2192} 555."),
        "told once"
    );

    test.clock.advance(60);
    tenant.save_location(staged.id, "11", LocationChoice::Ignore, None).await.unwrap();
    test.clock.advance(60);
    tenant.archive_location(hq, true).await.unwrap();
    tenant.archive_location(hq, true).await.unwrap();
    let events = tenant.location_overview(hq).await.unwrap().events;
    let told: Vec<_> = events.iter().map(|e| (e.kind, e.text.as_str())).collect();
    let expected = [
        (Archived, "The location HQ was archived. Its devices and mappings stayed."),
        (Mapping, "The location HQ was ignored and left it."),
        (Mapping, "The location HQ was mapped to it."),
        (Created, "The location HQ was added."),
    ];
    assert_eq!(told, expected);
    assert_eq!(events[0].by.as_deref(), Some("Sam Owner"));
    let of_company = tenant.company_history(company, ListQuery::default()).await.unwrap();
    assert_eq!(of_company.items[0].text, expected[0].1, "the company tells it, too");
}

async fn edits_and_files_are_told(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (company, hq) = contoso(&staged).await;
    let tenant = staged.admin();
    let newest = async || {
        test.clock.advance(60);
        let told = tenant.company_history(company, ListQuery::default()).await.unwrap();
        (told.total, told.items[0].text.clone())
    };
    let (before, _) = newest().await;
    let companies = "name,phone\nContoso,555\nWoodgrove,\n";
    tenant.import_companies(companies, true).await.unwrap();
    assert_eq!(newest().await.0, before, "a dry run tells nothing");
    for _ in 0..2 {
        tenant.import_companies(companies, false).await.unwrap();
        let told = "By a CSV file. Phone: none \u{2192} 555.".to_owned();
        assert_eq!(newest().await, (before + 1, told), "once");
    }
    let main = LocationInput { name: "HQ".into(), address: Some("1 Main St".into()), psa_ref: None };
    for _ in 0..2 {
        tenant.update_location(hq, main.clone(), None).await.unwrap();
        let told = "The location HQ was changed. Address: none \u{2192} 1 Main St.".to_owned();
        assert_eq!(newest().await, (before + 2, told), "once");
    }
    tenant.import_locations("company,name,psa_ref\nContoso,HQ,7\n", false).await.unwrap();
    let told = "The location HQ was changed. By a CSV file. PSA reference: none \u{2192} 7.".to_owned();
    assert_eq!(newest().await, (before + 3, told));
    let events = tenant.location_overview(hq).await.unwrap().events;
    let kinds: Vec<_> = events.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [Changed, Changed, Mapping, Created]);
    assert_eq!(events[0].by.as_deref(), Some("Sam Owner"));
}

async fn who_created_them_is_told(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let tenant = staged.admin();
    let told = async |company: CompanyId| {
        let events = tenant.company_history(company, ListQuery::default()).await.unwrap().items;
        let created = events.into_iter().filter(|e| e.kind == Created);
        created.map(|e| (e.text, e.by.unwrap_or_default())).collect::<Vec<_>>()
    };
    let by_sam = |text: &str| (text.to_owned(), "Sam Owner".to_owned());
    let by_hand = staged.company("By hand").await;
    staged.site(by_hand, "Depot").await;
    let expected = ["The location Depot was added.", "The company was created."].map(by_sam);
    assert_eq!(told(by_hand).await, expected);

    let files = ["name\nFrom a file\nBy hand\n", "company,name\nFrom a file,HQ\nBy hand,Depot\n"];
    for _ in 0..2 {
        tenant.import_companies(files[0], false).await.unwrap();
        tenant.import_locations(files[1], false).await.unwrap();
    }
    let found = tenant.companies(crate::support::search("From a file"), false).await.unwrap().items;
    let by_file = ["The location HQ was added by a CSV file.", "The company was created by a CSV file."];
    assert_eq!(told(found[0].id).await, by_file.map(by_sam), "once");
    assert_eq!(told(by_hand).await, expected, "they were there");

    staged.organization("1", "Mapped", 1).await;
    staged.location("11", "1", "Attic").await;
    let row =
        tenant.save_organization(staged.id, "1", OrganizationChoice::Create, None, false).await.unwrap();
    let made = row.company.expect("a new company").id;
    let site = tenant.save_location(staged.id, "11", LocationChoice::Create, None).await.unwrap();
    let of_site = tenant.location_overview(site.location.expect("a new location").id).await.unwrap().events;
    let kinds: Vec<_> = of_site.iter().map(|e| (e.kind, e.by.as_deref())).collect();
    assert_eq!(kinds, [(Mapping, Some("Sam Owner")), (Created, Some("Sam Owner"))]);
    let company = by_sam("The company was created to map an organization to it.");
    let location = by_sam("The location Attic was added to map a location of an integration to it.");
    assert_eq!(told(made).await, [location, company.clone()]);
    tenant.undo_decision(site.undo.unwrap(), false).await.unwrap();
    assert_eq!(told(made).await, [company], "a location that is taken back was never there");
}

/// Companies and locations of earlier versions, whose creation nobody noted.
async fn older_ones_are_told_without_a_name(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (company, hq) = contoso(&staged).await;
    test.execute("DELETE FROM company_events WHERE tenant_id = $1", vec![test.tenant_id()]).await;
    let tenant = staged.admin();
    let events = tenant.company_history(company, ListQuery::default()).await.unwrap().items;
    let first = events.last().expect("its creation");
    assert_eq!((first.text.as_str(), first.by.as_deref()), ("The company was created.", None));
    let events = tenant.location_overview(hq).await.unwrap().events;
    let first = events.last().expect("its creation");
    assert_eq!((first.text.as_str(), first.by.as_deref()), ("The location HQ was added.", None));
}

async fn merge(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (old, hq) = contoso(&staged).await;
    let tenant = staged.admin();
    let input = CompanyInput { name: "Contoso Ltd".into(), ..CompanyInput::default() };
    let kept = tenant.create_company(input).await.unwrap().id;
    let same = tenant
        .create_location(kept, LocationInput { name: "hq".into(), ..Default::default() })
        .await
        .unwrap()
        .id;
    let own = staged.site(old, "Depot").await;
    let details =
        CompanyInput { name: "Contoso".into(), phone: Some("555".into()), ..CompanyInput::default() };
    tenant.update_company(old, details, None).await.unwrap();

    let plan = tenant.merge_companies(old, kept, true).await.unwrap();
    assert_eq!((plan.devices, plan.locations, plan.organizations, plan.done), (3, 1, 2, false));
    assert_eq!(
        (plan.joined.as_slice(), plan.fields.as_slice()),
        (&["HQ".to_owned()][..], &["phone".to_owned()][..])
    );
    let company_of = async |search: &str| {
        let found = tenant.devices(crate::support::search(search), DeviceFilter::default()).await.unwrap();
        let device = &found.items[0];
        (device.company.id, device.location.as_ref().map(|l| l.id))
    };
    assert_eq!(company_of("pc-a").await, (old, Some(hq)), "a dry run moves nothing");

    let view = ViewInput { name: "HQ".into(), query: format!("company={old}&location={hq}"), shared: false };
    let view = tenant.create_device_view(view).await.unwrap();

    let done = tenant.merge_companies(old, kept, false).await.unwrap();
    assert!(done.done && done.devices == 3);
    let views = tenant.device_views().await.unwrap();
    let turned = views.iter().find(|v| v.id == view.id).unwrap();
    assert_eq!(turned.query, format!("company={kept}&location={same}"), "the view shows what it showed");
    assert_eq!(company_of("pc-a").await, (kept, Some(same)), "a site that both have is one");
    assert_eq!(company_of("pc-b").await, (kept, None));
    let device =
        tenant.devices(crate::support::search("pc-b"), DeviceFilter::default()).await.unwrap().items[0].id;
    let told = tenant.device_history(device, ListQuery::default()).await.unwrap().items;
    let moved = told.iter().find(|e| e.kind == HistoryKind::Moved).expect("in its history");
    assert_eq!(moved.fields[0].after.as_deref(), Some("Contoso Ltd"));
    assert_eq!(tenant.location(own).await.unwrap().company_id, kept);
    assert!(tenant.location(hq).await.unwrap().archived);
    let (from, to) = (tenant.company(old).await.unwrap(), tenant.company(kept).await.unwrap());
    assert!(from.archived && !to.archived);
    assert_eq!((from.device_count, to.device_count, to.phone.as_deref()), (0, 3, Some("555")));
    let overview = tenant.company_overview(old).await.unwrap();
    assert_eq!(overview.merged_into.map(|c| c.id), Some(kept));
    // What is imported later, and re-mapped, stays at the company that was kept.
    staged.device("later", "1", Some("11"), "MAC").await;
    staged.import(ImportSelection::All).await;
    assert_eq!(company_of("pc-later").await, (kept, Some(same)));
    let kinds = async |id| {
        let found = tenant.company_history(id, ListQuery::default()).await.unwrap().items;
        found.into_iter().map(|e| (e.kind, e.other)).collect::<Vec<_>>()
    };
    assert!(kinds(kept).await.contains(&(Merged, Some(old))));
    assert!(kinds(old).await.contains(&(MergedInto, Some(kept))));
}

async fn merge_refusals(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (a, b) = (staged.company("A").await, staged.company("B").await);
    let tenant = staged.admin();
    let field = |error: domain::error::UserError| (error.kind, error.field);
    let into = || Some("into".to_owned());
    assert_eq!(field(refused(tenant.merge_companies(a, a, false).await)), (Invalid, into()));
    tenant.archive_company(b, true).await.unwrap();
    assert_eq!(field(refused(tenant.merge_companies(a, b, false).await)), (Invalid, into()));
    assert_eq!(kind_of(tenant.merge_companies(a, new_id().into(), false).await), (NotFound, None));
    assert!(tenant.merge_companies(b, a, false).await.unwrap().done, "an archived one may go");
}

async fn strangers(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let (company, hq) = contoso(&staged).await;
    let theirs = test.stranger().await;
    assert_eq!(kind_of(theirs.company_overview(company).await), (NotFound, None));
    assert_eq!(kind_of(theirs.company_history(company, ListQuery::default()).await), (NotFound, None));
    assert_eq!(kind_of(theirs.location_overview(hq).await), (NotFound, None));
    assert_eq!(kind_of(theirs.merge_companies(company, company, true).await), (NotFound, None));
}
