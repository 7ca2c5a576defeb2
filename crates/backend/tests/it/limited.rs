//! Users who are limited to some companies: each way to a list, a figure or an answer shows what a filter by these companies would.

mod late;
mod sums;

use crate::{
    staged::Staged,
    support::{PASSWORD, TestPortal, kind_of, search},
    users::token,
};
use backend::{
    Tenant, TokenInput, WhyAsked,
    clock::new_id,
    session::{Session, Visitor},
    tenant::Manage,
};
use domain::{
    compliance::ReportFilter,
    device::{BackupState, DeviceFilter, DeviceStatus},
    device_edit::{HistoryEntry, HistoryKind},
    device_list::{ArchivedFilter, Columns, DeviceColumn, SupportFilter},
    error::ErrorKind::{Conflict, Forbidden, Invalid, NotFound},
    ids::{CompanyId, UserId},
    import::ImportSelection,
    mapping::OrganizationChoice,
    os::OsFamily,
    page::ListQuery,
    permissions::Area,
    role::Role,
    roles::{RoleInput, RoleRef},
};
use futures::TryStreamExt;
use sea_orm::Value;

on_both!(
    lists_are_those_of_a_filter,
    reports_are_those_of_a_filter,
    figures_of_all_companies_are_the_fleets,
    other_organizations_are_not_named,
    the_past_of_a_device_names_what_is_theirs,
    a_merge_takes_the_assignment_along,
    what_is_open_ends,
    nobody_who_is_limited_becomes_an_administrator,
);

const KIM: &str = "kim@northwind.example";
const DAY: i64 = 86_400_000_000;

/// Somebody who is limited, and may change devices.
struct Kim<'a> {
    test: &'a TestPortal,
    id: UserId,
    cookie: String,
}

impl<'a> Kim<'a> {
    async fn of(test: &'a TestPortal, companies: &[CompanyId]) -> Self {
        let link = test.admin().invite_user(KIM, Role::Manage, Some(companies.to_vec())).await.unwrap();
        let joined =
            test.portal.accept_invitation(&Visitor::default(), &token(&link), "Kim", PASSWORD).await.unwrap();
        let cookie = joined.cookie.split(['=', ';']).nth(1).expect("a cookie").to_owned();
        Self { test, id: joined.me.user.id, cookie }
    }

    async fn session(&self) -> Session {
        self.test.portal.authenticate(&self.cookie).await.unwrap().expect("a session")
    }

    async fn tenant(&self) -> Tenant<Manage> {
        self.test.portal.scoped(&self.session().await, Area::Devices).unwrap()
    }
}

fn of(company: CompanyId) -> DeviceFilter {
    DeviceFilter { company: Some(company), ..DeviceFilter::default() }
}

/// Two companies with some of everything: 1,200 devices that hold a common word, every second one of each, and some that are fed.
async fn fill(staged: &Staged<'_>) -> [CompanyId; 2] {
    let companies = [staged.company("Contoso").await, staged.company("Fabrikam").await];
    for (n, company) in companies.iter().enumerate() {
        let organization = format!("org{n}");
        staged.organization(&organization, &format!("Organization {n}"), 3).await;
        staged.link(&organization, *company).await;
        for device in 0..3 {
            let id = format!("{n}-{device}");
            staged.device(&id, &organization, None, "MAC").await;
            staged.heartbeat(&id, Some(device == 0), 30 + device, "ann").await;
        }
    }
    staged.map_class("MAC", "Laptop").await;
    staged.import(ImportSelection::All).await;
    let test = staged.test;
    let kind = test.admin().device_types(ListQuery::default(), false).await.unwrap().items[0].id;
    let insert = "INSERT INTO devices (id, tenant_id, company_id, device_type_id, name, search_key, ip_addresses, mac_addresses,
            version, created_at, updated_at, os_name, model, owner_name, warranty_end, last_contact)
        VALUES ($1, $2, $3, $4, $5, $5, '[]', '[]', 1, $6, 0, $7, $8, $9, $10, $11)";
    let now = test.portal.now().timestamp_micros();
    for n in 0..1_200_i64 {
        let values: Vec<Value> = vec![
            new_id().into(),
            test.tenant_id(),
            companies[usize::from(n % 2 != 0)].0.into(),
            kind.0.into(),
            format!("item-{n:04}").into(),
            n.into(),
            ["Windows 11 Pro", "Ubuntu 24.04", "macOS 14"][usize::try_from(n % 3).unwrap()].into(),
            format!("Model {}", n % 7).into(),
            (n % 5 == 0).then(|| format!("Owner {}", n % 4)).into(),
            (n % 4 == 0).then_some(now + (n - 300) * DAY).into(),
            (n % 3 != 0).then_some(now - n % 50 * DAY).into(),
        ];
        test.execute(insert, values).await;
    }
    companies
}

async fn lists_are_those_of_a_filter(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let [mine, other] = fill(&staged).await;
    let kim = Kim::of(&test, &[mine]).await;
    let (tenant, admin) = (kim.tenant().await, test.admin());
    let all = DeviceFilter::default;
    let filters = [
        all(),
        DeviceFilter { status: Some(DeviceStatus::Online), ..all() },
        DeviceFilter { os: Some(OsFamily::Windows), ..all() },
        DeviceFilter { os_support: Some(SupportFilter::Supported), ..all() },
        DeviceFilter { backup: Some(BackupState::Unknown), owner: Some("none".into()), ..all() },
        DeviceFilter { owner: Some("owner 1".into()), ..all() },
        DeviceFilter { last_contact: Some("10".into()), archived: Some(ArchivedFilter::With), ..all() },
    ];
    for column in DeviceColumn::ALL {
        for (sort, page) in [(column.to_string(), 1), (format!("-{column}"), 2)] {
            for (filter, text) in filters.iter().zip([None, Some("item-"), Some("item-00")].iter().cycle()) {
                let query = ListQuery {
                    search: text.map(str::to_owned),
                    sort: Some(sort.clone()),
                    page: Some(page),
                    page_size: Some(40),
                };
                let seen = tenant.devices(query.clone(), filter.clone()).await.unwrap();
                let filtered = DeviceFilter { company: Some(mine), ..filter.clone() };
                let right = admin.devices(query, filtered).await.unwrap();
                assert_eq!(seen, right, "{sort} {text:?} {filter:?}");
            }
        }
    }
    assert_eq!(tenant.devices(ListQuery::default(), all()).await.unwrap().total, 603);
    let outside = tenant.devices(ListQuery::default(), of(other)).await;
    assert_eq!(kind_of(outside), (NotFound, Some("company".into())));
    let file = async |filter: DeviceFilter, admin: bool| {
        let columns = Columns::parse(Some("name,company,serial"));
        match admin {
            true => {
                test.admin()
                    .export_devices(search("item-1"), filter, columns)
                    .await
                    .unwrap()
                    .try_collect()
                    .await
            }
            false => {
                kim.tenant()
                    .await
                    .export_devices(search("item-1"), filter, columns)
                    .await
                    .unwrap()
                    .try_collect()
                    .await
            }
        }
    };
    let (seen, right): (Vec<String>, Vec<String>) =
        (file(all(), false).await.unwrap(), file(of(mine), true).await.unwrap());
    assert_eq!(seen, right);

    let found = async |text: &str| {
        let asked = WhyAsked { search: Some(text.into()), ..WhyAsked::default() };
        let why = tenant.why(asked).await.unwrap();
        (why.candidates.into_iter().map(|c| c.name).collect::<Vec<_>>(), why.more)
    };
    let (names, more) = found("item-").await;
    assert!(names.len() == 20 && more, "as many as ever: {names:?}");
    let is_mine = |name: &String| name[5..].parse::<i64>().unwrap() % 2 == 0;
    assert!(names.iter().all(is_mine), "{names:?}");
    assert_eq!(found("PC-0-1").await.0, ["PC-0-1"]);
    assert_eq!(found("PC-1-1").await.0, Vec::<String>::new());
    assert_eq!(found("1-1").await.0, Vec::<String>::new());
    let sources: Vec<_> = tenant.device_sources().await.unwrap().into_iter().map(|s| s.id).collect();
    assert_eq!(sources, [staged.id]);
    kim.test.admin().set_user_companies(kim.id, Some(Vec::new()), None).await.unwrap();
    assert_eq!(tenant.device_sources().await.unwrap(), []);
    assert_eq!(tenant.devices(ListQuery::default(), all()).await.unwrap().total, 0);
}

async fn reports_are_those_of_a_filter(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let [mine, other] = fill(&staged).await;
    let kim = Kim::of(&test, &[mine]).await;
    let (tenant, admin) = (kim.tenant().await, test.admin());
    let (seen, right) =
        (tenant.report_summary(None).await.unwrap(), admin.report_summary(Some(mine)).await.unwrap());
    assert_eq!((seen.devices, seen.companies), (603, 1));
    assert_eq!((seen.score, seen.online), (right.score, right.online));
    assert_eq!((&seen.checks, &seen.types), (&right.checks, &right.types));
    assert_eq!((&seen.systems, &seen.ages), (&right.systems, &right.ages));
    assert_eq!(
        tenant.report_trend(None, None).await.unwrap(),
        admin.report_trend(Some(mine), None).await.unwrap()
    );
    for by in ["name", "-company", "type", "os", "-last_contact"] {
        for text in [None, Some("item-00"), Some("contoso"), Some("fabrikam")] {
            let query =
                ListQuery { search: text.map(str::to_owned), sort: Some(by.into()), ..ListQuery::default() };
            let filter = ReportFilter { company: Some(mine), ..ReportFilter::default() };
            let seen = tenant.report_devices(query.clone(), ReportFilter::default()).await.unwrap();
            assert_eq!(seen, admin.report_devices(query, filter).await.unwrap(), "{by} {text:?}");
        }
    }
    let scores = tenant.report_companies(ListQuery::default()).await.unwrap();
    assert_eq!(scores.items.iter().map(|s| s.company.id).collect::<Vec<_>>(), [mine]);
    assert_eq!(kind_of(tenant.report_summary(Some(other)).await).0, NotFound);
    assert_eq!(kind_of(tenant.report_trend(Some(other), None).await).0, NotFound);
    assert_eq!(kind_of(tenant.company_report(other).await).0, NotFound);
    let types = tenant.device_types(ListQuery::default(), false).await.unwrap().items;
    assert_eq!(types.iter().map(|t| t.device_count).sum::<i64>(), 603);
}

async fn figures_of_all_companies_are_the_fleets(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let both = fill(&staged).await;
    let kim = Kim::of(&test, &both).await;
    let tenant = kim.tenant().await;
    let (seen, right) =
        (tenant.report_summary(None).await.unwrap(), test.admin().report_summary(None).await.unwrap());
    assert_eq!(seen, right);
    assert_eq!(
        tenant.report_trend(None, None).await.unwrap(),
        test.admin().report_trend(None, None).await.unwrap()
    );
    let (seen, right) = (tenant.fleet_pulse().await.unwrap(), test.admin().fleet_pulse().await.unwrap());
    assert_eq!((seen.devices, seen.score, seen.trend), (right.devices, right.score, right.trend));
    // The same things are refused at the door that knows of no limits.
    let refused = test.portal.tenant::<Manage>(&kim.session().await, Area::Devices).map(drop);
    assert_eq!(kind_of(refused).0, Forbidden);
}

/// A device stays in its company while its organization is mapped to none, or to another one.
async fn other_organizations_are_not_named(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let mine = staged.company("Contoso").await;
    staged.organization("1", "Secret Labs", 1).await;
    staged.link("1", mine).await;
    staged.device("a", "1", None, "MAC").await;
    staged.map_class("MAC", "Laptop").await;
    staged.import(ImportSelection::All).await;
    let kim = Kim::of(&test, &[mine]).await;
    let tenant = kim.tenant().await;
    let device = tenant.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items[0].id;
    let read = async || {
        let asked = WhyAsked { device: Some(device), ..WhyAsked::default() };
        let (detail, why) = (tenant.device(device).await.unwrap(), tenant.why(asked).await.unwrap());
        format!("{detail:?} {why:?}")
    };
    assert!(read().await.contains("Secret Labs"), "it is mapped to their company");
    let admin = test.admin();
    admin.save_organization(staged.id, "1", OrganizationChoice::Unmap, None, true).await.unwrap();
    let told = format!("{:?}", admin.device(device).await.unwrap());
    assert!(told.contains("Secret Labs"), "an administrator is told why it waits: {told}");
    let told = read().await;
    assert!(!told.contains("Secret Labs"), "{told}");
    assert_eq!(kind_of(tenant.raw_device(device).await).0, Conflict);
    let history = tenant.company_history(mine, ListQuery::default()).await.unwrap();
    assert!(!format!("{history:?}").contains("Secret Labs"), "{history:?}");
    assert!(
        format!("{:?}", admin.company_history(mine, ListQuery::default()).await.unwrap())
            .contains("Secret Labs")
    );
}

/// A sync that changed something about the device `a` of an account, `at` so many seconds.
async fn synced(staged: &Staged<'_>, at: i64, fields: &str) {
    let test = staged.test;
    let run = new_id();
    let insert = "INSERT INTO runs (id, tenant_id, integration_id, kind, state, phase, done, added, changed, unchanged, missing,
            failed, requests, started_by, created_at, warnings, evidence, cancel_requested, locks_organizations, locks_devices,
            locks_import, lease_until, attempt)
        VALUES ($1, $2, $3, 'devices', 'completed', 'done', 1, 0, 1, 0, 0, 0, 1, 'schedule', $4, '[]', '[]', FALSE, FALSE,
            FALSE, FALSE, 0, 1)";
    let values = vec![run.into(), test.tenant_id(), staged.id.0.into(), (at * 1_000_000).into()];
    test.execute(insert, values).await;
    let insert = "INSERT INTO run_changes (run_id, tenant_id, entity, remote_id, name, change, fields)
        VALUES ($1, $2, 'device', 'a', 'PC-a', 'moved', $3)";
    test.execute(insert, vec![run.into(), test.tenant_id(), fields.into()]).await;
}

/// What the vendor called by an id that another place of theirs has, too, is not told by it.
async fn the_past_of_a_device_names_what_is_theirs(test: TestPortal) {
    let (staged, second) = (Staged::new(&test).await, Staged::new(&test).await);
    let [mine, other] = [staged.company("Contoso").await, staged.company("Fabrikam").await];
    for (id, name, company) in [
        ("1", "Contoso North", mine),
        ("2", "Contoso South", mine),
        ("7", "Secret Labs", other),
        ("9", "Secret Nine", other),
    ] {
        staged.organization(id, name, 1).await;
        staged.link(id, company).await;
    }
    staged.location("11", "1", "Main Office").await;
    staged.location("7", "1", "Seventh Floor").await;
    staged.location("70", "7", "Secret Site").await;
    second.organization("9", "Contoso East", 0).await;
    second.link("9", mine).await;
    staged.device("a", "1", Some("11"), "MAC").await;
    staged.map_class("MAC", "Laptop").await;
    staged.import(ImportSelection::All).await;
    let field = |name: &str, before: &str, after: &str| {
        format!(r#"{{"field":"{name}","before":"{before}","after":"{after}"}}"#)
    };
    let lines = [
        [field("organization", "9", "7"), field("location", "70", "70")],
        [field("organization", "7", "2"), field("location", "70", "7")],
        [field("organization", "2", "1"), field("location", "7", "11")],
    ];
    for (at, fields) in (1..).zip(&lines) {
        synced(&staged, at, &format!("[{}]", fields.join(","))).await;
    }
    let kim = Kim::of(&test, &[mine]).await;
    let (tenant, admin) = (kim.tenant().await, test.admin());
    let device = tenant.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items[0].id;
    let (seen, all) = (
        tenant.device_history(device, ListQuery::default()).await.unwrap(),
        admin.device_history(device, ListQuery::default()).await.unwrap(),
    );
    assert_eq!((seen.total, seen.items.len()), (all.total, all.items.len()), "no line is left out");
    let moves = |items: &[HistoryEntry]| -> Vec<Vec<String>> {
        let moved = items.iter().filter(|entry| entry.kind == HistoryKind::Moved);
        let told = moved.map(|entry| entry.fields.iter().flat_map(|f| [f.before.clone(), f.after.clone()]));
        told.map(|values| values.flatten().collect()).collect()
    };
    let out = "outside your companies";
    let expected = [
        ["Contoso South", "Contoso North", "Seventh Floor", "Main Office"],
        [out, "Contoso South", out, "Seventh Floor"],
        [out; 4],
    ];
    assert_eq!(moves(&seen.items), expected);
    assert_eq!(moves(&all.items)[2], ["Secret Nine", "Secret Labs", "Secret Site", "Secret Site"]);
    assert!(!format!("{seen:?}").contains("Secret"));
}

async fn a_merge_takes_the_assignment_along(test: TestPortal) {
    let staged = Staged::new(&test).await;
    let [one, two] = [staged.company("Contoso").await, staged.company("Contoso Ltd").await];
    let third = staged.company("Fabrikam").await;
    let kim = Kim::of(&test, &[two]).await;
    let names = async || {
        let companies = kim.tenant().await.companies(ListQuery::default(), false).await.unwrap().items;
        companies.into_iter().map(|c| c.id).collect::<Vec<_>>()
    };
    assert_eq!(names().await, [two]);
    test.admin().merge_companies(two, one, false).await.unwrap();
    assert_eq!(names().await, [one]);
    test.admin().set_user_companies(kim.id, Some(vec![one, third]), None).await.unwrap();
    test.admin().merge_companies(one, third, false).await.unwrap();
    assert_eq!(names().await, [third]);
    let assigned = test.admin().user_companies(kim.id).await.unwrap().expect("limited");
    assert_eq!(assigned.iter().map(|c| c.id).collect::<Vec<_>>(), [third]);
}

async fn what_is_open_ends(test: TestPortal) {
    let kim = Kim::of(&test, &[]).await;
    let admin = test.admin();
    let before = kim.session().await;
    assert!(test.portal.is_open(&before).await.unwrap());
    admin.set_user_companies(kim.id, None, None).await.unwrap();
    assert!(!test.portal.is_open(&before).await.unwrap());
    let all = kim.session().await;
    let input = TokenInput { name: "Nightly".into(), role: Role::Read.into(), days: None, companies: None };
    let secret = test.portal.own(&all).unwrap().create_api_token(&all, input).await.unwrap().secret;
    let program = test.portal.authenticate_token(&secret, &Visitor::default()).await.unwrap().unwrap();
    assert!(test.portal.is_open(&program).await.unwrap());
    admin.set_user_companies(kim.id, Some(Vec::new()), None).await.unwrap();
    assert!(!test.portal.is_open(&all).await.unwrap());
    assert!(!test.portal.is_open(&program).await.unwrap());
}

async fn nobody_who_is_limited_becomes_an_administrator(test: TestPortal) {
    let admin = test.admin();
    let permissions = Role::Read.permissions();
    let input = RoleInput { name: "Night watch".into(), description: None, permissions };
    let night = admin.create_role(input).await.unwrap();
    let kim = Kim::of(&test, &[]).await;
    admin.set_user_role(kim.id, night.role, None).await.unwrap();
    assert_eq!(kind_of(admin.set_user_role(kim.id, Role::Admin, None).await).0, Conflict);
    let RoleRef::Custom(id) = night.role else { panic!("a role of their own") };
    let replaced = admin.delete_role(id, Some(Role::Admin.into())).await;
    assert_eq!(kind_of(replaced), (Invalid, Some("replacement".into())));
    assert_eq!(
        kind_of(admin.invite_user("lee@northwind.example", Role::Admin, Some(Vec::new())).await).0,
        Invalid
    );
    // The operator's invitation takes the place of one that was limited.
    admin.invite_user("mia@northwind.example", Role::Read, Some(Vec::new())).await.unwrap();
    let tenant = test.portal.tenants().await.unwrap()[0].id;
    let link = test.portal.invite_admin(tenant, "mia@northwind.example").await.unwrap();
    let mia =
        test.portal.accept_invitation(&Visitor::default(), &token(&link), "Mia", PASSWORD).await.unwrap();
    assert!(!mia.me.limited && mia.me.role.is_admin());
    admin.set_user_companies(kim.id, None, None).await.unwrap();
    admin.delete_role(id, Some(Role::Admin.into())).await.unwrap();
    assert_eq!(kind_of(admin.set_user_companies(kim.id, Some(Vec::new()), None).await).0, Conflict);
}
