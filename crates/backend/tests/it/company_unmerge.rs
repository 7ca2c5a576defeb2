//! Undoing a merge of companies: everything is as it was, as far as nobody has built on it since.

use crate::{
    staged::Staged,
    support::{PASSWORD, TestPortal, kind_of, refused, search},
    users::token,
};
use backend::{devices::ViewInput, jobs::prune::prune, session::Visitor};
use domain::{
    company::CompanyInput,
    company_overview::CompanyEventKind::{Merged, MergedInto, Unmerged},
    compliance::{Check, SubjectInput, TermsInput},
    device::{DeviceDetail, DeviceFilter},
    device_edit::{DeviceField, FieldValue, HistoryKind},
    error::ErrorKind::{Conflict, NotFound},
    ids::{CompanyId, DeviceId, LocationId},
    import::ImportSelection,
    mapping::{LocationChoice, OrganizationChoice},
    page::ListQuery,
    role::Role,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::time::Duration;

on_both!(
    all_is_as_it_was,
    a_preview_waits_for_nobody,
    what_moved_on_stays,
    what_was_imported_since_goes_along,
    what_is_refused,
    of_two_merges_the_last_one_first,
    whoever_is_limited_since_keeps_what_was_decided,
    what_is_not_kept_any_more_is_not_undone,
);

const DAY: i64 = 86_400;

/// What a merge touches: tables with their ids and their other columns, but versions and times of writing.
const TABLES: [(&str, &[&str], &[&str]); 8] = [
    ("companies", &["id", "merged_into"], &["name", "domain", "phone", "address", "psa_ref", "archived_at"]),
    ("locations", &["id", "company_id"], &["name", "archived_at"]),
    ("devices", &["id", "company_id", "location_id", "device_type_id"], &["name", "owned", "remote_id"]),
    ("organization_mappings", &["company_id", "runner_up"], &["remote_id", "status", "mapped_at"]),
    ("location_mappings", &["location_id", "runner_up"], &["remote_id", "status", "mapped_at"]),
    (
        "compliance_exceptions",
        &["id", "company_id"],
        &["check_name", "reason", "until_day", "created_at", "created_by"],
    ),
    ("assigned_companies", &["holder_id", "company_id"], &[]),
    ("device_views", &["id"], &["query"]),
];

async fn tables(test: &TestPortal) -> Vec<String> {
    let db = test.portal.db();
    let backend = db.get_database_backend();
    let id = |column: &str| match backend {
        DbBackend::Sqlite => format!("lower(hex({column}))"),
        _ => format!("replace(CAST({column} AS text), '-', '')"),
    };
    let known = |text: String| format!("COALESCE({text}, '')");
    let mut lines = Vec::new();
    for (table, ids, others) in TABLES {
        let others = others.iter().map(|column| format!("CAST({column} AS text)"));
        let columns: Vec<String> = ids.iter().map(|column| id(column)).chain(others).map(known).collect();
        let select =
            format!("SELECT '{table} ' || {} AS line FROM {table} ORDER BY 1", columns.join(" || ' ' || "));
        let rows = db.query_all_raw(Statement::from_string(backend, select)).await.expect(table);
        lines.extend(rows.iter().map(|row| row.try_get::<String>("", "line").expect(table)));
    }
    lines.sort_unstable();
    lines
}

/// Contoso goes into Contoso Ltd: each with locations, an organization or two, and devices.
struct Two<'a> {
    staged: Staged<'a>,
    old: CompanyId,
    kept: CompanyId,
    hq: LocationId,
    depot: LocationId,
    office: LocationId,
    /// Added by hand at Contoso's depot.
    kiosk: DeviceId,
}

impl<'a> Two<'a> {
    async fn of(test: &'a TestPortal) -> Self {
        let staged = Staged::new(test).await;
        let admin = staged.admin();
        for (id, name) in [("1", "Contoso North"), ("2", "Contoso South"), ("3", "Contoso Holding")] {
            staged.organization(id, name, 1).await;
        }
        staged.location("11", "1", "HQ").await;
        staged.location("12", "1", "Depot").await;
        let (old, kept) = (staged.company("Contoso").await, staged.company("Contoso Ltd").await);
        let (hq, depot) = (staged.site(old, "HQ").await, staged.site(old, "Depot").await);
        staged.site(kept, "hq").await;
        let office = staged.site(kept, "Office").await;
        for (organization, company) in [("1", old), ("2", old), ("3", kept)] {
            staged.link(organization, company).await;
        }
        for (remote, location) in [("11", hq), ("12", depot)] {
            admin.save_location(staged.id, remote, LocationChoice::Link(location), None).await.unwrap();
        }
        for (id, organization, location) in
            [("a", "1", Some("11")), ("b", "1", Some("12")), ("s", "2", None), ("k", "3", None)]
        {
            staged.device(id, organization, location, "MAC").await;
        }
        staged.map_class("MAC", "Laptop").await;
        staged.import(ImportSelection::All).await;
        let kind = admin.device_types(ListQuery::default(), false).await.unwrap().items[0].id;
        let fields = vec![
            to(DeviceField::Name, "Kiosk"),
            to(DeviceField::Company, old),
            to(DeviceField::DeviceType, kind),
            to(DeviceField::Location, depot),
        ];
        let kiosk = admin.create_device(fields).await.unwrap().id;
        test.clock.advance(60);
        Self { staged, old, kept, hq, depot, office, kiosk }
    }

    async fn merge(&self) {
        self.staged.admin().merge_companies(self.old, self.kept, false).await.unwrap();
        self.staged.test.clock.advance(60);
    }

    async fn device(&self, id: DeviceId) -> DeviceDetail {
        self.staged.admin().device(id).await.unwrap()
    }

    async fn named(&self, name: &str) -> DeviceId {
        let found = self.staged.admin().devices(search(name), DeviceFilter::default()).await.unwrap().items;
        found.iter().find(|device| device.name == name).unwrap_or_else(|| panic!("{name}")).id
    }

    /// The company and the location of a device of that name.
    async fn place(&self, name: &str) -> (CompanyId, Option<LocationId>) {
        let device = self.device(self.named(name).await).await;
        (device.company.id, device.location.map(|location| location.id))
    }

    async fn put(&self, device: DeviceId, location: LocationId) {
        let fields = vec![to(DeviceField::Location, location)];
        self.staged.admin().update_device(device, None, fields).await.unwrap();
    }
}

fn to(field: DeviceField, value: impl ToString) -> FieldValue {
    FieldValue { field, value: Some(value.to_string()) }
}

async fn all_is_as_it_was(test: TestPortal) {
    let two = Two::of(&test).await;
    let (admin, old, kept) = (test.admin(), two.old, two.kept);
    let phone = CompanyInput { name: "Contoso".into(), phone: Some("555".into()), ..CompanyInput::default() };
    admin.update_company(old, phone, None).await.unwrap();
    for (company, check, until) in [
        (old, Check::NoOwner, None),
        (kept, Check::NoOwner, Some("2026-05-20")),
        (old, Check::NoBackup, Some("2026-05-20")),
        (kept, Check::NoBackup, Some("2026-05-21")),
        (old, Check::NoSerial, None),
    ] {
        let subject = SubjectInput { device: None, company: Some(company) };
        let terms = TermsInput { reason: "Kiosk".into(), until: until.map(str::to_owned) };
        admin.add_compliance_exception(check, subject, terms).await.unwrap();
    }
    for (n, companies) in [vec![old], vec![old, kept], vec![kept]].into_iter().enumerate() {
        let email = format!("limited{n}@northwind.example");
        admin.invite_user(&email, Role::Read, Some(companies)).await.unwrap();
    }
    let query = format!("company={old}&location={}", two.hq);
    admin.create_device_view(ViewInput { name: "HQ".into(), query, shared: true }).await.unwrap();
    let before = tables(&test).await;

    for round in 0..2 {
        two.merge().await;
        let merged = tables(&test).await;
        assert_ne!(merged, before);
        let overview = admin.company_overview(kept).await.unwrap();
        assert_eq!(overview.merged.iter().map(|m| m.company.id).collect::<Vec<_>>(), [old]);
        assert_eq!(overview.merged[0].by.as_deref(), Some("Sam Owner"));
        assert!(admin.company_overview(old).await.unwrap().can_unmerge);
        let plan = admin.unmerge_companies(old, true).await.unwrap();
        assert_eq!((plan.devices, plan.locations, plan.organizations, plan.done), (4, 2, 2, false));
        assert_eq!((plan.devices_left, plan.without_location), (0, 0));
        assert_eq!(tables(&test).await, merged, "a dry run moves nothing");
        let done = admin.unmerge_companies(old, false).await.unwrap();
        assert!(done.done && done.devices == 4 && done.organizations_left.is_empty());
        assert_eq!(tables(&test).await, before, "round {round}");
        assert_eq!(refused(admin.unmerge_companies(old, false).await).kind, Conflict, "twice");
        test.clock.advance(60);
    }
    let overview = admin.company_overview(kept).await.unwrap();
    assert!(overview.merged.is_empty() && !admin.company_overview(old).await.unwrap().can_unmerge);
    let told = async |id| {
        let events = admin.company_history(id, ListQuery::default()).await.unwrap().items;
        events.into_iter().take(2).map(|e| (e.kind, e.other)).collect::<Vec<_>>()
    };
    assert_eq!(told(old).await, [(Unmerged, Some(kept)), (MergedInto, Some(kept))]);
    assert_eq!(told(kept).await, [(Unmerged, Some(old)), (Merged, Some(old))]);
    let history = admin.device_history(two.kiosk, ListQuery::default()).await.unwrap().items;
    let names = |n: usize| (history[n].kind, history[n].fields[0].after.clone().unwrap_or_default());
    assert_eq!(names(0), (HistoryKind::Moved, "Contoso".to_owned()));
    assert_eq!(names(1), (HistoryKind::Moved, "Contoso Ltd".to_owned()));
}

/// Whoever only looks writes nothing, and is answered while somebody else writes.
async fn a_preview_waits_for_nobody(test: TestPortal) {
    let two = Two::of(&test).await;
    two.merge().await;
    let elsewhere = test.elsewhere().await;
    let writer = elsewhere.begin().await.unwrap();
    writer.execute_unprepared("UPDATE companies SET version = version + 1").await.unwrap();
    let plan = test.admin().unmerge_companies(two.old, true).await.unwrap();
    assert_eq!((plan.devices, plan.locations, plan.organizations), (4, 2, 2));
    writer.rollback().await.unwrap();
}

async fn what_moved_on_stays(test: TestPortal) {
    let two = Two::of(&test).await;
    let (admin, id) = (test.admin(), two.staged.id);
    two.merge().await;
    two.put(two.kiosk, two.office).await;
    admin.save_organization(id, "2", OrganizationChoice::Unmap, None, true).await.unwrap();
    test.clock.advance(60);
    two.staged.link("2", two.kept).await;
    // A name says nothing of where a device is.
    let a = two.named("PC-a").await;
    admin.update_device(a, None, vec![to(DeviceField::Name, "Front desk")]).await.unwrap();

    let done = admin.unmerge_companies(two.old, false).await.unwrap();
    assert_eq!((done.devices, done.organizations, done.devices_left), (2, 1, 2));
    assert_eq!(done.organizations_left, ["Contoso South"]);
    let reasons: Vec<_> = done.reasons.iter().map(|r| (r.name.as_str(), r.reason.as_str())).collect();
    let expected = [
        ("Kiosk", "It was put at Office of Contoso Ltd since."),
        ("PC-s", "Its organization is mapped to Contoso Ltd since."),
    ];
    assert_eq!(reasons, expected);
    assert_eq!(two.place("Kiosk").await, (two.kept, Some(two.office)));
    assert_eq!(two.place("PC-s").await, (two.kept, None));
    assert_eq!(two.place("PC-b").await, (two.old, Some(two.depot)));
    assert_eq!(two.place("Front desk").await, (two.old, Some(two.hq)));
    let told = &admin.company_history(two.old, ListQuery::default()).await.unwrap().items[0];
    assert!(told.text.ends_with("2 devices moved on since and stayed."), "{}", told.text);
}

async fn what_was_imported_since_goes_along(test: TestPortal) {
    let two = Two::of(&test).await;
    let admin = test.admin();
    two.merge().await;
    two.staged.device("later", "1", Some("11"), "MAC").await;
    two.staged.import(ImportSelection::All).await;
    assert_eq!(two.place("PC-later").await.0, two.kept);
    // Its organization goes back, and the location that somebody gave it does not.
    let b = two.named("PC-b").await;
    two.put(b, two.office).await;
    let done = admin.unmerge_companies(two.old, false).await.unwrap();
    assert_eq!((done.devices, done.without_location, done.devices_left), (5, 1, 0));
    assert_eq!(two.place("PC-later").await, (two.old, Some(two.hq)));
    assert_eq!(two.place("PC-b").await, (two.old, Some(two.depot)), "where its mapping says");
    assert!(two.device(b).await.owned.is_empty());
    let before = tables(&test).await;
    two.staged.import(ImportSelection::All).await;
    assert_eq!(tables(&test).await, before, "all are where the mappings say");
}

async fn what_is_refused(test: TestPortal) {
    let two = Two::of(&test).await;
    let admin = test.admin();
    assert_eq!(refused(admin.unmerge_companies(two.old, false).await).kind, Conflict, "never merged");
    two.merge().await;
    let stranger = test.stranger().await;
    assert_eq!(kind_of(stranger.unmerge_companies(two.old, false).await), (NotFound, None));
    let refuses = async |says: &str| {
        let before = tables(&test).await;
        for dry_run in [true, false] {
            let error = refused(admin.unmerge_companies(two.old, dry_run).await);
            assert_eq!(error.kind, Conflict);
            assert!(error.message.contains(says), "{says}: {}", error.message);
        }
        assert_eq!(tables(&test).await, before, "nothing was changed: {says}");
    };

    // A device of the other company is at a location that would go back.
    let k = two.named("PC-k").await;
    two.put(k, two.depot).await;
    refuses("1 device is at Depot, which goes back to Contoso, but stays at Contoso Ltd.").await;
    two.put(k, two.office).await;

    // So is a NinjaOne location of an organization that stays.
    two.staged.location("31", "3", "Depot").await;
    let link = LocationChoice::Link;
    admin.save_location(two.staged.id, "31", link(two.depot), None).await.unwrap();
    refuses("mapped to Depot").await;
    admin.save_location(two.staged.id, "31", link(two.office), None).await.unwrap();

    // Names are taken.
    let other = two.staged.company("Contoso").await;
    refuses("There is a company named \"Contoso\" already").await;
    let renamed = CompanyInput { name: "Contoso Inc".into(), ..CompanyInput::default() };
    admin.update_company(other, renamed, None).await.unwrap();

    // The other company was merged on.
    admin.merge_companies(two.kept, other, false).await.unwrap();
    refuses("Contoso Ltd was merged into Contoso Inc since. Undo that merge first.").await;
    admin.unmerge_companies(two.kept, false).await.unwrap();
    let done = admin.unmerge_companies(two.old, false).await.unwrap();
    assert_eq!((done.devices, done.devices_left), (4, 0));
}

/// A company that is merged a second time, out of the archive, comes back the way it went.
async fn of_two_merges_the_last_one_first(test: TestPortal) {
    let two = Two::of(&test).await;
    let admin = test.admin();
    let third = two.staged.company("Fabrikam").await;
    let before = tables(&test).await;
    two.merge().await;
    let merged = tables(&test).await;
    admin.merge_companies(two.old, third, false).await.unwrap();
    assert_eq!(admin.company_overview(third).await.unwrap().merged.len(), 1);
    assert!(admin.company_overview(two.kept).await.unwrap().merged.is_empty(), "the last one first");
    let done = admin.unmerge_companies(two.old, false).await.unwrap();
    assert_eq!((done.from.id, done.devices), (third, 0));
    assert_eq!(tables(&test).await, merged);
    let done = admin.unmerge_companies(two.old, false).await.unwrap();
    assert_eq!((done.from.id, done.devices), (two.kept, 4));
    assert_eq!(tables(&test).await, before);
}

async fn whoever_is_limited_since_keeps_what_was_decided(test: TestPortal) {
    let two = Two::of(&test).await;
    let (admin, third) = (test.admin(), two.staged.company("Third").await);
    let of_old = || Some(vec![two.old]);
    let accepted = async |link, name| {
        let joined = test.portal.accept_invitation(&Visitor::default(), &token(&link), name, PASSWORD).await;
        joined.unwrap().me.user.id
    };
    let invited = async |email| admin.invite_user(email, Role::Manage, of_old()).await.unwrap();
    let kim = accepted(invited("kim@northwind.example").await, "Kim").await;
    let link = invited("lee@northwind.example").await;
    two.merge().await;
    admin.set_user_companies(kim, Some(vec![two.kept, third]), None).await.unwrap();
    let lee = accepted(link, "Lee").await;
    let companies = async |user| {
        let companies = admin.user_companies(user).await.unwrap().expect("limited");
        companies.into_iter().map(|company| company.name).collect::<Vec<_>>()
    };
    assert_eq!(companies(lee).await, ["Contoso Ltd"], "where it went");
    admin.unmerge_companies(two.old, false).await.unwrap();
    assert_eq!(companies(kim).await, ["Contoso Ltd", "Third"]);
    assert_eq!(companies(lee).await, ["Contoso"], "what the invitation was for");
}

/// On SQLite one writes after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_comes_during_the_merge_goes_along() {
    let Some(test) = TestPortal::postgres().await else { return };
    let two = Two::of(&test).await;
    let (admin, old, kept) = (test.admin(), two.old, two.kept);
    // Its name is x.
    two.staged.inventory(kept, "SN-x").await;
    let elsewhere = test.elsewhere().await;
    let tx = elsewhere.begin().await.unwrap();
    let put = "UPDATE devices SET company_id = $1 WHERE name = 'x'";
    let put = Statement::from_sql_and_values(DbBackend::Postgres, put, [old.0.into()]);
    assert_eq!(tx.execute_raw(put).await.unwrap().rows_affected(), 1);
    let merging = tokio::spawn(async move { admin.merge_companies(old, kept, false).await });
    while !merging.is_finished() && test.waiting().await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tx.commit().await.unwrap();
    merging.await.expect("no panic").unwrap();
    assert_eq!(two.place("x").await.0, kept, "it is not left behind in the archive");
    test.clock.advance(60);
    test.admin().unmerge_companies(old, false).await.unwrap();
    assert_eq!(two.place("x").await.0, old, "it stands in the record");
}

async fn what_is_not_kept_any_more_is_not_undone(test: TestPortal) {
    let two = Two::of(&test).await;
    let admin = test.admin();
    two.merge().await;
    test.clock.advance(179 * DAY);
    prune(&test.portal).await.unwrap();
    assert_eq!(admin.unmerge_companies(two.old, true).await.unwrap().devices, 4);
    test.clock.advance(2 * DAY);
    let third = two.staged.company("Third").await;
    admin.merge_companies(third, two.kept, false).await.unwrap();
    prune(&test.portal).await.unwrap();

    let before = tables(&test).await;
    for dry_run in [true, false] {
        let error = refused(admin.unmerge_companies(two.old, dry_run).await);
        assert_eq!(error.kind, Conflict);
        assert!(error.message.contains("cannot be undone any more"), "{}", error.message);
        assert!(error.message.contains("kept for 180 days"), "{}", error.message);
    }
    assert_eq!(tables(&test).await, before, "nothing was changed");
    assert!(!admin.company_overview(two.old).await.unwrap().can_unmerge);
    let offered = admin.company_overview(two.kept).await.unwrap().merged;
    assert_eq!(offered.iter().map(|m| m.company.id).collect::<Vec<_>>(), [third]);
    assert!(admin.unmerge_companies(third, false).await.unwrap().done);
    let left = "DELETE FROM company_merge_rows WHERE kind = 'device'";
    assert_eq!(test.execute(left, Vec::new()).await, 0, "no row of the old merge is left");
}
