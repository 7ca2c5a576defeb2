//! The audit log: who did what, a chain that shows tampering, retention, and many writers at once.

use crate::{
    staged::Staged,
    support::{TestPortal, kind_of, search},
};
use backend::{Config, Portal, Tenant, devices::ViewInput, tenant::Admin};
use domain::{
    audit::{AuditAction, AuditCheck, AuditEvent, AuditFilter, AuditKind},
    breaker::BreakerSettings,
    company::{CompanyInput, LocationInput},
    decision::MappingSelection,
    device_edit::{DeviceAction, DeviceQuery, DeviceSelection},
    error::ErrorKind::{Conflict, Invalid, NotFound},
    mapping::{LocationChoice, OrganizationChoice},
    page::ListQuery,
    role::Role,
};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend};

on_both!(
    who_did_what,
    what_changes_nothing_is_no_event,
    an_edit_of_many_leads_to_its_devices,
    what_a_mapping_creates_is_told_and_what_goes_with_it,
    tampering_shows,
    nothing_is_changed_or_deleted,
    old_events_go,
    twenty_writers_make_one_chain,
    two_tenants_have_two_chains
);

const DAY: i64 = 24 * 60 * 60;

async fn events(tenant: &Tenant<Admin>, query: ListQuery, wanted: AuditFilter) -> Vec<AuditEvent> {
    tenant.audit_events(query, wanted).await.unwrap().items
}

/// What was done, oldest first.
async fn actions(tenant: &Tenant<Admin>) -> Vec<(AuditAction, String)> {
    let all = events(tenant, ListQuery::default(), AuditFilter::default()).await;
    all.into_iter().rev().map(|e| (e.action, e.subject)).collect()
}

/// What else is known of the events of an action, newest first.
async fn details(tenant: &Tenant<Admin>, action: AuditAction) -> Vec<String> {
    let wanted = AuditFilter { action: Some(action), ..AuditFilter::default() };
    let said = |event: AuditEvent| {
        let parts = event.details.iter().map(|d| format!("{}: {}", d.name, d.value));
        parts.collect::<Vec<_>>().join(", ")
    };
    events(tenant, ListQuery::default(), wanted).await.into_iter().map(said).collect()
}

fn named(name: &str) -> CompanyInput {
    CompanyInput { name: name.into(), ..CompanyInput::default() }
}

async fn who_did_what(test: TestPortal) {
    use AuditAction::{
        CompanyArchived, CompanyChanged, CompanyCreated, CompanyRestored, PortalCreated, SignedIn, UserAdded,
    };
    let tenant = test.admin();
    test.clock.advance(DAY);
    let company = tenant.create_company(named("Contoso")).await.unwrap();
    assert_eq!(kind_of(tenant.create_company(named("contoso")).await).0, Conflict);
    tenant.update_company(company.id, named("Contoso AG"), Some(1)).await.unwrap();
    tenant.update_company(company.id, named("Contoso AG"), None).await.unwrap();
    assert_eq!(kind_of(tenant.update_company(company.id, named("Late"), Some(1)).await).0, Conflict);
    tenant.archive_company(company.id, true).await.unwrap();
    tenant.archive_company(company.id, true).await.unwrap();
    tenant.archive_company(company.id, false).await.unwrap();
    test.portal.add_user("Kim", "kim@northwind.example", "correct horse battery", Role::Read).await.unwrap();
    let said = [
        (PortalCreated, "Northwind MSP"),
        (SignedIn, "Sam Owner"),
        (CompanyCreated, "Contoso"),
        (CompanyChanged, "Contoso AG"),
        (CompanyArchived, "Contoso AG"),
        (CompanyRestored, "Contoso AG"),
        (UserAdded, "Kim"),
    ];
    assert_eq!(actions(&tenant).await, said.map(|(action, name)| (action, name.to_owned())));

    let renamed = details(&tenant, CompanyChanged).await;
    assert_eq!(renamed.len(), 1, "an edit that changes nothing is no event: {renamed:?}");
    for part in ["before: {\"name\":\"Contoso\"}", "after: {\"name\":\"Contoso AG\"}"] {
        assert!(renamed[0].contains(part), "{renamed:?}");
    }
    let made = &events(&tenant, search("contoso"), AuditFilter::default()).await[3];
    assert_eq!((made.seq, made.actor.as_str(), made.kind), (3, "Sam Owner", AuditKind::Company));
    assert_eq!(made.at, company.created_at);
    assert_eq!(made.subject_id, Some(company.id.to_string()));
    assert_eq!((made.address.as_deref(), made.agent.as_deref()), (Some("192.0.2.7"), Some("Test/1")));
    let count = async |wanted: AuditFilter| events(&tenant, ListQuery::default(), wanted).await.len();
    let none = AuditFilter::default;
    assert_eq!(count(AuditFilter { action: Some(CompanyArchived), ..none() }).await, 1);
    assert_eq!(count(AuditFilter { kind: Some(AuditKind::User), ..none() }).await, 2);
    assert_eq!(count(AuditFilter { user_id: made.user_id, ..none() }).await, 6);
    assert_eq!(count(AuditFilter { to: Some("2026-05-01".into()), ..none() }).await, 2);
    assert_eq!(count(AuditFilter { from: Some("2026-05-02".into()), ..none() }).await, 5);
    assert_eq!(events(&tenant, search("192.0.2.7"), none()).await.len(), 4);
    let wrong = AuditFilter { from: Some("yesterday".into()), ..none() };
    let refused = kind_of(tenant.audit_events(ListQuery::default(), wrong).await);
    assert_eq!(refused, (Invalid, Some("from".into())));
}

/// Each edit twice: the second one changes nothing.
async fn what_changes_nothing_is_no_event(test: TestPortal) {
    let (tenant, staged) = (test.admin(), Staged::new(&test).await);
    let company = staged.company("Contoso").await;
    let site = staged.site(company, "HQ").await;
    let kind = tenant.create_device_type("Kiosk").await.unwrap().id;
    let view = |name: &str| ViewInput { name: name.into(), query: "status=offline".into(), shared: true };
    let offline = tenant.create_device_view(view("Offline")).await.unwrap().id;
    let yard = || LocationInput { name: "Yard".into(), ..LocationInput::default() };
    for _ in 0..2 {
        tenant.update_location(site, yard(), None).await.unwrap();
        tenant.update_device_type(kind, "Kiosks", None).await.unwrap();
        tenant.update_device_view(offline, view("Dark"), None).await.unwrap();
        let limits = BreakerSettings { percent: 30, rows: 12 };
        tenant.update_breaker(staged.id, limits, None).await.unwrap();
    }
    for (action, parts) in [
        (AuditAction::LocationChanged, ["{\"name\":\"HQ\"}", "{\"name\":\"Yard\"}"]),
        (AuditAction::DeviceTypeRenamed, ["before: Kiosk", "after: Kiosks"]),
        (AuditAction::IntegrationLimitsChanged, ["\"percent\":20", "\"percent\":30"]),
    ] {
        let told = details(&tenant, action).await;
        assert!(told.len() == 1 && parts.iter().all(|part| told[0].contains(part)), "{action:?}: {told:?}");
    }
    let told = details(&tenant, AuditAction::ViewSaved).await;
    assert_eq!(told.len(), 2, "made, and renamed once: {told:?}");
    assert!(
        told[0].contains("{\"name\":\"Offline\"}") && told[0].contains("{\"name\":\"Dark\"}"),
        "{told:?}"
    );
}

async fn an_edit_of_many_leads_to_its_devices(test: TestPortal) {
    let (tenant, staged) = (test.admin(), Staged::new(&test).await);
    let company = staged.company("Contoso").await;
    for serial in ["A", "B"] {
        staged.inventory(company, serial).await;
    }
    let all = DeviceSelection::Filter(DeviceQuery::default());
    let edit = tenant.edit_devices(all, DeviceAction::Archive).await.unwrap().edit.unwrap();
    let told = details(&tenant, AuditAction::DevicesArchived).await;
    assert!(told[0].contains(&format!("edit: {edit}")) && told[0].contains("names: x, x"), "{told:?}");
    tenant.undo_edit(edit).await.unwrap();
    let told = details(&tenant, AuditAction::EditUndone).await;
    assert!(told[0].contains(&format!("undo_of: {edit}")), "{told:?}");
}

async fn what_a_mapping_creates_is_told_and_what_goes_with_it(test: TestPortal) {
    let (tenant, staged) = (test.admin(), Staged::new(&test).await);
    for id in ["1", "2"] {
        staged.organization(id, &format!("Org {id}"), 1).await;
    }
    staged.location("11", "1", "HQ").await;
    staged.device("d", "1", None, "ZX_SPECIAL_GADGET").await;
    let both = MappingSelection::RemoteIds(vec!["1".into(), "2".into()]);
    let made = tenant.decide_organizations(staged.id, both, OrganizationChoice::Create, false).await.unwrap();
    tenant.save_location(staged.id, "11", LocationChoice::Create, None).await.unwrap();
    assert_eq!(tenant.quick_create_node_classes(staged.id).await.unwrap().created, 1);
    let decision = made.undo.unwrap();
    tenant.undo_decision(decision, true).await.unwrap();

    let told = async |action: AuditAction| {
        let wanted = AuditFilter { action: Some(action), ..AuditFilter::default() };
        let all = events(&tenant, ListQuery::default(), wanted).await;
        all.into_iter().map(|event| event.subject).collect::<Vec<_>>()
    };
    assert_eq!(told(AuditAction::CompanyCreated).await, ["Org 2", "Org 1"]);
    assert_eq!(told(AuditAction::LocationCreated).await, ["HQ"]);
    assert_eq!(told(AuditAction::DeviceTypeCreated).await.len(), 1);
    assert_eq!(told(AuditAction::CompanyRemoved).await, ["Org 2"], "the other one has a location");
    let of_many = [
        details(&tenant, AuditAction::MappingSaved).await.pop().unwrap(),
        details(&tenant, AuditAction::MappingUndone).await.pop().unwrap(),
    ];
    for details in of_many {
        let parts = ["names: Org 1, Org 2".to_owned(), format!("decision: {decision}")];
        assert!(parts.iter().all(|part| details.contains(part)), "{details}");
    }
    assert!(tenant.verify_audit().await.unwrap().intact);
}

/// A log of seven events, and a copy of it to come back to.
async fn copied(test: &TestPortal) -> Tenant<Admin> {
    let tenant = test.admin();
    for n in 0..5 {
        tenant.create_company(named(&format!("Company {n}"))).await.unwrap();
    }
    let triggers: &[&str] = match test.portal.db().get_database_backend() {
        DbBackend::Sqlite => &["audit_events_kept", "audit_events_stay"],
        _ => &["audit_events_kept ON audit_events"],
    };
    for trigger in triggers {
        test.execute(&format!("DROP TRIGGER {trigger}"), vec![]).await;
    }
    for table in ["audit_events", "audit_heads"] {
        test.execute(&format!("CREATE TABLE copy_of_{table} AS SELECT * FROM {table}"), vec![]).await;
    }
    tenant
}

async fn restore(test: &TestPortal) {
    for table in ["audit_events", "audit_heads"] {
        test.execute(&format!("DELETE FROM {table}"), vec![]).await;
        test.execute(&format!("INSERT INTO {table} SELECT * FROM copy_of_{table}"), vec![]).await;
    }
}

/// Where the chain is broken, once somebody has done that behind the portal's back.
async fn after(test: &TestPortal, tenant: &Tenant<Admin>, sql: &str) -> Option<i64> {
    test.execute(sql, vec![]).await;
    let check = tenant.verify_audit().await.unwrap();
    assert_eq!(check.intact, check.wrong.is_none(), "{sql}");
    restore(test).await;
    assert!(tenant.verify_audit().await.unwrap().intact);
    check.wrong
}

async fn tampering_shows(test: TestPortal) {
    let tenant = copied(&test).await;
    let AuditCheck { intact, events, pruned, ref last_hash, .. } = tenant.verify_audit().await.unwrap();
    assert_eq!((intact, events, pruned, last_hash.len()), (true, 7, 0, 64));
    for column in
        ["actor", "subject", "action", "kind", "details", "address", "agent", "subject_id", "search_key"]
    {
        let alter = format!("UPDATE audit_events SET {column} = 'x' WHERE seq = 4");
        assert_eq!(after(&test, &tenant, &alter).await, Some(4), "{column}");
    }
    for (tampering, wrong) in [
        ("UPDATE audit_events SET at = at + 1 WHERE seq = 4", 4),
        ("UPDATE audit_events SET user_id = NULL WHERE seq = 4", 4),
        ("UPDATE audit_events SET hash = (SELECT e.hash FROM copy_of_audit_events e WHERE e.seq = 3) WHERE seq = 4", 4),
        ("DELETE FROM audit_events WHERE seq = 1", 1),
        ("DELETE FROM audit_events WHERE seq = 4", 4),
        ("DELETE FROM audit_events WHERE seq = 7", 7),
        ("DELETE FROM audit_events", 1),
        ("INSERT INTO audit_events SELECT tenant_id, 8, at, user_id, actor, address, agent, action, kind, subject_id,
            subject, details, search_key, hash FROM copy_of_audit_events WHERE seq = 7", 8),
        ("INSERT INTO audit_events SELECT tenant_id, 0, at, user_id, actor, address, agent, action, kind, subject_id,
            subject, details, search_key, hash FROM copy_of_audit_events WHERE seq = 7", 0),
        ("UPDATE audit_heads SET hash = pruned_hash", 7),
        ("UPDATE audit_heads SET seq = 6", 7),
        ("UPDATE audit_heads SET seq = 8", 8),
        ("UPDATE audit_heads SET pruned_seq = 2", 1),
        ("UPDATE audit_heads SET pruned_hash = hash", 1),
        ("DELETE FROM audit_heads", 1),
    ] {
        assert_eq!(after(&test, &tenant, tampering).await, Some(wrong), "{tampering}");
    }
    // Cut off at the beginning, and the note of where it begins moved along.
    let moved = "UPDATE audit_heads SET pruned_seq = 3,
        pruned_hash = (SELECT e.hash FROM copy_of_audit_events e WHERE e.seq = 3)";
    test.execute(moved, vec![]).await;
    assert_eq!(after(&test, &tenant, "DELETE FROM audit_events WHERE seq <= 3").await, Some(3));
    // Two events that changed places.
    let swap = "UPDATE audit_events SET seq = -seq WHERE seq IN (4, 5)";
    test.execute(swap, vec![]).await;
    assert_eq!(after(&test, &tenant, "UPDATE audit_events SET seq = 9 + seq WHERE seq < 0").await, Some(4));
}

async fn nothing_is_changed_or_deleted(test: TestPortal) {
    let db = test.portal.db();
    for sql in [
        "UPDATE audit_events SET subject = 'x' WHERE seq = 1",
        "DELETE FROM audit_events WHERE seq = 1",
        "DELETE FROM audit_events",
    ] {
        let error = db.execute_unprepared(sql).await.expect_err(sql).to_string();
        assert!(error.contains("retention only") || error.contains("never changed"), "{error}");
    }
    if db.get_database_backend() == DbBackend::Sqlite {
        // By its number, and by the row that it is in.
        for (into, row, seq) in [("", "", "seq"), ("rowid, ", "rowid, ", "seq + 100")] {
            let columns = "at, user_id, actor, address, agent, action, kind, subject_id, subject, details, search_key, hash";
            let replace = format!(
                "INSERT OR REPLACE INTO audit_events ({into}tenant_id, seq, {columns})
                 SELECT {row}tenant_id, {seq}, {columns} FROM audit_events WHERE seq = 1"
            );
            let error = db.execute_unprepared(&replace).await.expect_err(&replace).to_string();
            assert!(error.contains("never changed"), "{error}");
        }
    }
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("TRUNCATE audit_events").await.expect_err("no truncating");
    }
    assert_eq!(test.admin().verify_audit().await.unwrap().events, 2);
}

async fn old_events_go(test: TestPortal) {
    let tenant = test.admin();
    tenant.create_company(named("Old")).await.unwrap();
    test.clock.advance(400 * DAY);
    tenant.create_company(named("Young")).await.unwrap();
    backend::jobs::prune::prune(&test.portal).await.unwrap();
    assert_eq!(tenant.verify_audit().await.unwrap().events, 4, "nothing is old enough");
    test.clock.advance(400 * DAY);
    backend::jobs::prune::prune(&test.portal).await.unwrap();
    let left = [(AuditAction::CompanyCreated, "Young"), (AuditAction::AuditPruned, "Audit log")];
    assert_eq!(actions(&tenant).await, left.map(|(action, name)| (action, name.to_owned())));
    let check = tenant.verify_audit().await.unwrap();
    assert_eq!((check.intact, check.events, check.pruned), (true, 2, 3));
    backend::jobs::prune::prune(&test.portal).await.unwrap();
    assert_eq!(tenant.verify_audit().await.unwrap(), check, "again changes nothing");
    let gone = &events(&tenant, ListQuery::default(), AuditFilter::default()).await[0];
    for (name, value) in [("events", "3"), ("through", "3")] {
        assert!(gone.details.iter().any(|d| d.name == name && d.value == value), "{name}: {gone:?}");
    }

    test.clock.advance(2000 * DAY);
    backend::jobs::prune::prune(&test.portal).await.unwrap();
    let check = tenant.verify_audit().await.unwrap();
    assert_eq!((check.intact, check.events, check.pruned), (true, 1, 5));

    // By the operator's setting, in days.
    tenant.create_company(named("Newest")).await.unwrap();
    test.clock.advance(31 * DAY);
    backend::jobs::prune::prune(&test.portal).await.unwrap();
    let newest = async || actions(&tenant).await.iter().any(|(_, name)| name == "Newest");
    assert!(newest().await, "the default is two years");
    let config = Config { keep_audit_days: 30, ..test.config() };
    let short = Portal::open(config, None).await.unwrap();
    backend::jobs::prune::prune(&short).await.unwrap();
    assert!(!newest().await);
    assert!(tenant.verify_audit().await.unwrap().intact);
}

async fn twenty_writers_make_one_chain(test: TestPortal) {
    let other = test.another_server().await;
    let before = test.admin().verify_audit().await.unwrap().events;
    let writers = (0..20).map(|n| {
        let tenant = if n % 2 == 0 { test.admin() } else { test.admin_at(&other) };
        async move { tenant.create_device_type(&format!("Type {n}")).await.map(drop) }
    });
    for written in join_all(writers).await {
        written.unwrap();
    }
    let check = test.admin().verify_audit().await.unwrap();
    assert_eq!((check.intact, check.events), (true, before + 20));
}

async fn two_tenants_have_two_chains(test: TestPortal) {
    let (mine, theirs) = (test.admin(), test.stranger().await);
    let empty = theirs.verify_audit().await.unwrap();
    assert_eq!((empty.intact, empty.events, empty.from), (true, 0, None));
    theirs.create_company(named("Theirs")).await.unwrap();
    mine.create_company(named("Mine")).await.unwrap();
    assert_eq!(actions(&theirs).await, [(AuditAction::CompanyCreated, "Theirs".to_owned())]);
    let mine_only = actions(&mine).await;
    assert!(mine_only.iter().all(|(_, name)| name != "Theirs"), "{mine_only:?}");
    let user = events(&mine, search("mine"), AuditFilter::default()).await[0].user_id;
    let of_user = AuditFilter { user_id: user, ..AuditFilter::default() };
    let asked = theirs.audit_events(ListQuery::default(), of_user).await;
    assert_eq!(kind_of(asked), (NotFound, Some("user_id".into())));
    let checks = backend::verify_audit_logs(&test.portal).await.unwrap();
    let told: Vec<_> =
        checks.iter().map(|(name, check)| (name.as_str(), check.intact, check.events)).collect();
    assert_eq!(told, [("Northwind MSP", true, 3), ("Strangers", true, 1)]);
}
