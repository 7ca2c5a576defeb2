//! Compliance: rules, exceptions, what reports say after syncs and edits, and the figures of each day.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, page, search, sort},
    truth::number,
};
use backend::clock::new_id;
use domain::{
    audit::{AuditAction, AuditFilter},
    compliance::{
        Age, Check, CheckCount, DeviceFinding, Outcome, ReportFilter, Rule, Score, SubjectInput, TermsInput,
    },
    device_edit::{DeviceAction, DeviceSelection},
    error::ErrorKind::{Conflict, Invalid, NotFound},
    ids::{CompanyId, DeviceId},
    import::ImportSelection,
    page::{ListQuery, Listing},
};
use futures::TryStreamExt;
use sea_orm::Value;

on_both!(
    found_and_counted,
    rules_decide,
    exceptions_count_as_passed,
    a_device_tells_how_it_stands,
    days_are_kept,
    unchanged_is_not_written,
    companies_are_ranked,
    files,
    strangers,
    not_alive_not_counted,
    old_data_are_told,
);

const DAY: i64 = 86_400;

/// Two companies: Good with `g1`, `g2` online and well; Bad with `b1` (offline, no backup, old system), `b2` (missing),
/// and a printer that nothing feeds.
struct Fleet<'a> {
    staged: Staged<'a>,
    good: CompanyId,
    bad: CompanyId,
}

impl<'a> Fleet<'a> {
    async fn new(test: &'a TestPortal) -> Self {
        let staged = Staged::new(test).await;
        let (good, bad) = (staged.company("Good").await, staged.company("Bad").await);
        for (organization, company) in [("g", good), ("b", bad)] {
            staged.organization(organization, &format!("Org {organization}"), 2).await;
            staged.link(organization, company).await;
        }
        for id in ["g1", "g2", "b1", "b2"] {
            staged.device(id, &id[..1], None, "MAC").await;
        }
        staged.map_class("MAC", "Laptop").await;
        let fleet = Self { staged, good, bad };
        let now = fleet.now();
        for id in ["g1", "g2"] {
            fleet.staged.heartbeat(id, Some(false), now, "ann").await;
            fleet.set(id, "os_name = 'Windows 11 Pro', os_build = '26200', owner_name = 'Ann'").await;
            let backup =
                format!("backup_total_bytes = 5, backup_last_success = {now}, warranty_end = {}", now * 2);
            fleet.set(id, &backup).await;
        }
        fleet.staged.heartbeat("b1", Some(true), now - 40 * DAY * 1_000_000, "bob").await;
        fleet.set("b1", "os_name = 'Windows 10 Pro', os_build = '19045', backup_total_bytes = 0").await;
        fleet.staged.heartbeat("b2", Some(true), now, "bob").await;
        fleet.staged.import(ImportSelection::All).await;
        fleet.staged.lose("remote_devices", "b2").await;
        fleet.staged.inventory(bad, "PRINTER-7").await;
        fleet
    }

    fn now(&self) -> i64 {
        self.staged.test.portal.now().timestamp_micros()
    }

    async fn set(&self, remote_id: &str, columns: &str) {
        let update = format!("UPDATE remote_devices SET {columns} WHERE tenant_id = $1 AND remote_id = $2");
        self.staged.test.execute(&update, vec![self.staged.test.tenant_id(), remote_id.into()]).await;
    }

    /// A run that ended now: reports look again.
    async fn ended_run(&self, kind: &str, state: &str) -> Value {
        let id: Value = new_id().into();
        let insert = "INSERT INTO runs (id, tenant_id, integration_id, kind, state, phase, done, added, changed, unchanged,
                missing, failed, requests, started_by, created_at, finished_at, warnings, evidence, cancel_requested,
                locks_organizations, locks_devices, locks_import, lease_until, attempt)
            VALUES ($1, $2, $3, $4, $5, 'done', 0, 0, 0, 0, 0, 0, 0, 'user', $6, $7, '[]', '[]', FALSE, FALSE, FALSE, FALSE, 0, 1)";
        let now = self.now();
        let (test, integration) = (self.staged.test, self.staged.id.0);
        let values = vec![
            id.clone(),
            test.tenant_id(),
            integration.into(),
            kind.into(),
            state.into(),
            now.into(),
            now.into(),
        ];
        test.execute(insert, values).await;
        id
    }

    async fn count(&self, company: Option<CompanyId>, check: Check) -> CheckCount {
        let summary = self.staged.admin().report_summary(company).await.unwrap();
        summary.checks.into_iter().find(|count| count.check == check).expect("the check is on")
    }

    async fn score(&self, company: Option<CompanyId>) -> Score {
        self.staged.admin().report_summary(company).await.unwrap().score
    }

    async fn list(&self, filter: ReportFilter) -> Listing<DeviceFinding> {
        self.staged.admin().report_devices(ListQuery::default(), filter).await.unwrap()
    }

    async fn names(&self, check: Check, outcome: Option<Outcome>) -> Vec<String> {
        let filter = ReportFilter { check: Some(check), outcome, ..ReportFilter::default() };
        self.list(filter).await.items.into_iter().map(|device| device.name).collect()
    }

    async fn id(&self, name: &str) -> DeviceId {
        let found = self.list(ReportFilter::default()).await.items;
        found.into_iter().find(|device| device.name == name).expect("a device").id
    }

    async fn rows(&self, sql: &str) -> i64 {
        number(self.staged.test.portal.db(), sql).await
    }
}

fn whose(device: Option<DeviceId>, company: Option<CompanyId>) -> SubjectInput {
    SubjectInput { device, company }
}

fn because(reason: &str, until: Option<&str>) -> TermsInput {
    TermsInput { reason: reason.into(), until: until.map(str::to_owned) }
}

fn numbers(count: CheckCount) -> [i64; 4] {
    [count.failing, count.excepted, count.unknown, count.passed]
}

async fn found_and_counted(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let run = fleet.ended_run("devices", "completed").await;
    test.clock.advance(1);
    let summary = fleet.staged.admin().report_summary(None).await.unwrap();
    assert_eq!((summary.devices, summary.online, summary.companies), (5, 2, 2));
    assert_eq!((summary.tenant.as_str(), summary.before), ("Northwind MSP", None));
    let told: Vec<_> = summary.checks.iter().map(|count| (count.check, numbers(*count))).collect();
    use Check::*;
    let expected = [
        // Missing and by hand: told of by their own checks.
        (Offline, [1, 0, 0, 2]),
        (NoBackup, [1, 0, 2, 2]),
        // b1 has no backup at all.
        (StaleBackup, [0, 0, 2, 2]),
        (OsEnded, [1, 0, 2, 2]),
        (OsEnding, [0, 0, 2, 2]),
        (WarrantyEnded, [0, 0, 3, 2]),
        (WarrantyEnding, [0, 0, 3, 2]),
        (NoOwner, [3, 0, 0, 2]),
        (NoSerial, [0, 0, 0, 5]),
        (Missing, [1, 0, 0, 3]),
        (NotInRmm, [1, 0, 0, 4]),
        (Stale, [0, 0, 0, 4]),
    ];
    assert_eq!(told, expected);
    let judged = [Offline, NoBackup, StaleBackup, OsEnded, WarrantyEnded, Missing, NotInRmm];
    let of = |index: usize| {
        let counts = expected.iter().filter(|(check, _)| judged.contains(check));
        counts.map(|(_, counts)| counts[index]).sum::<i64>()
    };
    assert_eq!(summary.score, Score { passed: of(3), judged: of(3) + of(0) });

    let stands = &summary.stands_on[0];
    assert_eq!((stands.run_id.map(|id| Value::from(id.0)), stands.later), (Some(run), None));
    let systems: Vec<_> = summary.systems.iter().map(|s| (s.name.as_str(), s.devices, s.ended)).collect();
    let others = [("Not known", 1, false), ("Windows 10 22H2", 1, true), ("Windows 11", 1, false)];
    assert_eq!((systems[0], &systems[1..]), (("Windows 11 25H2", 2, false), &others[..]));
    let filter = ReportFilter { os: Some("windows-10-22h2".into()), ..ReportFilter::default() };
    assert_eq!(fleet.list(filter).await.items[0].name, "PC-b1");
    let untold = summary.systems.iter().find(|s| s.name == "Not known").map(|s| s.key.clone());
    let of_untold = fleet.list(ReportFilter { os: untold, ..ReportFilter::default() }).await;
    assert_eq!(
        (of_untold.total, of_untold.items[0].os.as_deref()),
        (1, None),
        "each number leads to its devices"
    );
    let filter = ReportFilter { age: Some(Age::Unknown), online: Some(false), ..ReportFilter::default() };
    assert_eq!(fleet.list(filter).await.total, 3);

    let filter = ReportFilter { check: Some(OsEnded), ..ReportFilter::default() };
    let found = fleet.list(filter).await.items.remove(0);
    assert_eq!(found.found, "Support of Windows 10 22H2 ended on 14 Oct 2025.");
    assert_eq!((found.os.as_deref(), found.company.name.as_str()), (Some("Windows 10 22H2"), "Bad"));
    assert_eq!(found.failing, [Offline, NoBackup, OsEnded, NoOwner]);
    assert_eq!(fleet.names(Missing, None).await, ["PC-b2"]);
    assert_eq!(fleet.names(NotInRmm, None).await, ["x"]);
    assert_eq!(fleet.names(WarrantyEnded, Some(Outcome::Unknown)).await, ["PC-b1", "PC-b2", "x"]);

    let order = async |by: &str| {
        let listed = fleet.staged.admin().report_devices(sort(by), ReportFilter::default()).await.unwrap();
        listed.items.into_iter().map(|device| device.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(order("last_contact").await, "x PC-b1 PC-b2 PC-g1 PC-g2", "never, long ago, just now, now");
    assert_eq!(order("-company").await, "PC-g1 PC-g2 PC-b1 PC-b2 x");
    let found = async |text: &str| {
        let listed =
            fleet.staged.admin().report_devices(search(text), ReportFilter::default()).await.unwrap();
        listed.total
    };
    assert_eq!((found("PC-b").await, found("goo").await, found("%").await), (2, 2, 0));

    // A report of a company stands on what feeds it alone.
    let empty = fleet.staged.company("Empty").await;
    let stands =
        async |company| fleet.staged.admin().report_summary(Some(company)).await.unwrap().stands_on.len();
    assert_eq!((stands(fleet.good).await, stands(empty).await), (1, 0));

    // A later sync that did not read everything is told; the report stands on the complete one.
    test.clock.advance(60);
    fleet.ended_run("devices", "incomplete").await;
    let stands = fleet.staged.admin().report_summary(None).await.unwrap().stands_on.remove(0);
    assert_eq!(stands.later, Some(domain::run::RunState::Incomplete));
    let file: String =
        fleet.staged.admin().export_report_companies().await.unwrap().try_collect().await.unwrap();
    assert!(
        file.contains("complete device sync") && file.contains(", and a later one ended as incomplete"),
        "{file}"
    );
}

async fn old_data_are_told(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let stale = async || numbers(fleet.count(None, Check::Stale).await);
    assert_eq!(stale().await, [0, 0, 4, 0], "no device sync was complete; the printer is fed by nothing");
    fleet.ended_run("devices", "completed").await;
    test.clock.advance(3 * DAY);
    assert_eq!(stale().await, [0, 0, 0, 4]);
    test.clock.advance(60);
    fleet.ended_run("devices", "incomplete").await;
    fleet.ended_run("organizations", "completed").await;
    assert_eq!(stale().await, [4, 0, 0, 0], "neither of them read all devices");
    let filter = ReportFilter { check: Some(Check::Stale), ..ReportFilter::default() };
    let found = fleet.list(filter).await.items.remove(0).found;
    assert!(found.starts_with("Last complete device sync on "), "{found}");
    test.clock.advance(1);
    fleet.ended_run("all", "completed_with_errors").await;
    test.clock.advance(1);
    assert_eq!(stale().await, [0, 0, 0, 4]);
}

async fn rules_decide(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let tenant = fleet.staged.admin();
    let usual = tenant.compliance_rules().await.unwrap();
    assert_eq!((usual.version, usual.rules.len(), usual.saved_by), (0, 12, None));
    assert_eq!(fleet.count(None, Check::Offline).await.failing, 1);
    let rules = vec![
        Rule { days: Some(60), ..Rule::of(Check::Offline) },
        Rule { on: false, ..Rule::of(Check::NoOwner) },
        Rule { scored: false, ..Rule::of(Check::NoBackup) },
    ];
    let saved = tenant.save_compliance_rules(rules.clone(), Some(0)).await.unwrap();
    assert_eq!((saved.version, saved.saved_by.as_deref()), (1, Some("Sam Owner")));
    assert_eq!(fleet.count(None, Check::Offline).await.failing, 0, "forty days are fewer than sixty");
    let summary = tenant.report_summary(None).await.unwrap();
    assert!(!summary.checks.iter().any(|count| count.check == Check::NoOwner));
    assert_eq!(fleet.names(Check::NoOwner, None).await, [""; 0]);
    let backup = fleet.count(None, Check::NoBackup).await;
    assert_eq!((backup.scored, backup.failing), (false, 1));
    // Offline 3, stale backup 2, system 2 of 3, warranty 2, missing 3 of 4, in the RMM 4 of 5.
    assert_eq!(summary.score, Score { passed: 16, judged: 19 });

    assert_eq!(kind_of(tenant.save_compliance_rules(rules.clone(), Some(0)).await), (Conflict, None));
    let days = vec![Rule { days: Some(0), ..Rule::of(Check::Offline) }];
    assert_eq!(kind_of(tenant.save_compliance_rules(days, None).await), (Invalid, Some("rules".into())));
    assert_eq!(tenant.save_compliance_rules(Vec::new(), None).await.unwrap().version, 2);
    assert_eq!(fleet.count(None, Check::Offline).await.failing, 1);
}

async fn exceptions_count_as_passed(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let tenant = fleet.staged.admin();
    let before = fleet.score(Some(fleet.bad)).await;
    let b1 = fleet.id("PC-b1").await;
    let added = tenant
        .add_compliance_exception(Check::Offline, whose(Some(b1), None), because("Kiosk", Some("2026-05-02")))
        .await
        .unwrap();
    assert_eq!((added.device.as_deref(), added.company.name.as_str()), (Some("PC-b1"), "Bad"));
    assert_eq!((added.expired, added.created_by.as_deref()), (false, Some("Sam Owner")));
    assert_eq!(numbers(fleet.count(None, Check::Offline).await), [0, 1, 0, 2]);
    let after = fleet.score(Some(fleet.bad)).await;
    assert_eq!((after.passed, after.judged), (before.passed + 1, before.judged));
    let filter = ReportFilter {
        check: Some(Check::Offline),
        outcome: Some(Outcome::Excepted),
        ..ReportFilter::default()
    };
    let listed = fleet.list(filter).await.items.remove(0);
    assert_eq!((listed.reason.as_deref(), listed.excepted), (Some("Kiosk"), vec![Check::Offline]));

    // One for the whole company; what passes is not touched by it.
    let all = whose(None, Some(fleet.bad));
    let company = tenant.add_compliance_exception(Check::NoOwner, all, because("Kiosk", None)).await.unwrap();
    assert_eq!(numbers(fleet.count(None, Check::NoOwner).await), [0, 3, 0, 2]);
    let listed = tenant.compliance_exceptions(sort("check"), None, Some(fleet.bad)).await.unwrap();
    assert_eq!(listed.items.iter().map(|x| x.check).collect::<Vec<_>>(), [Check::NoOwner, Check::Offline]);
    assert_eq!(tenant.compliance_exceptions(search("pc-b1"), None, None).await.unwrap().total, 1);
    tenant.remove_compliance_exception(company.id).await.unwrap();
    assert_eq!(fleet.count(None, Check::NoOwner).await.failing, 3);

    // Of companies that become one, the exception from a check that holds longer stays.
    let (goes, stays) = (fleet.staged.company("Goes").await, fleet.staged.company("Stays").await);
    for (of, check, until) in [
        (goes, Check::NoOwner, None),
        (stays, Check::NoOwner, Some("2026-05-20")),
        (goes, Check::NoBackup, Some("2026-05-20")),
        (stays, Check::NoBackup, Some("2026-05-21")),
        (goes, Check::NoSerial, None),
    ] {
        tenant.add_compliance_exception(check, whose(None, Some(of)), because("Kiosk", until)).await.unwrap();
    }
    tenant.merge_companies(goes, stays, false).await.unwrap();
    let joined = tenant.compliance_exceptions(sort("check"), None, Some(stays)).await.unwrap().items;
    let joined: Vec<_> =
        joined.iter().map(|x| (x.check, x.until.map(|day| day.date_naive().to_string()))).collect();
    assert_eq!(
        joined,
        [(Check::NoBackup, Some("2026-05-21".into())), (Check::NoOwner, None), (Check::NoSerial, None)]
    );
    for exception in
        tenant.compliance_exceptions(ListQuery::default(), None, Some(stays)).await.unwrap().items
    {
        tenant.remove_compliance_exception(exception.id).await.unwrap();
    }
    assert_eq!(kind_of(tenant.remove_compliance_exception(company.id).await), (NotFound, None));

    // Of two who except the same, the second is told of the first; of two who change it, too.
    let second = because("Spare", Some("2026-05-02"));
    let refused =
        tenant.add_compliance_exception(Check::Offline, whose(Some(b1), None), second.clone()).await;
    assert!(refused.as_ref().is_err_and(|e| e.to_string().contains("Kiosk")), "{refused:?}");
    assert_eq!(kind_of(refused), (Conflict, None));
    let changed =
        tenant.change_compliance_exception(added.id, second.clone(), Some(added.version)).await.unwrap();
    assert_eq!((changed.id, changed.reason.as_str()), (added.id, "Spare"));
    assert_eq!((changed.version, changed.created_at), (added.version + 1, added.created_at));
    let outdated =
        tenant.change_compliance_exception(added.id, because("Lost", None), Some(added.version)).await;
    assert_eq!(kind_of(outdated), (Conflict, None));
    assert_eq!(kind_of(tenant.change_compliance_exception(company.id, second, None).await), (NotFound, None));
    let events = async |action| {
        let filter = AuditFilter { action: Some(action), ..AuditFilter::default() };
        tenant.audit_events(ListQuery::default(), filter).await.unwrap().items
    };
    assert_eq!(events(AuditAction::ExceptionAdded).await.len(), 7);
    let told = format!("{:?}", events(AuditAction::ExceptionChanged).await);
    assert!(told.contains("Kiosk") && told.contains("Spare") && told.contains("2026-05-02"), "{told}");
    let kept = tenant.compliance_exceptions(search("pc-b1"), None, None).await.unwrap();
    assert_eq!((kept.total, kept.items[0].reason.as_str()), (1, "Spare"), "nothing was lost");

    // The last day counts; the day after, it fails again and the exception is told to be over.
    test.clock.advance(DAY);
    assert_eq!(fleet.count(None, Check::Offline).await.excepted, 1);
    test.clock.advance(DAY);
    assert_eq!(fleet.count(None, Check::Offline).await.failing, 1);
    assert!(tenant.compliance_exceptions(page(1, 5), None, None).await.unwrap().items[0].expired);

    let over = because("Kiosk", Some("2026-05-02"));
    let refused = tenant.add_compliance_exception(Check::Offline, whose(Some(b1), None), over.clone()).await;
    assert_eq!(kind_of(refused), (Invalid, Some("until".into())));
    let refused = tenant.change_compliance_exception(added.id, over, None).await;
    assert_eq!(kind_of(refused), (Invalid, Some("until".into())));

    // One that is over makes room; and a day that is changed counts at once.
    let anew = because("Kiosk", Some("2026-06-01"));
    let anew = tenant.add_compliance_exception(Check::Offline, whose(Some(b1), None), anew).await.unwrap();
    assert_eq!(fleet.count(None, Check::Offline).await.excepted, 1);
    assert_eq!(tenant.compliance_exceptions(search("pc-b1"), None, None).await.unwrap().total, 1);
    let today = because("Kiosk", Some("2026-05-03"));
    tenant.change_compliance_exception(anew.id, today, Some(anew.version)).await.unwrap();
    assert_eq!(fleet.count(None, Check::Offline).await.excepted, 1);
    test.clock.advance(DAY);
    assert_eq!(fleet.count(None, Check::Offline).await.failing, 1);
    tenant.change_compliance_exception(anew.id, because("Kiosk", None), None).await.unwrap();
    assert_eq!(fleet.count(None, Check::Offline).await.excepted, 1, "seen without another sync");
}

async fn a_device_tells_how_it_stands(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let tenant = fleet.staged.admin();
    let (b1, g1) = (fleet.id("PC-b1").await, fleet.id("PC-g1").await);
    tenant
        .add_compliance_exception(Check::NoOwner, whose(Some(b1), None), because("Kiosk", None))
        .await
        .unwrap();
    fleet.score(None).await;
    let standing = tenant.device_standing(b1).await.unwrap();
    let failing: Vec<_> = standing.failing.iter().map(|f| f.check).collect();
    let filter = ReportFilter { company: Some(fleet.bad), ..ReportFilter::default() };
    let listed = fleet.list(filter).await.items.into_iter().find(|device| device.id == b1).unwrap();
    let excepted: Vec<_> = standing.excepted.iter().map(|f| f.check).collect();
    assert_eq!((&failing, &excepted), (&listed.failing, &listed.excepted));
    assert!(failing.contains(&Check::Offline) && excepted == [Check::NoOwner], "{failing:?}");
    assert!(!standing.excepted[0].found.is_empty(), "an exception says why");
    let offline = standing.failing.iter().find(|f| f.check == Check::Offline).unwrap();
    assert!(
        offline.label.starts_with("Offline for more than") && offline.found.starts_with("Last contact on "),
        "{offline:?}"
    );
    assert!(standing.judged);
    assert!(tenant.device_standing(g1).await.unwrap().failing.is_empty());

    // Not in reports, and not there.
    tenant.edit_devices(DeviceSelection::Ids(vec![b1]), DeviceAction::Archive).await.unwrap();
    fleet.score(None).await;
    let archived = tenant.device_standing(b1).await.unwrap();
    assert_eq!((archived.failing.len(), archived.judged), (0, false));
    let nobodys = DeviceId(uuid::Uuid::nil());
    assert_eq!(kind_of(tenant.device_standing(nobodys).await), (NotFound, None));
}

async fn days_are_kept(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let tenant = fleet.staged.admin();
    backend::check_compliance(&test.portal).await.unwrap();
    let first = fleet.score(None).await;
    for _ in 0..7 {
        test.clock.advance(DAY);
        backend::check_compliance(&test.portal).await.unwrap();
    }
    let trend = tenant.report_trend(None, None).await.unwrap();
    assert_eq!(trend.len(), 8);
    assert!(trend.windows(2).all(|two| two[0].day < two[1].day));
    assert_eq!((trend[0].score, trend[0].devices), (first, 5));
    assert_eq!(tenant.report_trend(None, Some(3)).await.unwrap().len(), 3);
    assert_eq!(tenant.report_trend(Some(fleet.good), None).await.unwrap().len(), 8);
    assert_eq!(kind_of(tenant.report_trend(None, Some(0)).await), (Invalid, Some("days".into())));
    assert_eq!(tenant.report_summary(None).await.unwrap().before, Some(first));

    // One of the good devices goes missing: the company has dropped since last week, and the home page says so.
    fleet.staged.lose("remote_devices", "g1").await;
    fleet.ended_run("devices", "completed").await;
    let report = tenant.company_report(fleet.good).await.unwrap();
    assert_eq!(report.findings.iter().map(|f| f.check).collect::<Vec<_>>(), [Check::Missing]);
    assert_eq!(report.findings[0].devices[0].name, "PC-g1");
    let pulse = tenant.fleet_pulse().await.unwrap();
    assert_eq!(pulse.drops.iter().map(|d| d.company.name.as_str()).collect::<Vec<_>>(), ["Good"]);
    assert!(pulse.drops[0].score.tenths() < pulse.drops[0].before.and_then(Score::tenths));
    assert_eq!((pulse.devices, pulse.before.map(|b| b.devices)), (5, Some(5)));

    // Figures that are older than set go, the rest stays.
    test.clock.advance(395 * DAY);
    backend::jobs::prune::prune(&test.portal).await.unwrap();
    assert_eq!(fleet.rows("SELECT count(DISTINCT day) AS n FROM compliance_days").await, 6);
}

async fn unchanged_is_not_written(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    fleet.ended_run("devices", "completed").await;
    test.clock.advance(1);
    fleet.score(None).await;
    // What the rows hold is spoiled behind the portal's back: only a row that is written again is mended.
    let spoil = "UPDATE device_facts SET online = FALSE WHERE tenant_id = $1";
    let spoiled = test.execute(spoil, vec![test.tenant_id()]).await;
    assert_eq!(spoiled, 5);
    let online = "SELECT count(*) AS n FROM device_facts WHERE online";
    test.clock.advance(1);
    fleet.ended_run("devices", "completed").await;
    fleet.score(None).await;
    assert_eq!(fleet.rows(online).await, 0, "nothing had changed");
    fleet.set("g1", "owner_name = NULL").await;
    test.execute(
        "UPDATE devices SET owner_name = NULL, owner_uid = 'nobody knows' WHERE tenant_id = $1 AND name = 'PC-g1'",
        vec![test.tenant_id()],
    )
    .await;
    test.clock.advance(1);
    fleet.ended_run("devices", "completed").await;
    assert_eq!(fleet.count(None, Check::NoOwner).await.failing, 4, "as the list has it: an id is no owner");
    assert_eq!(fleet.rows(online).await, 1, "the one that changed");
}

async fn companies_are_ranked(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let tenant = fleet.staged.admin();
    fleet.staged.company("Empty").await;
    let ranked = async |by: &str| {
        let rows = tenant.report_companies(sort(by)).await.unwrap().items;
        rows.into_iter().map(|row| row.company.name).collect::<Vec<_>>()
    };
    assert_eq!(ranked("score").await, ["Bad", "Good"]);
    assert_eq!(ranked("-score").await, ["Good", "Bad"]);
    assert_eq!(ranked("-devices").await, ["Bad", "Good"]);
    assert_eq!(ranked("-failing").await, ["Bad", "Good"]);
    let good = tenant.report_companies(search("goo")).await.unwrap();
    assert_eq!((good.total, good.items[0].score.tenths(), good.items[0].online), (1, Some(1000), 2));
    assert!(good.items[0].failing.is_empty());
    assert_eq!(kind_of(tenant.report_companies(sort("x")).await), (Invalid, Some("sort".into())));
    assert_eq!(tenant.report_summary(Some(fleet.good)).await.unwrap().devices, 2);
    let gone = CompanyId(new_id());
    assert_eq!(kind_of(tenant.report_summary(Some(gone)).await), (NotFound, None));
}

async fn files(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    test.execute(
        "UPDATE devices SET name = '=1+1' WHERE tenant_id = $1 AND name = 'PC-b1'",
        vec![test.tenant_id()],
    )
    .await;
    let filter = ReportFilter { check: Some(Check::OsEnded), ..ReportFilter::default() };
    let pieces = fleet.staged.admin().export_report_devices(ListQuery::default(), filter).await.unwrap();
    let file: String = pieces.try_collect().await.unwrap();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("\u{feff}device,company,type,operating_system"), "{file}");
    assert!(lines[1].starts_with("'=1+1,Bad,Laptop,Windows 10 22H2,"), "{file}");
    assert!(lines[1].contains("Support of Windows 10 22H2 ended on 14 Oct 2025."), "{file}");
    for by in [None, Some("-name"), Some("company"), Some("-last_contact"), Some("os")] {
        let query = || ListQuery { sort: by.map(str::to_owned), ..ListQuery::default() };
        let listed =
            fleet.staged.admin().report_devices(query(), ReportFilter::default()).await.unwrap().items;
        let file =
            fleet.staged.admin().export_report_devices(query(), ReportFilter::default()).await.unwrap();
        let file: String = file.try_collect().await.unwrap();
        let name = |line: &str| line.split(',').next().map(|name| name.trim_start_matches('\'').to_owned());
        let filed: Vec<String> = file.lines().skip(1).filter_map(name).collect();
        assert_eq!((filed.len(), filed), (5, listed.into_iter().map(|d| d.name).collect()), "{by:?}");
    }
    let wrong = ListQuery { sort: Some("x".into()), ..ListQuery::default() };
    let wrong = fleet.staged.admin().export_report_devices(wrong, ReportFilter::default()).await.map(drop);
    assert_eq!(kind_of(wrong), (Invalid, Some("sort".into())));
    let pieces = fleet.staged.admin().export_report_companies().await.unwrap();
    let companies: String = pieces.try_collect().await.unwrap();
    let lines: Vec<&str> = companies.lines().collect();
    let told = "NinjaOne: no device sync was complete yet";
    assert_eq!(lines[2], format!("Good,2,2,100.0,14,14,0,0,0,0,0,0,0,0,0,0,0,0,{told}"));
    assert!(lines[0].ends_with(",not_in_rmm,stale,stands_on"), "{companies}");
    let Value::Uuid(Some(run)) = fleet.ended_run("devices", "completed").await else { panic!("a run") };
    let filter = ReportFilter { check: Some(Check::OsEnded), ..ReportFilter::default() };
    let file: String = {
        let pieces = fleet.staged.admin().export_report_devices(ListQuery::default(), filter).await.unwrap();
        pieces.try_collect().await.unwrap()
    };
    assert!(file.contains(&format!(",NinjaOne: complete device sync {run} of ")), "{file}");
}

async fn strangers(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    let b1 = fleet.id("PC-b1").await;
    let ours = fleet.staged.admin();
    let exception = ours
        .add_compliance_exception(Check::Offline, whose(Some(b1), None), because("Kiosk", None))
        .await
        .unwrap();
    let theirs = test.stranger().await;
    assert_eq!(theirs.report_summary(None).await.unwrap().devices, 0);
    assert_eq!(kind_of(theirs.report_summary(Some(fleet.bad)).await), (NotFound, None));
    assert_eq!(kind_of(theirs.company_report(fleet.bad).await), (NotFound, None));
    assert_eq!(kind_of(theirs.report_trend(Some(fleet.bad), None).await), (NotFound, None));
    let filter = ReportFilter { company: Some(fleet.bad), ..ReportFilter::default() };
    let gone = (NotFound, Some("company".to_owned()));
    assert_eq!(kind_of(theirs.report_devices(ListQuery::default(), filter).await), gone);
    assert_eq!(theirs.report_companies(ListQuery::default()).await.unwrap().total, 0);
    assert_eq!(theirs.compliance_exceptions(ListQuery::default(), None, None).await.unwrap().total, 0);
    let of_theirs = theirs.compliance_exceptions(ListQuery::default(), None, Some(fleet.bad)).await;
    assert_eq!(kind_of(of_theirs), gone);
    for subject in [whose(Some(b1), None), whose(None, Some(fleet.bad))] {
        let added = theirs.add_compliance_exception(Check::Offline, subject, because("Kiosk", None)).await;
        assert_eq!(kind_of(added), (NotFound, None));
    }
    let changed = theirs.change_compliance_exception(exception.id, because("Kiosk", None), None).await;
    assert_eq!(kind_of(changed), (NotFound, None));
    assert_eq!(kind_of(theirs.remove_compliance_exception(exception.id).await), (NotFound, None));
    assert_eq!(theirs.save_compliance_rules(Vec::new(), None).await.unwrap().version, 1);
    assert_eq!(ours.compliance_rules().await.unwrap().version, 0);
    assert_eq!(fleet.score(None).await.judged, 22);
}

async fn not_alive_not_counted(test: TestPortal) {
    let fleet = Fleet::new(&test).await;
    assert_eq!(fleet.list(ReportFilter::default()).await.total, 5);
    for (column, value, name) in [("archived_at", "7", "PC-g1"), ("merged_into", "id", "PC-g2")] {
        let update = format!("UPDATE devices SET {column} = {value} WHERE tenant_id = $1 AND name = $2");
        assert_eq!(test.execute(&update, vec![test.tenant_id(), name.into()]).await, 1);
    }
    test.clock.advance(1);
    fleet.ended_run("devices", "completed").await;
    assert_eq!(fleet.list(ReportFilter::default()).await.total, 3);
    let companies = fleet.staged.admin().report_companies(ListQuery::default()).await.unwrap();
    assert_eq!((companies.total, companies.items[0].company.id), (1, fleet.bad), "Good has none left");

    let admin = fleet.staged.admin();
    let b1 = fleet.id("PC-b1").await;
    for (archived, devices, listed) in [(true, 0, 0), (false, 3, 1)] {
        test.clock.advance(1);
        admin.archive_company(fleet.bad, archived).await.unwrap();
        assert_eq!(fleet.list(ReportFilter::default()).await.total, devices, "archived: {archived}");
        assert_eq!(admin.report_companies(ListQuery::default()).await.unwrap().total, listed);
        assert_eq!(admin.report_summary(None).await.unwrap().devices, devices);
        assert_eq!(admin.device_standing(b1).await.unwrap().judged, !archived);
        assert_eq!(admin.company_report(fleet.bad).await.unwrap().archived, archived);
    }
}
