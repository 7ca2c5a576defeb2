//! Staged devices, and their import into the inventory.

use crate::{
    staged::{Staged, outcomes},
    support::{TestPortal, kind_of, refused, search, sort},
};
use domain::{
    device::DeviceFilter,
    error::ErrorKind::{Invalid, NotFound},
    import::{
        BlockedBy::{self, *},
        ImportOutcome::{Created, Failed, Skipped},
        ImportSelection, MAX_NAMED_DEVICES, StagedCounts, StagedFilter,
        StagedStatus::{self, *},
    },
    mapping::{LocationChoice, NodeClassChoice, OrganizationChoice},
    page::ListQuery,
    run::{Counts, RunState},
};

on_both!(
    standing,
    find,
    outcomes_are_named,
    what_failed_is_tried_again,
    all_that_failed_is_tried_again,
    named,
    many,
    what_was_judged_stays_when_it_goes_on,
    again,
    filters,
    strangers
);

/// One device for each reason, and a ready one: `r`.
async fn one_of_each(staged: &Staged<'_>) {
    let (tenant, it) = (staged.admin(), staged.id);
    for organization in ["mapped", "unmapped", "ignored", "archived"] {
        staged.organization(organization, &format!("Org {organization}"), 1).await;
    }
    let (good, bad) = (staged.company("Good").await, staged.company("Bad").await);
    staged.link("mapped", good).await;
    staged.link("archived", bad).await;
    tenant.archive_company(bad, true).await.unwrap();
    tenant.save_organization(it, "ignored", OrganizationChoice::Ignore, None, true).await.unwrap();
    for (id, organization, class) in [
        ("a", "archived", "MAC"),
        ("i", "ignored", "MAC"),
        ("m", "mapped", "MAC"),
        ("r", "mapped", "MAC"),
        ("s", "stranger", "MAC"),
        ("t", "mapped", "NEW"),
        ("u", "unmapped", "MAC"),
        ("x", "mapped", "CLOUD"),
    ] {
        staged.device(id, organization, None, class).await;
    }
    staged.lose("remote_devices", "m").await;
    staged.map_class("MAC", "Laptop").await;
    let ignore = NodeClassChoice { ignore: Some(true), ..NodeClassChoice::default() };
    tenant.save_node_class(it, "CLOUD", ignore).await.unwrap();
}

fn standings() -> Vec<(&'static str, StagedStatus, Option<BlockedBy>)> {
    vec![
        ("a", Blocked, Some(CompanyArchived)),
        ("i", Blocked, Some(OrganizationIgnored)),
        ("m", Blocked, Some(Missing)),
        ("r", Ready, None),
        ("s", Blocked, Some(OrganizationUnmapped)),
        ("t", Blocked, Some(TypeUnmapped)),
        ("u", Blocked, Some(OrganizationUnmapped)),
        ("x", Blocked, Some(TypeIgnored)),
    ]
}

async fn standing(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    staged.heartbeat("r", Some(false), 7, "ann").await;
    let (tenant, it) = (staged.admin(), staged.id);
    let rows = tenant.staged_devices(it, ListQuery::default(), StagedFilter::default()).await.unwrap().items;
    let told: Vec<_> = rows.iter().map(|r| (r.remote_id.as_str(), r.status, r.blocked_by)).collect();
    assert_eq!(told, standings());
    let ready = &rows[3];
    assert_eq!((ready.name.as_str(), ready.serial.as_deref()), ("PC-r", Some("SN-r")));
    assert_eq!(
        (ready.organization.as_str(), ready.organization_remote_id.as_str()),
        ("Org mapped", "mapped")
    );
    assert_eq!(ready.company.as_ref().unwrap().name, "Good");
    assert_eq!(ready.device_type.as_ref().unwrap().name, "Laptop");
    assert_eq!(ready.last_contact.map(|t| t.timestamp_micros()), Some(7));
    assert_eq!(rows[4].organization, "Organization stranger");
    let counts = StagedCounts { all: 8, ready: 1, imported: 0, blocked: 7 };
    assert_eq!(tenant.staged_counts(it, StagedFilter::default()).await.unwrap(), counts);
    let figures = tenant.integration(it).await.unwrap().counts;
    let told = (figures.devices, figures.devices_ready, figures.devices_imported, figures.devices_blocked);
    assert_eq!(told, (8, 1, 0, 7));
    let untyped = standings().iter().filter(|(_, _, by)| *by == Some(TypeUnmapped)).count();
    assert_eq!(
        (figures.devices_untyped, untyped),
        (1, 1),
        "of those blocked, what waits for a device type alone"
    );
}

async fn find(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let (tenant, it) = (staged.admin(), staged.id);
    let ids = async |by: &str, filter: StagedFilter| {
        let rows = tenant.staged_devices(it, sort(by), filter).await.unwrap().items;
        rows.into_iter().map(|r| r.remote_id).collect::<Vec<_>>().join("")
    };
    let all = StagedFilter::default;
    let filter = |status| StagedFilter { status: Some(status), ..all() };
    assert_eq!(ids("-name", all()).await, "xutsrmia");
    assert_eq!(ids("node_class", all()).await, "xaimrsut");
    assert_eq!(ids("organization", all()).await, "aimrtxus");
    assert_eq!(ids("company", all()).await, "amrtxisu");
    assert_eq!(ids("status", all()).await, "raimstux");
    assert_eq!(ids("name", filter(Ready)).await, "r");
    assert_eq!(ids("name", filter(Blocked)).await, "aimstux");
    assert_eq!(ids("name", filter(Imported)).await, "");
    assert_eq!(ids("name", StagedFilter { node_class: Some("NEW".into()), ..all() }).await, "t");
    assert_eq!(ids("name", StagedFilter { organization: Some("mapped".into()), ..all() }).await, "mrtx");
    let good = tenant.companies(search("good"), false).await.unwrap().items.remove(0).id;
    assert_eq!(ids("name", StagedFilter { company: Some(good), ..filter(Ready) }).await, "r");
    assert_eq!(ids("name", StagedFilter { search: Some("ORG IGN".into()), ..all() }).await, "i");
    assert_eq!(ids("name", StagedFilter { search: Some("pc-t".into()), ..all() }).await, "t");
    let narrow = StagedFilter { organization: Some("mapped".into()), ..filter(Ready) };
    let counts = StagedCounts { all: 4, ready: 1, imported: 0, blocked: 3 };
    assert_eq!(tenant.staged_counts(it, narrow).await.unwrap(), counts, "the status is no part of it");
    assert_eq!(kind_of(tenant.staged_devices(it, sort("x"), all()).await), (Invalid, Some("sort".into())));
}

async fn outcomes_are_named(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let run = staged.import(ImportSelection::All).await;
    assert_eq!(run.state, RunState::CompletedWithErrors);
    assert_eq!(run.counts, Counts { added: 1, failed: 7, ..Counts::default() });
    let results = staged.results(&run).await;
    let told: Vec<_> =
        results.iter().map(|r| (r.remote_id.as_str(), r.outcome, r.reason.as_deref())).collect();
    let expected: Vec<_> = standings()
        .into_iter()
        .map(|(id, _, by)| (id, if by.is_some() { Failed } else { Created }, by.map(BlockedBy::sentence)))
        .collect();
    assert_eq!(told, expected);
    let made = staged.admin().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap().items;
    assert_eq!(made.iter().map(|d| Some(d.id)).collect::<Vec<_>>(), [results[3].device_id]);
    let failed = staged.admin().import_results(run.id, sort("reason"), Some(Failed)).await.unwrap();
    assert_eq!(failed.total, 7);
    let found = staged.admin().import_results(run.id, search("archived"), None).await.unwrap();
    assert_eq!(outcomes(&found.items), [("a", Failed)]);
}

async fn what_failed_is_tried_again(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let run = staged.import(ImportSelection::All).await;
    staged.map_class("NEW", "Server").await;
    let again = staged.admin().retry_failed(run.id).await.unwrap();
    backend::runs::execute(&test.portal, again.id).await.unwrap();
    let again = staged.admin().run(again.id).await.unwrap();
    let retried = async |id| staged.admin().run(id).await.unwrap().retried_by;
    assert_eq!(
        (again.retry_of, retried(run.id).await),
        (Some(run.id), Some(again.id)),
        "each names the other"
    );
    let third = staged.admin().retry_failed(again.id).await.unwrap();
    assert_eq!((third.retry_of, retried(again.id).await), (Some(again.id), Some(third.id)));
    staged.admin().cancel_run(third.id).await.unwrap();
    assert_eq!(retried(again.id).await, None, "nothing was tried");
    assert_eq!(
        again.counts,
        Counts { added: 1, failed: 6, ..Counts::default() },
        "the ready one is not tried"
    );
    let results = staged.results(&again).await;
    let mut made = outcomes(&results);
    made.retain(|(_, outcome)| *outcome == Created);
    assert_eq!(made, [("t", Created)], "its class has a type by now");
    let first = staged.admin().import_results(run.id, ListQuery::default(), Some(Created)).await.unwrap();
    assert_eq!(outcomes(&first.items), [("r", Created)], "the earlier run stays as it was");
    let last = staged.import(ImportSelection::RemoteIds(vec!["t".into()])).await;
    assert_eq!(kind_of(staged.admin().retry_failed(last.id).await), (Invalid, Some("run_id".into())));
}

/// More than one transaction takes, and more than anybody may name one by one.
async fn all_that_failed_is_tried_again(test: TestPortal) {
    const MANY: i64 = 10_001;
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let run = staged.import(ImportSelection::NodeClass("CLOUD".into())).await;
    assert_eq!(run.counts.failed, 1);
    let failed = format!(
        "INSERT INTO import_results (run_id, tenant_id, remote_id, name, outcome)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
         SELECT r.id, r.tenant_id, CAST(n.i AS text), 'PC', 'failed' FROM runs r, n WHERE r.id = $1"
    );
    assert_eq!(test.execute(&failed, vec![run.id.0.into()]).await, MANY as u64);
    // The last ones in their order.
    for ready in ["9998", "9999"] {
        staged.device(ready, "mapped", None, "MAC").await;
    }
    let again = staged.admin().retry_failed(run.id).await.unwrap();
    backend::runs::execute(&test.portal, again.id).await.unwrap();
    let again = staged.admin().run(again.id).await.unwrap();
    assert_eq!(again.state, RunState::CompletedWithErrors);
    assert_eq!(again.counts, Counts { added: 2, failed: MANY + 1 - 2, ..Counts::default() });
}

async fn named(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let (tenant, it) = (staged.admin(), staged.id);
    let ids = |ids: &[&str]| ImportSelection::RemoteIds(ids.iter().map(|s| (*s).to_owned()).collect());
    let run = staged.import(ids(&["r", "gone", "r", "t"])).await;
    let results = staged.results(&run).await;
    assert_eq!(outcomes(&results), [("gone", Failed), ("r", Created), ("t", Failed)]);
    assert!(results[0].reason.as_deref().unwrap().contains("no longer in staging"));
    let run = staged.import(ids(&["r"])).await;
    assert_eq!(outcomes(&staged.results(&run).await), [("r", Skipped)]);
    assert_eq!((run.state, run.counts.unchanged), (RunState::Completed, 1));
    let counts = tenant.staged_counts(it, StagedFilter::default()).await.unwrap();
    assert_eq!((counts.ready, counts.imported), (0, 1));

    let none = refused(tenant.start_import(it, ids(&[])).await);
    assert_eq!((none.kind, none.field.as_deref()), (Invalid, Some("select")));
    let many = ImportSelection::RemoteIds(vec!["x".into(); MAX_NAMED_DEVICES + 1]);
    assert_eq!(kind_of(tenant.start_import(it, many).await), (Invalid, Some("select".into())));
    let class = ImportSelection::NodeClass("NOPE".into());
    assert_eq!(kind_of(tenant.start_import(it, class).await), (Invalid, Some("select".into())));
}

async fn many(test: TestPortal) {
    let staged = Staged::new(&test).await;
    staged.organization("1", "Contoso", 1100).await;
    staged.location("11", "1", "HQ").await;
    let company = staged.company("Contoso").await;
    let hq = staged.site(company, "HQ").await;
    staged.link("1", company).await;
    staged.admin().save_location(staged.id, "11", LocationChoice::Link(hq), None).await.unwrap();
    for n in 0..1100 {
        staged.device(&n.to_string(), "1", Some("11"), "MAC").await;
    }
    staged.map_class("MAC", "Laptop").await;
    staged.device("other", "1", None, "NEW").await;
    let run = staged.import(ImportSelection::NodeClass("MAC".into())).await;
    assert_eq!((run.state, run.counts.added), (RunState::Completed, 1100));
    let at_hq = DeviceFilter { location: Some(hq.into()), ..DeviceFilter::default() };
    let found = staged.admin().devices(search("pc-1099"), at_hq.clone()).await.unwrap();
    assert_eq!((found.total, found.items[0].company.id), (1, company));
    assert_eq!(staged.admin().devices(ListQuery::default(), at_hq).await.unwrap().total, 1100);

    // The process dies after the last chunk and before the end of the run: it is executed again.
    let before = staged.results(&run).await;
    let update = "UPDATE runs SET state = 'queued', lease_until = 0 WHERE tenant_id = $1";
    test.execute(update, vec![test.tenant_id()]).await;
    // …and after the first chunk: results and devices of the others are gone.
    let cut = "DELETE FROM run_packs WHERE tenant_id = $1 AND change = 'created' AND first_id > '2'";
    assert!(test.execute(cut, vec![test.tenant_id()]).await > 0);
    let cut = "DELETE FROM devices WHERE tenant_id = $1 AND remote_id > (
        SELECT max(last_id) FROM run_packs WHERE tenant_id = $1 AND change = 'created')";
    let gone = test.execute(cut, vec![test.tenant_id()]).await;
    assert!((100..=600).contains(&gone), "{gone}");
    backend::runs::execute(&test.portal, run.id).await.unwrap();
    let again = staged.admin().run(run.id).await.unwrap();
    assert_eq!((again.state, again.counts), (run.state, run.counts));
    assert_eq!(staged.results(&run).await, before, "the same ids, too");
}

async fn what_was_judged_stays_when_it_goes_on(test: TestPortal) {
    let staged = Staged::new(&test).await;
    staged.organization("1", "Contoso", 4).await;
    let company = staged.company("Contoso").await;
    for id in ["1", "2", "3"] {
        staged.device(id, "1", None, "MAC").await;
    }
    staged.map_class("MAC", "Laptop").await;
    let run = staged.import(ImportSelection::All).await;
    assert_eq!(run.counts, Counts { failed: 3, ..Counts::default() }, "the organization is not mapped");
    // As if the process had died before the end; meanwhile somebody maps, and a sync finds one more.
    let update = "UPDATE runs SET state = 'queued', lease_until = 0 WHERE tenant_id = $1";
    test.execute(update, vec![test.tenant_id()]).await;
    staged.link("1", company).await;
    staged.device("0", "1", None, "MAC").await;
    staged.device("4", "1", None, "MAC").await;
    backend::runs::execute(&test.portal, run.id).await.unwrap();
    let run = staged.admin().run(run.id).await.unwrap();
    assert_eq!(run.counts, Counts { added: 2, failed: 3, ..Counts::default() });
    let made: Vec<_> = staged.results(&run).await.into_iter().filter(|r| r.outcome == Created).collect();
    assert_eq!(made.iter().map(|r| &*r.remote_id).collect::<Vec<_>>(), ["0", "4"]);
    let all = staged.admin().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap();
    assert_eq!(all.total, 2, "what is said to have failed is not there");
}

async fn again(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let first = staged.import(ImportSelection::All).await;
    let run = staged.import(ImportSelection::All).await;
    assert_eq!(run.counts, Counts { unchanged: 1, failed: 7, ..Counts::default() });
    let (old, new) = (staged.results(&first).await, staged.results(&run).await);
    assert_eq!((new[3].outcome, new[3].device_id), (Skipped, old[3].device_id), "never a second row");
    let devices = staged.admin().devices(ListQuery::default(), DeviceFilter::default()).await.unwrap();
    assert_eq!(devices.total, 1);
    let update = "UPDATE runs SET state = 'queued', lease_until = 0 WHERE tenant_id = $1 AND id = $2";
    test.execute(update, vec![test.tenant_id(), run.id.0.into()]).await;
    backend::runs::execute(&test.portal, run.id).await.unwrap();
    let repeated = staged.admin().run(run.id).await.unwrap();
    assert_eq!((repeated.state, repeated.counts), (RunState::CompletedWithErrors, run.counts));
    assert_eq!(staged.results(&run).await, new);
}

async fn filters(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let ready = StagedFilter { status: Some(Ready), ..StagedFilter::default() };
    let run = staged.import(ImportSelection::Filter(ready.clone())).await;
    assert_eq!(outcomes(&staged.results(&run).await), [("r", Created)]);
    assert_eq!(run.state, RunState::Completed);
    let run = staged.import(ImportSelection::Filter(ready)).await;
    assert_eq!((run.state, run.counts), (RunState::Completed, Counts::default()));
    let long = StagedFilter { search: Some("x".repeat(500)), ..StagedFilter::default() };
    let refusal = kind_of(staged.admin().start_import(staged.id, ImportSelection::Filter(long)).await);
    assert_eq!(refusal, (Invalid, Some("search".into())));
}

async fn strangers(test: TestPortal) {
    let staged = Staged::new(&test).await;
    one_of_each(&staged).await;
    let run = staged.import(ImportSelection::All).await;
    let (theirs, it) = (test.stranger().await, staged.id);
    let all = StagedFilter::default;
    assert_eq!(kind_of(theirs.staged_devices(it, ListQuery::default(), all()).await), (NotFound, None));
    assert_eq!(kind_of(theirs.staged_counts(it, all()).await), (NotFound, None));
    assert_eq!(kind_of(theirs.start_import(it, ImportSelection::All).await), (NotFound, None));
    assert_eq!(kind_of(theirs.import_results(run.id, ListQuery::default(), None).await), (NotFound, None));
    let devices = theirs.devices(ListQuery::default(), DeviceFilter::default()).await.unwrap();
    assert_eq!(devices.total, 0);
    let ours = staged.results(&run).await[3].device_id.unwrap();
    assert_eq!(kind_of(theirs.device(ours).await), (NotFound, None));
}
